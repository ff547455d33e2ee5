"""Asset: immutable bytes named by SHA-256, and what is known about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from studio.document.model.record import Id, Record
from studio.document.time import ZERO, Rate, Time, TimeRange


class AssetKind(StrEnum):
    """What an asset is to an editor. A STILL lasts as long as its clip; LUT and FONT are tools."""

    VIDEO = "video"
    AUDIO = "audio"
    STILL = "still"
    LUT = "lut"
    FONT = "font"


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFacts(Record):
    """One picture stream. `width` and `height` are stored pixels, after rotation was applied.

    `rotation_degrees` is the clockwise turn the file asks for. `pixel_aspect` is a pixel's width
    over its height. `rate` is the average when `variable_rate`. `colour` is "bt601", "bt709",
    "bt2020", "pq" or "hlg".
    """

    width: int
    height: int
    rate: Rate
    frames: int
    codec: str = ""
    pixel_aspect: Fraction = Fraction(1)
    rotation_degrees: int = 0
    variable_rate: bool = False
    interlaced: bool = False
    has_alpha: bool = False
    bit_depth: int = 8
    colour: str = "bt709"


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFacts(Record):
    """One sound stream."""

    sample_rate_hz: int
    channels: int
    samples: int
    codec: str = ""
    layout: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy(Record):
    """A smaller stand-in for an asset's picture: a file in the project's media folder."""

    sha256: str
    path: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset(Record):
    """A media file, a photo or a model's output.

    `path` is relative to the project file for media in the project's own folder, else absolute.
    `fingerprint` finds the same bytes again after a move (`studio.document.fingerprint`); `sha256`
    may be empty until the whole file has been read. `start` and `duration` are the asset's
    available range in its own time; a still has none. `start_timecode` is the camera's, counted
    from midnight. `bin` is a folder in the media bin, "Day 1/Interviews"; `colour` a `Label`, which
    clips of it take over.
    """

    id: Id
    name: str
    kind: AssetKind
    path: str
    sha256: str = ""
    fingerprint: str = ""
    size_bytes: int = 0
    media_type: str = ""
    duration: Time = ZERO
    start: Time = ZERO
    start_timecode: Time | None = None
    video: tuple[VideoFacts, ...] = ()
    audio: tuple[AudioFacts, ...] = ()
    proxies: tuple[Proxy, ...] = ()
    generated: bool = False
    bin: str = ""
    colour: str = ""
    note: str = ""

    @property
    def available_range(self) -> TimeRange | None:
        """The media that exists, in the asset's time; None when it lasts for ever (a still)."""
        return TimeRange(self.start, self.duration) if self.duration else None
