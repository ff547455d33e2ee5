"""A cut-out film: one picture with alpha that moves over a plate, as a shadow play does it."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.layers import MARGIN, lay, shade, standing, window
from engine.models.animatic.movements import ACTIONS, CAMERAS, Moment, staged

_GROUND = 0.64
"""Where the ground begins in a plate, from the top: where most settings have it."""


@dataclass(frozen=True, slots=True)
class Direction:
    """What happens: a movement of `ACTIONS`, a camera of `CAMERAS`, and whether feet have a floor.

    `seed` settles where the subject stands, how large it is and where a repeating movement begins.
    """

    action: str
    camera: str
    has_floor: bool
    seed: int


def film(
    plate: NDArray[np.uint8],
    subject: NDArray[np.uint8],
    direction: Direction,
    frames: int,
    rate_fps: float,
) -> NDArray[np.uint8]:
    """The frames (F, H, W, 3) of `subject`, straight RGBA (h, w, 4), over `plate` (H, W, 3).

    The movement takes the whole film, and one that repeats keeps its pace. Where the camera moves
    the plate is enlarged, so that there is something to see beyond its edges.
    """
    height, width = plate.shape[:2]
    size, x, phase = staged(random.Random(direction.seed))
    start = standing(size, x, _GROUND, width, height)
    enlarged = 1.0 if direction.camera == "static" else MARGIN
    around = cv2.resize(
        plate.astype(np.float32) / 255.0, None, fx=enlarged, fy=enlarged,
        interpolation=cv2.INTER_CUBIC,
    ).astype(np.float32, copy=False)  # fmt: skip
    art = _premultiplied(_cropped(subject))
    act, look = ACTIONS[direction.action], CAMERAS[direction.camera]
    pictures = []
    for index in range(frames):
        time_s = index / rate_fps
        now = Moment(index / frames, 2 * math.pi * (time_s + phase))
        pose, view = act(start, now), look(now)
        picture = window(around, view, 1.0, width, height).copy()
        if direction.has_floor:
            shade(picture, pose, view, _GROUND)
        lay(picture, art, pose, view)
        pictures.append((picture.clip(0.0, 1.0) * 255.0).round().astype(np.uint8))
    return np.stack(pictures)


def _cropped(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What there is to see, in the middle of the smallest square that holds it."""
    rows, columns = np.nonzero(rgba[..., 3] > 8)
    if not len(rows):
        return rgba
    seen = rgba[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    side = max(seen.shape[:2])
    top, left = (side - seen.shape[0]) // 2, (side - seen.shape[1]) // 2
    square = np.zeros((side, side, 4), np.uint8)
    square[top : top + seen.shape[0], left : left + seen.shape[1]] = seen
    return square


def _premultiplied(rgba: NDArray[np.uint8]) -> NDArray[np.float32]:
    art = rgba.astype(np.float32) / 255.0
    art[..., :3] *= art[..., 3:]
    return art
