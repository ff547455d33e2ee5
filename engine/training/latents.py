"""The latent cache: scenes rendered, encoded and captioned once, read many times in training."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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
from engine.training.budget import behind_training, log_line
from engine.training.grammar import caption, plate_caption, sample_scene
from engine.training.scenes import render, render_plate

SIZES = {"16:9": (512, 288), "9:16": (288, 512), "1:1": (384, 384)}
"""Pixels (width, height) of the aspects a draft has; 144 tokens a latent frame each."""

SHORT_FRAMES, LONG_FRAMES = 24, 48
"""The two lengths of clips that are learnt, at 12 frames a second."""

TEXT_TOKENS = 32

_FRAMES_WORTH_COMPILING = 8000
"""Compiling for a shape of batch takes half a minute."""

_FRAMES_PER_LATENT, _PIXELS_PER_LATENT = 4, 16

Encode = Callable[[list[str]], TextFeatures]
"""Prompts to features."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Samples of one latent shape.

    `latents` (N, C, T, H, W) float16 normalised; `states` (N, TEXT_TOKENS, D) float16 and `mask`
    (N, TEXT_TOKENS) of the captions, `pooled` (N, D); `subject` (N, 1, T, H, W) float16 how much
    of each latent the subject covers.
    """

    latents: Tensor
    states: Tensor
    mask: Tensor
    pooled: Tensor
    subject: Tensor


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

    def __getitem__(self, index: int) -> tuple[Tensor, str, Tensor]:
        cv2.setNumThreads(1)
        if index >= self.count:
            raise IndexError(index)
        scene = sample_scene(random.Random(f"{self.seed}/{self._size}/{index}"))
        first = middle_latent(self.length_frames) * _FRAMES_PER_LATENT
        clip = render(scene, *SIZES[self.aspect], self.frames, self.length_frames, first)
        words = caption(scene, still=self.frames == 1)
        frames = torch.from_numpy(clip.frames).permute(3, 0, 1, 2)
        return frames, words, _cover(clip.mask)


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


def _cover(mask: NDArray[np.float16]) -> Tensor:
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


class LatentWriter:
    """Turns scenes into shards on disk; a shard that is there already is left alone."""

    def __init__(
        self, autoencoder: TemporalAutoencoder, text: Encode, folder: Path, device: torch.device
    ) -> None:
        self.autoencoder, self.text = autoencoder.eval(), text
        self.folder, self.device = folder, device
        self.compiled = torch.compile(autoencoder.encode, dynamic=False)

    @torch.inference_mode()
    def write(self, name: str, data: SceneDataset, batch: int) -> Path:
        """Render, encode and store `data` as folder/name.safetensors."""
        path = self.folder / f"{name}.safetensors"
        if path.exists():
            return path
        loader = DataLoader(
            data,
            batch,
            num_workers=os.cpu_count() or 1,
            worker_init_fn=behind_training,
            drop_last=True,
        )
        worth_compiling = data.count * data.frames > _FRAMES_WORTH_COMPILING
        encode = self.compiled if worth_compiling else self.autoencoder.encode
        parts: dict[str, list[Tensor]] = {key: [] for key in Shard.__dataclass_fields__}
        for frames, words, cover in loader:
            pixels = frames.to(self.device).float() / 127.5 - 1.0
            with torch.autocast(self.device.type, dtype=torch.bfloat16):
                latents = encode(pixels)
            features = self.text(list(words))
            assert features.pooled is not None
            parts["latents"].append(latents.half().cpu())
            parts["states"].append(pad_text(features.states[0], TEXT_TOKENS).half())
            parts["mask"].append(pad_text(features.mask, TEXT_TOKENS))
            parts["pooled"].append(features.pooled.half())
            parts["subject"].append(cover)
        partial = path.with_suffix(".partial")
        save_file({key: torch.cat(value).contiguous() for key, value in parts.items()}, partial)
        partial.rename(path)
        log_line(self.folder, f"wrote {name}: {len(data)} scenes of {data.frames} frames")
        return path


def read_shard(path: Path) -> Shard:
    """A shard in memory."""
    return Shard(**load_file(path))


@torch.no_grad()
def measure_statistics(
    autoencoder: TemporalAutoencoder, samples: int, seed: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each latent channel over rendered scenes."""
    parts = []
    for index in range(samples):
        data = SceneDataset(samples, ("16:9", "1:1", "9:16")[index % 3], 8, seed)
        pixels = data[index][0][None].float() / 127.5 - 1.0
        parts.append(autoencoder.encode_distribution(pixels).mean.flatten(2).squeeze(0))
    values = torch.cat(parts, dim=1)
    mean, std = values.mean(dim=1), values.std(dim=1)
    return tuple(mean.tolist()), tuple(std.tolist())
