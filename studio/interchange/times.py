"""Times and rates between our exact ones and OpenTimelineIO's, which are pairs of floats.

Broadcast rates come back exactly: 23.976 in a file means 24000/1001. Whole numbers of frames come
back as they went, as a double holds them all.
"""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio

from studio.document.time import Rate, Rounding, Time

_NTSC_WITHIN = Fraction(1, 200)
"""How far a written rate may lie from n * 1000/1001 and still mean it: "23.98" does."""


def exact_rate(rate: float) -> Rate:
    """The rate that a float stands for.

    Raises: ValueError for a rate that is not positive.
    """
    whole = Fraction(rate).limit_denominator(1_000_000)
    nominal = round(whole * Fraction(1001, 1000))
    ntsc = Fraction(nominal * 1000, 1001)
    if whole.denominator != 1 and nominal and abs(whole - ntsc) < _NTSC_WITHIN:
        return Rate.of(ntsc)
    return Rate.of(whole)


def to_otio(time: Time, rate: Rate) -> otio.opentime.RationalTime:
    """A time in ticks of a rate; where it falls between two, the nearest."""
    return otio.opentime.RationalTime(time.ticks(rate, Rounding.NEAREST), float(rate.fraction))


def frames_to_otio(frames: int, rate: Rate) -> otio.opentime.RationalTime:
    """Frames of a sequence."""
    return otio.opentime.RationalTime(frames, float(rate.fraction))


def from_otio(time: otio.opentime.RationalTime) -> Time:
    """An exact time; a value that is no whole number keeps what its double says."""
    rate = exact_rate(time.rate)
    value = Fraction(time.value).limit_denominator(1_000_000)
    if value.denominator == 1:
        return Time(value.numerator, rate)
    return Time(value.numerator, Rate.of(rate.fraction * value.denominator))


def frames_from_otio(time: otio.opentime.RationalTime, rate: Rate) -> int:
    """The nearest whole number of a sequence's frames."""
    return from_otio(time).ticks(rate, Rounding.NEAREST)
