"""A cut-out film: one picture with alpha that moves over a plate, as a shadow play does it."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.layers import MARGIN, lay, on_screen, shade, standing, window
from engine.models.animatic.movements import ACTIONS, CAMERAS, Moment, Pose, View, staged

_GROUND = 0.76
"""Where feet stand, as most scenes have it: in front of the horizon, which is at 0.64."""
_IN_FRONT, _LOWER_EDGE, _HELD, _FADED = 0.86, 1.14, 0.4, 0.05
"""Of someone cut by the frame's lower edge: size, where the lower end is, how much of a movement up

and down is left, and how much of the height fades out."""
_SEEN = 40
"""Alpha from which something counts as seen, of 255.

Drawn art leaves a haze over its whole square; measured by that, it would stand above the ground.
"""
_GRAIN_LEVELS = 38.0, 24.0


@dataclass(frozen=True, slots=True)
class Direction:
    """What happens: a movement of `ACTIONS`, a camera of `CAMERAS`, and whether feet have a floor.

    `seed` settles where the subject stands, how large it is and where a repeating movement begins.
    One that `is_cropped`, as a photo crops a person at the waist, stands in front, cut by the
    frame's lower edge. `ground` is where others stand, as a fraction of the plate from the top.
    """

    action: str
    camera: str
    has_floor: bool
    seed: int
    is_cropped: bool = False
    ground: float = _GROUND


def without_grain(plate: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A drawn place (H, W, 3) without the fine grid that few steps leave; its edges stay.

    Twice, first over more levels: the grid is about ten levels strong, and washes of colour in
    these places are even.
    """
    smooth = plate
    for levels in _GRAIN_LEVELS:
        smooth = cv2.bilateralFilter(smooth, d=9, sigmaColor=levels, sigmaSpace=5)
    return smooth.astype(np.uint8, copy=False)


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
    art = Art.of(subject, is_cropped=direction.is_cropped)
    shots = _shots(direction, art, (width, height), frames, rate_fps)
    enlarged = 1.0 if direction.camera == "static" else MARGIN
    around = cv2.resize(
        plate.astype(np.float32) / 255.0, None, fx=enlarged, fy=enlarged,
        interpolation=cv2.INTER_CUBIC,
    ).astype(np.float32, copy=False)  # fmt: skip
    largest = max(on_screen(pose, view, width, height)[2] for pose, view in shots)
    pixels = _no_larger(art.pixels, math.ceil(largest))
    has_shadow = direction.has_floor and not direction.is_cropped
    pictures = []
    for pose, view in shots:
        picture = window(around, view, 1.0, width, height).copy()
        if has_shadow:
            shade(picture, art.foot_of(pose), view, direction.ground, art.width_share)
        lay(picture, pixels, pose, view)
        pictures.append((picture.clip(0.0, 1.0) * 255.0).round().astype(np.uint8))
    return np.stack(pictures)


@dataclass(frozen=True, slots=True)
class Art:
    """What is moved: premultiplied RGBA in the middle of a square, and how much of it it fills."""

    pixels: NDArray[np.float32]
    width_share: float
    height_share: float

    @classmethod
    def of(cls, rgba: NDArray[np.uint8], *, is_cropped: bool) -> Art:
        """What there is to see of straight RGBA; where a photo cut it, it fades out."""
        rows, columns = np.nonzero(rgba[..., 3] > _SEEN)
        if not len(rows):
            return cls(_premultiplied(rgba), 1.0, 1.0)
        seen = rgba[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        height, width = seen.shape[:2]
        side = max(height, width)
        top, left = (side - height) // 2, (side - width) // 2
        square = np.zeros((side, side, 4), np.float32)
        square[top : top + height, left : left + width] = _premultiplied(seen)
        if is_cropped:
            faded = max(1, round(_FADED * height))
            ramp = np.linspace(1.0, 0.0, faded, dtype=np.float32)[:, None, None]
            square[top + height - faded : top + height] *= ramp
        return cls(square, width / side, height / side)

    def foot_of(self, pose: Pose) -> Pose:
        """The pose as if the square ended where the art does, for what happens at its feet."""
        return replace(pose, y=pose.y - pose.size * (1 - self.height_share) / 2)


def _shots(
    direction: Direction, art: Art, size: tuple[int, int], frames: int, rate_fps: float
) -> list[tuple[Pose, View]]:
    """Where the subject is and what the camera sees in each frame."""
    width, height = size
    share, x, phase = staged(random.Random(direction.seed))
    start = standing(share, x, direction.ground, width, height)
    start = replace(start, y=start.y + start.size * (1 - art.height_share) / 2)
    if direction.is_cropped:
        wide = min(1.0, 1.25 * width / height) * _IN_FRONT
        start = Pose(x, _LOWER_EDGE - wide * art.height_share / 2, wide)
    act, look = ACTIONS[direction.action], CAMERAS[direction.camera]
    shots = []
    for index in range(frames):
        now = Moment(index / frames, 2 * math.pi * (index / rate_fps + phase))
        pose = act(start, now)
        shots.append((_held(start, pose) if direction.is_cropped else pose, look(now)))
    return shots


def _held(start: Pose, pose: Pose) -> Pose:
    """A movement of someone whose lower end must not be seen: less up and down, no turn over."""
    y = start.y + _HELD * (pose.y - start.y)
    return replace(pose, y=y, turn=0.35 * math.sin(pose.turn))


def _no_larger(art: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """The art in no more pixels than are ever seen: to leave some out each frame would flicker."""
    if art.shape[0] <= side:
        return art
    small = cv2.resize(art, (side, side), interpolation=cv2.INTER_AREA)
    return small.astype(np.float32, copy=False)


def _premultiplied(rgba: NDArray[np.uint8]) -> NDArray[np.float32]:
    art = rgba.astype(np.float32) / 255.0
    art[..., :3] *= art[..., 3:]
    return art
