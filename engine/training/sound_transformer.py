"""Train the pocket audio transformer on cached latents: masked audio prediction by flow matching.

Half of the samples know nothing of the sound, the others a quarter of it at most; conditions are
dropped as the paper drops them (papers, D); cues stand for its picture.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from engine.models.moviegen.audio_configs import POCKET_AUDIO_TRANSFORMER
from engine.models.moviegen.audio_transformer import AudioTransformer
from engine.models.moviegen.transformer import TextFeatures
from engine.sampling.flow_matching import interpolate, logit_normal_times, velocity_target
from engine.training.budget import (
    Average,
    Budget,
    best_device,
    load_checkpoint,
    log_line,
    save_checkpoint,
    take_turns,
)
from engine.training.muon import apply_rates, learn, optimisers
from engine.training.precision import mixed_precision
from engine.training.sound_latents import SoundShard

_CPU_LATENTS, _GPU_LATENTS = 3000, 64_000
"""Latents a step."""
_FULLY_MASKED, _LEAST_MASKED = 0.5, 0.75
_NOTHING_GIVEN, _NO_TEXT, _NO_CUES = 0.15, 0.05, 0.1
_GOING_ON = 0.6
"""Of the rates of a model that begins from nothing, what one has that has learnt before."""


@dataclass(frozen=True, slots=True)
class SoundBatch:
    """What one step learns from; `known` (B, 1, T) is 1 where the sound is given."""

    latents: Tensor
    cues: Tensor
    text: TextFeatures
    known: Tensor


def draw(shard: SoundShard, count: int, rng: random.Random, null: TextFeatures) -> SoundBatch:
    """A batch of a shard, its conditions dropped by chance, where the shard lies."""
    device = shard.latents.device
    chosen = torch.tensor([rng.randrange(len(shard.latents)) for _ in range(count)], device=device)
    latents, cues = shard.latents[chosen].float(), shard.cues[chosen].float()
    known = torch.zeros(count, 1, latents.shape[-1])
    silent, uncued = (torch.zeros(count, dtype=torch.bool) for _ in range(2))
    for index in range(count):
        if rng.random() >= _FULLY_MASKED:
            _make_known(known[index, 0], rng)
        nothing = rng.random() < _NOTHING_GIVEN
        silent[index] = nothing or rng.random() < _NO_TEXT
        uncued[index] = nothing or rng.random() < _NO_CUES
    silent, uncued = silent.to(device), uncued.to(device)
    states = torch.where(
        silent[:, None, None], null.states[0].to(device), shard.states[chosen].float()
    )
    mask = torch.where(silent[:, None], null.mask.to(device), shard.mask[chosen])
    cues = cues * ~uncued[:, None, None]
    return SoundBatch(latents, cues, TextFeatures((states,), mask, None), known.to(device))


def _make_known(known: Tensor, rng: random.Random) -> None:
    """Up to a quarter of a sound is given, in place: its beginning most often, or a piece."""
    length = len(known)
    given = max(1, round(length * rng.uniform(0.0, 1 - _LEAST_MASKED)))
    start = 0 if rng.random() < 0.6 else rng.randrange(length - given + 1)
    known[start : start + given] = 1.0


def flow_loss(model: AudioTransformer, batch: SoundBatch, device: torch.device) -> Tensor:
    """Mean squared velocity error over the latents that are not given."""
    latents, known = batch.latents.to(device), batch.known.to(device)
    noise = torch.randn_like(latents)
    time = logit_normal_times(len(latents)).to(device)
    noisy = interpolate(latents, noise, time)
    context = torch.cat([latents * known, known], dim=1)
    with mixed_precision(device):
        velocity = model(noisy, time, batch.text.to(device), context, batch.cues.to(device))
    error = (velocity.float() - velocity_target(latents, noise)).square() * (1 - known)
    return error.sum() / ((1 - known).sum() * latents.shape[1])


def train(
    minutes: float,
    work: Path,
    shards: list[SoundShard],
    null: TextFeatures,
    device_name: str | None,
    shipped: Path,
    *,
    compiled: bool = True,
) -> AudioTransformer:
    """Train within a budget, on from `work`/transformer.safetensors or from what is `shipped`."""
    device = best_device(device_name)
    take_turns(device)
    torch.manual_seed(0)
    model, checkpoint = (
        AudioTransformer(**POCKET_AUDIO_TRANSFORMER),
        work / "transformer.safetensors",
    )
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(work, f"resumed from {checkpoint}")
    elif (shipped / "config.json").exists():
        before = AudioTransformer.from_folder(shipped, torch.float32)
        model.load_state_dict(before.state_dict())
        log_line(work, f"begun from {shipped}")
    peak = 1.0 if next(iter(model.latents_out.parameters())).count_nonzero() == 0 else _GOING_ON
    model.to(device)
    average, both = Average(model, 0.999), optimisers(model)
    if compiled and device.type == "cpu":
        for block in model.blocks:
            block.compile(dynamic=False)
    latents = _CPU_LATENTS if device.type == "cpu" else _GPU_LATENTS
    rng, budget, step = random.Random(), Budget(minutes), 0
    smooth, held = torch.zeros((), device=device), [shard.latents[:, 0].numel() for shard in shards]
    while not budget.over:
        (shard,) = rng.choices(shards, held)
        batch = draw(shard, max(1, latents // shard.latents.shape[-1]), rng, null)
        apply_rates(both, budget.learning_rate(peak, step, 30, 0.4))
        loss = flow_loss(model, batch, device)
        learn(model, loss, both)
        average.update(model)
        smooth = loss.detach() if step == 0 else smooth.lerp(loss.detach(), 0.03)
        if step % 50 == 0:
            log_line(work, f"step {step} spent {budget.spent:.3f} loss {smooth.item():.4f}")
        if step % 200 == 199:
            save_checkpoint(checkpoint, average.weights, {"step": step})
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    log_line(work, f"finished after {step} steps, loss {smooth.item():.4f}")
    model.load_state_dict(average.weights)
    return model.cpu().eval()
