"""A loop of one picture with alpha, moved as a cut-out: it closes, and its edges stay crisp."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.collage.movements import MOVEMENTS, Shape

FRAMES = 8
REST_FRAME = FRAMES // 2
"""The frame that shows the picture as it is (papers, E): there is room on both sides of it."""
_SEEN = 8
"""Alpha beyond which something is to be seen, of 255."""
_ROOM_SHARE = 0.02
"""Of the square's side, left free on each side all through a loop."""
_FINER = 2
"""Frames are drawn so many times larger, and made smaller by areas: so no edge is jagged."""


def shapes(movement: str, reach: float) -> list[Shape]:
    """What is done to the cut-out in each of the frames, nothing at rest."""
    move = MOVEMENTS[movement]
    turns = (2 * math.pi * (index - REST_FRAME) / FRAMES for index in range(FRAMES))
    return [Shape() if turn == 0 else move(turn, reach) for turn in turns]


def loop(rgba: NDArray[np.uint8], moved: list[Shape], side: int) -> NDArray[np.uint8]:
    """Straight RGBA (F, side, side, 4) of straight RGBA (H, W, 4), of which something is seen.

    It is as large as leaves it within the square in every frame.
    """
    art = _Art.of(rgba)
    paths = np.concatenate([art.after(shape) for shape in moved])
    low, high = paths.min(axis=0), paths.max(axis=0)
    scale = side * (1 - 2 * _ROOM_SHARE) / float((high - low).max())
    middle = (low + high) / 2
    pixels = _no_larger(art.pixels, 2 * scale)
    frames = [_frame(pixels, art, shape, middle, scale, side) for shape in moved]
    return np.stack(frames)


@dataclass(frozen=True, slots=True)
class _Art:
    """What is seen of a picture: premultiplied RGBA, and its outline (N, 2) and half width and

    height, in shares of its longer side from its middle.
    """

    pixels: NDArray[np.uint8]
    outline: NDArray[np.float64]
    half: tuple[float, float]

    @classmethod
    def of(cls, rgba: NDArray[np.uint8]) -> _Art:
        """The part of straight RGBA (H, W, 4) that is seen."""
        seen = (rgba[..., 3] > _SEEN).astype(np.uint8)
        left, top, width, height = cv2.boundingRect(seen)
        part = rgba[top : top + height, left : left + width].astype(np.float32)
        part[..., :3] *= part[..., 3:] / 255
        outlines, _ = cv2.findContours(seen, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        points = np.concatenate(outlines)[:, 0].astype(np.float64)
        longer = max(width, height)
        middle = np.array([left + (width - 1) / 2, top + (height - 1) / 2])
        to_corners = np.array([(x, y) for x in (-0.5, 0.5) for y in (-0.5, 0.5)])
        corners = (points[:, None] + to_corners).reshape(-1, 2)
        return cls(
            part.round().astype(np.uint8),
            (corners - middle) / longer,
            (width / longer / 2, height / longer / 2),
        )

    def after(self, shape: Shape) -> NDArray[np.float64]:
        """Where its outline is in a shape."""
        anchor = _anchor(self, shape)
        x, y = (self.outline - anchor).T
        bent = np.stack([x + _leaning(y, self, shape), y], axis=1)
        return bent @ _linear(shape).T + anchor + [shape.x, shape.y]


def _anchor(art: _Art, shape: Shape) -> NDArray[np.float64]:
    return np.array([0.0, art.half[1] * (2 * shape.about - 1)])


def _linear(shape: Shape) -> NDArray[np.float64]:
    cos, sin = math.cos(shape.turn), math.sin(shape.turn)
    return np.array([[cos, -sin], [sin, cos]]) @ np.diag([shape.wide, shape.tall])


def _leaning(y: NDArray[np.floating], art: _Art, shape: Shape) -> NDArray[np.floating]:
    """How far to the right what is `y` below the anchor is bent."""
    height = y / (2 * art.half[1])
    early, late = shape.ripple
    phase = 2 * np.pi * height
    lean = shape.bend * height * np.abs(height) * (-1 if shape.about == 1 else 1)
    return lean + early * np.sin(phase) + late * (1 - np.cos(phase))


def _frame(
    pixels: NDArray[np.uint8],
    art: _Art,
    shape: Shape,
    middle: NDArray[np.float64],
    scale: float,
    side: int,
) -> NDArray[np.uint8]:
    """One frame: each pixel of it is looked up in the art, back through the shape."""
    anchor, back = _anchor(art, shape), np.linalg.inv(_linear(shape))
    fine = np.arange(_FINER * side, dtype=np.float32) + 0.5
    step = (fine / (_FINER * side) - 0.5) * np.float32(side / scale)
    moved = middle - anchor - [shape.x, shape.y]
    across, down = step + np.float32(moved[0]), step[:, None] + np.float32(moved[1])
    x = np.float32(back[0, 0]) * across + np.float32(back[0, 1]) * down
    y = np.float32(back[1, 0]) * across + np.float32(back[1, 1]) * down
    if shape.bend or any(shape.ripple):
        x -= _leaning(y, art, shape).astype(np.float32, copy=False)
    height, width = pixels.shape[:2]
    grain = np.float32(max(height, width))
    in_art = (
        (x * grain + np.float32((width - 1) / 2)),
        ((y + np.float32(anchor[1])) * grain + np.float32((height - 1) / 2)),
    )
    large = cv2.remap(pixels, *in_art, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    small = cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA)
    return _straight(small.astype(np.uint8, copy=False))


def _straight(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Premultiplied to straight."""
    colours, alpha = rgba[..., :3].astype(np.float32), rgba[..., 3:].astype(np.float32)
    own = np.minimum(colours * (255 / np.maximum(alpha, 1)), 255).round()
    return np.concatenate([own.astype(np.uint8), rgba[..., 3:]], axis=2)


def _no_larger(pixels: NDArray[np.uint8], side: float) -> NDArray[np.uint8]:
    """A picture in no more pixels than are ever seen: leaving some out would flicker."""
    share = side / max(pixels.shape[:2])
    if share >= 1:
        return pixels
    small = cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)
