"""What is known about a media file before it is used: plain data, no decoding here.

Times are exact seconds (`Fraction`). Time zero of a file is its first picture, or its first
sample where there is no picture; whatever sound lies before that has a negative start.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from pathlib import Path


class Matrix(Enum):
    """Which luma and chroma coefficients the picture was coded with."""

    BT601 = "bt601"
    BT709 = "bt709"
    BT2020 = "bt2020"
    RGB = "rgb"


class Transfer(Enum):
    """How code values relate to light."""

    SDR = "sdr"
    PQ = "pq"
    HLG = "hlg"


class Scan(Enum):
    """Progressive, or which field of an interlaced frame comes first."""

    PROGRESSIVE = "progressive"
    TOP_FIRST = "top first"
    BOTTOM_FIRST = "bottom first"


@dataclass(frozen=True, slots=True)
class Colour:
    """How to read the code values: matrix, range, transfer, and bits per component."""

    matrix: Matrix
    full_range: bool
    transfer: Transfer
    wide_gamut: bool
    bit_depth: int

    @property
    def is_canvas(self) -> bool:
        """True where the values are what the compositor works in: BT.709, limited, 8 bit."""
        return (
            self.matrix is Matrix.BT709
            and not self.full_range
            and self.transfer is Transfer.SDR
            and not self.wide_gamut
            and self.bit_depth == 8
        )


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """One stream of pictures.

    `width` and `height` are coded pixels; `rotation` is how far clockwise, in degrees, the
    picture must be turned for display, `flipped` whether it is mirrored left to right first.
    A still has one frame and lasts as long as it is asked to: its duration is zero.
    """

    codec: str
    pixel_format: str
    width: int
    height: int
    rate: Fraction
    variable_rate: bool
    frame_count: int
    duration: Fraction
    colour: Colour
    rotation: int = 0
    flipped: bool = False
    pixel_aspect: Fraction = Fraction(1)
    alpha: bool = False
    scan: Scan = Scan.PROGRESSIVE
    still: bool = False

    @property
    def display_size(self) -> tuple[int, int]:
        """Width and height as seen: pixel aspect and rotation applied."""
        width = max(1, round(self.width * self.pixel_aspect))
        return (self.height, width) if self.rotation in (90, 270) else (width, self.height)


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """One stream of sound; `start` is where it begins on the file's own clock, in seconds."""

    codec: str
    rate: int
    channels: int
    layout: str
    duration: Fraction
    start: Fraction
    stream: int


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """Everything known about a file; `warnings` are sentences for the user."""

    path: Path
    container: str
    size_bytes: int
    duration: Fraction
    video: VideoFacts | None
    audio: tuple[AudioFacts, ...]
    timecode: str | None = None
    warnings: tuple[str, ...] = ()
