"""Batches for the video transformer: windows of stills, whole stills, clips, known frames.

A stage is a mixture of these. Windows are the paper's low-resolution stage at this size: a cut of
6 by 6 tokens costs a quarter of a frame. They are cut anywhere: a model that had only seen windows
with a subject in them drew pieces of one all over a frame.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from engine.models.moviegen.transformer import TextFeatures, TokenGrid
from engine.training.latents import Shard, middle_latent

WINDOW_TOKENS = 6
_NULL_TEXT_SHARE = 0.1
_KNOWN_SHARE, _TOLD_NOISE = 0.2, 0.2


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step learns from; `known` (B, 1, T, H, W) is 1 where the latent is given.

    `subject`, of the same shape, is how much of a latent the subject covers; `chosen` (B,) are the
    samples' places in their shard. `told` (B, C, T, H, W) and `place` (B, P, T, H, W) are what is
    told of shots that are blocked.
    """

    latents: Tensor
    text: TextFeatures
    known: Tensor
    subject: Tensor
    origin: TokenGrid
    chosen: Tensor
    told: Tensor | None = None
    place: Tensor | None = None


def window_batch(shard: Shard, count: int, rng: random.Random, null: TextFeatures) -> Batch:
    """Still windows, all at one place of the grid of this batch."""
    _, _, _, height, width = shard.latents.shape
    top = rng.randint(0, height // 2 - WINDOW_TOKENS)
    left = rng.randint(0, width // 2 - WINDOW_TOKENS)
    chosen = _chosen(shard, count, rng)
    rows = slice(2 * top, 2 * (top + WINDOW_TOKENS))
    columns = slice(2 * left, 2 * (left + WINDOW_TOKENS))
    window = shard.latents[chosen][..., rows, columns].float()
    subject = shard.subject[chosen][..., rows, columns].float()
    text = _text(shard, chosen, rng, null)
    known = torch.zeros_like(window[:, :1])
    return Batch(window, text, known, subject, TokenGrid(0, top, left), chosen)


def whole_batch(shard: Shard, count: int, rng: random.Random, null: TextFeatures) -> Batch:
    """Whole stills or clips; most clips know some of their frames."""
    chosen = _chosen(shard, count, rng)
    latents = shard.latents[chosen].float()
    told = torch.zeros(count, 1, latents.shape[2], 1, 1)
    if latents.shape[2] > 1:
        for index in range(count):
            told[index, :, _known_frames(latents.shape[2], rng)] = 1.0
    known = told.to(latents.device).expand(-1, -1, -1, *latents.shape[3:])
    subject = shard.subject[chosen].float()
    text = _text(shard, chosen, rng, null)
    return Batch(latents, text, known, subject, TokenGrid(0, 0, 0), chosen)


def blocked_batch(shard: Shard, count: int, rng: random.Random, null: TextFeatures) -> Batch:
    """Whole stills or clips that are blocked; some clips know some of their frames as well.

    What is told comes with a little noise, since what the model makes of a place is not perfect.
    """
    batch = whole_batch(shard, count, rng, null)
    assert shard.told is not None
    assert shard.place is not None
    known = batch.known
    if known.shape[2] > 1:
        kept = [rng.random() < _KNOWN_SHARE for _ in range(count)]
        known = known * torch.tensor(kept, device=known.device).view(-1, 1, 1, 1, 1)
    told = shard.told[batch.chosen].float()
    told = told + _TOLD_NOISE * rng.random() * torch.randn_like(told)
    told = torch.where(known > 0, batch.latents, told)
    return replace(batch, known=known, told=told, place=shard.place[batch.chosen].float())


def moment_batch(
    shard: Shard, count: int, rng: random.Random, null: TextFeatures, *, length_frames: int
) -> Batch:
    """Middle latent frames of clips of `length_frames`, at their place in time.

    The shard holds whole clips, or these frames of them alone.
    """
    middle = middle_latent(length_frames)
    alone = shard if shard.latents.shape[2] == 1 else shard.frame(middle)
    batch = whole_batch(alone, count, rng, null)
    return replace(batch, origin=TokenGrid(middle, 0, 0))


def _known_frames(frames: int, rng: random.Random) -> list[int]:
    """Which latent frames are given: none, middle, first, last, both, or all before a retake.

    The middle most often: a clip from text alone is made from there.
    """
    kind = rng.random()
    if kind < 0.15:
        return []
    if kind < 0.65:
        return [frames // 2]
    if kind < 0.82:
        return [0]
    if kind < 0.88:
        return [frames - 1]
    if kind < 0.93:
        return [0, frames - 1]
    cut = rng.randint(1, frames - 1)
    return list(range(cut))


def _chosen(shard: Shard, count: int, rng: random.Random) -> Tensor:
    """Indices (count,) of samples, on their device."""
    return torch.tensor(rng.choices(range(len(shard)), k=count), device=shard.latents.device)


def _text(shard: Shard, chosen: Tensor, rng: random.Random, null: TextFeatures) -> TextFeatures:
    """The captions' features, some of them those of the empty prompt instead."""
    states, pooled = shard.states[chosen].float(), shard.pooled[chosen].float()
    assert null.pooled is not None
    silent = torch.tensor([rng.random() < _NULL_TEXT_SHARE for _ in range(len(chosen))])
    silent = silent.to(states.device)
    return TextFeatures(
        (torch.where(silent[:, None, None], null.states[0].to(states), states),),
        torch.where(silent[:, None], null.mask.to(states.device), shard.mask[chosen]),
        torch.where(silent[:, None], null.pooled.to(pooled), pooled),
    )
