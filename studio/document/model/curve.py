"""Curves: a number that may change over a clip. Evaluation is in `studio.document.keyframes`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from studio.document.model.record import Record


@dataclass(frozen=True, slots=True)
class Linear(Record):
    """Straight to the next keyframe."""


@dataclass(frozen=True, slots=True)
class Hold(Record):
    """Stay until the next keyframe, then jump."""


@dataclass(frozen=True, slots=True)
class Bezier(Record):
    """Ease to the next keyframe: two control points in the unit square, as in CSS cubic-bezier.

    `x1` and `x2` are shares of the time between the keyframes, in [0, 1]; `y1` and `y2` of the
    change in value, and may overshoot.
    """

    x1: float = 1 / 3
    y1: float = 0.0
    x2: float = 2 / 3
    y2: float = 1.0


Interpolation: TypeAlias = Linear | Hold | Bezier


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyframe(Record):
    """A value at a frame. `at` counts sequence frames from the clip's first, and may lie outside.

    `leave` says how the value travels to the next keyframe.
    """

    at: int
    value: float
    leave: Interpolation = Linear()


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve(Record):
    """Keyframes in order of `at`, no two at one frame, at least one. Constant beyond the ends."""

    keyframes: tuple[Keyframe, ...]


Number: TypeAlias = float | Curve
"""A parameter that can be keyframed: a plain value, or a curve."""
