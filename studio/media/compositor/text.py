"""Titles and captions drawn as pixels with Pillow: wrapped, aligned, outlined, shadowed, boxed.

Every length in the document is a share of the frame's height, so a title looks the same at any
size. What was drawn is kept, since a title is the same picture for seconds on end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from studio.document.fitting import Box
from studio.document.model.clip import BlendMode
from studio.document.model.title import Align, Bar, TextBlock, TextStyle, Title
from studio.media.cache import FrameCache
from studio.media.compositor.blend import blended
from studio.media.compositor.colours import rgba_of
from studio.media.compositor.patch import Rect, RgbaPatch
from studio.media.fonts import font_for_letter
from studio.media.picture import Size

KEPT_BYTES = 48 * 1024 * 1024
CAPTION_X, CAPTION_Y, CAPTION_WIDTH = 0.5, 0.88, 0.8
SHADOW_BLUR = 0.6
"""How soft a shadow is, as a share of its offset."""
SMALLEST_FONT = 4

_drawn: FrameCache[RgbaPatch] = FrameCache(KEPT_BYTES)


def title_patch(title: Title, canvas: Size) -> RgbaPatch:
    """A title over transparency, on a canvas of that size."""
    key = (title, canvas)
    found = _drawn.get(key)
    if found is None:
        found = _draw_title(title, canvas)
        _drawn.put(key, found, found.pixels.nbytes)
    return found


def caption_patch(text: str, style: TextStyle, canvas: Size) -> RgbaPatch:
    """A caption at the bottom of the frame."""
    block = TextBlock(text=text, x=CAPTION_X, y=CAPTION_Y, width=CAPTION_WIDTH, style=style)
    return title_patch(Title(blocks=(block,)), canvas)


def _draw_title(title: Title, canvas: Size) -> RgbaPatch:
    patches = [_bar_patch(bar, canvas) for bar in title.bars]
    patches += [patch for block in title.blocks for patch in _block_patches(block, canvas)]
    patches = [patch for patch in patches if not patch.rect.clipped(canvas).empty]
    if not patches:
        return RgbaPatch(np.zeros((2, 2, 4), np.uint8), Rect(0, 0, 2, 2))
    rect = _union([patch.rect.clipped(canvas) for patch in patches])
    pixels = np.zeros((rect.height, rect.width, 4), np.uint8)
    for patch in patches:
        _paint(pixels, rect, patch)
    return RgbaPatch(pixels, rect)


def _paint(pixels: np.ndarray, onto: Rect, patch: RgbaPatch) -> None:
    """Draw a patch on pixels that lie at `onto`, both in canvas coordinates."""
    local = Rect(patch.rect.x - onto.x, patch.rect.y - onto.y, patch.rect.width, patch.rect.height)
    seen = local.clipped((onto.width, onto.height))
    if seen.empty:
        return
    top, left = seen.y - local.y, seen.x - local.x
    cut = patch.pixels[top : top + seen.height, left : left + seen.width]
    rows, columns = seen.slices
    pixels[rows, columns] = blended(pixels[rows, columns], cut, 1.0, BlendMode.NORMAL)


def _union(rects: list[Rect]) -> Rect:
    left, top = min(rect.x for rect in rects), min(rect.y for rect in rects)
    right = max(rect.x + rect.width for rect in rects)
    bottom = max(rect.y + rect.height for rect in rects)
    return Rect(left, top, right - left, bottom - top)


def _bar_patch(bar: Bar, canvas: Size) -> RgbaPatch:
    left, top = round(bar.x * canvas[0]), round(bar.y * canvas[1])
    right = round((bar.x + bar.width) * canvas[0])
    bottom = round((bar.y + bar.height) * canvas[1])
    return _filled(Rect(left, top, right - left, bottom - top), bar.colour)


def _filled(rect: Rect, colour: str) -> RgbaPatch:
    mask = np.full((max(0, rect.height), max(0, rect.width)), 255, np.uint8)
    return RgbaPatch(_tinted(mask, colour), rect)


def _tinted(mask: np.ndarray, colour: str) -> np.ndarray:
    """A mask in a colour, premultiplied, uint8 (H, W, 4)."""
    red, green, blue, alpha = rgba_of(colour)
    cover = mask.astype(np.float32) * (alpha / 255)
    values = np.array([red, green, blue, 255], np.float32) / 255
    return (cover[..., None] * values + 0.5).astype(np.uint8)


# Laying out


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text as pieces of one font each, and its width in pixels."""

    pieces: tuple[tuple[str, ImageFont.FreeTypeFont], ...]
    width: float


@dataclass(frozen=True, slots=True)
class _Laid:
    """A block's lines where they belong on a canvas, in its pixels."""

    style: TextStyle
    lines: tuple[_Line, ...]
    left: float
    top: float
    line_height: float
    spacing: float
    canvas_height: int

    @property
    def width(self) -> float:
        return max((line.width for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        return self.line_height * len(self.lines)


def text_box(block: TextBlock, canvas: Size) -> Box:
    """Where a block's lines lie: the widest of them, all of their heights; no box or shadow."""
    laid = _laid(block, canvas)
    return laid.left, laid.top, laid.width, laid.height


@dataclass(frozen=True, slots=True)
class CaretPlace:
    """Where a text cursor stands on a canvas: its x, and the line it is in."""

    x: float
    top: float
    bottom: float


def caret_places(block: TextBlock, canvas: Size) -> tuple[CaretPlace, ...]:
    """Where the cursor stands before each letter of a block's text, and after the last."""
    laid = _laid(block, canvas)
    places: list[CaretPlace] = []
    for row, line in enumerate(laid.lines):
        x = laid.left + _SLACK[block.style.align] * (laid.width - line.width)
        top = laid.top + laid.line_height * row
        reaches = [0.0, *_reaches(line, laid.spacing)]
        places += [CaretPlace(x + reach, top, top + laid.line_height) for reach in reaches]
    return tuple(places)  # a line's end stands for the space or the break that ends it


def _reaches(line: _Line, spacing: float) -> Iterator[float]:
    """How far a line goes up to the end of each of its letters."""
    before = 0.0
    for text, font in line.pieces:
        for count in range(1, len(text) + 1):
            yield before + _advance(text[:count], font, spacing)
        before += _advance(text, font, spacing)


def _laid(block: TextBlock, canvas: Size) -> _Laid:
    style, height = block.style, canvas[1]
    spacing = style.letter_spacing * height
    lines = tuple(_wrapped(block.text, style, height, block.width * canvas[0], spacing))
    line_height = style.size * style.line_height * height
    width = max((line.width for line in lines), default=0.0)
    return _Laid(
        style,
        lines,
        left=block.x * canvas[0] - _SLACK[style.align] * width,
        top=block.y * height - line_height * len(lines) / 2,
        line_height=line_height,
        spacing=spacing,
        canvas_height=height,
    )


_SLACK = {Align.LEFT: 0.0, Align.CENTRE: 0.5, Align.RIGHT: 1.0}
"""How much of a line's slack lies before it."""


def _block_patches(block: TextBlock, canvas: Size) -> list[RgbaPatch]:
    """Box, shadow, outline and fill of a block, back to front."""
    laid = _laid(block, canvas)
    padding = round(block.style.padding * laid.canvas_height)
    patches: list[RgbaPatch] = []
    if rgba_of(block.style.box_colour)[3] and laid.width:
        box = Rect(
            round(laid.left) - padding,
            round(laid.top) - padding,
            round(laid.width) + 2 * padding,
            round(laid.height) + 2 * padding,
        )
        patches.append(_filled(box, block.style.box_colour))
    return patches + _ink(laid)


def _wrapped(text: str, style: TextStyle, height: int, width: float, spacing: float) -> list[_Line]:
    """Lines broken at spaces so as to fit a width; a longer word stays whole.

    Every letter is in a line but for the space or the line break that ends one.
    """
    lines: list[_Line] = []
    for paragraph in text.split("\n"):
        current, *words = paragraph.split(" ")
        for word in words:
            tried = f"{current} {word}"
            if current and _line(tried, style, height, spacing).width > width:
                lines.append(_line(current, style, height, spacing))
                tried = word
            current = tried
        lines.append(_line(current, style, height, spacing))
    return lines


def _line(text: str, style: TextStyle, height: int, spacing: float) -> _Line:
    size = max(SMALLEST_FONT, round(style.size * height))
    fonts = [
        font_for_letter(letter, style.font, size, style.weight, italic=style.italic)
        for letter in text
    ]
    runs = groupby(zip(text, fonts, strict=True), key=lambda pair: id(pair[1]))
    pieces = []
    for _, run in runs:
        pairs = list(run)
        pieces.append(("".join(letter for letter, _ in pairs), pairs[0][1]))
    width = sum(_advance(piece, font, spacing) for piece, font in pieces)
    return _Line(tuple(pieces), width)


def _advance(text: str, font: ImageFont.FreeTypeFont, spacing: float) -> float:
    return font.getlength(text) + spacing * len(text)


# Drawing


def _ink(laid: _Laid) -> list[RgbaPatch]:
    style, height = laid.style, laid.canvas_height
    stroke = round(style.outline * height)
    shadow = round(style.shadow * height)
    margin = stroke + shadow * 2 + round(style.size * height * 0.4) + 2
    rect = Rect(
        int(laid.left) - margin,
        int(laid.top) - margin,
        round(laid.width) + 2 * margin + 1,
        round(laid.height) + 2 * margin + 1,
    )
    fill, outline = _masks(laid, rect, stroke)
    patches: list[RgbaPatch] = []
    if shadow and rgba_of(style.shadow_colour)[3]:
        soft = cv2.GaussianBlur(outline, (0, 0), max(0.1, shadow * SHADOW_BLUR))
        moved = Rect(rect.x + shadow, rect.y + shadow, rect.width, rect.height)
        patches.append(RgbaPatch(_tinted(soft, style.shadow_colour), moved))
    if stroke and rgba_of(style.outline_colour)[3]:
        patches.append(RgbaPatch(_tinted(outline, style.outline_colour), rect))
    patches.append(RgbaPatch(_tinted(fill, style.colour), rect))
    return patches


def _masks(laid: _Laid, rect: Rect, stroke: int) -> tuple[np.ndarray, np.ndarray]:
    """Where the letters are, and where they are with their outline, uint8 (H, W) each."""
    style, lines = laid.style, laid.lines
    fill = Image.new("L", (rect.width, rect.height))
    outline = Image.new("L", (rect.width, rect.height)) if stroke else fill
    for row, line in enumerate(lines):
        x = laid.left - rect.x + _SLACK[style.align] * (laid.width - line.width)
        y = laid.top - rect.y + laid.line_height * (row + 0.5)
        _draw_line(ImageDraw.Draw(fill), line, x, y, laid.spacing, 0)
        if stroke:
            _draw_line(ImageDraw.Draw(outline), line, x, y, laid.spacing, stroke)
        if style.underline and line.width:
            thick = max(1, round(style.size * rect.height / max(1, len(lines)) * 0.04))
            under = y + line.pieces[0][1].size * 0.48
            ImageDraw.Draw(fill).rectangle((x, under, x + line.width, under + thick), fill=255)
    return np.asarray(fill), np.asarray(outline)


def _draw_line(
    draw: ImageDraw.ImageDraw, line: _Line, x: float, y: float, spacing: float, stroke: int
) -> None:
    """One line from `x`, its middle (of ascent and descent) at `y`."""
    for text, font in line.pieces:
        ascent, descent = font.getmetrics()
        baseline = y + (ascent - descent) / 2
        for piece in text if spacing else (text,):
            draw.text(
                (x, baseline),
                piece,
                font=font,
                fill=255,
                anchor="ls",
                stroke_width=stroke,
                stroke_fill=255,
            )
            x += _advance(piece, font, spacing)
