"""The latent cache: scenes rendered, encoded and captioned once, read many times in training."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any, cast

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn.functional import avg_pool3d
from torch.utils.data import DataLoader, Dataset

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.transformer import TextFeatures
from engine.training.budget import behind_training, log_line, worker_count
from engine.training.grammar import caption, plate_caption, sample_scene
from engine.training.precision import mixed_precision
from engine.training.scenes import render, render_plate

SIZES = {"16:9": (512, 288), "9:16": (288, 512), "1:1": (384, 384)}
"""Pixels (width, height) of the aspects a draft has; 144 tokens a latent frame each."""

SHORT_FRAMES, LONG_FRAMES = 24, 48
"""The two lengths of clips that are learnt, at 12 frames a second."""

TEXT_TOKENS = 32

_FRAMES_WORTH_COMPILING = 8000
"""Compiling for a shape of batch takes half a minute."""

_TRIES, _PAUSE_S = 2000, 0.2
"""How long another thread may take to compile."""

_FRAMES_PER_LATENT, _PIXELS_PER_LATENT = 4, 16

Encode = Callable[[list[str]], TextFeatures]
"""Prompts to features."""


@dataclass(slots=True)
class Shard:
    """Samples of one latent shape, of which the first `count` are there.

    `latents` (N, C, T, H, W) float16 normalised; `states` (N, TEXT_TOKENS, D) float16 and `mask`
    (N, TEXT_TOKENS) of the captions, `pooled` (N, D); `subject` (N, 1, T, H, W) float16 how much
    of each latent the subject covers; `told` (N, C, T, H, W) and `place` (N, P, T, H, W), both
    float16, what the model is told of scenes that are blocked.
    """

    latents: Tensor
    states: Tensor
    mask: Tensor
    pooled: Tensor
    subject: Tensor
    count: int = -1
    told: Tensor | None = None
    place: Tensor | None = None

    def __post_init__(self) -> None:
        """All of it is there unless less is said to be."""
        if self.count < 0:
            self.count = len(self.latents)

    def __len__(self) -> int:
        return self.count

    def frame(self, index: int) -> Shard:
        """One latent frame of every clip, not blocked; nothing is copied."""
        here = slice(index, index + 1)
        latents, subject = self.latents[:, :, here], self.subject[:, :, here]
        return replace(self, latents=latents, subject=subject, told=None, place=None)

    @property
    def tensors(self) -> dict[str, Tensor]:
        """What is kept on disk, by name."""
        parts = {name: getattr(self, name) for name in (*TENSORS, *_BLOCKED)}
        return {name: part for name, part in parts.items() if part is not None}

    def add(self, more: Shard) -> None:
        """Put samples into the room that is left; what does not fit is dropped."""
        end = min(self.count + len(more), len(self.latents))
        for name, room in self.tensors.items():
            room[self.count : end].copy_(getattr(more, name)[: end - self.count])
        self.count = end  # last, so that who reads at the same time sees whole samples only


TENSORS = ("latents", "states", "mask", "pooled", "subject")
"""Fields of any shard that are kept on disk."""
_BLOCKED = ("told", "place")


def room_like(part: Shard, count: int) -> Shard:
    """An empty shard with room for `count` samples like those of `part`, on its device."""
    rooms = part.tensors.items()
    return Shard(**{name: room.new_empty(count, *room.shape[1:]) for name, room in rooms}, count=0)


class SceneDataset(Dataset[tuple[Tensor, str, Tensor]]):
    """Rendered scenes by index: frames (3, F, H, W) uint8, caption, subject cover.

    `length_frames` is the length of the whole clip where only the frames of its middle latent
    frame are rendered.
    """

    def __init__(
        self, count: int, aspect: str, frames: int, seed: int, length_frames: int = 0
    ) -> None:
        self.count, self.aspect, self.frames, self.seed = count, aspect, frames, seed
        self.length_frames = length_frames
        self._size = f"{aspect}/{length_frames or frames}"

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        cv2.setNumThreads(1)
        if index >= self.count:
            raise IndexError(index)
        scene = sample_scene(random.Random(f"{self.seed}/{self._size}/{index}"))
        first = middle_latent(self.length_frames) * _FRAMES_PER_LATENT
        clip = render(scene, *SIZES[self.aspect], self.frames, self.length_frames, first)
        words = caption(scene, still=self.frames == 1)
        frames = torch.from_numpy(clip.frames).permute(3, 0, 1, 2)
        return frames, words, cover(clip.mask)


class PlateDataset(SceneDataset):
    """Settings without a subject, as stills."""

    def __init__(self, count: int, aspect: str, seed: int) -> None:
        super().__init__(count, aspect, 1, seed)
        self._size = f"{aspect}/plate"

    def __getitem__(self, index: int) -> tuple[Tensor, str, Tensor]:
        cv2.setNumThreads(1)
        if index >= self.count:
            raise IndexError(index)
        scene = sample_scene(random.Random(f"{self.seed}/{self._size}/{index}"))
        width, height = SIZES[self.aspect]
        picture = torch.from_numpy(render_plate(scene, width, height))
        nobody = torch.zeros(1, 1, height // _PIXELS_PER_LATENT, width // _PIXELS_PER_LATENT)
        return picture.permute(2, 0, 1)[:, None], plate_caption(scene), nobody.half()


def middle_latent(frames: int) -> int:
    """Which latent frame of a clip is made first, the others around it."""
    return frames // _FRAMES_PER_LATENT // 2


def cover(mask: NDArray[np.float16]) -> Tensor:
    """Subject alpha (F, H, W) averaged over the pixels and frames of each latent: (1, T, H, W)."""
    alpha = torch.from_numpy(mask).float()[None, None]
    frames = min(_FRAMES_PER_LATENT, alpha.shape[2])
    return avg_pool3d(alpha, (frames, _PIXELS_PER_LATENT, _PIXELS_PER_LATENT))[0].half()


def pad_text(states: Tensor, length: int) -> Tensor:
    """Cut or fill (B, L, ...) with zeros to (B, length, ...)."""
    if states.shape[1] >= length:
        return states[:, :length]
    missing = states.new_zeros(states.shape[0], length - states.shape[1], *states.shape[2:])
    return torch.cat([states, missing], dim=1)


@dataclass(frozen=True, slots=True)
class SceneEncoder:
    """Turns rendered scenes into samples, on the autoencoder's own device."""

    autoencoder: TemporalAutoencoder
    text: Encode

    @torch.inference_mode()
    def encoded(
        self,
        batch: tuple[Any, ...],
        encode: Callable[[Tensor], Tensor] | None = None,
    ) -> Shard:
        """Samples of frames (B, 3, F, H, W) uint8, their captions and their subjects' cover.

        Where scenes are blocked, what is told of them follows, and where their subjects are to be.
        `encode` is a compiled form of the autoencoder's, where there is one.
        """
        frames, words, cover, *blocked = batch
        device = self.autoencoder.device

        def encoded(frames: Tensor) -> Tensor:
            pixels = frames.to(device).float() / 127.5 - 1.0
            with mixed_precision(device):
                return (encode or self.autoencoder.encode)(pixels).half()

        features = self.text(list(words))
        assert features.pooled is not None
        return Shard(
            latents=encoded(frames),
            states=pad_text(features.states[0], TEXT_TOKENS).to(device).half(),
            mask=pad_text(features.mask, TEXT_TOKENS).to(device),
            pooled=features.pooled.to(device).half(),
            subject=cover.to(device),
            told=encoded(blocked[0]) if blocked else None,
            place=blocked[1].to(device).half() if blocked else None,
        )

    def encoded_in_turn(self, batch: tuple[Any, ...], stopped: Event) -> Shard:
        """The same on a thread beside another that trains, as soon as that does not compile.

        While one thread's network is traced, torch.fx stands in for the calls of every module of
        the process, and those of another thread fail.
        """
        for _ in range(_TRIES):
            with suppress(NameError):
                return self.encoded(batch)
            stopped.wait(_PAUSE_S)
        return self.encoded(batch)

    def write(self, path: Path, data: SceneDataset, batch: int) -> None:
        """Keep all scenes of `data` in a file; one that is there already is left alone."""
        if path.exists():
            return
        encode = self.autoencoder.encode
        if data.count * data.frames > _FRAMES_WORTH_COMPILING:
            encode = torch.compile(encode, dynamic=False)
        batches = scene_loader(data, batch_size=batch, drop_last=True)
        parts = [self.encoded(each, encode) for each in batches]
        partial = path.with_suffix(".partial")
        names = parts[0].tensors
        whole = {name: torch.cat([part.tensors[name] for part in parts]) for name in names}
        save_file({name: value.contiguous().cpu() for name, value in whole.items()}, partial)
        partial.rename(path)
        log_line(path.parent, f"wrote {path.stem}: {len(data)} scenes of {data.frames} frames")


def scene_loader(data: Dataset[Any], **how: Any) -> DataLoader[Any]:
    """A loader that renders on every core, behind whatever trains."""
    return DataLoader(data, num_workers=worker_count(), worker_init_fn=behind_training, **how)


def read_shard(path: Path) -> Shard:
    """A shard in memory."""
    return Shard(**cast("dict[str, Any]", load_file(path)))


@torch.no_grad()
def measure_statistics(
    autoencoder: TemporalAutoencoder, samples: int, seed: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each latent channel over rendered scenes."""
    parts = []
    for index in range(samples):
        data = SceneDataset(samples, ("16:9", "1:1", "9:16")[index % 3], 8, seed)
        pixels = data[index][0][None].to(autoencoder.device).float() / 127.5 - 1.0
        parts.append(autoencoder.encode_distribution(pixels).mean.flatten(2).squeeze(0))
    values = torch.cat(parts, dim=1)
    mean, std = values.mean(dim=1), values.std(dim=1)
    return tuple(mean.tolist()), tuple(std.tolist())
