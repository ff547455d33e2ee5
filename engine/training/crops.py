"""What the autoencoder learns from: crops of rendered scenes and of sticker loops, kept in memory.

Rendering takes the cores that training needs, so it ends before training begins. The clips lie on
the device that trains; every step cuts new crops of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.training.draws import Draws, drawn
from engine.training.grammar import sample_scene
from engine.training.scenes import render
from engine.training.sticker_grammar import sample_sticker
from engine.training.sticker_pictures import loop, on_matte

CROP_PIXELS = 128
CLIP_FRAMES = 8
_SUBJECT_SHARE = 0.75
"""How many crops hold the subject: a backdrop is easy and a face is not."""
_PLACES = 32

Spot = tuple[int, int]
"""Column and row of a pixel."""


@dataclass(frozen=True, slots=True)
class Footage:
    """A clip to cut from: `frames` (F, H, W, 3) and its subject's `alpha` (F, H, W), both uint8;

    `spots` are some of the subject's pixels, none where it is never seen.
    """

    frames: Tensor
    alpha: Tensor
    spots: list[Spot]

    def copied_to(self, device: torch.device) -> Footage:
        """A copy on a device: what a worker process sent holds a file open."""
        frames, alpha = (part.to(device, copy=True) for part in (self.frames, self.alpha))
        return Footage(frames, alpha, self.spots)


@dataclass(frozen=True, slots=True)
class Crops:
    """`frames` (B, 3, T, S, S) float32 in [-1, 1] and `alpha` (B, T, S, S) in [0, 1]."""

    frames: Tensor
    alpha: Tensor

    def first_frames(self) -> Crops:
        """The same as stills."""
        return Crops(self.frames[:, :, :1], self.alpha[:, :1])


def draw_scene(seed: str, index: int) -> Footage:
    """A short rendered scene."""
    rng = random.Random(f"{seed}/{index}")
    size = rng.choice(((512, 288), (512, 288), (384, 384), (288, 512)))
    clip = render(sample_scene(rng), *size, CLIP_FRAMES, rng.choice((16, 24, 36, 48)))
    alpha = torch.from_numpy((clip.mask * 255).astype(np.uint8))
    return Footage(torch.from_numpy(clip.frames), alpha, _spots(alpha, rng))


def draw_loop(seed: str, index: int) -> Footage:
    """A sticker's loop over the matte."""
    rng = random.Random(f"decoder/{seed}/{index}")
    rgba = loop(sample_sticker(rng, moving=True))
    alpha = torch.from_numpy(np.round(rgba[..., 3] * 255).astype(np.uint8))
    return Footage(torch.from_numpy(on_matte(rgba)), alpha, _spots(alpha, rng))


def _spots(alpha: Tensor, rng: random.Random) -> list[Spot]:
    rows, columns = np.nonzero(alpha[rng.randrange(len(alpha))].numpy() > 127)
    picks = rng.choices(range(len(rows)), k=_PLACES) if len(rows) else []
    return [(int(columns[pick]), int(rows[pick])) for pick in picks]


class CropPool:
    """Clips in memory, from which every step cuts crops at places of its own."""

    def __init__(self, clips: Iterable[Footage], device: torch.device, seed: int) -> None:
        self.clips = [clip.copied_to(device) for clip in clips]
        self.rng = random.Random(seed)

    def batch(self, count: int) -> Crops:
        """Crops of `count` clips."""
        cuts = [self._cut(self.rng.choice(self.clips)) for _ in range(count)]
        frames, alpha = (torch.stack(part) for part in zip(*cuts, strict=True))
        pixels = frames.permute(0, 4, 1, 2, 3).float() / 127.5 - 1.0
        return Crops(pixels.contiguous(), alpha.float() / 255.0)

    def _cut(self, clip: Footage) -> tuple[Tensor, Tensor]:
        _, height, width = clip.alpha.shape
        x, y = self.rng.randint(0, width - CROP_PIXELS), self.rng.randint(0, height - CROP_PIXELS)
        if clip.spots and self.rng.random() < _SUBJECT_SHARE:
            column, row = self.rng.choice(clip.spots)
            x = min(max(column - CROP_PIXELS // 2, 0), width - CROP_PIXELS)
            y = min(max(row - CROP_PIXELS // 2, 0), height - CROP_PIXELS)
        rows, columns = slice(y, y + CROP_PIXELS), slice(x, x + CROP_PIXELS)
        return clip.frames[:, rows, columns], clip.alpha[:, rows, columns]


def pool_of(
    draw: Callable[[str, int], Footage], count: int, device: torch.device, seed: int
) -> CropPool:
    """A pool of `count` clips that are drawn now, on every core."""
    return CropPool(drawn(Draws(count, str(seed), draw)), device, seed)
