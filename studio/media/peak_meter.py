"""A sample peak meter: how its needles rise, fall and hold, and where a level stands on its scale.

It rises at once, since single samples clip, and falls 20 dB in 1.7 s, on the scale of IEC 60268-18
(digital peak meters) and IEC 60268-10 (type I). The zones are those of EBU R 68: -18 dBFS is the
alignment level, and -9 dBFS the most that programme should reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import inf, log10

import numpy as np

FALL_DB_PER_S = 20 / 1.7
HOLD_S = 2.0
FLOOR_DBFS = -70.0
ALIGNMENT_DBFS = -18.0
PERMITTED_DBFS = -9.0
FULL_SCALE = 1.0

_SCALE_DBFS = (-70.0, -60.0, -50.0, -40.0, -30.0, -20.0, 0.0)
_SCALE_SHARE = (0.0, 0.025, 0.075, 0.15, 0.30, 0.50, 1.0)
"""Deflection by level: coarse where it is quiet, even over the top 20 dB."""


class Zone(Enum):
    """Where a level lies, by EBU R 68."""

    QUIET = "quiet"
    PROGRAMME = "programme"
    HOT = "hot"


@dataclass(frozen=True, slots=True)
class Needle:
    """One channel: its level and the peak that is held, in dBFS, and whether it was ever over.

    `held_s` is how long the peak has been held.
    """

    level_dbfs: float = -inf
    peak_dbfs: float = -inf
    held_s: float = 0.0
    over: bool = False

    @property
    def at_rest(self) -> bool:
        """Whether it would look the same a moment later, if nothing more is heard."""
        return self.level_dbfs == self.peak_dbfs == -inf


def moved(needles: tuple[Needle, ...], samples: np.ndarray, passed_s: float) -> tuple[Needle, ...]:
    """The needles after `passed_s` seconds in which samples, float32 (count, channels), came."""
    peaks = np.abs(samples).max(axis=0) if len(samples) else np.zeros(len(needles))
    pairs = zip(needles, peaks, strict=True)
    return tuple(moved_by(float(peak), needle, passed_s) for needle, peak in pairs)


def moved_by(peak: float, needle: Needle, passed_s: float) -> Needle:
    """A needle after `passed_s` seconds whose highest sample was `peak`, 1 being full scale."""
    new = dbfs(peak)
    level = max(new, _fallen(needle.level_dbfs, passed_s))
    held_s = needle.held_s + passed_s
    over = needle.over or peak >= FULL_SCALE
    if new >= needle.peak_dbfs:
        return Needle(level, new, 0.0, over)
    if held_s <= HOLD_S:
        return Needle(level, needle.peak_dbfs, held_s, over)
    return Needle(level, max(level, _fallen(needle.peak_dbfs, passed_s)), held_s, over)


def _fallen(level_dbfs: float, passed_s: float) -> float:
    fallen = level_dbfs - FALL_DB_PER_S * passed_s
    return fallen if fallen > FLOOR_DBFS else -inf


def dbfs(amplitude: float) -> float:
    """The level of an amplitude, where full scale is 1; -inf for silence, or under the scale."""
    return 20 * log10(amplitude) if amplitude > 10 ** (FLOOR_DBFS / 20) else -inf


def deflection(level_dbfs: float) -> float:
    """How far up the scale a level stands, 0 to 1."""
    return float(np.interp(max(level_dbfs, FLOOR_DBFS), _SCALE_DBFS, _SCALE_SHARE))


def zone_of(level_dbfs: float) -> Zone:
    """The zone that a level lies in."""
    if level_dbfs > PERMITTED_DBFS:
        return Zone.HOT
    return Zone.PROGRAMME if level_dbfs > ALIGNMENT_DBFS else Zone.QUIET
