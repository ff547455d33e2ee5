"""A picture in tiles that a network works one after the other, so that memory has a limit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a side: the pixels that are a tile's own, and those that it reads to know them."""

    own: slice
    read: slice

    @property
    def own_of_read(self) -> slice:
        """Where its own pixels lie among those it reads."""
        return slice(self.own.start - self.read.start, self.own.stop - self.read.start)


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle of a picture."""

    rows: Span
    columns: Span

    @property
    def read(self) -> tuple[slice, slice]:
        """The pixels that it reads."""
        return self.rows.read, self.columns.read


def cover(height: int, width: int, side: int, margin: int) -> list[Tile]:
    """The fewest equal tiles, none with a side over `side`, that make a picture up.

    Each reads `margin` pixels around its own, as far as the picture goes.
    """
    across = [_spans(length, side, margin) for length in (height, width)]
    return [Tile(rows, columns) for rows, columns in product(*across)]


def _spans(length: int, side: int, margin: int) -> list[Span]:
    count = -(-length // side)
    ends = [length * index // count for index in range(count + 1)]
    return [
        Span(slice(start, end), slice(max(0, start - margin), min(length, end + margin)))
        for start, end in pairwise(ends)
    ]


def enlarged(part: slice, factor: int) -> slice:
    """The same part of a side that is `factor` times as long."""
    return slice(part.start * factor, part.stop * factor)
