"""The movements of cut-out animation: where a subject is, and what the camera sees, at each moment.

The scenes that the pocket cast learns from move so, and so do the clips of the pocket animatic.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sin
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a subject is: centre as fractions of the frame, size as a fraction of its height.

    `turn` is in radians, clockwise; `stretch` squashes height (and widens) around 1.
    """

    x: float
    y: float
    size: float
    turn: float = 0.0
    stretch: float = 1.0


class Staging(NamedTuple):
    """What chance settles: the subject's share of the frame, its place from left to right, and

    the part of a second by which everything that repeats is ahead.
    """

    size: float
    x: float
    phase: float


def staged(rng: random.Random) -> Staging:
    """A staging by chance."""
    return Staging(rng.uniform(0.48, 0.66), rng.uniform(0.38, 0.62), rng.random())


@dataclass(frozen=True, slots=True)
class View:
    """What the camera sees: offset of its centre in frame widths and heights, and its zoom."""

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0


@dataclass(frozen=True, slots=True)
class Moment:
    """When in an action: `share` of it done, in [0, 1], and `turns` of whatever repeats each

    second, in radians; all of it takes `length_s`.
    """

    share: float
    turns: float
    length_s: float = 1.0


def _right(start: Pose, now: Moment) -> Pose:
    return Pose(0.2 + 0.6 * now.share, start.y - 0.012 * abs(sin(2 * now.turns)), start.size)


def _left(start: Pose, now: Moment) -> Pose:
    return Pose(0.8 - 0.6 * now.share, start.y - 0.012 * abs(sin(2 * now.turns)), start.size)


def _jump(start: Pose, now: Moment) -> Pose:
    lift = abs(sin(now.turns * 0.625))
    return Pose(start.x, start.y - 0.24 * lift, start.size, 0.0, 0.9 + 0.15 * lift)


def _spin(start: Pose, now: Moment) -> Pose:
    return Pose(start.x, start.y, start.size, now.turns * 0.5)


def _roll(start: Pose, now: Moment) -> Pose:
    return Pose(0.15 + 0.7 * now.share, start.y, start.size, 2.4 * math.pi * now.share)


def _rise(start: Pose, now: Moment) -> Pose:
    y = start.y + 0.1 - 0.62 * now.share
    return Pose(start.x, y, start.size, 0.08 * sin(now.turns))


def _fall(start: Pose, now: Moment) -> Pose:
    y = -0.15 + (start.y + 0.15) * min(1.0, now.share * 1.25) ** 2
    return Pose(start.x, y, start.size, 0.3 * (1 - now.share))


def _grow(start: Pose, now: Moment) -> Pose:
    return Pose(start.x, start.y - 0.12 * now.share, start.size * (0.55 + 0.85 * now.share))


def _shrink(start: Pose, now: Moment) -> Pose:
    return _grow(start, Moment(1 - now.share, now.turns))


def _dance(start: Pose, now: Moment) -> Pose:
    sway = sin(now.turns)
    return Pose(start.x + 0.05 * sway, start.y - 0.03 * abs(sway), start.size, 0.3 * sway)


def _shake(start: Pose, now: Moment) -> Pose:
    turn = 0.06 * sin(now.turns * 4 + 1)
    return Pose(start.x + 0.018 * sin(now.turns * 4), start.y, start.size, turn)


def _float(start: Pose, now: Moment) -> Pose:
    wave = sin(now.turns * 0.5)
    return Pose(start.x, start.y - 0.08 + 0.05 * wave, start.size, 0.05 * wave)


ACTIONS: Mapping[str, Callable[[Pose, Moment], Pose]] = {
    "stand": lambda start, _: start,
    "right": _right,
    "left": _left,
    "jump": _jump,
    "spin": _spin,
    "roll": _roll,
    "rise": _rise,
    "fall": _fall,
    "grow": _grow,
    "shrink": _shrink,
    "dance": _dance,
    "shake": _shake,
    "float": _float,
}

CAMERAS: Mapping[str, Callable[[Moment], View]] = {
    "static": lambda _: View(),
    "pan_left": lambda now: View(x=0.14 - 0.28 * now.share),
    "pan_right": lambda now: View(x=-0.14 + 0.28 * now.share),
    "tilt_up": lambda now: View(y=0.12 - 0.24 * now.share),
    "tilt_down": lambda now: View(y=-0.12 + 0.24 * now.share),
    "zoom_in": lambda now: View(zoom=1.0 + 0.35 * now.share),
    "zoom_out": lambda now: View(zoom=1.35 - 0.35 * now.share),
    "handheld": lambda now: View(0.012 * sin(now.turns * 1.2), 0.012 * sin(now.turns * 1.7 + 2)),
}
