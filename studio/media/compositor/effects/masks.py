"""Masks: only what lies inside a shape is kept. Places are shares of the frame."""

from __future__ import annotations

from math import cos, radians, sin

import cv2
import numpy as np

from studio.document.catalogue.entry import parse_points
from studio.media.compositor.layer import Layer
from studio.media.compositor.patch import Rect
from studio.media.depth import rounded
from studio.media.picture import Size

Values = dict[str, float | bool | str]
CURVE_STEPS = 24
SUBPIXEL_BITS = 4


def rectangle(layer: Layer, values: Values) -> None:
    """Keep a rectangle, which may be turned."""
    x, y = _local(layer.canvas, values)
    half_width = float(values["width"]) * layer.canvas[0] / 2
    half_height = float(values["height"]) * layer.canvas[1] / 2
    inside = np.minimum(half_width - np.abs(x), half_height - np.abs(y))
    _keep(layer, values, inside)


def ellipse(layer: Layer, values: Values) -> None:
    """Keep an ellipse, which may be turned."""
    x, y = _local(layer.canvas, values)
    half_width = max(1e-3, float(values["width"]) * layer.canvas[0] / 2)
    half_height = max(1e-3, float(values["height"]) * layer.canvas[1] / 2)
    reach = np.hypot(x / half_width, y / half_height)
    slope = np.hypot(x / half_width**2, y / half_height**2) / np.maximum(reach, 1e-6)
    _keep(layer, values, (1 - reach) / np.maximum(slope, 1e-6))


def bezier(layer: Layer, values: Values) -> None:
    """Keep a drawn outline; without one, everything."""
    points = parse_points(str(values["outline"])) or ()
    if len(points) < 9:
        return
    polygon = outline(points) * np.array(layer.canvas)
    fixed = np.round((polygon - 0.5) * (1 << SUBPIXEL_BITS)).astype(np.int32)
    mask = np.zeros((layer.canvas[1], layer.canvas[0]), np.uint8)
    cv2.fillPoly(mask, [fixed], 255, lineType=cv2.LINE_AA, shift=SUBPIXEL_BITS)
    inner = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    outer = cv2.distanceTransform(255 - mask, cv2.DIST_L2, 3)
    edge = mask.astype(np.float32) / 255 - 0.5
    _keep(layer, values, np.where((mask > 0) & (mask < 255), edge, inner - outer))


def outline(points: tuple[tuple[float, float], ...]) -> np.ndarray:
    """A closed path through corners (point, incoming handle, outgoing handle) as (N, 2)."""
    corners = np.array(points[: len(points) // 3 * 3]).reshape(-1, 3, 2)
    t = np.linspace(0, 1, CURVE_STEPS, endpoint=False)[:, None]
    pieces = []
    for index, (start, _, leaving) in enumerate(corners):
        end, arriving, _ = corners[(index + 1) % len(corners)]
        pieces.append(
            (1 - t) ** 3 * start
            + 3 * (1 - t) ** 2 * t * leaving
            + 3 * (1 - t) * t**2 * arriving
            + t**3 * end
        )
    return np.concatenate(pieces)


def _local(canvas: Size, values: Values) -> tuple[np.ndarray, np.ndarray]:
    """Pixel places about the shape's centre, turned with it, each float32 (H, W)."""
    width, height = canvas
    x = (np.arange(width, dtype=np.float32) + 0.5 - float(values["x"]) * width)[None, :]
    y = (np.arange(height, dtype=np.float32) + 0.5 - float(values["y"]) * height)[:, None]
    turn = radians(float(values["rotation"]))
    return x * cos(turn) + y * sin(turn), y * cos(turn) - x * sin(turn)


def _keep(layer: Layer, values: Values, inside: np.ndarray) -> None:
    """Multiply by a shape given as distance to its edge in pixels, positive inside."""
    soft = max(1.0, float(values["feather"]) * layer.canvas[1])
    mask = np.clip(inside / soft + 0.5, 0, 1)
    if values["invert"]:
        mask = 1 - mask
    mask = (1 - (1 - mask) * float(values["opacity"])).astype(np.float32)

    def masked(pixels: np.ndarray, rect: Rect) -> np.ndarray:
        local = np.zeros((rect.height, rect.width), np.float32)
        seen = rect.clipped(layer.canvas)
        rows, columns = seen.slices
        top, left = seen.y - rect.y, seen.x - rect.x
        local[top : top + seen.height, left : left + seen.width] = mask[rows, columns]
        return rounded(pixels * local[..., None], pixels)

    layer.change(masked)
