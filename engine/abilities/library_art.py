"""What a draft need not draw: subjects of the art library, and places that are painted."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from engine.abilities.animatic_cast import COUNTS
from engine.abilities.collage import placed
from engine.abilities.film_recipe import is_eased
from engine.models.animatic.place import Plate, plate, setting_named
from engine.models.art import Named, art_of, named_in
from engine.models.collage.arranging import Group, arranged
from engine.models.collage.cut_outs import CutOut
from engine.models.collage.laying import without_paper
from engine.models.moviegen.rewriting import Clause, head_of
from engine.models.moviegen.sticker_things import WITH, Thing
from engine.models.opticals.colours import TONES
from engine.protocol.recipes import Recipe


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


def _dyed(named: Named) -> CutOut:
    art = CutOut.of_art(art_of(named.noun))
    return art.in_colour(TONES[named.colour]) if named.colour else art


def painted_place(setting: str, recipe: Recipe) -> Plate | None:
    """A place of the grammar by its learnt words, a plain one by none; None where it is another.

    It is as large as the recipe says.
    """
    setting_id = setting_named(setting)
    if setting_id is None:
        return None
    smooth = is_eased(recipe)
    return plate(setting_id, recipe.seed, recipe.width, recipe.height, is_smooth=smooth)
