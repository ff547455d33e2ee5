"""The sticker cache: stickers and loops drawn, encoded over grey and captioned once."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn.functional import avg_pool3d
from torch.utils.data import Dataset

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.training.budget import log_line
from engine.training.latents import TEXT_TOKENS, Encode, pad_text, scene_loader
from engine.training.precision import mixed_precision
from engine.training.sticker_grammar import Sticker, caption, sample_sticker
from engine.training.sticker_pictures import MIDDLE_FRAME, loop, on_matte, still

_BATCH = 32


@dataclass(frozen=True, slots=True)
class StickerShard:
    """Stickers, or loops of them.

    `latents` (N, C, T, H, W) float16 normalised; `reference` (N, C, 1, H, W) the still of a
    loop, zero for stickers; `cover` (N, 1, T, H, W) float16 alpha; `states` (N, TEXT_TOKENS, D),
    `mask` (N, TEXT_TOKENS) and `pooled` (N, D) of the captions.
    """

    latents: Tensor
    reference: Tensor
    cover: Tensor
    states: Tensor
    mask: Tensor
    pooled: Tensor

    def __len__(self) -> int:
        return len(self.latents)

    def select(self, chosen: Tensor) -> StickerShard:
        """The samples at these indices (N,)."""
        here = chosen.to(self.latents.device)
        return StickerShard(*(getattr(self, name)[here] for name in self.__dataclass_fields__))

    def to(self, device: torch.device) -> StickerShard:
        """The same on another device."""
        return StickerShard(*(getattr(self, name).to(device) for name in self.__dataclass_fields__))


@dataclass(frozen=True, slots=True)
class Drawn:
    """One sample before encoding: premultiplied `frames` (F, S, S, 4) float32 and its caption.

    `reference` is the frame that the model is shown of a loop; None for a sticker.
    """

    frames: NDArray[np.float32]
    words: str
    reference: int | None


def draw(sticker: Sticker, *, weak: bool = False) -> Drawn:
    """A sample of the grammar: a loop if the sticker moves."""
    words = caption(sticker, weak=weak)
    if sticker.motion is None:
        return Drawn(still(sticker)[None], words, None)
    return Drawn(loop(sticker), words, MIDDLE_FRAME)


def weak_sticker(seed: str, index: int) -> Drawn:
    """One of the domain's stickers, whose caption may say nothing or something wrong of style."""
    rng = random.Random(f"{seed}/{index}")
    return draw(sample_sticker(rng, moving=False), weak=True)


def weak_loop(seed: str, index: int) -> Drawn:
    """The same, moving."""
    rng = random.Random(f"{seed}/{index}")
    return draw(sample_sticker(rng, moving=True), weak=True)


def write_shard(
    path: Path, samples: Dataset[Drawn] | list[Drawn], model: TemporalAutoencoder, text: Encode
) -> None:
    """Encode and keep `samples`; a shard that is there already is left alone."""
    if path.exists():
        return
    batches = scene_loader(cast(Dataset[Drawn], samples), batch_size=_BATCH, collate_fn=list)
    parts = [encode_samples(batch, model, text) for batch in batches]
    joined = {
        name: torch.cat([getattr(part, name) for part in parts]).contiguous().cpu()
        for name in StickerShard.__dataclass_fields__
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    save_file(joined, partial)
    partial.rename(path)
    log_line(path.parent, f"wrote {path.stem}: {len(joined['latents'])} samples")


def read_sticker_shard(path: Path, device: torch.device) -> StickerShard:
    """A shard in the memory of a device."""
    return StickerShard(**load_file(path, device=str(device)))


@torch.no_grad()
def encode_samples(batch: list[Drawn], model: TemporalAutoencoder, text: Encode) -> StickerShard:
    """Samples of one length as a shard."""
    frames = np.stack([sample.frames for sample in batch])
    latents = encode_frames(frames, model)
    reference = torch.zeros_like(latents[:, :, :1])
    if batch[0].reference is not None:
        shown = np.stack([s.frames[[s.reference or 0]] for s in batch])
        reference = encode_frames(shown, model)
    features = text([sample.words for sample in batch])
    assert features.pooled is not None
    return StickerShard(
        latents=latents.half(),
        reference=reference.half(),
        cover=_cover(frames, model.space_factor),
        states=pad_text(features.states[0], TEXT_TOKENS).half(),
        mask=pad_text(features.mask, TEXT_TOKENS),
        pooled=features.pooled.half(),
    ).to(model.device)


def encode_frames(frames: NDArray[np.float32], model: TemporalAutoencoder) -> Tensor:
    """Normalised latents (B, C, F, H, W) float32 of premultiplied (B, F, S, S, 4) over grey.

    Every frame is encoded as a still of its own: at eight frames a second a sticker moves too far
    for four frames to share a latent, and the still model knows how such latents look.
    """
    count = frames.shape[1]
    pixels = torch.from_numpy(on_matte(frames)).to(model.device)
    video = pixels.permute(0, 1, 4, 2, 3).flatten(0, 1)[:, :, None].float() / 127.5 - 1.0
    with mixed_precision(model.device):
        latents = model.encode(video).float()
    return latents.squeeze(2).unflatten(0, (-1, count)).transpose(1, 2)


def _cover(frames: NDArray[np.float32], space: int) -> Tensor:
    alpha = torch.from_numpy(frames[..., 3])[:, None]
    return avg_pool3d(alpha, (1, space, space)).half()
