"""Laying a posed picture over another, with a shadow, and looking at both through a camera."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.movements import Pose, View

MARGIN = 1.35
"""A layer is this much larger than the frame, so that a camera can move."""
LOWEST_FLOOR = 0.93
"""Where feet stand at the lowest, as a fraction from the top."""
_EDGE, _EDGE_AT = 9, 288
"""Over how many pixels a shadow ends, in a frame of that height."""
_SHIFT = 4
"""Binary places in which parts of a pixel are told."""
_HALVED = 0.6
"""How small a picture becomes, of itself, before it is halved first."""


def floor_of(ground: float) -> float:
    """Where feet stand in the frame, of a layer with a margin whose ground begins at `ground`."""
    return min(0.5 + (ground - 0.5) * MARGIN, LOWEST_FLOOR)


def standing(share: float, x: float, ground: float, width: int, height: int) -> Pose:
    """A subject at rest on the ground at `x`: `share` of the frame's height, less where upright."""
    size = share * min(1.0, 1.25 * width / height)
    return Pose(x, floor_of(ground) - size / 2 + 0.02, size)


Depth = TypeVar("Depth", np.float32, np.uint8)


def window(
    layer: NDArray[Depth], view: View, parallax: float, width: int, height: int
) -> NDArray[Depth]:
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
    return np.asarray(seen, layer.dtype)


def on_screen(pose: Pose, view: View, width: int, height: int) -> tuple[float, float, float]:
    """Where a pose is in the frame and how large, in pixels: x, y of its centre, and its size."""
    x = (pose.x - 0.5 - view.x) * view.zoom + 0.5
    y = (pose.y - 0.5 - view.y) * view.zoom + 0.5
    return x * width, y * height, pose.size * view.zoom * height


@dataclass(frozen=True, slots=True)
class Laid:
    """A posed subject where it is in a frame: premultiplied RGBA (h, w, 4)."""

    pixels: NDArray[np.float32]
    rows: slice
    columns: slice


def posed(art: NDArray[np.float32], pose: Pose, view: View, width: int, height: int) -> Laid | None:
    """The subject as a camera sees it; None where it is out of the frame."""
    x, y, size = on_screen(pose, view, width, height)
    cos, sin = math.cos(pose.turn), math.sin(pose.turn)
    squash = math.sqrt(pose.stretch)
    across, down = size / squash / 2, size * squash / 2
    reach_x = int(abs(cos) * across + abs(sin) * down) + 2
    reach_y = int(abs(sin) * across + abs(cos) * down) + 2
    x0, x1 = max(int(x) - reach_x, 0), min(int(x) + reach_x + 1, width)
    y0, y1 = max(int(y) - reach_y, 0), min(int(y) + reach_y + 1, height)
    if x0 >= x1 or y0 >= y1:
        return None
    scale = size / art.shape[0]
    if scale < _HALVED:  # more would be left out than lies between its pixels
        art = cv2.resize(art, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(
            np.float32, copy=False
        )
        scale *= 2
    linear = np.array([[cos, -sin], [sin, cos]]) @ np.diag([scale / squash, scale * squash])
    centre = np.array([art.shape[1] / 2, art.shape[0] / 2])
    offset = np.array([x - x0, y - y0]) - linear @ centre
    seen = cv2.warpAffine(art, np.column_stack([linear, offset]), (x1 - x0, y1 - y0))
    return Laid(seen.astype(np.float32, copy=False), slice(y0, y1), slice(x0, x1))


def lay(
    picture: NDArray[np.float32], art: NDArray[np.float32], pose: Pose, view: View
) -> NDArray[np.float16]:
    """Lay the posed subject over `picture` in place, and return its alpha (H, W)."""
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.float16)
    laid = posed(art, pose, view, width, height)
    if laid is not None:
        under = picture[laid.rows, laid.columns]
        under *= 1 - laid.pixels[..., 3:]
        under += laid.pixels[..., :3]
        mask[laid.rows, laid.columns] = laid.pixels[..., 3]
    return mask


@dataclass(frozen=True, slots=True)
class Shade:
    """A shadow where it is in a frame: the share of light (h, w) that it leaves."""

    light: NDArray[np.float32]
    rows: slice
    columns: slice


def shadow(
    pose: Pose,
    view: View,
    ground: float,
    size: tuple[int, int],
    width_share: float = 1.0,
    *,
    is_smooth: bool = False,
) -> Shade | None:
    """A soft contact shadow on the floor of a frame of a size (width, height), fainter the higher

    the subject is; None where it is out of the frame. `width_share` is how wide the subject is, of
    its pose's size. One that `is_smooth` moves by parts of a pixel, as its subject does.
    """
    floor = floor_of(ground)
    lift = max(floor - (pose.y + pose.size / 2), 0.0)
    width, height = size
    x, y, side = on_screen(Pose(pose.x, floor, pose.size), view, width, height)
    across, down = max(side * 0.36 * width_share, 1.0), max(side * 0.06, 1.0)
    edge = _edge(height) if is_smooth else _EDGE
    rim_x, rim_y = int(across) + edge, int(down) + edge
    x0, x1 = max(int(x) - rim_x, 0), min(int(x) + rim_x, width)
    y0, y1 = max(int(y) - rim_y, 0), min(int(y) + rim_y, height)
    if x0 >= x1 or y0 >= y1:
        return None
    oval = _smooth_oval if is_smooth else _oval
    mask = oval((y1 - y0, x1 - x0), (x - x0, y - y0), (across, down))
    mask = cv2.blur(mask, (edge, edge), borderType=cv2.BORDER_CONSTANT)
    light = 1 - mask * 0.35 * math.exp(-6 * lift)
    return Shade(light.astype(np.float32, copy=False), slice(y0, y1), slice(x0, x1))


def _oval(
    shape: tuple[int, int], centre: tuple[float, float], axes: tuple[float, float]
) -> NDArray[np.float32]:
    """A mask (h, w) of whole pixels."""
    mask = np.zeros(shape, np.float32)
    middle = int(centre[0]), int(centre[1])
    cv2.ellipse(mask, middle, (int(axes[0]), int(axes[1])), 0, 0, 360, 1.0, -1)
    return mask


def _smooth_oval(
    shape: tuple[int, int], centre: tuple[float, float], axes: tuple[float, float]
) -> NDArray[np.float32]:
    """A mask (h, w) to a part of a pixel."""
    mask = np.zeros(shape, np.uint8)
    x, y, across, down = (round(part * 2**_SHIFT) for part in (*centre, *axes))
    cv2.ellipse(mask, (x, y), (across, down), 0, 0, 360, 255, -1, cv2.LINE_AA, _SHIFT)
    return mask.astype(np.float32) / np.float32(255.0)


def _edge(height: int) -> int:
    """How wide a shadow ends in a frame so high, an odd number of pixels."""
    return 2 * round(_EDGE * height / _EDGE_AT / 2) + 1


def shade(picture: NDArray[np.float32], pose: Pose, view: View, ground: float) -> None:
    """Lay the shadow of a posed subject over `picture` (H, W, 3) in place."""
    height, width = picture.shape[:2]
    found = shadow(pose, view, ground, (width, height))
    if found is not None:
        picture[found.rows, found.columns] *= found.light[..., None]


def to_levels(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A picture in [0, 1] in 8 bits."""
    return cv2.convertScaleAbs(picture.clip(0.0, 1.0), alpha=255.0).astype(np.uint8, copy=False)
