"""What scopes there are, and the scales of ITU-R BT.709 that they are read by. Plain numbers.

A level is a share of full-range R'G'B': 0 is black, 0 %, code 64 of 10 bits; 1 is white, 100 %,
code 940.
"""

from __future__ import annotations

from enum import Enum

from studio.media.facts import Matrix
from studio.media.luma import WEIGHTS

RED, BLUE = WEIGHTS[Matrix.BT709]
GREEN = 1 - RED - BLUE
BLACK_CODE, WHITE_CODE = 64, 940
LEVELS = 256
"""Of a trace: those of 8 bits."""

CENTRE = 128.0
RADIUS = 112.0
"""From no colour to full colour difference, in codes of 8 bits."""


class Scope(Enum):
    """A way to look at a signal."""

    WAVEFORM = "waveform"
    PARADE = "parade"
    VECTORSCOPE = "vectorscope"
    HISTOGRAM = "histogram"


class Units(Enum):
    """How levels are written."""

    PERCENT = "percent"
    CODE = "code"


def written(level: float, units: Units) -> str:
    """A level as a scale writes it."""
    if units is Units.PERCENT:
        return f"{level * 100:.0f}"
    return f"{BLACK_CODE + level * (WHITE_CODE - BLACK_CODE):.0f}"


def marks(units: Units) -> tuple[float, ...]:
    """The levels that a scale marks, from black to white."""
    if units is Units.PERCENT:
        return tuple(tenth / 10 for tenth in range(11))
    codes = (BLACK_CODE, 128, 256, 384, 512, 640, 768, 896, WHITE_CODE)
    return tuple((code - BLACK_CODE) / (WHITE_CODE - BLACK_CODE) for code in codes)


def chroma_place(red: float, green: float, blue: float) -> tuple[float, float]:
    """Cb and Cr of a colour whose parts are levels: exact codes of 8 bits, 16 to 240."""
    luma = RED * red + GREEN * green + BLUE * blue
    across = CENTRE + RADIUS * (blue - luma) / (1 - BLUE)
    return across, CENTRE + RADIUS * (red - luma) / (1 - RED)
