"""Who acts in a cut-out film as drafts are made today: whole bodies, by any name, and several.

Films of before were one picture of one thing, as `animatic_cast` has it; a recipe says which it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice

from engine.abilities.animatic_cast import COUNTS, Acting, Cast, companion
from engine.abilities.animatic_movement import lift_of, movement_of, movement_shown
from engine.models.animatic.air import CLEAR, Air
from engine.models.animatic.place import setting_named
from engine.models.animatic.troupe import MOST
from engine.models.art import (
    Named,
    coloured,
    label_of,
    named_by_its_end,
    named_in,
    named_outright,
)
from engine.models.art_likeness import nearest_name
from engine.models.moviegen.air_words import is_of_weather, time_told, weather_told
from engine.models.moviegen.meanings import Embed
from engine.models.moviegen.nouns import article
from engine.models.moviegen.places import placed
from engine.models.moviegen.rewriting import Clause, Rewriter, head_of
from engine.planning.art_names import MIXED, STAND_INS
from engine.planning.figures import (
    AFLOAT,
    AWASH,
    NEAR_BODIES,
    SWIMMING,
    WAVE,
    figure_of,
    is_somebody,
)
from engine.planning.painted_places import SEA

_FACE = re.compile(r"(?:(.*?)(?:'s|s'|’s)? (?:face|head))$", re.IGNORECASE)
_COLLECTIVE = re.compile(
    r"(?:(?:large|small|huge|big|whole|little) )?(?P<how>pair|couple|trio|flock|herd|pack|group"
    r"|crowd|school|shoal|swarm|bunch|family|fleet|line|row|team|gang|band|pride|colony|litter|lot|army"
    r"|dozen|cloud|handful|convoy)s? of (?P<of>.+)",
    re.IGNORECASE,
)
_OF_A_KIND = {"pair": 2, "couple": 2, "trio": 3, "group": 4, "family": 4, "team": 4, "handful": 4}
_UNTOLD, _SEVERAL = 3, {"some": 3, "few": 3, "several": 4, "many": 5, "six": 6, "various": 4}
_SETS = {"couple": 2, "crowd": MOST, "family": 3}
"""Words of one that are several, and how many."""
_CHASES = re.compile(
    r"\b(?:chas|follow|hunt|pursu)(?:es?|ing|s|ed)? (?:after )?(?:an? |the |his |her |its )?"
    r"(?P<whom>[\w -]+?)"
    r"(?= (?:in|on|at|through|across|over|under|down|up|along|around|by|near|into|to)\b|[,.!]|$)",
    re.IGNORECASE,
)
_DETERMINERS = re.compile(r"(?:a|an|the|his|her|its|their|my|our|some) ", re.IGNORECASE)
_LOOKED_AT = re.compile(r"at the (?:moon|sun|stars|sky|camera)$", re.IGNORECASE)
_OUTDOORS = "in a green meadow"
"""Where there is a night, or rain, if nothing is said of the place."""
_AND, _WITH = " and ", " with "


@dataclass(frozen=True, slots=True)
class _Named:
    """Somebody who is named: labels that take turns, a colour, how many, and a note."""

    labels: tuple[str, ...]
    count: int
    colour: str = ""
    is_face: bool = False
    note: str = ""


def troupe_of(clause: Clause, said: str, rewriter: Rewriter) -> Cast:
    """Who acts in a clause of a prompt that was `said`; notes tell who stands in or is left out."""
    air = Air(time_told(said), weather_told(said))
    if is_of_weather(said):
        there = replace(clause, name="weather", article="")
        return Cast(there, (), (), air=apart(air, clause.setting))
    head, beside = head_of(clause.name)
    first = _named(clause.article, head, rewriter)
    action = movement_of(clause.action)
    if first is None:
        note = f"There is no art of “{head}”, so what is drawn is a guess."
        return Cast(clause, (note,), None, air=apart(air, clause.setting))
    actors, notes = _actors(first, said), [first.note]
    for joint, thing in _besides(beside):
        other = _named(*_article_apart(thing), rewriter)
        if other is None:
            notes.append(f"There is no art of “{thing}”, so it is left out.")
        elif joint == _AND or is_somebody(other.labels[0]):
            actors += _actors(other, said)
            notes.append(other.note)
        else:
            worn = companion(f"{_WITH}{thing}") or thing
            actors = [replace(each, beside=named_in(worn)) for each in actors]
    quarry = _quarry(said, rewriter)
    if quarry is not None and len(actors) == 1:
        actors += _actors(replace(quarry, count=1), said)
        notes.append(quarry.note)
    if len(actors) > MOST:
        notes.append(f"A cut-out film shows {MOST} at the most.")
    elsewhere = _at_dusk(clause.setting, said, rewriter)
    if elsewhere:
        notes.append(f"The place is read as “{elsewhere}”.")
    setting = _setting(elsewhere or clause.setting, said, actors, air)
    shown = movement_shown(action, said, actors[0].label)
    lift = lift_of(shown, actors[0].label)
    told = replace(clause, setting=setting)
    kept = tuple(dict.fromkeys(note for note in notes if note))
    size = _AT_SEA if actors[0].label == WAVE else _ALOFT if lift else 1.0
    cast = _to_scale(actors[:MOST], size)
    return Cast(told, kept, cast, shown, lift, apart(air, setting), quarry is not None)


def _quarry(said: str, rewriter: Rewriter) -> _Named | None:
    """Who is chased, and runs ahead."""
    chase = _CHASES.search(said)
    return None if chase is None else _named("", chase["whom"], rewriter)


_AT_SEA, _ALOFT = 0.5, 0.8
"""How large waves at a shore are, and what flies, of what stands in front."""


def _actors(named: _Named, said: str) -> list[Acting]:
    actors: list[Acting] = []
    for label in islice(cycle(named.labels), named.count):
        each = figure_of(label, said, is_face=named.is_face)
        actors.append(Acting(each.label, named.colour, each.scale, each.head, name=label))
    return actors


def _to_scale(actors: list[Acting], size: float) -> tuple[Acting, ...]:
    """As large as they are beside each other, the largest of a size."""
    largest = max(actor.scale for actor in actors) / size
    return tuple(replace(actor, scale=actor.scale / largest) for actor in actors)


def _named(article_said: str, head: str, rewriter: Rewriter) -> _Named | None:
    """Who is named, and how many; None where nothing of the library comes near."""
    count = COUNTS.get(article_said.lower()) or _SEVERAL.get(article_said.lower(), 0)
    several = _COLLECTIVE.fullmatch(head)
    if several is not None:
        count, head = _OF_A_KIND.get(several["how"].lower(), MOST), several["of"]
    face = _FACE.fullmatch(head)
    if face is not None and (of := named_outright(f"{face[1]} face")) is not None:
        return _Named((label_of(of.noun),), count or 1, of.colour, is_face=True)
    last = head.lower().split()[-1] if head else ""
    if last in MIXED:
        return _Named(MIXED[last], count or _SETS.get(last, _UNTOLD))
    found, note = found_art(head, rewriter.embed)
    if found is None:
        return None
    label = label_of(found.noun)
    if label in NEAR_BODIES:
        note = _stands_in(f"whole {label}", NEAR_BODIES[label])
    if not count:
        count = _UNTOLD if rewriter.is_many(article_said, head) else 1
    return _Named((label,), count, found.colour, note=note)


def found_art(head: str, embed: Embed) -> tuple[Named | None, str]:
    """What is named outright, or what the last word or two come nearest to; and a note of that."""
    named = named_outright(head)
    if named is not None:
        return named, STAND_INS.get(named.noun, "") and _stands_in(
            named.noun, STAND_INS[named.noun]
        )
    words = head.split()
    for start in range(max(0, len(words) - 2), len(words)):
        tail = " ".join(words[start:])
        near = nearest_name(tail, embed)
        if near is not None:
            return coloured(near, words[:start]), _stands_in(tail, near)
    return named_by_its_end(head), ""


def _stands_in(word: str, name: str) -> str:
    return f"No {word} is in the library; {article(name)} stands in."


def _besides(beside: str) -> list[tuple[str, str]]:
    """What is beside who is named first, thing by thing, each with what joins it."""
    parts = re.split(r"( and | with | next to | beside | holding | carrying | wearing )", beside)
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return [(joint, thing.strip()) for joint, thing in pairs if thing.strip()]


def _article_apart(thing: str) -> tuple[str, str]:
    """A thing without its article or number, after it."""
    first, _, rest = thing.partition(" ")
    counted = first.lower() in COUNTS or first.lower() in _SEVERAL
    if rest and counted:
        return first, rest
    return "", _DETERMINERS.sub("", thing, count=1)


_WATERS = re.compile(r"\b(?:sea|ocean|waves|water)\b", re.IGNORECASE)


def _setting(setting: str, said: str, actors: Sequence[Acting], air: Air) -> str:
    """The place in learnt words, or the open sea where that is what they say or need."""
    label = actors[0].label
    if _LOOKED_AT.match(setting):
        setting = ""
    if not setting and air != CLEAR and label not in AFLOAT:
        return _OUTDOORS
    named = setting_named(setting)
    if label in AFLOAT and named in ("beach", "lake", "river"):
        return SEA
    if named == "plain" and label in SWIMMING and _WATERS.search(said):
        return SEA
    if label in AFLOAT or label.endswith(AWASH):
        return SEA if named in ("plain", "underwater", "rain", None) else setting
    return SEA if named is None and _WATERS.search(setting) else setting


_DUSK = re.compile(
    r"\b(?:(?:at|during|in the|under the) )?(?:sunset|sundown|dusk|twilight)\b", re.IGNORECASE
)


def _at_dusk(setting: str, said: str, rewriter: Rewriter) -> str:
    """The place of a sentence that tells the time of day beside it: dusk is laid over any.

    "" where the sunset is all that is said of the place, or it is the shore, where the sun sets.
    """
    told = rewriter.clause(said) if setting_named(setting) == "sunset" else None
    rest = _DUSK.sub("", told.setting).strip() if told is not None else ""
    elsewhere = placed(rest, rewriter.vocabulary.places) if rest else None
    return elsewhere if elsewhere and setting_named(elsewhere) != "beach" else ""


def apart(air: Air, setting: str) -> Air:
    """Without what a place is painted with already: a city at night needs no other night."""
    named = setting_named(setting)
    own_time = named in ("night_city", "sunset", "space", "stage", "underwater", None)
    return Air("" if own_time else air.time, "" if named == air.weather else air.weather)
