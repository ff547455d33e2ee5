"""Train the pocket video transformer on cached latents: flow matching, stills and clips jointly.

Three stages share one budget, as in the paper (A.7): windows of stills, then whole stills with
windows, then clips with stills. Each has its share of the time, not of the steps.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from engine.models.moviegen.configs import POCKET_TRANSFORMER
from engine.models.moviegen.transformer import TextFeatures, VideoTransformer
from engine.sampling.flow_matching import interpolate, logit_normal_times, velocity_target
from engine.training.batches import Batch, whole_batch, window_batch
from engine.training.budget import (
    Average,
    Budget,
    best_device,
    load_checkpoint,
    log_line,
    save_checkpoint,
    take_turns,
)
from engine.training.latents import TEXT_TOKENS, Encode, Shard, pad_text, read_shard
from engine.training.muon import apply_rates, optimisers

_TOKENS_PER_STEP = 7200
_CLIP_NORM = 1.0
_SUBJECT_WEIGHT = 3.0
"""A subject covers a tenth of a frame and is what a prompt is about: its error counts more."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to make a batch: its maker, the shards it draws from, and samples a step."""

    name: str
    make: Callable[[Shard, int, random.Random, TextFeatures], Batch]
    shards: tuple[Shard, ...]
    count: int


def stage_weights(spent: float) -> dict[str, float]:
    """How often each kind of batch is drawn, given the fraction of the budget that is spent."""
    if spent < 0.3:
        return {"window": 0.85, "still": 0.15}
    if spent < 0.5:
        return {"window": 0.4, "still": 0.6}
    return {"window": 0.12, "still": 0.23, "clip_short": 0.5, "clip_long": 0.15}


CONTINUED = {"window": 0.3, "still": 0.3, "clip_short": 0.3, "clip_long": 0.1}
"""The mixture of a run that goes on from trained weights."""


def _kinds(folder: Path) -> dict[str, Kind]:
    def shards(prefix: str) -> tuple[Shard, ...]:
        return tuple(read_shard(path) for path in sorted(folder.glob(f"{prefix}-*.safetensors")))

    stills, short, long = shards("still"), shards("short"), shards("long")
    return {
        "window": Kind("window", window_batch, stills, _TOKENS_PER_STEP // 36),
        "still": Kind("still", whole_batch, stills, _TOKENS_PER_STEP // 144),
        "clip_short": Kind("clip_short", whole_batch, short, _TOKENS_PER_STEP // 864),
        "clip_long": Kind("clip_long", whole_batch, long, _TOKENS_PER_STEP // 1728),
    }


def flow_loss(model: VideoTransformer, batch: Batch, device: torch.device) -> Tensor:
    """Mean squared velocity error over the unknown latents; (section 3.1.2)."""
    latents = batch.latents.to(device)
    noise = torch.randn_like(latents)
    time = logit_normal_times(len(latents)).to(device)
    known = batch.known.to(device)
    noisy = interpolate(latents, noise, time)
    condition = torch.cat([latents * known, known], dim=1)
    text = TextFeatures(
        tuple(part.to(device) for part in batch.text.states),
        batch.text.mask.to(device),
        None if batch.text.pooled is None else batch.text.pooled.to(device),
    )
    with torch.autocast(device.type, dtype=torch.bfloat16):
        velocity = model(noisy, time, text, condition, batch.origin)
    weight = (1 - known) * (1 + _SUBJECT_WEIGHT * batch.subject.to(device))
    error = (velocity.float() - velocity_target(latents, noise)).square() * weight
    return error.sum() / (weight.sum() * latents.shape[1])


def null_text(encode: Encode) -> TextFeatures:
    """Features of the empty prompt, padded as captions are."""
    null = encode([""])
    states, mask = pad_text(null.states[0], TEXT_TOKENS), pad_text(null.mask, TEXT_TOKENS)
    return TextFeatures((states,), mask, null.pooled)


def _begin(checkpoint: Path, start: Path, folder: Path) -> VideoTransformer:
    if (start / "config.json").exists() and not checkpoint.exists():
        log_line(folder, f"training on from {start}")
        return VideoTransformer.from_pretrained(start, torch_dtype=torch.float32)
    model = VideoTransformer(**POCKET_TRANSFORMER)
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(folder, f"resumed from {checkpoint}")
    return model


def train(
    minutes: float, folder: Path, latents: Path, text: Encode, start: Path, device_name: str | None
) -> None:
    """Train within a budget, from `folder`/transformer.safetensors or else from `start`.

    `start` is a folder with shipped weights; training begins from nothing if it has none.
    """
    device = best_device(device_name)
    take_turns(device)
    torch.manual_seed(0)
    checkpoint = folder / "transformer.safetensors"
    goes_on = checkpoint.exists() or (start / "config.json").exists()
    model = _begin(checkpoint, start, folder).to(device)
    average, both, null = Average(model, 0.9985), optimisers(model), null_text(text)
    kinds = _kinds(latents)
    for block in model.blocks:
        block.compile(dynamic=False)
    rng, budget, step = random.Random(), Budget(minutes), 0
    smooth: dict[str, float] = {}
    while not budget.over:
        weights = CONTINUED if goes_on else stage_weights(budget.spent)
        kind = kinds[rng.choices(list(weights), list(weights.values()))[0]]
        sizes = [len(shard.latents) for shard in kind.shards]
        batch = kind.make(rng.choices(kind.shards, sizes)[0], kind.count, rng, null)
        apply_rates(both, budget.learning_rate(1.0, step, 50, 0.7))
        loss = flow_loss(model, batch, device)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), _CLIP_NORM)
        for optimiser in both:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        average.update(model)
        before = smooth.get(kind.name, loss.item())
        smooth[kind.name] = 0.97 * before + 0.03 * loss.item()
        if step % 50 == 0:
            losses = " ".join(f"{name} {value:.4f}" for name, value in smooth.items())
            log_line(folder, f"step {step} spent {budget.spent:.3f} {losses}")
        if step % 200 == 199:
            save_checkpoint(checkpoint, average.weights, {"step": step})
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    log_line(folder, f"finished after {step} steps")
