"""What a draft need not draw: subjects of the art library, and places that are painted."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from engine.abilities.animatic_cast import ASLEEP, COUNTS, Acting, Cast, Holding
from engine.abilities.collage import placed
from engine.abilities.film_recipe import is_eased
from engine.models.animatic.air import CLEAR, Air, lit
from engine.models.animatic.dressing import NOTHING, Dressing
from engine.models.animatic.film import Part
from engine.models.animatic.movements import staged
from engine.models.animatic.place import Plate, plate, setting_named
from engine.models.animatic.troupe import members
from engine.models.art import Named, art_of, label_of, named_in
from engine.models.art_bodies import body_art, headed, upright
from engine.models.art_held import holding
from engine.models.clothing import clothed
from engine.models.collage.arranging import Group, arranged
from engine.models.collage.cut_outs import CutOut
from engine.models.collage.laying import without_paper
from engine.models.moviegen.rewriting import Clause, head_of
from engine.models.moviegen.sticker_things import WITH, Thing
from engine.models.opticals.colours import TONES
from engine.models.poses_made import LEGS, SHORT_LEGS, at_table, lying
from engine.planning.bodies import WHOLE, body_of
from engine.planning.figures import GLOWING, figure_of, looks
from engine.protocol.recipes import Recipe

_WAYS = {"right": 1, "fly_right": 1, "take_off": 1, "land": 1, "left": -1, "fly_left": -1}
"""Which way a movement goes: 1 to the right."""
_NOBODY = (8, 8, 4)
_TURNED = 0.4
"""How many of several who go nowhere look the other way."""


def subject_art(clause: Clause, seed: int) -> NDArray[np.uint8] | None:
    """Who acts, and what is beside it, straight RGBA (H, W, 4); None where there is no art."""
    head, beside = head_of(clause.name)
    named = named_in(head)
    if named is None:
        return None
    count = COUNTS.get(clause.article.lower(), 1)
    other = named_in(beside.strip().removeprefix(WITH)) if beside else None
    if count == 1 and other is None and not named.colour:
        return art_of(named.noun)
    groups = [Group((_dyed(named),) * count)]
    if other is not None:
        groups.append(Group((_dyed(other),), *placed(Thing(other.noun, joint=WITH))))
    return without_paper(arranged(groups, random.Random(seed)))


def standing_art(noun: str, said: str) -> NDArray[np.uint8] | None:
    """A thing as it is laid into a film: all of it where the library has that, of people with

    what they are said to do; straight RGBA (H, W, 4), None where there is no art.
    """
    named = named_in(noun)
    if named is None:
        return None
    label = label_of(named.noun)
    figure = body_of(label, said) or figure_of(label, said)
    art = body_art(figure.label)
    if figure.head is not None:
        art = headed(art, figure.head)
    if named.colour:
        dyed = CutOut.of_art(art).in_colour(TONES[named.colour])
        return without_paper(arranged([Group((dyed,))], random.Random(0)))
    return art


def acting_arts(cast: Cast, seed: int) -> tuple[NDArray[np.uint8], tuple[Part, ...]]:
    """Who is in front, straight RGBA (H, W, 4), and everybody else; nobody is an empty picture.

    Everybody looks where they go; who goes nowhere looks as drawn, some of several the other way.
    """
    actors = cast.actors or ()
    if not actors:
        return np.zeros(_NOBODY, np.uint8), ()
    way = _WAYS.get(cast.action, 0)
    rng = random.Random(f"looks/{seed}")
    arts: list[NDArray[np.uint8]] = []
    for at, actor in enumerate(actors):
        own = looks(actor.label)
        turned = own * way < 0 if way else bool(own) and at > 0 and rng.random() < _TURNED
        art = _acting(actor, seed + at, cast.action)
        art = np.ascontiguousarray(art[:, ::-1]) if turned else art
        if actor.on_table is not None:
            art = at_table(art, actor.on_table, wide=actor.table_wide)
        if actor.held is not None:
            art = holding(art, _thing(actor.held), actor.held.label, faces=-own if turned else own)
        arts.append(art if actor.label in GLOWING else lit(art, cast.air))
    parts = zip(arts[1:], actors[1:], strict=True)
    others = (Part(art, actor.scale, actor.name, actor.is_aside) for art, actor in parts)
    return arts[0], tuple(others)


def _acting(actor: Acting, seed: int, action: str) -> NDArray[np.uint8]:
    art = body_art(actor.label)
    if actor.clothes is not None:
        art = clothed(art, actor.clothes)
    if actor.head is not None:
        art = headed(art, actor.head)
    if actor.lies:
        art = lying(
            art,
            asleep=actor.lies == ASLEEP,
            legs=SHORT_LEGS if actor.label.startswith(WHOLE) else LEGS,
        )
    if actor.label == "rocket" and action in ("rise", "fall", "stand"):
        art = upright(art)
    if not actor.colour and actor.beside is None:
        return art
    own = CutOut.of_art(art)
    groups = [Group((own.in_colour(TONES[actor.colour]) if actor.colour else own,))]
    if actor.beside is not None:
        place = placed(Thing(actor.beside.noun, joint=WITH))
        groups.append(Group((_dyed(actor.beside),), *place))
    return without_paper(arranged(groups, random.Random(seed)))


def _thing(held: Holding) -> NDArray[np.uint8]:
    art = body_art(held.label)
    if not held.colour:
        return art
    dyed = CutOut.of_art(art).in_colour(TONES[held.colour])
    return without_paper(arranged([Group((dyed,))], random.Random(0)))


def _dyed(named: Named) -> CutOut:
    art = CutOut.of_art(art_of(named.noun))
    return art.in_colour(TONES[named.colour]) if named.colour else art


def front_height(cast: Cast, recipe: Recipe) -> float:
    """How tall who is in front stands in a recipe's film, in frame heights."""
    scales = [actor.scale for actor in cast.actors or ()]
    front = members(recipe.seed, scales, is_adrift=False)[0]
    upright = min(1.0, 1.25 * recipe.width / recipe.height)
    return staged(random.Random(recipe.seed)).size * front.share * upright


def dressing_for(cast: Cast, seed: int) -> Dressing:
    """What stands about where a seeded film's cast acts."""
    scales = [actor.scale for actor in cast.actors or ()] or [1.0]
    front = members(seed, scales, is_adrift=False)[0]
    if cast.is_close:
        return Dressing(cast.pieces, 0.5)
    x = 0.5 + front.x if len(scales) > 1 else staged(random.Random(seed)).x
    return Dressing(cast.pieces, x, goes=bool(_WAYS.get(cast.action)))


def painted_place(
    setting: str, recipe: Recipe, air: Air = CLEAR, dressing: Dressing = NOTHING
) -> Plate | None:
    """A painted place by its words, a plain one by none; None where it is another.

    It is as large as the recipe says.
    """
    setting_id = setting_named(setting)
    if setting_id is None:
        return None
    smooth = is_eased(recipe)
    size = recipe.width, recipe.height
    return plate(setting_id, recipe.seed, *size, is_smooth=smooth, air=air, dressing=dressing)
