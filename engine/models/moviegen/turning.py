"""How fast something turns in a film, and when it is turned by how much: from what is read of it.

What is read of single frames is rough. A turn goes on evenly for some seconds, and the one even
turn that agrees best with all of them is known to a few degrees.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_SLOWEST, _FASTEST, _RATES, _STARTS = 0.4, 9.0, 400, 120
"""Radians a second that are looked for, either way round, and how many rates and starts of turn."""
_LEAST_SURE = 0.25
_STRETCH_S, _LEAST_FRAMES = 4.0, 6
_BEFORE_S = 0.08
"""What happened so shortly before a film begins is heard as it begins."""


@dataclass(frozen=True, slots=True)
class Turning:
    """An even turn: `at_zero` radians clockwise from upright at 0 s, `rate` radians a second;

    how `sure` that is, about 1 where every frame agrees.
    """

    at_zero: float
    rate: float
    sure: float


def turning_of(told: NDArray[np.float32], times_s: Sequence[float]) -> Turning:
    """The even turn that agrees best with what is told (F, 4) of frames that begin at `times_s`."""
    once, twice = told[:, 0] + 1j * told[:, 1], told[:, 2] + 1j * told[:, 3]
    each = np.linspace(_SLOWEST, _FASTEST, _RATES)
    rates = np.concatenate([-each[::-1], each])
    back = np.exp(-1j * np.outer(rates, np.asarray(times_s)))
    starts = np.linspace(-math.pi, math.pi, _STARTS, endpoint=False)
    unturned = np.exp(-1j * starts)
    agree = np.real(np.outer(back @ once, unturned) + np.outer(back**2 @ twice, unturned**2))
    best = np.unravel_index(int(agree.argmax()), agree.shape)
    sure = float(agree[best]) / (2 * len(told))
    return Turning(float(starts[best[1]]), float(rates[best[0]]), sure)


def moments_turned(
    told: NDArray[np.float32], times_s: Sequence[float], step_rad: float, length_s: float
) -> tuple[float, ...]:
    """Seconds within `length_s` at which what turns is turned by a multiple of `step_rad`.

    A long film is looked at in stretches, each with an even turn of its own; those in which none
    can be told have no moments.
    """
    at = np.asarray(times_s)
    count = max(1, round(length_s / _STRETCH_S))
    edges = np.linspace(0.0, length_s, count + 1)
    found: list[float] = []
    turned = 0.0
    for begin_s, end_s in pairwise(edges.tolist()):
        here = (at >= begin_s) & (at < end_s)
        if here.sum() < _LEAST_FRAMES:
            continue
        turning = turning_of(told[here], at[here].tolist())
        if turning.sure >= _LEAST_SURE:
            turning = _going_on(turning, turned, begin_s)
            found += _crossings(turning, step_rad, begin_s, end_s)
            turned = turning.at_zero + turning.rate * end_s
    return tuple(found)


def _going_on(turning: Turning, turned: float, at_s: float) -> Turning:
    """The same turn, told by as many whole turns more as bring it next to `turned` at `at_s`."""
    off = turned - (turning.at_zero + turning.rate * at_s)
    return replace(turning, at_zero=turning.at_zero + math.tau * round(off / math.tau))


def _crossings(turning: Turning, step_rad: float, begin_s: float, end_s: float) -> list[float]:
    """Seconds from `begin_s` to `end_s` at which a turn is a multiple of `step_rad`, in order."""
    first_s = begin_s - _BEFORE_S if begin_s == 0 else begin_s
    ends = (turning.at_zero + turning.rate * at_s for at_s in (first_s, end_s))
    low, high = sorted(ends)
    turns = range(math.ceil(low / step_rad), math.floor(high / step_rad) + 1)
    at = ((number * step_rad - turning.at_zero) / turning.rate for number in turns)
    return sorted(max(0.0, at_s) for at_s in at if at_s < end_s)
