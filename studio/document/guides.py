"""Guides: the lines of a frame that a drag is drawn to, and how far it has to go to meet one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from studio.document.affine import Point
from studio.document.fitting import Size
from studio.document.titles import ACTION_SAFE, TITLE_SAFE


class Axis(Enum):
    """Which way a line divides: at an x, or at a y."""

    X = 0
    Y = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A guide across the whole frame, at a pixel of it."""

    axis: Axis
    at: float


@dataclass(frozen=True, slots=True)
class Guides:
    """The lines of a frame, and from how many of its pixels away they are felt; 0 is not at all."""

    lines: tuple[Line, ...]
    reach: float

    def near(self, axis: Axis, places: Iterable[float]) -> tuple[float, Line] | None:
        """The shortest way from one of the places to a line of an axis, within reach."""
        found = [
            (line.at - place, line)
            for line in self.lines
            for place in places
            if line.axis is axis and abs(line.at - place) < self.reach
        ]
        return min(found, key=lambda each: abs(each[0]), default=None)

    def pull(self, points: tuple[Point, ...]) -> tuple[Point, tuple[Line, ...]]:
        """How far to shift points until the nearest of them lie on lines, and those lines."""
        shift, lines = [0.0, 0.0], list[Line]()
        for axis in Axis:
            found = self.near(axis, [point[axis.value] for point in points])
            if found is not None:
                shift[axis.value] = found[0]
                lines.append(found[1])
        return (shift[0], shift[1]), tuple(lines)


def guides_of(frame: Size, reach: float) -> Guides:
    """The edges and the middle of a frame, and its action-safe and title-safe areas."""
    shares = [0.0, 0.5, 1.0]
    for safe in (ACTION_SAFE, TITLE_SAFE):
        shares += [(1 - safe) / 2, (1 + safe) / 2]
    lines = tuple(Line(axis, share * frame[axis.value]) for axis in Axis for share in shares)
    return Guides(lines, reach)


def spread(points: Iterable[Point]) -> tuple[Point, ...]:
    """What of a shape is drawn to lines: the corners of the upright box around it, its middle."""
    columns, rows = zip(*points, strict=True)
    left, right, top, bottom = min(columns), max(columns), min(rows), max(rows)
    return (left, top), ((left + right) / 2, (top + bottom) / 2), (right, bottom)
