"""The parts of a title that can be taken hold of: a block of text, a bar, or all of them as one.

    ▒▒▒▒▒▒▒▒▒▒▒▒▒▒           a bar, and over it two blocks
    ▒ Ada Lovelace
    ▒ Mathematician

Pure functions, in pixels of the frame. How large a block's text is drawn depends on its font, so
that the boxes of blocks are given by whoever draws them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from studio.document.affine import Point
from studio.document.fitting import Size
from studio.document.model.title import Align, Bar, TextBlock, TextStyle, Title
from studio.document.queries.stage import Region

LEAST_TEXT, MOST_TEXT = 0.005, 2.0
"""The sizes of text that a drag reaches, as shares of the frame's height."""
LEAST_WIDTH, MOST_WIDTH = 0.02, 3.0
LEAST_BAR, LEAST_FACTOR = 0.002, 0.01
_EXACT = 6

BoxOf = Callable[[TextBlock], Region]
"""Where a block's text is drawn."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Some blocks and bars of a title, by their places."""

    blocks: tuple[int, ...] = ()
    bars: tuple[int, ...] = ()

    @property
    def block(self) -> int | None:
        """The block that is held alone, None where it is something else."""
        return self.blocks[0] if len(self.blocks) == 1 and not self.bars else None

    @property
    def bar(self) -> int | None:
        """The bar that is held alone, None where it is something else."""
        return self.bars[0] if len(self.bars) == 1 and not self.blocks else None

    def within(self, title: Title) -> bool:
        """Whether a title has them all, and there are any."""
        blocks = all(place < len(title.blocks) for place in self.blocks)
        bars = all(place < len(title.bars) for place in self.bars)
        return blocks and bars and bool(self.blocks or self.bars)


def whole(title: Title) -> Parts:
    """All parts of a title."""
    return Parts(tuple(range(len(title.blocks))), tuple(range(len(title.bars))))


def parts_at(title: Title, point: Point, frame: Size, box_of: BoxOf) -> Parts | None:
    """What is drawn at a point: the uppermost block there, else the uppermost bar."""
    for place, block in reversed(list(enumerate(title.blocks))):
        if box_of(block).holds(point):
            return Parts(blocks=(place,))
    for place, bar in reversed(list(enumerate(title.bars))):
        if bar_region(bar, frame).holds(point):
            return Parts(bars=(place,))
    return None


def region_of(title: Title, parts: Parts, frame: Size, box_of: BoxOf) -> Region:
    """The box around parts."""
    found = [box_of(title.blocks[place]) for place in parts.blocks]
    found += [bar_region(title.bars[place], frame) for place in parts.bars]
    return Region(
        min(each.left for each in found),
        min(each.top for each in found),
        max(each.right for each in found),
        max(each.bottom for each in found),
    )


def bar_region(bar: Bar, frame: Size) -> Region:
    """Where a bar lies."""
    width, height = frame
    left, top = bar.x * width, bar.y * height
    return Region(left, top, left + bar.width * width, top + bar.height * height)


def wrap_region(block: TextBlock, box: Region, frame: Size) -> Region:
    """The room in which a block's lines are broken, as high as its text is drawn."""
    width = block.width * frame[0]
    left = block.x * frame[0] - _SLACK[block.style.align] * width
    return Region(left, box.top, left + width, box.bottom)


_SLACK = {Align.LEFT: 0.0, Align.CENTRE: 0.5, Align.RIGHT: 1.0}


def moved(title: Title, parts: Parts, way: Point, frame: Size) -> Title:
    """The title with parts shifted by pixels."""
    x, y = way[0] / frame[0], way[1] / frame[1]
    return _changed(
        title,
        parts,
        lambda block: replace(block, x=_exact(block.x + x), y=_exact(block.y + y)),
        lambda bar: replace(bar, x=_exact(bar.x + x), y=_exact(bar.y + y)),
    )


def grown(title: Title, parts: Parts, fixed: Point, factor: float, frame: Size) -> Title:
    """The title with parts larger or smaller about a point, their text, edges and room alike."""
    sizes = [title.blocks[place].style.size for place in parts.blocks]
    factor = max(factor, LEAST_FACTOR)
    if sizes:
        factor = min(max(factor, LEAST_TEXT / min(sizes)), MOST_TEXT / max(sizes))
    x, y = fixed[0] / frame[0], fixed[1] / frame[1]

    def block_grown(block: TextBlock) -> TextBlock:
        return replace(
            block,
            x=_exact(x + (block.x - x) * factor),
            y=_exact(y + (block.y - y) * factor),
            width=_exact(min(max(block.width * factor, LEAST_WIDTH), MOST_WIDTH)),
            style=_style_grown(block.style, factor),
        )

    def bar_grown(bar: Bar) -> Bar:
        return Bar(
            x=_exact(x + (bar.x - x) * factor),
            y=_exact(y + (bar.y - y) * factor),
            width=_exact(max(bar.width * factor, LEAST_BAR)),
            height=_exact(max(bar.height * factor, LEAST_BAR)),
            colour=bar.colour,
        )

    return _changed(title, parts, block_grown, bar_grown)


def _style_grown(style: TextStyle, factor: float) -> TextStyle:
    lengths = ("size", "letter_spacing", "outline", "shadow", "padding")
    return replace(style, **{name: _exact(getattr(style, name) * factor) for name in lengths})


def widened(title: Title, place: int, edge_x: float, frame: Size) -> Title:
    """The title with one block's room reaching to an x, from its anchor on."""
    block = title.blocks[place]
    reach = edge_x / frame[0] - block.x
    match block.style.align:
        case Align.LEFT:
            width = reach
        case Align.RIGHT:
            width = -reach
        case Align.CENTRE:
            width = 2 * abs(reach)
    width = _exact(min(max(width, LEAST_WIDTH), MOST_WIDTH))
    return _changed(
        title, Parts(blocks=(place,)), lambda old: replace(old, width=width), lambda bar: bar
    )


def bar_set(title: Title, place: int, region: Region, frame: Size) -> Title:
    """The title with one bar filling a box."""
    width, height = frame

    def changed(bar: Bar) -> Bar:
        return replace(
            bar,
            x=_exact(region.left / width),
            y=_exact(region.top / height),
            width=_exact(max((region.right - region.left) / width, LEAST_BAR)),
            height=_exact(max((region.bottom - region.top) / height, LEAST_BAR)),
        )

    return _changed(title, Parts(bars=(place,)), lambda block: block, changed)


def _changed(
    title: Title,
    parts: Parts,
    block_change: Callable[[TextBlock], TextBlock],
    bar_change: Callable[[Bar], Bar],
) -> Title:
    blocks = tuple(
        block_change(block) if place in parts.blocks else block
        for place, block in enumerate(title.blocks)
    )
    bars = tuple(
        bar_change(bar) if place in parts.bars else bar for place, bar in enumerate(title.bars)
    )
    return replace(title, blocks=blocks, bars=bars)


def _exact(share: float) -> float:
    return round(share, _EXACT)
