"""What a film shows that is heard: told by the sound model's eyes, or by how the film was made.

A cut-out film moves by a formula that its recipe gives; there every step is known to the sample.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from engine.abilities.animatic_cast import Cast
from engine.abilities.animatic_movement import movement_of
from engine.abilities.film_recipe import is_eased
from engine.abilities.moviegen_sound import Eyes, Looked
from engine.models.animatic.movements import staged
from engine.models.animatic.onsets import ONCE, TURNED_BY, onsets
from engine.models.animatic.place import PLAIN, setting_named
from engine.models.animatic.troupe import members
from engine.models.foley.cue_sheet import BED, MACHINE, QUIET_BED, CueSheet, in_rhythm
from engine.models.foley.moments import moments
from engine.models.foley.palette import (
    KINDS,
    MACHINES,
    MOVEMENTS,
    PLACES,
    QUIET,
    SOUNDING,
    SOUNDING_LABELS,
    SURROUNDINGS,
    Bed,
    kind_heard,
)
from engine.models.foley.words import Asked
from engine.models.moviegen.audio_codec import LATENT_RATE_HZ
from engine.models.moviegen.turning import moments_turned
from engine.planning.painted_places import HEARD_AS
from engine.protocol.recipes import Recipe


@dataclass(frozen=True, slots=True)
class Seen:
    """What a film shows that is heard: its cue sheet, in words, and every moment of an event."""

    sheet: CueSheet
    told: tuple[str, ...]
    moments_s: tuple[float, ...]


NOTHING = Seen(CueSheet({}, {}, None), (), ())
"""What is seen where there is no film."""

_MOVED = frozenset(MOVEMENTS.values()) - {MOVEMENTS["engine"]}


def heard_in(eyes: Eyes, looked: Looked, seed: int) -> Seen:
    """What is heard in a film that was looked at.

    A movement whose moments cannot be told has its usual rhythm.
    """
    rows = looked.rows
    place, machine = eyes.reader.told(rows)
    kind, length_s = KINDS[eyes.movement.kind_of(rows)], len(rows) / LATENT_RATE_HZ
    found: tuple[float, ...] = ()
    if kind in TURNED_BY:
        times_s = [index / LATENT_RATE_HZ for index in range(len(rows))]
        found = moments_turned(looked.turns.numpy(), times_s, TURNED_BY[kind], length_s)
    if not found:
        found = moments(eyes.movement.events(rows).cpu().numpy(), LATENT_RATE_HZ)
    if not found:
        found = in_rhythm(kind, length_s, seed)
    sounding = tuple(MACHINES)[machine - 1] if machine else None
    return _seen(PLACES[place], sounding, kind, found)


def heard_as_made(made_by: Recipe, cast: Cast, in_s: float, length_s: float) -> Seen:
    """What is heard in a part of a cut-out film, from its recipe and who acts in it.

    Of several everybody is heard, each in time.
    """
    clause = cast.clause
    action = movement_of(clause.action) or "stand" if cast.actors is None else cast.action
    if cast.actors == ():
        action = "stand"
    machine = machine_of(cast)
    moments_s = _moments(made_by, cast, action)
    found = (at_s - in_s for at_s in moments_s)
    within = tuple(at_s for at_s in found if 0 <= at_s < length_s)
    return _seen(place_heard(cast), machine, kind_heard(action, machine), within)


def _moments(made_by: Recipe, cast: Cast, action: str) -> tuple[float, ...]:
    """Every moment in seconds at which one of those who act is heard."""
    phase_s = staged(random.Random(made_by.seed)).phase
    rate_num, _, rate_den = made_by.rate.partition("/")
    whole_s = made_by.frames * int(rate_den or 1) / int(rate_num)
    scales = [actor.scale for actor in cast.actors or ()] or [1.0]
    found: list[float] = []
    for each in members(made_by.seed, scales, is_adrift=False):
        late_s = each.late * whole_s
        heard = onsets(action, phase_s + each.ahead_s, whole_s - late_s, is_eased=is_eased(made_by))
        shift_s = late_s if action in ONCE else 0.0
        found += [at_s + shift_s for at_s in heard]
    found.sort()
    apart = [at_s for at, at_s in enumerate(found) if not at or at_s - found[at - 1] >= _ONE_S]
    return tuple(apart)


_ONE_S = 0.03
"""Within how many seconds two sounds are heard as one."""


def machine_of(cast: Cast) -> Bed | None:
    """What sounds by itself of those who act."""
    if cast.actors is None:
        return next((bed for noun, bed in SOUNDING.items() if noun in cast.clause.name), None)
    labels = [actor.label for actor in cast.actors]
    return next((SOUNDING_LABELS[label] for label in labels if label in SOUNDING_LABELS), None)


def place_heard(cast: Cast) -> str:
    """The place whose surroundings are heard: a rainy one as rain, one at night as a night."""
    place = setting_named(cast.clause.setting) or PLAIN
    if cast.air.weather in ("rain", "snow"):
        return cast.air.weather
    if cast.air.time == "night" and place in _CALM_AT_NIGHT:
        return "night_city"
    return HEARD_AS.get(place, place)


_CALM_AT_NIGHT = frozenset(
    (
        "meadow",
        "forest",
        "desert",
        "street",
        "park",
        "garden",
        "farm",
        "village",
        "campsite",
        "road",
    )
)
"""Where crickets are heard at night."""


def _seen(place: str, machine: Bed | None, kind: str, found: Sequence[float]) -> Seen:
    phrase, bed = SURROUNDINGS[place]
    beds, told = {bed: QUIET_BED if place in QUIET else BED}, [phrase]
    if machine is not None:
        beds = {bed: beds[bed] / 2, machine: MACHINE}
        told.append(MACHINES[machine])
    movements: dict[str, tuple[float, ...]] = {}
    if kind not in ("", "engine"):
        movements[kind] = tuple(found)
        told.append(MOVEMENTS[kind])
    return Seen(CueSheet(beds, movements, None), tuple(told), tuple(found))


def in_words(seen: Seen, asked: Asked, seed: int, length_s: float) -> tuple[CueSheet, list[str]]:
    """Beds and movements that are named in place of those that are seen, and all in words."""
    beds = dict.fromkeys(asked.beds.values(), BED) or dict(seen.sheet.beds)
    movements = dict(seen.sheet.movements)
    if asked.kinds:
        movements = {
            kind: seen.moments_s or in_rhythm(kind, length_s, seed) for kind in asked.kinds
        }
    told = list(asked.beds) or [phrase for phrase in seen.told if phrase not in _MOVED]
    return CueSheet(beds, movements, None), [*told, *(MOVEMENTS[kind] for kind in movements)]
