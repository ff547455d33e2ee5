"""Marker: a note at a place on a sequence or a clip."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from studio.document.model.record import Id, Record


class MarkerColour(StrEnum):
    """OpenTimelineIO's marker colours."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    CYAN = "cyan"
    BLUE = "blue"
    PURPLE = "purple"
    MAGENTA = "magenta"
    PINK = "pink"
    WHITE = "white"
    BLACK = "black"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker(Record):
    """`at` counts frames from the start of the sequence or, on a clip, from the clip's first.

    `duration` is 0 for a point in time. `chapter` markers become chapters on export.
    """

    id: Id
    at: int
    duration: int = 0
    name: str = ""
    note: str = ""
    colour: MarkerColour = MarkerColour.GREEN
    chapter: bool = False
