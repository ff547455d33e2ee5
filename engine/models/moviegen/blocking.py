"""Blocking a shot: where its subject stands and moves, and what the camera sees, frame by frame.

What a network can be told it need not find out. A shot that is blocked is made in three passes:
its place, the subject at rest in it, and the clip. The second is told the place and where in it
somebody stands; the third is told a rough cut, in which what the second drew is moved as the words
say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.models.animatic.layers import on_screen, standing
from engine.models.animatic.movements import ACTIONS, CAMERAS, Moment, Pose, Staging, View

PLACE_CHANNELS = 2
"""Whether a shot is blocked, and how much of a latent its subject takes up."""

_SURE, _RIM = 0.75, 1.25
"""In half sizes: up to the first a latent is all the subject's, beyond the second none of it is."""
_REACH = 0.62
"""How far from a subject's middle it may be found, of its size."""
_UNLIKE, _OTHER = 14.0, 44.0
"""Levels of 255: what differs less is the place, what differs more is somebody in it."""
_AT_REST = View()

Frame = NDArray[np.uint8]
Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Blocking:
    """A subject's pose and the camera's view in each frame, and `rest`, the pose it is drawn in."""

    rest: Pose
    poses: tuple[Pose, ...]
    views: tuple[View, ...]

    @property
    def at_rest(self) -> Blocking:
        """The same as one still."""
        return Blocking(self.rest, (self.rest,), (_AT_REST,))


@dataclass(frozen=True, slots=True)
class BlockedShot:
    """A blocking, and the captions of the shot's place alone and of its subject at rest there."""

    blocking: Blocking
    place: str
    still: str


def blocked(
    action: str, camera: str, staging: Staging, floor: float, frames: int, size: tuple[int, int],
    rate_fps: float,
) -> Blocking:  # fmt: skip
    """How a movement of `ACTIONS` and one of `CAMERAS` take `frames` frames of a size (w, h).

    `floor` is the height of the place's ground, of a layer with a margin.
    """
    rest = standing(staging.size, staging.x, floor, *size)
    length_s = frames / rate_fps
    times_s = [index / rate_fps for index in range(frames)]
    moments = [Moment(t / length_s, 2 * math.pi * (t + staging.phase)) for t in times_s]
    poses = tuple(ACTIONS[action](rest, moment) for moment in moments)
    return Blocking(rest, poses, tuple(CAMERAS[camera](moment) for moment in moments))


def place_channels(blocking: Blocking, size: tuple[int, int], latent: Sequence[int]) -> Tensor:
    """What a network is told of a blocking: (PLACE_CHANNELS, T, h, w) of latents (T, h, w).

    `size` is the width and height of the frames in pixels.
    """
    length, rows, columns = latent
    y = (np.arange(rows)[:, None] + 0.5) / rows * size[1]
    x = (np.arange(columns)[None] + 0.5) / columns * size[0]
    covered = []
    for pose, view in zip(blocking.poses, blocking.views, strict=True):
        at_x, at_y, side = on_screen(pose, view, *size)
        away = np.hypot(x - at_x, y - at_y) / (side / 2)
        covered.append(np.clip((_RIM - away) / (_RIM - _SURE), 0.0, 1.0))
    per_latent = np.stack(covered).reshape(length, -1, rows, columns).mean(1)
    cover = torch.from_numpy(per_latent.astype(np.float32))
    return torch.stack([torch.ones_like(cover), cover])


def matte_of(still: Frame, place: Frame, rest: Pose) -> Plane:
    """How much each pixel of a still (H, W, 3) shows who stands in it, in [0, 1].

    `place` is the same without anybody. Nobody is looked for far from where they were to stand.
    """
    height, width = still.shape[:2]
    apart = np.abs(still.astype(np.float32) - place.astype(np.float32)).max(axis=2)
    softness = height / 288
    apart = cv2.GaussianBlur(apart, (0, 0), 1.6 * softness)
    alpha = np.clip((apart - _UNLIKE) / (_OTHER - _UNLIKE), 0.0, 1.0).astype(np.float32)
    rows, columns = np.indices((height, width), dtype=np.float32)
    side = rest.size * height
    beyond = np.maximum(np.abs(columns - rest.x * width), np.abs(rows - rest.y * height))
    alpha *= np.clip((_REACH * side - beyond) / (0.04 * side), 0.0, 1.0)
    return cv2.GaussianBlur(_filled(alpha), (0, 0), 0.8 * softness).astype(np.float32, copy=False)


def _filled(alpha: Plane) -> Plane:
    """A matte without holes and specks: what is alike a place by chance is inside somebody."""
    sure = (alpha > 0.5).astype(np.uint8)
    wide = max(3, alpha.shape[0] // 40) | 1
    sure = cv2.morphologyEx(sure, cv2.MORPH_CLOSE, np.ones((wide, wide), np.uint8))
    outlines, _ = cv2.findContours(sure, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return alpha
    largest = max(cv2.contourArea(each) for each in outlines)
    whole = np.zeros_like(sure)
    kept = [each for each in outlines if cv2.contourArea(each) >= 0.04 * largest]
    cv2.drawContours(whole, kept, -1, 1, cv2.FILLED)
    near = cv2.dilate(whole, np.ones((3, 3), np.uint8))
    return np.maximum(alpha * near, whole).astype(np.float32, copy=False)


def rough_cut(still: Frame, place: Frame, blocking: Blocking) -> NDArray[np.uint8]:
    """Frames (F, H, W, 3): who stands in a still, moved over the place as a blocking says."""
    matte = matte_of(still, place, blocking.rest)
    subject = np.dstack([still.astype(np.float32) * matte[..., None], matte * 255.0])
    seen: dict[View, Frame] = {}
    frames = []
    for pose, view in zip(blocking.poses, blocking.views, strict=True):
        if view not in seen:
            seen[view] = _looked_at(place, view)
        frames.append(_laid(seen[view], subject, blocking.rest, pose, view))
    return np.stack(frames)


def _looked_at(place: Frame, view: View) -> Frame:
    """What a camera sees of a place that is one flat picture, mirrored beyond its edges."""
    if view == _AT_REST:
        return place
    height, width = place.shape[:2]
    x, y = (0.5 + view.x) * width, (0.5 + view.y) * height
    matrix = np.array(
        [[view.zoom, 0, width / 2 - view.zoom * x], [0, view.zoom, height / 2 - view.zoom * y]]
    )
    seen = cv2.warpAffine(place, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)
    return seen.astype(np.uint8, copy=False)


def _laid(place: Frame, subject: Plane, rest: Pose, pose: Pose, view: View) -> Frame:
    """A frame with the subject (H, W, 4) moved from its pose at rest to another."""
    height, width = place.shape[:2]
    from_x, from_y, before = on_screen(rest, _AT_REST, width, height)
    x, y, now = on_screen(pose, view, width, height)
    cos, sin, squash = math.cos(pose.turn), math.sin(pose.turn), math.sqrt(pose.stretch)
    linear = np.array([[cos, -sin], [sin, cos]]) @ np.diag([1 / squash, squash]) * (now / before)
    offset = np.array([x, y]) - linear @ np.array([from_x, from_y])
    moved = cv2.warpAffine(subject, np.column_stack([linear, offset]), (width, height))
    mixed = place * (1 - moved[..., 3:] / np.float32(255.0)) + moved[..., :3]
    return mixed.round().clip(0, 255).astype(np.uint8)
