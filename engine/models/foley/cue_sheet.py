"""A soundtrack as it is to be performed: what goes on, what moves when, and what is played."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.models.foley.music import Mood, compose
from engine.models.foley.palette import Bed, limited, moved
from engine.models.foley.synthesis import SAMPLE_RATE_HZ, Chance, Sound, lay

BED, QUIET_BED, MACHINE, MOVEMENT = 0.06, 0.03, 0.08, 0.14
"""How loud each is: the root mean square of its samples, full scale being 1."""
_MUSIC, _MUSIC_ALONE = 0.06, 0.12

_PIECE_S, _CROSSING_S = 30.0, 2.0
"""Long sounds are made in pieces that cross over: memory does not grow with their length."""

RHYTHM_S = {
    "walk": 0.55, "jump": 0.9, "spin": 1.0, "roll": 0.7, "dance": 0.5, "float": 2.0, "shake": 0.125,
}  # fmt: skip
"""How often each kind is heard where no picture says when."""


@dataclass(frozen=True, slots=True)
class CueSheet:
    """What is heard: sounds that go on with their levels, kinds of movement with their moments in

    seconds, and the mood of the music, None for none.
    """

    beds: Mapping[Bed, float]
    movements: Mapping[str, tuple[float, ...]]
    music: Mood | None


Tell = Callable[[int, int], None]
"""(parts done, of) -> None; may raise to stop."""


def perform(sheet: CueSheet, length_s: float, seed: int, tell: Tell) -> Sound:
    """Samples (S,) in [-1, 1] at 48 kHz of a cue sheet; a seed gives the same again."""
    chance = np.random.default_rng(seed)
    out = np.zeros(round(length_s * SAMPLE_RATE_HZ), np.float32)
    parts = len(sheet.beds) + len(sheet.movements) + (sheet.music is not None)
    done = 0
    for bed, level in sheet.beds.items():
        tell(done, parts)
        out += level * sustained(bed, chance, length_s)
        done += 1
    for kind, times_s in sheet.movements.items():
        tell(done, parts)
        out += MOVEMENT * moved(kind, times_s, chance, length_s)
        done += 1
    if sheet.music is not None:
        tell(done, parts)
        level = _MUSIC if done else _MUSIC_ALONE
        out += level * compose(chance, length_s, sheet.music).sound
        done += 1
    tell(done, parts)
    return limited(out)


def sustained(bed: Bed, chance: Chance, length_s: float) -> Sound:
    """A sound that goes on for any time: pieces made one after the other, each crossing over."""
    if length_s <= _PIECE_S + _CROSSING_S:
        return bed(chance, length_s)
    out = np.zeros(round(length_s * SAMPLE_RATE_HZ), np.float32)
    crossing = round(_CROSSING_S * SAMPLE_RATE_HZ)
    rise = np.sin(np.linspace(0, np.pi / 2, crossing, dtype=np.float32))
    at_s = 0.0
    while at_s < length_s:
        piece = bed(chance, _PIECE_S + _CROSSING_S)
        if at_s > 0:
            piece[:crossing] *= rise
        if at_s + _PIECE_S < length_s:
            piece[-crossing:] *= rise[::-1]
        lay(out, piece, at_s)
        at_s += _PIECE_S
    return out


def in_rhythm(kind: str, length_s: float, seed: int) -> tuple[float, ...]:
    """Moments at which a movement would be heard by itself, a little uneven; once for a fall."""
    if kind == "fall":
        return (0.8 * length_s,)
    period_s = RHYTHM_S.get(kind)
    if period_s is None:
        return ()
    chance = np.random.default_rng(seed)
    count = int(length_s / period_s)
    uneven = chance.uniform(-0.06, 0.06, count) * period_s
    return tuple(float(at_s) for at_s in (np.arange(count) + 0.3) * period_s + uneven)
