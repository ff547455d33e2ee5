"""Effects that say where pixels lie: transform, crop, flip."""

from __future__ import annotations

from collections.abc import Callable
from math import degrees, exp

import numpy as np

from studio.media.compositor.geometry import moving
from studio.media.compositor.layer import Layer
from studio.media.compositor.patch import Rect
from studio.media.depth import rounded

Values = dict[str, float | bool | str]


def transform(layer: Layer, values: Values) -> None:
    """Move, scale and turn about an anchor; positions are shares of the frame."""
    number = {name: float(value) for name, value in values.items()}
    neutral = (
        number["x"] == number["anchor_x"]
        and number["y"] == number["anchor_y"]
        and number["scale_x"] == number["scale_y"] == 1.0
        and number["rotation"] % 360 == 0
    )
    if neutral:
        return
    layer.move(
        moving(
            layer.canvas,
            (number["x"], number["y"]),
            (max(1e-6, number["scale_x"]), max(1e-6, number["scale_y"])),
            number["rotation"],
            (number["anchor_x"], number["anchor_y"]),
        )
    )


def stabilise(
    layer: Layer, values: Values, steadied_by: Callable[[float, float], np.ndarray | None]
) -> None:
    """Move the picture against the camera's shake; nothing until the shake has been measured."""
    needed = steadied_by(float(values["smoothness"]), float(values["zoom_limit"]))
    if needed is None or not needed.any():
        return
    x, y, turn, zoom = (float(value) for value in needed)
    width, height = layer.canvas
    scale = exp(zoom)
    layer.move(
        moving(
            layer.canvas,
            (0.5 + x * scale, 0.5 + y * scale * width / height),
            (scale, scale),
            degrees(turn),
            (0.5, 0.5),
        )
    )


def flip(layer: Layer, values: Values) -> None:
    """Mirror about the middle of the frame."""
    width, height = layer.canvas
    across, along = bool(values["horizontal"]), bool(values["vertical"])
    if across or along:
        layer.move(
            np.array(
                [
                    [-1.0 if across else 1.0, 0, width if across else 0],
                    [0, -1.0 if along else 1.0, height if along else 0],
                ]
            )
        )


def crop(layer: Layer, values: Values) -> None:
    """Cut away shares of the picture's own width and height, with a soft edge if asked for.

    The shares are of all of the picture, also of what lies outside the canvas.
    """
    left, top, right, bottom, feather = (
        float(values[name]) for name in ("left", "top", "right", "bottom", "feather")
    )
    if not any((left, top, right, bottom, feather)):
        return
    soft = feather * layer.canvas[1]
    column, row, width, height = layer.extent

    def cut(pixels: np.ndarray, rect: Rect) -> np.ndarray:
        across = _window(rect.x - column, rect.width, width, left, right, soft)
        along = _window(rect.y - row, rect.height, height, top, bottom, soft)
        mask = along[:, None] * across[None, :]
        return rounded(pixels * mask[..., None], pixels)

    layer.change(cut)


def _window(
    start: float, count: int, length: float, before: float, after: float, soft: float
) -> np.ndarray:
    """1 inside a stretch of a line, 0 outside, each edge antialiased or feathered inwards.

    Of a line of a length, `count` pixels from `start` on; shares are cut off before and after.
    """
    place = np.arange(count, dtype=np.float32) + np.float32(start + 0.5)
    width = max(1.0, soft)
    rise = (place - before * length) / width + (0.5 if soft < 1 else 0.0)
    fall = ((1 - after) * length - place) / width + (0.5 if soft < 1 else 0.0)
    whole = np.ones(count, np.float32)
    opened = np.clip(rise, 0, 1) if before or soft else whole
    closed = np.clip(fall, 0, 1) if after or soft else whole
    return opened * closed
