"""Scenes rendered from the grammar: the ground truth that the video model learns and is judged by.

Everything a caption says is known here exactly: where the subject is in each frame, how it
turns, and what the camera does.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from math import sin
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.training.grammar import Scene
from engine.training.settings import Backdrop, paint
from engine.training.stickers import sticker

RATE_FPS = 12
_FLOORLESS = ("space", "sky", "underwater")
_MARGIN = 1.35  # the backdrop is this much larger than the frame, so that a camera can move


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a subject is: centre as fractions of the frame, size as a fraction of its height.

    `turn` is in radians, clockwise; `stretch` squashes height (and widens) around 1.
    """

    x: float
    y: float
    size: float
    turn: float = 0.0
    stretch: float = 1.0


@dataclass(frozen=True, slots=True)
class View:
    """What the camera sees: offset of its centre in frame widths and heights, and its zoom."""

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0


@dataclass(frozen=True, slots=True)
class Moment:
    """When in an action: `share` of it done, in [0, 1], and `turns` of whatever repeats each

    second, in radians.
    """

    share: float
    turns: float


def _right(start: Pose, now: Moment) -> Pose:
    return Pose(0.2 + 0.6 * now.share, start.y - 0.012 * abs(sin(2 * now.turns)), start.size)


def _left(start: Pose, now: Moment) -> Pose:
    return Pose(0.8 - 0.6 * now.share, start.y - 0.012 * abs(sin(2 * now.turns)), start.size)


def _jump(start: Pose, now: Moment) -> Pose:
    lift = abs(sin(now.turns * 0.625))
    return Pose(start.x, start.y - 0.24 * lift, start.size, 0.0, 0.9 + 0.15 * lift)


def _spin(start: Pose, now: Moment) -> Pose:
    return Pose(start.x, start.y, start.size, now.turns * 0.5)


def _roll(start: Pose, now: Moment) -> Pose:
    return Pose(0.15 + 0.7 * now.share, start.y, start.size, 2.4 * math.pi * now.share)


def _rise(start: Pose, now: Moment) -> Pose:
    y = start.y + 0.1 - 0.62 * now.share
    return Pose(start.x, y, start.size, 0.08 * sin(now.turns))


def _fall(start: Pose, now: Moment) -> Pose:
    y = -0.15 + (start.y + 0.15) * min(1.0, now.share * 1.25) ** 2
    return Pose(start.x, y, start.size, 0.3 * (1 - now.share))


def _grow(start: Pose, now: Moment) -> Pose:
    return Pose(start.x, start.y - 0.12 * now.share, start.size * (0.55 + 0.85 * now.share))


def _shrink(start: Pose, now: Moment) -> Pose:
    return _grow(start, Moment(1 - now.share, now.turns))


def _dance(start: Pose, now: Moment) -> Pose:
    sway = sin(now.turns)
    return Pose(start.x + 0.05 * sway, start.y - 0.03 * abs(sway), start.size, 0.3 * sway)


def _shake(start: Pose, now: Moment) -> Pose:
    turn = 0.06 * sin(now.turns * 4 + 1)
    return Pose(start.x + 0.018 * sin(now.turns * 4), start.y, start.size, turn)


def _float(start: Pose, now: Moment) -> Pose:
    wave = sin(now.turns * 0.5)
    return Pose(start.x, start.y - 0.08 + 0.05 * wave, start.size, 0.05 * wave)


_ACTIONS: dict[str, Callable[[Pose, Moment], Pose]] = {
    "stand": lambda start, _: start,
    "right": _right,
    "left": _left,
    "jump": _jump,
    "spin": _spin,
    "roll": _roll,
    "rise": _rise,
    "fall": _fall,
    "grow": _grow,
    "shrink": _shrink,
    "dance": _dance,
    "shake": _shake,
    "float": _float,
}

_CAMERAS: dict[str, Callable[[Moment], View]] = {
    "static": lambda _: View(),
    "pan_left": lambda now: View(x=0.14 - 0.28 * now.share),
    "pan_right": lambda now: View(x=-0.14 + 0.28 * now.share),
    "tilt_up": lambda now: View(y=0.12 - 0.24 * now.share),
    "tilt_down": lambda now: View(y=-0.12 + 0.24 * now.share),
    "zoom_in": lambda now: View(zoom=1.0 + 0.35 * now.share),
    "zoom_out": lambda now: View(zoom=1.35 - 0.35 * now.share),
    "handheld": lambda now: View(0.012 * sin(now.turns * 1.2), 0.012 * sin(now.turns * 1.7 + 2)),
}


@dataclass(frozen=True, slots=True)
class Staging:
    """What a scene's seed settles: the backdrop's own seed, the subject's share of the frame and

    its place, and `phase`, the part of a second by which everything that repeats is ahead.
    """

    backdrop_seed: int
    size: float
    x: float
    phase: float


def stage(scene: Scene) -> Staging:
    """How a scene is staged; whoever asks, picture or sound, is told the same."""
    return _staged(random.Random(scene.seed))


def _staged(rng: random.Random) -> Staging:
    backdrop_seed, size = rng.getrandbits(31), rng.uniform(0.48, 0.66)
    return Staging(backdrop_seed, size, rng.uniform(0.38, 0.62), rng.random())


@dataclass(frozen=True, slots=True)
class Clip:
    """A rendered scene. `frames` (F, H, W, 3) uint8; `mask` (F, H, W) float16 subject alpha."""

    frames: NDArray[np.uint8]
    mask: NDArray[np.float16]


def render(
    scene: Scene, width: int, height: int, frames: int, length_frames: int = 0, first_frame: int = 0
) -> Clip:
    """Render `frames` frames of a scene at RATE_FPS; an action takes `length_frames` in all.

    `length_frames` 0 means the action fills the clip; `first_frame` is where in it to begin. A
    single frame shows the subject at rest.
    """
    rng = random.Random(scene.seed)
    canvas = round(width * _MARGIN), round(height * _MARGIN)
    staging = _staged(rng)
    backdrop = paint(scene.setting.id, staging.backdrop_seed, *canvas)
    size = staging.size * min(1.0, 1.25 * width / height)
    floor = 0.5 + (backdrop.ground - 0.5) * _MARGIN
    start = Pose(staging.x, min(floor, 0.93) - size / 2 + 0.02, size)
    weather = _Weather(scene.setting.id, rng)
    length_s = max(length_frames or frames, 2) / RATE_FPS
    act, look = _ACTIONS[scene.action.id], _CAMERAS[scene.camera.id]
    still = frames == 1
    art = sticker(scene.subject.label)
    place = _Place(backdrop, width, height)
    pictures, masks = [], []
    for index in range(first_frame, first_frame + frames):
        time_s = index / RATE_FPS
        now = Moment(time_s / length_s, 2 * math.pi * (time_s + staging.phase))
        pose, view = (start, View()) if still else (act(start, now), look(now))
        picture = place.seen(view).copy()
        if scene.setting.id not in _FLOORLESS:
            _shade(picture, pose, view, backdrop.ground)
        masks.append(_lay(picture, art, pose, view))
        weather.fall(picture, time_s)
        pictures.append(cv2.convertScaleAbs(picture, alpha=255.0))
    return Clip(np.stack(pictures), np.stack(masks))


class _Place:
    """A backdrop seen by a camera; a view that stays is composed once."""

    def __init__(self, backdrop: Backdrop, width: int, height: int) -> None:
        self.backdrop, self.width, self.height = backdrop, width, height
        self.view: View | None = None
        self.picture = np.zeros((height, width, 3), np.float32)

    def seen(self, view: View) -> NDArray[np.float32]:
        """The picture (H, W, 3) without the subject; not to be changed in place."""
        if view != self.view:
            far = _window(self.backdrop.far, view, 0.6, self.width, self.height)
            near = _window(self.backdrop.near, view, 1.0, self.width, self.height)
            self.picture = far[..., :3] * (1 - near[..., 3:]) + near[..., :3]
            self.view = view
        return self.picture


def _window(
    layer: NDArray[np.float32], view: View, parallax: float, width: int, height: int
) -> NDArray[np.float32]:
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


def _on_screen(pose: Pose, view: View, width: int, height: int) -> tuple[float, float, float]:
    x = (pose.x - 0.5 - view.x) * view.zoom + 0.5
    y = (pose.y - 0.5 - view.y) * view.zoom + 0.5
    return x * width, y * height, pose.size * view.zoom * height


def _lay(
    picture: NDArray[np.float32], art: NDArray[np.float32], pose: Pose, view: View
) -> NDArray[np.float16]:
    """Lay the posed subject over `picture` in place, and return its alpha (H, W)."""
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.float16)
    x, y, size = _on_screen(pose, view, width, height)
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


def _shade(picture: NDArray[np.float32], pose: Pose, view: View, ground: float) -> None:
    """A soft contact shadow on the floor, fainter the higher the subject is."""
    floor = min(0.5 + (ground - 0.5) * _MARGIN, 0.93)
    lift = max(floor - (pose.y + pose.size / 2), 0.0)
    height, width = picture.shape[:2]
    x, y, size = _on_screen(Pose(pose.x, floor, pose.size), view, width, height)
    across, down = max(int(size * 0.36), 1), max(int(size * 0.06), 1)
    x0, x1 = max(int(x) - across - 9, 0), min(int(x) + across + 9, width)
    y0, y1 = max(int(y) - down - 9, 0), min(int(y) + down + 9, height)
    if x0 >= x1 or y0 >= y1:
        return
    mask = np.zeros((y1 - y0, x1 - x0), np.float32)
    centre = int(x) - x0, int(y) - y0
    cv2.ellipse(mask, centre, (across, down), 0, 0, 360, 1.0, -1, cv2.LINE_AA)
    mask = cv2.blur(mask, (9, 9), borderType=cv2.BORDER_CONSTANT)
    picture[y0:y1, x0:x1] *= 1 - mask[..., None] * 0.35 * math.exp(-6 * lift)


class _Weather:
    """Snow, rain and bubbles in front of everything: seeded drops that move with time."""

    _KINDS: ClassVar = {
        "snow": (45, (1.0, 1.0, 1.0), 0.25, 2, 0.0),
        "rain": (60, (0.8, 0.87, 0.95), 1.3, 1, 0.035),
        "underwater": (12, (0.85, 0.97, 1.0), -0.2, 3, 0.0),
    }

    def __init__(self, setting_id: str, rng: random.Random) -> None:
        count, self.colour, self.speed, self.radius, self.streak = self._KINDS.get(
            setting_id, (0, (0.0, 0.0, 0.0), 0.0, 0, 0.0)
        )
        self.drops = [(rng.random(), rng.random(), rng.uniform(0.7, 1.3)) for _ in range(count)]

    def fall(self, picture: NDArray[np.float32], time_s: float) -> None:
        """Draw the drops of this moment onto `picture` in place."""
        height, width = picture.shape[:2]
        for x, y, pace in self.drops:
            top = ((y + time_s * self.speed * pace) % 1.1 - 0.05) * height
            point = int(x * width), int(top)
            if self.streak:
                end = point[0], int(top + self.streak * height)
                cv2.line(picture, point, end, self.colour, self.radius, cv2.LINE_AA)
            else:
                cv2.circle(picture, point, self.radius, self.colour, -1, cv2.LINE_AA)
