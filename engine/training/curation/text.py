"""Text in the picture: rows of letter-like shapes. A detector, not a reader.

A letter-like shape is a connected patch that is lighter or darker than its surroundings, as high
as captions are, drawn with a stroke of one width. Shapes of like height and stroke that stand on
one baseline, close together and not all as wide, are a line; its letters, a tenth each, are the
score. Rows of identical windows are told apart by their equal widths; handwriting, vertical
writing and single letters pass unseen, and it cannot tell a shop's sign from a caption.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.training.curation.facts import Clip
from engine.training.curation.thresholds import Thresholds

LINES = 360
"""Height of the pictures that it is tuned for."""

_LETTERS_OF_CERTAINTY = 10
_MIN_HEIGHT, _MAX_HEIGHT = 8, 80
_WIDEST, _WIDEST_GAP = 1.6, 0.9
_REACH = (_WIDEST + _WIDEST_GAP) * _MAX_HEIGHT
"""How far left of a letter the one before it can begin, in pixels."""
_WINDOW, _STANDS_OUT = 31, 20
_CONTRAST = 45.0
_MOST_SHAPES = 1500


@dataclass(frozen=True, slots=True)
class _Shape:
    left: int
    top: int
    width: int
    height: int
    stroke: float

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def right(self) -> int:
        return self.left + self.width


def rule(limits: Thresholds) -> str:
    """What `shows_text` asks for."""
    return f"text score < {limits.max_text:g} in every look"


def shows_text(clip: Clip, limits: Thresholds) -> str | None:
    """Why it is taken for a picture with writing on it."""
    score = clip.looked_at.text
    return None if score < limits.max_text else f"a line of about {round(10 * score)} letters"


def text_score(luma: NDArray[np.uint8]) -> float:
    """Letters in the longest line of a picture (H, W), a tenth each, at most 1."""
    lines = (_longest_line(_shapes(picture)) for picture in (luma, 255 - luma))
    return min(1.0, max(lines) / _LETTERS_OF_CERTAINTY)


def _shapes(luma: NDArray[np.uint8]) -> list[_Shape]:
    """Light patches that could be letters."""
    light = cv2.adaptiveThreshold(
        luma, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, _WINDOW, -_STANDS_OUT
    )
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(light, connectivity=8)
    if count > _MOST_SHAPES * 4:
        return []  # grain or foliage; letters would drown in it
    depth = np.asarray(cv2.distanceTransform(light, cv2.DIST_L2, 3), np.float32)
    found = []
    for number in range(1, count):
        left, top, width, height, area = (int(value) for value in boxes[number])
        if not (_MIN_HEIGHT <= height <= _MAX_HEIGHT and width <= _WIDEST * height):
            continue
        if not 0.12 < area / (width * height) < 0.92:
            continue
        part = np.s_[top : top + height, left : left + width]
        own = labels[part] == number
        stroke = _even_stroke(depth[part], own)
        if stroke and stroke < 0.45 * height and _contrast(luma[part], own) > _CONTRAST:
            found.append(_Shape(left, top, width, height, stroke))
    return found[:_MOST_SHAPES]


def _even_stroke(depth: NDArray[np.float32], own: NDArray[np.bool_]) -> float:
    """The width of the stroke that a shape is drawn with, or 0 where it has none of one width."""
    inside = np.where(own, depth, 0).astype(np.float32)
    ridge = inside[(inside >= cv2.dilate(inside, np.ones((3, 3)))) & own]
    if not ridge.size:
        return 0.0
    mean = float(ridge.mean())
    return 2 * mean if float(ridge.std()) < 0.5 * mean else 0.0


def _contrast(luma: NDArray[np.uint8], own: NDArray[np.bool_]) -> float:
    return float(luma[own].mean()) - float(luma[~own].mean()) if not own.all() else 0.0


def _longest_line(shapes: list[_Shape]) -> int:
    """Letters of the longest line, from left to right."""
    shapes = sorted(shapes, key=lambda shape: (shape.left, shape.top))
    best: list[list[_Shape]] = []
    for index, shape in enumerate(shapes):
        near = bisect_left(shapes, shape.left - _REACH, hi=index, key=lambda each: each.left)
        before = [best[i] for i in range(near, index) if _follows(shapes[i], shape)]
        best.append([*max(before, key=len, default=[]), shape])
    longest_first = sorted(best, key=len, reverse=True)
    return next((len(line) for line in longest_first if _is_written(line)), 0)


def _follows(one: _Shape, other: _Shape) -> bool:
    """Whether two shapes stand beside each other as letters do."""
    tall, low = max(one.height, other.height), min(one.height, other.height)
    return (
        tall < 1.9 * low
        and -0.2 * tall < other.left - one.right < _WIDEST_GAP * tall
        and abs(one.bottom - other.bottom) < 0.32 * tall
        and max(one.stroke, other.stroke) < 2.0 * min(one.stroke, other.stroke)
    )


def _is_written(line: list[_Shape]) -> bool:
    """Letters differ in width, and most of them stand on the baseline."""
    if len(line) < 3:
        return False
    widths = np.array([shape.width for shape in line], np.float64)
    bottoms = np.array([shape.bottom for shape in line], np.float64)
    places = np.array([shape.left for shape in line], np.float64)
    height = float(np.median([shape.height for shape in line]))
    slope = np.polyfit(places, bottoms, 1)
    off = np.abs(bottoms - np.polyval(slope, places))
    return widths.std() > 0.12 * widths.mean() and float(np.median(off)) < 0.1 * height + 0.5
