"""Laying a posed picture over another, with a shadow, and looking at both through a camera."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.movements import Pose, View

MARGIN = 1.35
"""A layer is this much larger than the frame, so that a camera can move."""
LOWEST_FLOOR = 0.93
"""Where feet stand at the lowest, as a fraction from the top."""


def floor_of(ground: float) -> float:
    """Where feet stand in the frame, of a layer with a margin whose ground begins at `ground`."""
    return min(0.5 + (ground - 0.5) * MARGIN, LOWEST_FLOOR)


def standing(share: float, x: float, ground: float, width: int, height: int) -> Pose:
    """A subject at rest on the ground at `x`: `share` of the frame's height, less where upright."""
    size = share * min(1.0, 1.25 * width / height)
    return Pose(x, floor_of(ground) - size / 2 + 0.02, size)


def window(
    layer: NDArray[np.float32], view: View, parallax: float, width: int, height: int
) -> NDArray[np.float32]:
    """What a camera sees of a layer (h, w, C), (height, width, C); `parallax` 1 is the nearest."""
    zoom = 1 + (view.zoom - 1) * parallax
    centre_x = layer.shape[1] / 2 + view.x * parallax * width
    centre_y = layer.shape[0] / 2 + view.y * parallax * height
    matrix = np.array(
        [
            [zoom, 0, width / 2 - zoom * centre_x],
            [0, zoom, height / 2 - zoom * centre_y],
        ]
    )
    seen = cv2.warpAffine(layer, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return seen.astype(np.float32, copy=False)


def on_screen(pose: Pose, view: View, width: int, height: int) -> tuple[float, float, float]:
    """Where a pose is in the frame and how large, in pixels: x, y of its centre, and its size."""
    x = (pose.x - 0.5 - view.x) * view.zoom + 0.5
    y = (pose.y - 0.5 - view.y) * view.zoom + 0.5
    return x * width, y * height, pose.size * view.zoom * height


def lay(
    picture: NDArray[np.float32], art: NDArray[np.float32], pose: Pose, view: View
) -> NDArray[np.float16]:
    """Lay the posed subject over `picture` in place, and return its alpha (H, W)."""
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.float16)
    x, y, size = on_screen(pose, view, width, height)
    reach = int(size * 0.78) + 2
    x0, x1 = max(int(x) - reach, 0), min(int(x) + reach, width)
    y0, y1 = max(int(y) - reach, 0), min(int(y) + reach, height)
    if x0 >= x1 or y0 >= y1:
        return mask
    scale = size / art.shape[0]
    small = cv2.resize(art, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    source, scale = (small, scale * 2) if scale < 0.6 else (art, scale)
    cos, sin = math.cos(pose.turn), math.sin(pose.turn)
    squash = math.sqrt(pose.stretch)
    linear = np.array([[cos, -sin], [sin, cos]]) @ np.diag([scale / squash, scale * squash])
    centre = np.array([source.shape[1] / 2, source.shape[0] / 2])
    offset = np.array([x - x0, y - y0]) - linear @ centre
    matrix = np.column_stack([linear, offset])
    subject = cv2.warpAffine(source, matrix, (x1 - x0, y1 - y0))
    under = picture[y0:y1, x0:x1]
    under *= 1 - subject[..., 3:]
    under += subject[..., :3]
    mask[y0:y1, x0:x1] = subject[..., 3]
    return mask


def shade(
    picture: NDArray[np.float32], pose: Pose, view: View, ground: float, width_share: float = 1.0
) -> None:
    """A soft contact shadow on the floor, fainter the higher the subject is.

    `width_share` is how wide the subject is, of its pose's size.
    """
    floor = floor_of(ground)
    lift = max(floor - (pose.y + pose.size / 2), 0.0)
    height, width = picture.shape[:2]
    x, y, size = on_screen(Pose(pose.x, floor, pose.size), view, width, height)
    across, down = max(int(size * 0.36 * width_share), 1), max(int(size * 0.06), 1)
    x0, x1 = max(int(x) - across - 9, 0), min(int(x) + across + 9, width)
    y0, y1 = max(int(y) - down - 9, 0), min(int(y) + down + 9, height)
    if x0 >= x1 or y0 >= y1:
        return
    mask = np.zeros((y1 - y0, x1 - x0), np.float32)
    centre = int(x) - x0, int(y) - y0
    cv2.ellipse(mask, centre, (across, down), 0, 0, 360, 1.0, -1, cv2.LINE_AA)
    mask = cv2.blur(mask, (9, 9), borderType=cv2.BORDER_CONSTANT)
    picture[y0:y1, x0:x1] *= 1 - mask[..., None] * 0.35 * math.exp(-6 * lift)
