"""Exact time: integers over rational rates, never floats and never an epsilon.

A `Time` is `value` ticks of a `Rate`; 23.976 stays 24000/1001. Positions and lengths on a
sequence are plain `int` frames at that sequence's rate (`FrameRange`); a place inside media is a
`Time`, because media has a rate of its own. Ranges are half-open and use OpenTimelineIO's words.
Not here: timecode text (`timecode`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from math import gcd
from typing import Self


class Rounding(Enum):
    """What a conversion does with a value that falls between two ticks."""

    FLOOR = "floor"
    NEAREST = "nearest"
    CEIL = "ceil"
    EXACT = "exact"


def divide(numerator: int, denominator: int, rounding: Rounding) -> int:
    """Divide integers, rounding as stated; a half rounds up. `denominator` is positive.

    Raises: ValueError under `Rounding.EXACT` when the division leaves a remainder.
    """
    match rounding:
        case Rounding.FLOOR:
            return numerator // denominator
        case Rounding.CEIL:
            return -(-numerator // denominator)
        case Rounding.NEAREST:
            return (2 * numerator + denominator) // (2 * denominator)
        case Rounding.EXACT:
            quotient, remainder = divmod(numerator, denominator)
            if remainder:
                raise ValueError(f"{numerator}/{denominator} does not fall on a whole tick.")
            return quotient


@dataclass(frozen=True, slots=True, order=False)
class Rate:
    """Ticks per second as a fraction in lowest terms: `Rate(24000, 1001)`, `Rate(48000, 1)`."""

    num: int
    den: int = 1

    def __post_init__(self) -> None:
        if self.num <= 0 or self.den <= 0:
            raise ValueError(f"A rate must be positive, not {self.num}/{self.den}.")
        divisor = gcd(self.num, self.den)
        if divisor != 1:
            object.__setattr__(self, "num", self.num // divisor)
            object.__setattr__(self, "den", self.den // divisor)

    @classmethod
    def of(cls, rate: Fraction) -> Self:
        return cls(rate.numerator, rate.denominator)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "24000/1001", "25" or a broadcast shorthand such as "23.976" or "29.97".

        Raises: ValueError when `text` is no positive rate.
        """
        shorthand = _SHORTHAND.get(text.strip())
        try:
            return cls.of(shorthand or Fraction(text.strip()))
        except (ValueError, ZeroDivisionError) as error:
            raise ValueError(f'"{text}" is not a rate such as 25 or 24000/1001.') from error

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.num, self.den)

    @property
    def nominal(self) -> int:
        """Frames that timecode counts in a second: 30 for 30000/1001."""
        return divide(self.num, self.den, Rounding.CEIL)

    def common(self, other: Rate) -> Rate:
        """The slowest rate on whose ticks every tick of both rates falls."""
        if self == other:
            return self
        tick = gcd(self.den * other.num, other.den * self.num)
        return Rate(self.num * other.num, tick)

    def __str__(self) -> str:
        return f"{self.num}/{self.den}"


_SHORTHAND = {
    "23.976": Fraction(24000, 1001),
    "23.98": Fraction(24000, 1001),
    "29.97": Fraction(30000, 1001),
    "47.952": Fraction(48000, 1001),
    "47.95": Fraction(48000, 1001),
    "59.94": Fraction(60000, 1001),
    "119.88": Fraction(120000, 1001),
}


@dataclass(frozen=True, slots=True, eq=False)
class Time:
    """An instant or a length: `value` ticks of `rate`. Equal times compare equal at any rates."""

    value: int
    rate: Rate

    @classmethod
    def of_seconds(cls, seconds: Fraction | int) -> Self:
        """The exact time of a rational number of seconds."""
        exact = Fraction(seconds)
        return cls(exact.numerator, Rate(exact.denominator))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` writes: "value@num/den"."""
        value, _, rate = text.partition("@")
        return cls(int(value), _exact_rate(rate))

    @property
    def seconds(self) -> Fraction:
        return Fraction(self.value * self.rate.den, self.rate.num)

    def at(self, rate: Rate, rounding: Rounding = Rounding.EXACT) -> Time:
        """This time counted in ticks of `rate`.

        Raises: ValueError under `Rounding.EXACT` when it falls between two ticks.
        """
        return self if rate == self.rate else Time(self.ticks(rate, rounding), rate)

    def ticks(self, rate: Rate, rounding: Rounding = Rounding.EXACT) -> int:
        """How many ticks of `rate` this time is, rounded as stated.

        Raises: ValueError under `Rounding.EXACT` when it falls between two ticks.
        """
        mine = self.rate
        if mine == rate:
            return self.value
        return divide(self.value * mine.den * rate.num, mine.num * rate.den, rounding)

    def __add__(self, other: Time) -> Time:
        if self.rate == other.rate:
            return Time(self.value + other.value, self.rate)
        rate = self.rate.common(other.rate)
        return Time(self.ticks(rate) + other.ticks(rate), rate)

    def __sub__(self, other: Time) -> Time:
        return self + -other

    def __neg__(self) -> Time:
        return Time(-self.value, self.rate)

    def scaled(self, factor: Fraction) -> Time:
        """This time multiplied by a rational, exactly."""
        if factor == 1:
            return self
        exact = self.seconds * factor
        return Time.of_seconds(exact)

    def _cross(self, other: Time) -> tuple[int, int]:
        if self.rate == other.rate:
            return self.value, other.value
        mine, theirs = self.rate, other.rate
        return (
            self.value * mine.den * theirs.num,
            other.value * theirs.den * mine.num,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Time):
            return NotImplemented
        left, right = self._cross(other)
        return left == right

    def __lt__(self, other: Time) -> bool:
        left, right = self._cross(other)
        return left < right

    def __le__(self, other: Time) -> bool:
        left, right = self._cross(other)
        return left <= right

    def __gt__(self, other: Time) -> bool:
        return other < self

    def __ge__(self, other: Time) -> bool:
        return other <= self

    def __hash__(self) -> int:
        return hash(self.seconds)

    def __bool__(self) -> bool:
        return self.value != 0

    def __str__(self) -> str:
        return f"{self.value}@{self.rate}"


@cache
def _exact_rate(text: str) -> Rate:
    num, _, den = text.partition("/")
    return Rate(int(num), int(den))


ZERO = Time(0, Rate(1))


@dataclass(frozen=True, slots=True)
class TimeRange:
    """A half-open stretch of time: from `start` up to, not including, `start + duration`."""

    start: Time
    duration: Time

    @classmethod
    def between(cls, start: Time, end_exclusive: Time) -> Self:
        return cls(start, end_exclusive - start)

    @property
    def end_time_exclusive(self) -> Time:
        return self.start + self.duration

    def end_time_inclusive(self, rate: Rate) -> Time:
        """The last tick of `rate` that begins inside the range."""
        last = self.end_time_exclusive.ticks(rate, Rounding.CEIL) - 1
        return Time(last, rate)

    def contains(self, time: Time) -> bool:
        return self.start <= time < self.end_time_exclusive

    def covers(self, other: TimeRange) -> bool:
        """Whether all of `other` lies inside."""
        return self.start <= other.start and other.end_time_exclusive <= self.end_time_exclusive

    def intersects(self, other: TimeRange) -> bool:
        return self.start < other.end_time_exclusive and other.start < self.end_time_exclusive

    def clamp(self, time: Time) -> Time:
        """The nearest instant to `time` in the range, its exclusive end allowed."""
        return min(max(time, self.start), self.end_time_exclusive)


@dataclass(frozen=True, slots=True, order=True)
class FrameRange:
    """A half-open stretch of a sequence in its own frames: `start` up to, not including, `end`."""

    start: int
    end: int

    @property
    def duration(self) -> int:
        return self.end - self.start

    def contains(self, frame: int) -> bool:
        return self.start <= frame < self.end

    def intersects(self, other: FrameRange) -> bool:
        return self.start < other.end and other.start < self.end


def sample_of_frame(frame: int, rate: Rate, sample_rate_hz: int) -> int:
    """The first audio sample of a video frame: exact for any rate, floor where they disagree.

    Consecutive frames share a boundary, so the samples of a range are
    `sample_of_frame(end) - sample_of_frame(start)` with none lost and none counted twice.
    """
    return frame * sample_rate_hz * rate.den // rate.num
