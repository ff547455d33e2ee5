"""What sticker models learn from: flow matching with dropped conditions, and its distillations."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.models.moviegen.transformer import TextFeatures, VideoTransformer
from engine.sampling.flow_matching import interpolate, velocity_target
from engine.training.precision import mixed_precision
from engine.training.sticker_latents import StickerShard

_DROP_TEXT, _DROP_STILL, _DROP_BOTH = 0.08, 0.06, 0.06
_COVER_WEIGHT = 2.0
"""The plain matte around a sticker teaches little: what the sticker covers counts three times."""


@dataclass(frozen=True, slots=True)
class Example:
    """A batch with its noise: latents and noise (B, C, T, H, W), `time` (B,), `condition`

    (B, C + 1, T, H, W), text, and `weight` (B, 1, T, H, W) of each latent.
    """

    latents: Tensor
    noise: Tensor
    time: Tensor
    condition: Tensor
    text: TextFeatures
    weight: Tensor

    @property
    def noisy(self) -> Tensor:
        """The latents at their times."""
        return interpolate(self.latents, self.noise, self.time)

    def bare(self, null: TextFeatures, *, still: bool) -> tuple[TextFeatures, Tensor]:
        """Text and condition without the prompt, and without the still unless it is kept."""
        text = repeated(null, self.text)
        return text, self.condition if still else torch.zeros_like(self.condition)


def example(
    shard: StickerShard, time: Tensor, null: TextFeatures, device: torch.device, *, drop: bool
) -> Example:
    """Samples made ready for one step; with `drop`, some lose their prompt, still, or both."""
    latents = shard.latents.to(device).float()
    count = len(latents)
    text = TextFeatures(
        (shard.states.to(device).float(),), shard.mask.to(device), shard.pooled.to(device).float()
    )
    condition = reference_condition(shard.reference.to(device).float(), latents.shape[2])
    if drop:
        luck = torch.rand(count, device=device)
        both = luck < _DROP_BOTH
        no_text = both | ((luck >= _DROP_BOTH) & (luck < _DROP_BOTH + _DROP_TEXT))
        no_still = both | (luck >= 1.0 - _DROP_STILL)
        text = _where(no_text, repeated(null, text), text)
        condition = condition * (~no_still).view(-1, 1, 1, 1, 1)
    return Example(
        latents=latents,
        noise=torch.randn_like(latents),
        time=time.to(device),
        condition=condition,
        text=text,
        weight=1.0 + _COVER_WEIGHT * shard.cover.to(device).float(),
    )


def reference_condition(still: Tensor, frames: int) -> Tensor:
    """The channels that carry a still (B, C, 1, H, W): repeated over time, beside an empty mask.

    The mask says which latents are given exactly; a still is only what the loop should look like
    (papers, E: the image's latent repeated over frames and concatenated on channels).
    """
    spread = still.expand(-1, -1, frames, -1, -1)
    return torch.cat([spread, torch.zeros_like(spread[:, :1])], dim=1)


def repeated(null: TextFeatures, like: TextFeatures) -> TextFeatures:
    """The features of one prompt for every sample of a batch, padded alike."""
    count = len(like.mask)
    states = tuple(
        part.to(other).expand(count, -1, -1)
        for part, other in zip(null.states, like.states, strict=True)
    )
    assert null.pooled is not None
    assert like.pooled is not None
    mask = null.mask.to(like.mask.device).expand(count, -1)
    return TextFeatures(states, mask, null.pooled.to(like.pooled).expand(count, -1))


def _where(choice: Tensor, chosen: TextFeatures, other: TextFeatures) -> TextFeatures:
    assert chosen.pooled is not None
    assert other.pooled is not None
    states = torch.where(choice[:, None, None], chosen.states[0], other.states[0])
    mask = torch.where(choice[:, None], chosen.mask, other.mask)
    return TextFeatures((states,), mask, torch.where(choice[:, None], chosen.pooled, other.pooled))


def weighted_error(value: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Mean squared error of (B, C, T, H, W) under `weight` (B, 1, T, H, W)."""
    error = (value.float() - target).square() * weight
    return error.sum() / (weight.sum() * value.shape[1])


def flow_loss(model: VideoTransformer, sample: Example) -> Tensor:
    """Velocity error of flow matching."""
    with mixed_precision(model.device):
        velocity = model(sample.noisy, sample.time, sample.text, sample.condition)
    target = velocity_target(sample.latents, sample.noise)
    return weighted_error(velocity, target, sample.weight)


@torch.no_grad()
def guided_velocity(
    teacher: VideoTransformer,
    x: Tensor,
    time: Tensor,
    sample: Example,
    null: TextFeatures,
    text_scale: float,
    still_scale: float,
) -> Tensor:
    """The teacher's velocity under two guidances, float32 (papers, E).

    u(0,0) + s_I (u(still,0) - u(0,0)) + s_T (u(still,text) - u(still,0)); without a still in any
    sample the first difference is zero and is not computed.
    """
    no_text, still = sample.bare(null, still=True)
    with mixed_precision(teacher.device):
        both = teacher(x, time, sample.text, sample.condition).float()
        half = teacher(x, time, no_text, still).float()
        guided = half + text_scale * (both - half)
        if still_scale == 1.0 or not sample.condition.any():
            return guided
        no_text, nothing = sample.bare(null, still=False)
        neither = teacher(x, time, no_text, nothing).float()
    return guided + (still_scale - 1.0) * (half - neither)


def guidance_loss(
    model: VideoTransformer,
    teacher: VideoTransformer,
    sample: Example,
    null: TextFeatures,
    text_scale: float,
    still_scale: float,
) -> Tensor:
    """One forward learns what three of the teacher's say together, on real samples."""
    noisy = sample.noisy
    target = guided_velocity(teacher, noisy, sample.time, sample, null, text_scale, still_scale)
    with mixed_precision(model.device):
        velocity = model(noisy, sample.time, sample.text, sample.condition)
    return weighted_error(velocity, target, sample.weight)


def step_loss(
    model: VideoTransformer,
    teacher: VideoTransformer,
    sample: Example,
    starts: Tensor,
    ends: Tensor,
) -> Tensor:
    """One long step learns where two of the teacher's short ones lead (progressive distillation).

    `starts` and `ends` (B,) are neighbouring times of the student's schedule.
    """
    noise, latents = sample.noise, sample.latents
    begin = interpolate(latents, noise, starts)
    shape = (-1, 1, 1, 1, 1)
    middle = 0.5 * (starts + ends)
    with torch.no_grad(), mixed_precision(teacher.device):
        first = teacher(begin, starts, sample.text, sample.condition).float()
        half = begin + (middle - starts).view(shape) * first
        second = teacher(half, middle, sample.text, sample.condition).float()
    target = 0.5 * (first + second)
    with mixed_precision(model.device):
        velocity = model(begin, starts, sample.text, sample.condition)
    return weighted_error(velocity, target, sample.weight)
