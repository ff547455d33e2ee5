"""Train the pocket video transformer on cached latents: flow matching, stills and clips jointly.

Three stages share one budget, after the paper (A.7): windows of stills, then mostly stills, then
as many clips. Each has its share of the time, not of the steps. Most of them are blocked: stills
are told their place and where in it somebody stands, clips a rough cut. A moment is the middle of
a clip, which is made first where nobody knows how it moves.

The last part of a run from nothing distils guidance: the target moves by what guidance would add,
as a frozen copy of the model at that point sees it, so that a draft needs one forward a step, not
two (after "Diffusion Models without Classifier-free Guidance", Tang et al. 2025). A run that goes
on asks a frozen copy what it knew of all that is not blocked, and learns that: so nothing is
forgotten, guidance included (after "Learning without Forgetting", Li and Hoiem 2016).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from engine.models.moviegen.configs import POCKET_TRANSFORMER
from engine.models.moviegen.given_frames import told_of
from engine.models.moviegen.transformer import TextFeatures, TokenGrid, VideoTransformer
from engine.sampling.flow_matching import interpolate, logit_normal_times, velocity_target
from engine.training.batches import (
    Batch,
    blocked_batch,
    moment_batch,
    whole_batch,
    window_batch,
)
from engine.training.budget import (
    Average,
    Budget,
    load_checkpoint,
    log_line,
    save_checkpoint,
    take_turns,
)
from engine.training.finetune import compile_blocks
from engine.training.latents import (
    LONG_FRAMES,
    SHORT_FRAMES,
    TEXT_TOKENS,
    Encode,
    Shard,
    pad_text,
)
from engine.training.muon import apply_rates, learn, optimisers
from engine.training.precision import mixed_precision
from engine.training.sample_grid import SampleGrid
from engine.training.scene_sets import SceneSets

_CPU_TOKENS, _GPU_TOKENS = 4320, 69_120
"""Tokens a step. Small steps use two cores best; a GPU is idle below tens of thousands."""
_LOG_EVERY, _SAVE_EVERY_S = 10, 120.0
_GUIDED_FROM = 0.65
"""The fraction of the budget after which guidance is distilled."""
_GUIDANCE_SCALE = 4.0
"""What the shipped model has learnt to do without a second forward."""
_TIME_MEAN = -0.4
"""Below the paper's 0: where a subject is and what shape it has is settled early, in the noise."""

_SUBJECT_WEIGHT = 3.0
"""A subject covers a tenth of a frame and is what a prompt is about: its error counts more."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to make a batch: its maker, the scenes it draws from, and samples a step."""

    name: str
    make: Callable[[Shard, int, random.Random, TextFeatures], Batch]
    scenes: str
    count: int


def stage_weights(spent: float, *, goes_on: bool) -> dict[str, float]:
    """How often each kind of batch is drawn, given the fraction of the budget that is spent.

    A run that `goes_on` from trained weights needs no windows, and learns what is blocked.
    """
    if goes_on:
        return _GOING_ON
    if spent < 0.25:
        return {"window": 0.85, "still": 0.15}
    if spent < 0.45:
        return _STILLS_MOST
    return _CLIPS_MOST


_STILLS_MOST = {
    "plate": 0.06,
    "still": 0.08,
    "blocked_still": 0.5,
    "moment_short": 0.05,
    "moment_long": 0.01,
    "clip_short": 0.06,
    "blocked_short": 0.2,
    "blocked_long": 0.04,
}
_GOING_ON = {
    "plate": 0.03,
    "still": 0.03,
    "blocked_still": 0.52,
    "moment_short": 0.03,
    "clip_short": 0.03,
    "blocked_short": 0.3,
    "blocked_long": 0.06,
}
_CLIPS_MOST = {
    "plate": 0.06,
    "still": 0.08,
    "blocked_still": 0.36,
    "moment_short": 0.05,
    "moment_long": 0.01,
    "clip_short": 0.07,
    "clip_long": 0.02,
    "blocked_short": 0.27,
    "blocked_long": 0.08,
}


def _kinds(tokens: int) -> dict[str, Kind]:
    short = partial(moment_batch, length_frames=SHORT_FRAMES)
    long = partial(moment_batch, length_frames=LONG_FRAMES)
    kinds = (
        Kind("window", window_batch, "still", tokens // 36),
        Kind("still", whole_batch, "still", tokens // 144),
        Kind("plate", whole_batch, "plate", tokens // 144),
        Kind("moment_short", short, "moment_short", tokens // 144),
        Kind("moment_long", long, "moment_long", tokens // 144),
        Kind("clip_short", whole_batch, "short", tokens // 864),
        Kind("clip_long", whole_batch, "long", tokens // 1728),
        Kind("blocked_still", blocked_batch, "still", tokens // 144),
        Kind("blocked_short", blocked_batch, "short", tokens // 864),
        Kind("blocked_long", blocked_batch, "long", tokens // 1728),
    )
    return {kind.name: kind for kind in kinds}


def _draw(
    kinds: dict[str, Kind],
    weights: dict[str, float],
    scenes: SceneSets,
    rng: random.Random,
    null: TextFeatures,
) -> tuple[str, Batch]:
    """A batch of a kind of which there are scenes, and that kind's name."""
    there = {name: part for name, part in weights.items() if scenes.of(kinds[name].scenes)}
    kind = kinds[rng.choices(list(there), list(there.values()))[0]]
    shards = scenes.of(kind.scenes)
    shard = rng.choices(shards, [len(each) for each in shards])[0]
    return kind.name, kind.make(shard, kind.count, rng, null)


@dataclass(frozen=True, slots=True)
class Teacher:
    """A frozen model whose guidance is learnt, and the features of the empty prompt."""

    model: VideoTransformer
    null: TextFeatures

    @torch.no_grad()
    def correction(
        self,
        noisy: Tensor,
        time: Tensor,
        text: TextFeatures,
        condition: Tensor,
        origin: TokenGrid,
        place: Tensor | None = None,
    ) -> Tensor:
        """What guidance adds to the velocity: zero for a sample whose prompt is empty."""
        count = len(noisy)
        mask = self.null.mask.to(noisy.device).expand(count, -1)
        empty = TextFeatures(
            tuple(part.to(noisy).expand(count, -1, -1) for part in self.null.states),
            mask,
            None if self.null.pooled is None else self.null.pooled.to(noisy).expand(count, -1),
        )
        with_prompt = self.model(noisy, time, text, condition, origin, place=place)
        without = self.model(noisy, time, empty, condition, origin, place=place)
        return (_GUIDANCE_SCALE - 1.0) * (with_prompt.float() - without.float())


def flow_loss(
    model: VideoTransformer,
    batch: Batch,
    device: torch.device,
    teacher: Teacher | None = None,
    before: VideoTransformer | None = None,
) -> Tensor:
    """Mean squared velocity error over the unknown latents (section 3.1.2).

    With a teacher the target is the guided velocity. With the model as it was `before`, it is what
    that made of what is not blocked.
    """
    latents = batch.latents.to(device)
    noise = torch.randn_like(latents)
    time = logit_normal_times(len(latents), mean=_TIME_MEAN).to(device)
    known = batch.known.to(device)
    noisy = interpolate(latents, noise, time)
    condition = told_of(latents, known)
    if batch.told is not None:
        condition = torch.cat([batch.told.to(device), known], dim=1)
    place = None if batch.place is None else batch.place.to(device)
    text = batch.text.to(device)
    target = velocity_target(latents, noise)
    with mixed_precision(device):
        if teacher is not None:
            more = teacher.correction(noisy, time, text, condition, batch.origin, place)
            target = target + more
        if before is not None and batch.told is None:
            with torch.no_grad():
                target = before(noisy, time, text, condition, batch.origin).float()
        velocity = model(noisy, time, text, condition, batch.origin, place=place)
    weight = (1 - known) * (1 + _SUBJECT_WEIGHT * batch.subject.to(device))
    error = (velocity.float() - target).square() * weight
    return error.sum() / (weight.sum() * latents.shape[1])


def null_text(encode: Encode) -> TextFeatures:
    """Features of the empty prompt, padded as captions are."""
    null = encode([""])
    states, mask = pad_text(null.states[0], TEXT_TOKENS), pad_text(null.mask, TEXT_TOKENS)
    return TextFeatures((states,), mask, null.pooled)


def _teacher(model: VideoTransformer, average: Average, null: TextFeatures) -> Teacher:
    """A frozen model with the averaged weights of now."""
    frozen = VideoTransformer.from_config(model.config).requires_grad_(False).eval()
    frozen.load_state_dict(average.weights)
    frozen.to(model.device)
    compile_blocks(frozen)
    return Teacher(frozen, null)


def _begin(checkpoint: Path, start: Path, folder: Path) -> VideoTransformer:
    model = VideoTransformer(**POCKET_TRANSFORMER)
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(folder, f"resumed from {checkpoint}")
    elif (start / "config.json").exists():
        # One that was trained before shots were blocked has no weights for places: zeros stay.
        model.load_state_dict(_shipped(start).state_dict(), strict=False)
        log_line(folder, f"training on from {start}")
    return model


def _shipped(folder: Path) -> VideoTransformer:
    model = VideoTransformer.from_folder(folder, torch.float32)
    return model.requires_grad_(False).eval()


def train(
    minutes: float,
    folder: Path,
    scenes: SceneSets,
    text: Encode,
    start: Path,
    device: torch.device,
    grid: SampleGrid,
) -> None:
    """Train within a budget, from `folder`/transformer.safetensors or else from `start`.

    `start` is a folder with shipped weights; training begins from nothing if it has none. Scenes
    may be added to while it goes on. `grid` is drawn with the averaged weights.
    """
    take_turns(device)
    torch.manual_seed(0)
    checkpoint = folder / "transformer.safetensors"
    goes_on = checkpoint.exists() or (start / "config.json").exists()
    model = _begin(checkpoint, start, folder).to(device)
    average, both, null = Average(model, 0.9985), optimisers(model), null_text(text)
    before = _shipped(start).to(device) if (start / "config.json").exists() else None
    kinds = _kinds(_CPU_TOKENS if device.type == "cpu" else _GPU_TOKENS)
    compile_blocks(model)
    scenes.wait()
    rng, budget, step, saved_s = random.Random(), Budget(minutes), 0, time.monotonic()
    smooth: dict[str, Tensor] = {}
    teacher: Teacher | None = None
    while not budget.over:
        weights = stage_weights(budget.spent, goes_on=goes_on)
        name, batch = _draw(kinds, weights, scenes, rng, null)
        apply_rates(both, budget.learning_rate(1.0, step, 30, 0.6))
        if before is None and teacher is None and budget.spent >= _GUIDED_FROM:
            teacher = _teacher(model, average, null)
            smooth.clear()
            log_line(folder, f"step {step}: distilling guidance")
        loss = flow_loss(model, batch, device, teacher, before)
        learn(model, loss, both)
        average.update(model)
        smooth[name] = smooth.get(name, loss.detach()).lerp(loss.detach(), 0.03)
        if step % _LOG_EVERY == 0:
            losses = " ".join(f"{name} {value.item():.4f}" for name, value in smooth.items())
            log_line(folder, f"step {step} spent {budget.spent:.3f} {losses}")
        if time.monotonic() - saved_s > _SAVE_EVERY_S:
            save_checkpoint(checkpoint, average.weights, {"step": step})
            saved_s = time.monotonic()
        grid.look(average.weights, step)
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    grid.draw(average.weights, "finished")
    log_line(folder, f"finished after {step} steps")
