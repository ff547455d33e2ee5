"""A cut-out film: one picture with alpha that moves over a plate, as a shadow play does it."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.drops import Drops
from engine.models.animatic.layers import MARGIN, lay, on_screen, shade, standing, window
from engine.models.animatic.movements import ACTIONS, CAMERAS, Moment, Pose, View, staged

GROUND = 0.76
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
    frame's lower edge. `ground` is where others stand, as a fraction of the plate from the top, and
    `setting_id` the painted place, in which something may fall.
    """

    action: str
    camera: str
    has_floor: bool
    seed: int
    is_cropped: bool = False
    ground: float = GROUND
    setting_id: str = ""


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
    stage = staged_film(plate, subject, direction, frames, rate_fps)
    return np.stack([to_levels(stage.picture(index)) for index in range(frames)])


@dataclass(frozen=True, slots=True)
class Stage:
    """A film before its layers are laid over each other. Pictures are (H, W, 3), about 0 to 1.

    `around` is the plate, as much larger than the frame as the camera needs.
    """

    around: NDArray[np.float32]
    art: Art
    shots: Sequence[tuple[Pose, View]]
    size: tuple[int, int]
    direction: Direction
    drops: Drops
    rate_fps: float

    def place(self, index: int) -> NDArray[np.float32]:
        """What a frame shows where nobody is."""
        return window(self.around, self.shots[index][1], 1.0, *self.size).copy()

    def floor(self, index: int) -> NDArray[np.float32]:
        """What is behind the subject of a frame: the place, with its shadow where it throws one."""
        seen = self.place(index)
        self._shade(seen, index)
        return seen

    def subject(self, index: int) -> NDArray[np.float32]:
        """The subject of a frame alone, premultiplied RGBA (H, W, 4)."""
        colours = np.zeros((self.size[1], self.size[0], 3), np.float32)
        alpha = lay(colours, self.art.pixels, *self.shots[index]).astype(np.float32)
        return np.dstack([colours, alpha])

    def perform(self, picture: NDArray[np.float32], index: int) -> None:
        """Lay the subject of a frame and its shadow over a picture in place."""
        self._shade(picture, index)
        lay(picture, self.art.pixels, *self.shots[index])

    def behind_drops(self, index: int) -> NDArray[np.float32]:
        """A frame without what falls in front of it."""
        seen = self.place(index)
        self.perform(seen, index)
        return seen

    def with_drops(self, picture: NDArray[np.float32], index: int) -> NDArray[np.float32]:
        """A picture with what falls in front of a frame, in place."""
        self.drops.fall(picture, index / self.rate_fps)
        return picture

    def picture(self, index: int) -> NDArray[np.float32]:
        """A frame."""
        return self.with_drops(self.behind_drops(index), index)

    def beside(self, subject: NDArray[np.uint8], x: float, share: float) -> Stage:
        """The same place and camera with another subject, straight RGBA (h, w, 4), that stands at

        `x` on the same floor, `share` times as large as the one that moves.
        """
        width, height = self.size
        art = Art.of(subject, is_cropped=False)
        size = share * staged(random.Random(self.direction.seed)).size
        pose = art.on_foot(standing(size, x, self.direction.ground, width, height))
        shots = [(pose, view) for _, view in self.shots]
        return replace(self, art=_as_seen(art, shots, self.size), shots=shots)

    def _shade(self, picture: NDArray[np.float32], index: int) -> None:
        pose, view = self.shots[index]
        if self.direction.has_floor and not self.direction.is_cropped:
            foot, ground = self.art.foot_of(pose), self.direction.ground
            shade(picture, foot, view, ground, self.art.width_share)


def staged_film(
    plate: NDArray[np.uint8],
    subject: NDArray[np.uint8],
    direction: Direction,
    frames: int,
    rate_fps: float,
) -> Stage:
    """The stage of a film, of what `film` is made of."""
    height, width = plate.shape[:2]
    art = Art.of(subject, is_cropped=direction.is_cropped)
    shots = _shots(direction, art, (width, height), frames, rate_fps)
    enlarged = 1.0 if direction.camera == "static" else MARGIN
    around = cv2.resize(
        plate.astype(np.float32) / 255.0, None, fx=enlarged, fy=enlarged,
        interpolation=cv2.INTER_CUBIC,
    ).astype(np.float32, copy=False)  # fmt: skip
    size = width, height
    drops = Drops(direction.setting_id, random.Random(direction.seed))
    return Stage(around, _as_seen(art, shots, size), shots, size, direction, drops, rate_fps)


def to_levels(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A picture in [0, 1] in 8 bits."""
    return (picture.clip(0.0, 1.0) * 255.0).round().astype(np.uint8)


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

    def on_foot(self, pose: Pose) -> Pose:
        """A pose of the square lowered, so that the art stands where the square would."""
        return replace(pose, y=pose.y + pose.size * (1 - self.height_share) / 2)

    def foot_of(self, pose: Pose) -> Pose:
        """The pose as if the square ended where the art does, for what happens at its feet."""
        return replace(pose, y=pose.y - pose.size * (1 - self.height_share) / 2)


def _shots(
    direction: Direction, art: Art, size: tuple[int, int], frames: int, rate_fps: float
) -> list[tuple[Pose, View]]:
    """Where the subject is and what the camera sees in each frame."""
    width, height = size
    share, x, phase = staged(random.Random(direction.seed))
    start = art.on_foot(standing(share, x, direction.ground, width, height))
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


def _as_seen(art: Art, shots: Sequence[tuple[Pose, View]], size: tuple[int, int]) -> Art:
    """The art in no more pixels than are ever seen: to leave some out each frame would flicker."""
    side = math.ceil(max(on_screen(pose, view, *size)[2] for pose, view in shots))
    if art.pixels.shape[0] <= side:
        return art
    small = cv2.resize(art.pixels, (side, side), interpolation=cv2.INTER_AREA)
    return replace(art, pixels=small.astype(np.float32, copy=False))


def _premultiplied(rgba: NDArray[np.uint8]) -> NDArray[np.float32]:
    art = rgba.astype(np.float32) / 255.0
    art[..., :3] *= art[..., 3:]
    return art
