"""Scenes rendered from the grammar: the ground truth that the video model learns and is judged by.

Everything a caption says is known here exactly: where the subject is in each frame, how it
turns, and what the camera does.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.drops import Drops
from engine.models.animatic.layers import MARGIN, lay, shade, standing
from engine.models.animatic.movements import ACTIONS, CAMERAS, Moment, Staging, View, staged
from engine.models.animatic.place import Place
from engine.models.animatic.settings import paint
from engine.training.grammar import Scene
from engine.training.stickers import sticker

RATE_FPS = 12
FLOORLESS = ("space", "sky", "underwater")


def stage(scene: Scene) -> Staging:
    """How a scene is staged; whoever asks, picture or sound, is told the same."""
    return settled(random.Random(scene.seed))[1]


def settled(rng: random.Random) -> tuple[int, Staging]:
    """The backdrop's own seed, and the staging before it."""
    return rng.getrandbits(31), staged(rng)


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
    canvas = round(width * MARGIN), round(height * MARGIN)
    backdrop_seed, staging = settled(rng)
    backdrop = paint(scene.setting.id, backdrop_seed, *canvas)
    start = standing(staging.size, staging.x, backdrop.ground, width, height)
    weather = Drops(scene.setting.id, rng)
    length_s = max(length_frames or frames, 2) / RATE_FPS
    act, look = ACTIONS[scene.action.id], CAMERAS[scene.camera.id]
    still = frames == 1
    art = sticker(scene.subject.label)
    place = Place(backdrop, width, height)
    pictures, masks = [], []
    for index in range(first_frame, first_frame + frames):
        time_s = index / RATE_FPS
        now = Moment(time_s / length_s, 2 * math.pi * (time_s + staging.phase))
        pose, view = (start, View()) if still else (act(start, now), look(now))
        picture = place.seen(view).copy()
        if scene.setting.id not in FLOORLESS:
            shade(picture, pose, view, backdrop.ground)
        masks.append(lay(picture, art, pose, view))
        weather.fall(picture, time_s)
        pictures.append(cv2.convertScaleAbs(picture, alpha=255.0))
    return Clip(np.stack(pictures), np.stack(masks))


def render_plate(scene: Scene, width: int, height: int) -> NDArray[np.uint8]:
    """A scene's setting without its subject, (H, W, 3)."""
    rng = random.Random(scene.seed)
    canvas = round(width * MARGIN), round(height * MARGIN)
    backdrop = paint(scene.setting.id, rng.getrandbits(31), *canvas)
    picture = Place(backdrop, width, height).seen(View()).copy()
    Drops(scene.setting.id, rng).fall(picture, 0.0)
    return cv2.convertScaleAbs(picture, alpha=255.0).astype(np.uint8, copy=False)
