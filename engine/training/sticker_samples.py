"""Stickers and loops made by a model in training, many at a time, and their pictures."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.pipeline import to_uint8
from engine.models.moviegen.transformer import TextFeatures, VideoTransformer
from engine.sampling.schedules import linear_quadratic
from engine.training.latents import TEXT_TOKENS, Encode, pad_text
from engine.training.precision import mixed_precision
from engine.training.sticker_grammar import LOOP_FRAMES
from engine.training.sticker_latents import StickerShard
from engine.training.sticker_losses import Example, guided_velocity, reference_condition

STEPS, EMULATED_STEPS = 8, 25
_BATCH = 24
_LATENT_SIDE = 16


@dataclass(frozen=True, slots=True)
class Guidance:
    """How strongly a sampler follows the text and the still; 1 and 1 is one forward a step."""

    text: float = 1.0
    still: float = 1.0

    @property
    def none(self) -> bool:
        """Whether nothing is guided."""
        return self.text == 1.0 and self.still == 1.0


@torch.no_grad()
def generate(
    model: VideoTransformer,
    captions: list[str],
    seeds: list[int],
    encode: Encode,
    guidance: Guidance,
    references: Tensor | None = None,
    steps: int = STEPS,
) -> StickerShard:
    """Stickers for captions, or loops of `references` (N, C, 1, H, W), as a shard.

    Without references a sticker is one latent frame; with them a loop has one for each of its
    frames. Cover is unknown and set to one everywhere.
    """
    null = encode([""])
    parts = []
    for start in range(0, len(captions), _BATCH):
        here = slice(start, start + _BATCH)
        stills = None if references is None else references[here]
        part = _generate(model, captions[here], seeds[here], encode, null, guidance, stills, steps)
        parts.append(part)
    return joined(parts)


def joined(parts: list[StickerShard]) -> StickerShard:
    """Shards of one latent shape as one."""
    names = StickerShard.__dataclass_fields__
    return StickerShard(*(torch.cat([getattr(part, name) for part in parts]) for name in names))


def _generate(
    model: VideoTransformer,
    captions: list[str],
    seeds: list[int],
    encode: Encode,
    null: TextFeatures,
    guidance: Guidance,
    stills: Tensor | None,
    steps: int,
) -> StickerShard:
    features = encode(captions)
    assert features.pooled is not None
    states, mask = pad_text(features.states[0], TEXT_TOKENS), pad_text(features.mask, TEXT_TOKENS)
    text = TextFeatures((states,), mask, features.pooled).to(model.device)
    frames = 1 if stills is None else LOOP_FRAMES
    shape = (model.config.latent_channels, frames, _LATENT_SIDE, _LATENT_SIDE)
    noise = torch.stack(
        [torch.randn(shape, generator=torch.Generator().manual_seed(seed)) for seed in seeds]
    ).to(model.device)
    still = torch.zeros_like(noise[:, :, :1]) if stills is None else stills.to(noise)
    condition = reference_condition(still, frames)
    empty = TextFeatures(
        (pad_text(null.states[0], TEXT_TOKENS),), pad_text(null.mask, TEXT_TOKENS), null.pooled
    )
    times = linear_quadratic(steps, max(EMULATED_STEPS, steps))
    x = noise
    for start, end in pairwise(times):
        time = torch.full((len(x),), start, device=model.device)
        sample = Example(x, noise, time, condition, text, torch.ones_like(noise[:, :1]))
        x = x + (end - start) * _velocity(model, x, time, sample, empty, guidance)
    return StickerShard(
        latents=x.half(),
        reference=still.half(),
        cover=torch.ones_like(noise[:, :1]).half(),
        states=states.half(),
        mask=mask,
        pooled=features.pooled.half(),
    ).to(model.device)


def _velocity(
    model: VideoTransformer,
    x: Tensor,
    time: Tensor,
    sample: Example,
    null: TextFeatures,
    guidance: Guidance,
) -> Tensor:
    if not guidance.none:
        return guided_velocity(model, x, time, sample, null, guidance.text, guidance.still)
    with mixed_precision(model.device):
        return model(x, time, sample.text, sample.condition).float()


@torch.no_grad()
def pictures(autoencoder: TemporalAutoencoder, latents: Tensor) -> NDArray[np.uint8]:
    """Latents (N, C, F, H, W) as RGB over the matte, (N, F, 256, 256, 3): every frame by itself."""
    frames = latents.transpose(1, 2).flatten(0, 1)[:, :, None]
    made = []
    for part in frames.split(8):
        with mixed_precision(autoencoder.device):
            video = autoencoder.decode(part.to(autoencoder.device).float(), 1)
        made += [to_uint8(clip)[0].numpy() for clip in video]
    return np.stack(made).reshape(len(latents), latents.shape[2], *made[0].shape)
