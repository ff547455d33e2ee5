"""Train the pocket video transformer on cached latents: flow matching, stills and clips jointly.

Three stages share one budget, after the paper (A.7): windows of stills, then mostly single moments
of clips, then mostly clips. Each has its share of the time, not of the steps. A moment is the
middle of a clip, which is made first: it teaches what a clip shows at a sixth of its cost.

The last part of every run distils guidance: the target moves by what guidance would add, as a
frozen copy of the model at that point sees it, so that a draft needs one forward a step, not two
(after "Diffusion Models without Classifier-free Guidance", Tang et al. 2025).
"""

from __future__ import annotations

import random
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
from engine.training.batches import Batch, moment_batch, whole_batch, window_batch
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
from engine.training.scene_sets import SceneSets

_CPU_TOKENS, _GPU_TOKENS = 4320, 69_120
"""Tokens a step. Small steps use two cores best; a GPU is idle below tens of thousands."""
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

    A run that `goes_on` from trained weights needs no windows.
    """
    if not goes_on and spent < 0.25:
        return {"window": 0.85, "still": 0.15}
    if spent < 0.45:
        return _MOMENTS_MOST
    return _CLIPS_MOST


_MOMENTS_MOST = {
    "plate": 0.05,
    "still": 0.12,
    "moment_short": 0.53,
    "moment_long": 0.08,
    "clip_short": 0.16,
    "clip_long": 0.06,
}
_CLIPS_MOST = {
    "plate": 0.07,
    "still": 0.1,
    "moment_short": 0.3,
    "moment_long": 0.05,
    "clip_short": 0.36,
    "clip_long": 0.12,
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
        self, noisy: Tensor, time: Tensor, text: TextFeatures, condition: Tensor, origin: TokenGrid
    ) -> Tensor:
        """What guidance adds to the velocity: zero for a sample whose prompt is empty."""
        count = len(noisy)
        mask = self.null.mask.to(noisy.device).expand(count, -1)
        empty = TextFeatures(
            tuple(part.to(noisy).expand(count, -1, -1) for part in self.null.states),
            mask,
            None if self.null.pooled is None else self.null.pooled.to(noisy).expand(count, -1),
        )
        with_prompt = self.model(noisy, time, text, condition, origin)
        without = self.model(noisy, time, empty, condition, origin)
        return (_GUIDANCE_SCALE - 1.0) * (with_prompt.float() - without.float())


def flow_loss(
    model: VideoTransformer, batch: Batch, device: torch.device, teacher: Teacher | None = None
) -> Tensor:
    """Mean squared velocity error over the unknown latents (section 3.1.2).

    With a teacher the target is the guided velocity.
    """
    latents = batch.latents.to(device)
    noise = torch.randn_like(latents)
    time = logit_normal_times(len(latents), mean=_TIME_MEAN).to(device)
    known = batch.known.to(device)
    noisy = interpolate(latents, noise, time)
    condition = told_of(latents, known)
    text = batch.text.to(device)
    target = velocity_target(latents, noise)
    with mixed_precision(device):
        if teacher is not None:
            target = target + teacher.correction(noisy, time, text, condition, batch.origin)
        velocity = model(noisy, time, text, condition, batch.origin)
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
    if (start / "config.json").exists() and not checkpoint.exists():
        log_line(folder, f"training on from {start}")
        return VideoTransformer.from_folder(start, torch.float32)
    model = VideoTransformer(**POCKET_TRANSFORMER)
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(folder, f"resumed from {checkpoint}")
    return model


def train(
    minutes: float,
    folder: Path,
    scenes: SceneSets,
    text: Encode,
    start: Path,
    device: torch.device,
) -> None:
    """Train within a budget, from `folder`/transformer.safetensors or else from `start`.

    `start` is a folder with shipped weights; training begins from nothing if it has none. Scenes
    may be added to while it goes on.
    """
    take_turns(device)
    torch.manual_seed(0)
    checkpoint = folder / "transformer.safetensors"
    goes_on = checkpoint.exists() or (start / "config.json").exists()
    model = _begin(checkpoint, start, folder).to(device)
    average, both, null = Average(model, 0.9985), optimisers(model), null_text(text)
    kinds = _kinds(_CPU_TOKENS if device.type == "cpu" else _GPU_TOKENS)
    compile_blocks(model)
    scenes.wait()
    rng, budget, step = random.Random(), Budget(minutes), 0
    smooth: dict[str, Tensor] = {}
    teacher: Teacher | None = None
    while not budget.over:
        weights = stage_weights(budget.spent, goes_on=goes_on)
        name, batch = _draw(kinds, weights, scenes, rng, null)
        apply_rates(both, budget.learning_rate(1.0, step, 30, 0.6))
        if teacher is None and budget.spent >= _GUIDED_FROM:
            teacher = _teacher(model, average, null)
            smooth.clear()
            log_line(folder, f"step {step}: distilling guidance")
        loss = flow_loss(model, batch, device, teacher)
        learn(model, loss, both)
        average.update(model)
        smooth[name] = smooth.get(name, loss.detach()).lerp(loss.detach(), 0.03)
        if step % 50 == 0:
            losses = " ".join(f"{name} {value.item():.4f}" for name, value in smooth.items())
            log_line(folder, f"step {step} spent {budget.spent:.3f} {losses}")
        if step % 200 == 199:
            save_checkpoint(checkpoint, average.weights, {"step": step})
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    log_line(folder, f"finished after {step} steps")
