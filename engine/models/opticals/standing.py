"""Where things stand in a film: the subject by its mattes, what is added by the camera."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.film import Art
from engine.models.animatic.layers import lay
from engine.models.animatic.movements import Pose, View
from engine.models.opticals.camera import Matrix

_SURE = 128
_STEADY_FRAMES, _STEADY_SIZE_FRAMES = 1.5, 6.0
_WIDEST = 1.5
_ADDED_HEIGHT, _ADDED_FLOOR = 0.42, 0.9
ADDED_AT = {"left": 0.2, "right": 0.8}
"""Where what is added stands, of the frame's width."""
AS_TALL = 0.75
"""How tall it is, of the subject's height."""
_INSIDE, _SMALLER, _SMALLER_STEPS, _HIGHER = 0.98, 0.94, 12, (0.0, 0.5, 1.0)
"""How much of a drawn thing must lie in its region, and in which steps it gets smaller, and comes

up from the region's foot to its middle, until it does.
"""


@dataclass(frozen=True, slots=True)
class Box:
    """What a subject fills of a frame: its middle and its foot, its width and height, as shares

    of the frame's width and height.
    """

    x: float
    foot: float
    width: float
    height: float


def boxes(mattes: NDArray[np.uint8]) -> list[Box]:
    """The boxes of the subject in mattes (F, H, W), steadied; where it is unseen, the nearest."""
    found = [_box(matte) for matte in mattes]
    seen = [index for index, box in enumerate(found) if box is not None]
    if not seen:
        return [Box(0.5, _ADDED_FLOOR, 0.3, 0.5)] * len(mattes)
    nearest = [min(seen, key=lambda at: abs(at - index)) for index in range(len(mattes))]
    values = np.array([found[at] for at in nearest], np.float64)
    place = _steady(values[:, :2], _STEADY_FRAMES)
    size = _steady(values[:, 2:], _STEADY_SIZE_FRAMES)
    return [Box(*row) for row in np.concatenate([place, size], axis=1).tolist()]


def _box(matte: NDArray[np.uint8]) -> tuple[float, float, float, float] | None:
    rows, columns = np.nonzero(matte >= _SURE)
    if not len(rows):
        return None
    height, width = matte.shape
    top, foot = np.percentile(rows, (1, 99))
    left, right = np.percentile(columns, (1, 99))
    return (
        (left + right + 1) / 2 / width,
        (foot + 1) / height,
        (right - left + 1) / width,
        (foot - top + 1) / height,
    )


def _steady(values: NDArray[np.float64], frames: float) -> NDArray[np.float64]:
    """Values over time (F, N) without their quick changes."""
    smooth = cv2.GaussianBlur(
        values, (1, 2 * math.ceil(3 * frames) + 1), sigmaX=0.1, sigmaY=frames,
        borderType=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return np.asarray(smooth, np.float64).reshape(values.shape)


def in_place_of(box: Box, art: Art, aspect: float) -> Pose:
    """The pose of a drawn thing that stands where a subject does, about as large.

    `aspect` is the frame's width over its height.
    """
    tall = box.height / art.height_share
    wide = _WIDEST * box.width * aspect / art.width_share
    return _on_foot(art, box.x, box.foot, min(tall, wide))


def inside(box: Box, art: Art, mask: NDArray[np.float32]) -> Pose:
    """The pose of a drawn thing in a region (h, w): as large, and as low, as it has room for."""
    height, width = mask.shape
    tall = box.height / art.height_share
    wide = box.width * width / height / art.width_share
    poses = [
        _on_foot(art, box.x, box.foot - up * (box.height - size * art.height_share) / 2, size)
        for size in (min(tall, wide) * _SMALLER**step for step in range(_SMALLER_STEPS))
        for up in _HIGHER
    ]
    return next((pose for pose in poses if _lies_in(pose, art, mask)), poses[-1])


def _lies_in(pose: Pose, art: Art, mask: NDArray[np.float32]) -> bool:
    alpha = lay(np.zeros((*mask.shape, 3), np.float32), art.pixels, pose, View())
    return bool((alpha * mask).sum(dtype=np.float64) >= _INSIDE * alpha.sum(dtype=np.float64))


def beside(side: str, boxes_: list[Box], art: Art, reference: int) -> Pose:
    """The pose, in the reference frame, of what is added on a side, on the subject's own floor."""
    if not boxes_:
        return _on_foot(art, ADDED_AT[side], _ADDED_FLOOR, _ADDED_HEIGHT / art.height_share)
    box = boxes_[reference]
    foot = min(max(b.foot for b in boxes_), 0.97)
    height = min(max(AS_TALL * box.height, 0.2), 0.6)
    return _on_foot(art, ADDED_AT[side], foot, height / art.height_share)


def _on_foot(art: Art, x: float, foot: float, size: float) -> Pose:
    """A pose whose art, which does not fill its square, ends at a height."""
    return Pose(x, foot - size * art.height_share / 2, size)


def seen_from(pose: Pose, matrix: Matrix, width: int, height: int) -> Pose:
    """A pose of the reference frame as a frame of a size shows it that lies there at a matrix."""
    back = np.linalg.inv(matrix)
    x, y, _ = back @ np.array([pose.x * width, pose.y * height, 1.0])
    zoom = math.sqrt(abs(float(np.linalg.det(back[:2, :2]))))
    turn = math.atan2(back[1, 0], back[0, 0])
    return replace(pose, x=x / width, y=y / height, size=pose.size * zoom, turn=pose.turn + turn)
