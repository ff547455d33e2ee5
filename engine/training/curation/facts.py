"""What is known of footage: of a file by its header, of its pictures by looking, of a clip by both.

Times are seconds after a file's first picture. They are exact rationals, written "n/d".
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec

MEASURED_AS = 1
"""Raised when measuring changes; what was kept of older measurements is then made anew."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A file as its header tells. `width` and `height` are pixels as shown, turned upright."""

    path: str
    sha256: str
    width: int
    height: int
    duration_s: Fraction
    caption: str = ""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One sampled picture, `frame` counted from 0.

    `text` and the three that follow `border` lie in [0, 1]; `border` is the widest edge as a
    share of the side; `feature` is a vector of length 1 for comparing pictures.
    """

    frame: int
    text: float
    border: float
    sharpness: float
    exposure: float
    colourfulness: float
    feature: tuple[float, ...]


class Step(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """From the picture before to this one.

    `change` is the mean difference of hue, saturation and value in levels; `luma` that of smoothed
    luma in levels; `vector` the mean length of motion and (`pan_x`, `pan_y`) its median, in pixels
    at 768 lines in 1/24 s.
    """

    change: float
    luma: float
    vector: float
    pan_x: float
    pan_y: float


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """All that looking at a file found.

    `stamps` are the pictures' times in ticks of `tick_s`, from 0, and `end` where the last picture
    ends. `steps` has one for each picture but the first.
    """

    measured_as: int
    tick_s: Fraction
    stamps: tuple[int, ...]
    end: int
    steps: tuple[Step, ...]
    looks: tuple[Look, ...]

    def time_s(self, frame: int) -> Fraction:
        """When a picture is shown; the number after the last is the end."""
        return self.tick_s * (self.stamps[frame] if frame < len(self.stamps) else self.end)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What the pictures of one clip look like, from the measurement's part that lies in it."""

    scene_s: Fraction
    text: float
    border: float
    aesthetics: float
    luma_motion: float
    vector: float
    shots_per_s: float
    shake: float
    feature: tuple[float, ...]


class Clip(msgspec.Struct, frozen=True, kw_only=True):
    """A span of a source; `seen` is None where the header was reason enough to look no further."""

    source: Source
    in_s: Fraction
    out_s: Fraction
    seen: Seen | None = None

    @property
    def seconds(self) -> Fraction:
        """Its length."""
        return self.out_s - self.in_s

    @property
    def looked_at(self) -> Seen:
        """What was seen; filters of pictures are asked of clips that were looked at."""
        assert self.seen is not None
        return self.seen


def as_plain(facts: Any) -> Any:
    """Facts as what JSON and MessagePack hold; rationals become "n/d"."""
    return msgspec.to_builtins(facts, enc_hook=_write_rational)


def measurement_from(plain: Any) -> Measurement:
    """A measurement from what `as_plain` made of it.

    Raises:
        msgspec.ValidationError: it is none.
    """
    return msgspec.convert(plain, Measurement, dec_hook=_read_rational)


def _write_rational(value: Any) -> str:
    assert isinstance(value, Fraction)
    return f"{value.numerator}/{value.denominator}"


def _read_rational(kind: type, text: Any) -> Fraction:
    assert kind is Fraction
    return Fraction(text)
