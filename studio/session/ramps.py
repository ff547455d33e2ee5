"""Speed ramps by name, as editors ask for them, and how ramps are drawn as curves.

A ramp of the document counts in exact fractions; a curve on screen in floats. Pure functions.
"""

from __future__ import annotations

from fractions import Fraction

from studio.document.model.clip import ConstantSpeed, Speed, SpeedPoint, SpeedRamp
from studio.document.model.curve import Curve, Keyframe

FINEST = 1000
"""Speeds on screen are whole parts of this: 0.1 %."""

SHAPES: dict[str, tuple[tuple[Fraction, Fraction], ...]] = {
    "Slow to fast": (
        (Fraction(0), Fraction(1, 2)),
        (Fraction(1, 3), Fraction(1, 2)),
        (Fraction(2, 3), Fraction(3, 2)),
        (Fraction(1), Fraction(3, 2)),
    ),
    "Fast to slow": (
        (Fraction(0), Fraction(3, 2)),
        (Fraction(1, 3), Fraction(3, 2)),
        (Fraction(2, 3), Fraction(1, 2)),
        (Fraction(1), Fraction(1, 2)),
    ),
    "Slow in the middle": (
        (Fraction(0), Fraction(2)),
        (Fraction(1, 3), Fraction(1, 2)),
        (Fraction(2, 3), Fraction(1, 2)),
        (Fraction(1), Fraction(2)),
    ),
    "Fast in the middle": (
        (Fraction(0), Fraction(1, 2)),
        (Fraction(1, 3), Fraction(5, 4)),
        (Fraction(2, 3), Fraction(5, 4)),
        (Fraction(1), Fraction(1, 2)),
    ),
}
"""Ramps by name: shares of the clip, and the speed there. Each plays as much as at full speed,
but for the frame that a third of a clip is rounded to."""


def ramp_points(shape: str, frames: int, speed: Speed) -> list[SpeedPoint]:
    """The points of a named ramp over a clip, about the speed it has.

    Raises: KeyError for an unknown shape.
    """
    around = speed.factor if isinstance(speed, ConstantSpeed) and speed.factor else Fraction(1)
    points: dict[int, Fraction] = {}
    for share, factor in SHAPES[shape]:
        points[round(share * frames)] = factor * around
    return [SpeedPoint(at, factor) for at, factor in sorted(points.items())]


def curve_of(ramp: SpeedRamp) -> Curve:
    """A ramp as a curve."""
    keys = tuple(Keyframe(at=point.at, value=float(point.factor)) for point in ramp.points)
    return Curve(keyframes=keys)


def points_of(curve: Curve, ramp: SpeedRamp) -> list[SpeedPoint]:
    """A curve as a ramp's points; those that were not moved stay exactly as they were."""
    known = {(point.at, float(point.factor)): point for point in ramp.points}
    return [
        known.get((key.at, key.value))
        or SpeedPoint(key.at, Fraction(round(key.value * FINEST), FINEST))
        for key in curve.keyframes
    ]
