"""Where a vectorscope's targets lie: the boxes of 75 % bars, and the line that skin lies on.

A place is Cb and Cr as exact codes of 8 bits. Sources: ITU-R BT.709 (the matrix), SMPTE EG 1 (75 %
bars); the line is the I axis of NTSC, 123° from +Cb, that vectorscopes have marked ever since.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

from studio.media.scopes.scale import CENTRE, RADIUS, chroma_place

BARS = {
    "R": (1, 0, 0),
    "MG": (1, 0, 1),
    "B": (0, 0, 1),
    "CY": (0, 1, 1),
    "G": (0, 1, 0),
    "YL": (1, 1, 0),
}
AMPLITUDE = 0.75
BOX = 5.0
"""Half the side of a target's box, in codes: about 2.5 % of the range either way."""

SKIN_DEGREES = 123.0


@dataclass(frozen=True, slots=True)
class Target:
    """The box of one bar."""

    name: str
    blue: float
    red: float

    def holds(self, blue: float, red: float) -> bool:
        """Whether a place lies in the box."""
        return abs(blue - self.blue) <= BOX and abs(red - self.red) <= BOX


def targets(amplitude: float = AMPLITUDE) -> tuple[Target, ...]:
    """The boxes of bars whose colours have that amplitude, 1 for all."""
    return tuple(
        Target(name, *chroma_place(r * amplitude, g * amplitude, b * amplitude))
        for name, (r, g, b) in BARS.items()
    )


def skin_line() -> tuple[float, float]:
    """Where the line ends that goes out from the centre."""
    turn = radians(SKIN_DEGREES)
    return CENTRE + RADIUS * cos(turn), CENTRE + RADIUS * sin(turn)
