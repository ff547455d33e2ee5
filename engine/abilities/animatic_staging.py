"""A cut-out film staged as drafts are today: what who acts holds and sits on, what stands about.

Who acts is for `animatic_troupe`, what is told of things for `animatic_dressing`, and a place that
nobody is in for `animatic_view`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from engine.abilities.animatic_bodies import with_bodies
from engine.abilities.animatic_cast import Acting, Cast
from engine.abilities.animatic_dressing import Dressing, Found, dressing_of
from engine.abilities.animatic_troupe import found_art, troupe_of
from engine.abilities.animatic_view import view_of
from engine.models.animatic.layers import MARGIN
from engine.models.animatic.place import PLAIN, setting_named
from engine.models.animatic.troupe import MOST
from engine.models.art import label_of, named_in
from engine.models.art_likeness import means_a_person
from engine.models.moviegen.air_words import without_air
from engine.models.moviegen.places import placed
from engine.models.moviegen.rewriting import Clause, Rewriter, head_of
from engine.planning.art_names import MIXED
from engine.planning.bodies import body_of
from engine.planning.figures import figure_of, is_somebody
from engine.planning.set_pieces import CARRIED, FLOWN, OUTDOORS, Behind, InSky, name_of, top_of

_WORN = re.compile(
    r" (?:in|wearing) (?:an? |the |his |her |their )?(?:[\w-]+ ){0,2}(?:dress|coat|suit|shirt"
    r"|jacket|uniform|costume|hoodie|sweater|gown|robe|cloak|raincoat|tuxedo|jeans|t-shirt|armou?r"
    r"|scarf|boots|apron|swimsuit|kimono)s?\b",
    re.IGNORECASE,
)
"""Clothes: bodies of the library do not change theirs."""
_ON_TABLE = 0.45
"""How large what stands on something is, of what stands alone."""
_BENCHES, _LAWN, _ROOM = "in a park", "in a green meadow", "inside a room"
_OF_AIR = frozenset(("snow", "rain", "sunset", "space"))
"""Places that words of the weather and of the time of day may mean."""


def staged_of(clause: Clause, said: str, rewriter: Rewriter) -> Cast:
    """Who acts in a clause of a prompt that was `said`, with what and where."""
    view = view_of(clause, said, rewriter)
    if view is not None:
        return view
    raw = rewriter.clause(said)
    name = _undressed(clause.name)
    somebody, note = _somebody(name, rewriter)
    place = _place(raw.setting if raw else "", clause.setting, rewriter)
    there = replace(clause, name=somebody, setting=place)
    cast = with_bodies(troupe_of(there, said, rewriter), said)
    if not cast.actors:
        return cast
    notes = (note, *cast.notes) if note else cast.notes
    told = rewriter.vocabulary.places.items()
    setting = cast.clause.setting
    own = setting.split() if setting_named(setting) is not None else ()
    dressing = dressing_of(
        said,
        head_of(name)[0],
        raw.action if raw else "",
        tellers=frozenset((*(word for word, place in told if place == setting), *own)),
        acting=frozenset(label for actor in cast.actors for label in _shown_by(actor)),
    )
    return _with(_somewhere(replace(cast, notes=notes), dressing), dressing)


def _undressed(name: str) -> str:
    """A name without what somebody has on: a man "in a hat"."""
    bare = _WORN.sub("", name)
    who, _, worn = bare.partition(" in ")
    named = named_in(who) if worn else None
    return who if named is not None and is_somebody(label_of(named.noun)) else bare


def _somebody(name: str, rewriter: Rewriter) -> tuple[str, str]:
    """Who is named, a person in the place of one of whom there is no art; and a note of that."""
    head, beside = head_of(name)
    if not head or head.lower().split()[-1] in MIXED:
        return name, ""
    if found_art(head, rewriter.embed)[0] is not None or not means_a_person(head, rewriter.embed):
        return name, ""
    return f"person{beside}", f"No {head} is in the library; a person stands in."


def _place(raw: str, read: str, rewriter: Rewriter) -> str:
    """The place of a sentence without its weather and its time, which are laid over any."""
    rest, named = without_air(raw), setting_named(read)
    if rest == raw or named not in _OF_AIR:
        return read
    if not rest and named == "space":  # "under the stars"
        return ""
    told = placed(rest, rewriter.vocabulary.places)
    is_shore = named == "sunset" and told is not None and setting_named(told) == "beach"
    return read if told is None or is_shore else told


def _shown_by(actor: Acting) -> tuple[str, ...]:
    """The labels of what is seen where somebody acts."""
    carried = (things for doing, things in CARRIED.items() if actor.label.endswith(doing))
    return actor.label, actor.name, *next(carried, ())


def _somewhere(cast: Cast, dressing: Dressing) -> Cast:
    """A cast in a place that is painted, where what is about is all that is told of one."""
    setting = cast.clause.setting
    named = setting_named(setting)
    untold = named is None and any(words in setting for words in dressing.words)
    if named is None and not untold:
        note = f"No place like “{setting}” is painted, so the background is plain."
        plain = replace(cast.clause, setting="")
        return replace(cast, clause=plain, notes=(*cast.notes, note))
    if not untold and not (named == PLAIN and dressing.pieces):
        return cast
    first = dressing.pieces[0] if dressing.pieces else None
    name = "" if first is None else name_of(first)
    is_outdoors = name in OUTDOORS or isinstance(first, InSky | Behind)
    place = _BENCHES if name == "bench" else _LAWN if is_outdoors else _ROOM
    return replace(cast, clause=replace(cast.clause, setting=place))


def _with(cast: Cast, dressing: Dressing) -> Cast:
    """A cast with what is about it."""
    actors = [_without_shown(actor, dressing) for actor in cast.actors or ()]
    held, seat = dressing.held, dressing.seat
    if held is not None:
        actors = [replace(actors[0], held=held, beside=None), *actors[1:]]
    if seat is not None and not is_somebody(actors[0].name):
        actors = [replace(each, scale=_ON_TABLE * each.scale) for each in actors]
    joined = [one for other in dressing.others for one in _others(other)]
    stands = held is not None and held.label in FLOWN
    lift = 0.0 if stands else cast.lift if seat is None else top_of(seat.name) * MARGIN
    return replace(
        cast,
        actors=(*actors, *joined[: MOST - len(actors)]),
        action="stand" if stands else cast.action,
        lift=lift,
        pieces=dressing.pieces,
        shown=dressing.words,
    )


def _without_shown(actor: Acting, dressing: Dressing) -> Acting:
    """Somebody without what is beside them, where that is shown otherwise."""
    is_shown = actor.beside is not None and label_of(actor.beside.noun) in dressing.names
    return replace(actor, beside=None) if is_shown else actor


def _others(found: Found) -> list[Acting]:
    """Who else is told of, on the ground."""
    each = body_of(found.name, "") or figure_of(found.name, "")
    actor = Acting(each.label, found.colour, each.scale, each.head, name=found.name, is_aside=True)
    return [actor] * found.count
