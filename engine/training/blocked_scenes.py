"""Scenes with their blocking: what the video model is told of a shot, and is to make of it.

The rough cut is made by the code that makes it from the model's own drawings, of pictures that are
blurred and blotched as those are: the model learns to mend what it is told, not to copy it.
"""

from __future__ import annotations

import random
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.models.animatic.drops import Drops
from engine.models.animatic.layers import MARGIN
from engine.models.animatic.movements import View
from engine.models.animatic.place import Place
from engine.models.animatic.settings import paint
from engine.models.moviegen.blocking import Blocking, blocked, place_channels, rough_cut
from engine.training.grammar import Scene, caption, sample_scene
from engine.training.latents import SIZES, SceneDataset, cover
from engine.training.scenes import RATE_FPS, render, settled

_FRAMES_PER_LATENT, _PIXELS_PER_LATENT = 4, 16
_BLURRED, _BLOTCHED = (0.6, 2.6), 14.0
"""Pixels of 288, and levels of 255."""


class BlockedDataset(SceneDataset):
    """As SceneDataset, and with each scene what is told of it: the rough cut, or for a still the

    place alone, (3, F, H, W) uint8; and where the subject is to be, (PLACE_CHANNELS, T, h, w).
    """

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        cv2.setNumThreads(1)
        if index >= self.count:
            raise IndexError(index)
        rng = random.Random(f"{self.seed}/{self._size}/{index}")
        return blocked_sample(sample_scene(rng), self.aspect, self.frames, rng)


def blocked_sample(scene: Scene, aspect: str, frames: int, rng: random.Random) -> tuple[Any, ...]:
    """A scene as a blocked clip or still, as the items of BlockedDataset are."""
    size = SIZES[aspect]
    clip, blocking = render(scene, *size, frames), blocking_of(scene, size, frames)
    place = empty_place(scene, *size)
    if frames == 1:
        told, blocking = place[None], blocking.at_rest
    else:
        told = _rough(scene, place, blocking, rng)
    latents = max(1, frames // _FRAMES_PER_LATENT)
    shape = latents, *(side // _PIXELS_PER_LATENT for side in reversed(size))
    words, where = caption(scene, still=frames == 1), place_channels(blocking, size, shape)
    return _film(clip.frames), words, cover(clip.mask), _film(told), where


def blocking_of(scene: Scene, size: tuple[int, int], frames: int) -> Blocking:
    """How a scene moves, as it is rendered in frames of a size (width, height)."""
    backdrop_seed, staging = settled(random.Random(scene.seed))
    # Painters do not ask for the size when they say how high their ground is.
    floor = paint(scene.setting.id, backdrop_seed, 64, 36).ground
    return blocked(scene.action.id, scene.camera.id, staging, floor, frames, size, RATE_FPS)


def empty_place(scene: Scene, width: int, height: int) -> NDArray[np.uint8]:
    """A scene's place (H, W, 3) as it is around its still, drops included."""
    rng = random.Random(scene.seed)
    backdrop_seed, _ = settled(rng)
    canvas = round(width * MARGIN), round(height * MARGIN)
    backdrop = paint(scene.setting.id, backdrop_seed, *canvas)
    picture = Place(backdrop, width, height).seen(View()).copy()
    Drops(scene.setting.id, rng).fall(picture, 0.0)
    return cv2.convertScaleAbs(picture, alpha=255.0).astype(np.uint8, copy=False)


def _rough(
    scene: Scene, place: NDArray[np.uint8], blocking: Blocking, rng: random.Random
) -> NDArray[np.uint8]:
    height, width = place.shape[:2]
    still = render(scene, width, height, 1).frames[0]
    blur, seed = rng.uniform(*_BLURRED), rng.getrandbits(31)
    return rough_cut(_worn(still, blur, seed), _worn(place, blur / 2, seed), blocking)


def _worn(picture: NDArray[np.uint8], blur: float, seed: int) -> NDArray[np.uint8]:
    """A picture blurred, with blotches of wrong colour: alike in all pictures of one seed."""
    height, width = picture.shape[:2]
    generator = np.random.default_rng(seed)
    grain = generator.normal(size=(height // 8, width // 8, 3)).astype(np.float32)
    blotches = cv2.resize(grain, (width, height), interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(picture, (0, 0), blur * height / 288).astype(np.float32)
    worn = soft + generator.uniform(0.0, _BLOTCHED) * blotches
    return worn.clip(0, 255).astype(np.uint8)


def _film(frames: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(frames).permute(3, 0, 1, 2)
