"""What one step of learning to edit asks: from noise, a source and an instruction to a target."""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.models.moviegen.transformer import TextFeatures, TokenGrid, VideoTransformer
from engine.planning.edit_words import GENERATE, TASKS
from engine.sampling.euler import euler
from engine.sampling.flow_matching import interpolate, logit_normal_times, velocity_target
from engine.sampling.schedules import linear_quadratic
from engine.training.edit_latents import NO_SOURCE, Store
from engine.training.precision import mixed_precision

_GENERATED_SHARE = 1 / 6
"""Editing is drawn five times as often as plain generation (Movie Gen Edit, stage I)."""
_NO_WORDS_SHARE, _NOTHING_SHARE = 0.06, 0.04
_TIME_MEAN = -0.4
_CHANGE_WEIGHT, _CHANGE_SPREAD = 4.0, 0.5
"""A changed place counts this much more, in full where latents differ by this much."""
_BACK_NOISE = 0.3
"""How much noise at the most hides a source that the model made."""
_LATEST_FRAME = 5
_SOLVER_STEPS = 10
_LEAST_FOLLOWED = 0.3


@dataclass(frozen=True, slots=True)
class Example:
    """A batch: sources and targets (B, C, T, H, W), tasks (B,), instructions, and their place."""

    source: Tensor
    target: Tensor
    task: Tensor
    text: TextFeatures
    origin: TokenGrid


def pair_example(store: Store, count: int) -> Example:
    """Edits forwards, and a share of plain generation; some without words, some without either."""
    pairs = _chosen(store.pairs, count)
    given, target, task, text, _ = pairs.unbind(1)
    lost = torch.rand(count, device=given.device)
    nothing, wordless = lost < _NOTHING_SHARE, lost < _NOTHING_SHARE + _NO_WORDS_SHARE
    still = store.latents.shape[2] == 1
    first = random.randint(0, _LATEST_FRAME) if still else 0
    return Example(
        store.films(given.masked_fill(nothing, NO_SOURCE)),
        store.films(target),
        task.masked_fill(wordless, TASKS.index(GENERATE)),
        store.text(text.masked_fill(wordless, 0)),
        TokenGrid(first, 0, 0),
    )


def _chosen(pairs: Tensor, count: int) -> Tensor:
    """Pairs of which one in six generates."""
    generates = pairs[:, 2] == TASKS.index(GENERATE)
    share = generates.float().mean().clamp(0.01, 0.99)
    weights = torch.where(generates, _GENERATED_SHARE / share, (1 - _GENERATED_SHARE) / (1 - share))
    return pairs[torch.multinomial(weights, count, replacement=True)]


@dataclass(frozen=True, slots=True)
class MadeEdits:
    """What the model made of sources: `made` (N, C, T, H, W) float16 of the pairs (N, 5)."""

    made: Tensor
    pairs: Tensor


def back_example(store: Store, edits: MadeEdits, count: int) -> Example:
    """Back from what the model made, noised, to the true film (Movie Gen Edit, stage III)."""
    chosen = torch.randint(0, len(edits.made), (count,), device=edits.made.device)
    original, _, task, _, back = edits.pairs[chosen].unbind(1)
    made = edits.made[chosen].float()
    amount = _BACK_NOISE * torch.rand(count, 1, 1, 1, 1, device=made.device)
    hidden = (1 - amount) * made + amount * torch.randn_like(made)
    return Example(hidden, store.films(original), task, store.text(back), TokenGrid(0, 0, 0))


@torch.no_grad()
def made_edits(model: VideoTransformer, store: Store, count: int, batch: int) -> MadeEdits:
    """Edits that the model makes, of which those are kept that came nearer to what was asked.

    Only of pairs with a way back.
    """
    pairs = store.pairs[(store.pairs[:, 4] >= 0) & (store.pairs[:, 0] != NO_SOURCE)]
    made: list[Tensor] = []
    kept: list[Tensor] = []
    for _ in range(max(count // batch, 1)):
        some = pairs[torch.randint(0, len(pairs), (batch,), device=pairs.device)]
        source, target = store.films(some[:, 0]), store.films(some[:, 1])
        latents = _edited(model, source, some[:, 2], store.text(some[:, 3]))
        asked = (target - source).square().flatten(1).sum(1)
        missed = (target - latents).square().flatten(1).sum(1)
        good = missed < (1 - _LEAST_FOLLOWED) * asked
        made.append(latents[good].half())
        kept.append(some[good])
    return MadeEdits(torch.cat(made), torch.cat(kept))


def _edited(model: VideoTransformer, source: Tensor, task: Tensor, text: TextFeatures) -> Tensor:
    """Edits without guidance, in a few steps."""

    def velocity(x: Tensor, moment: float) -> Tensor:
        time = torch.full((len(x),), moment, device=x.device)
        with mixed_precision(x.device):
            return model(x, time, text, source=source, task=task).float()

    times = linear_quadratic(_SOLVER_STEPS, 25)
    return euler(velocity, torch.randn_like(source), times, lambda *_: None)


def edit_loss(model: VideoTransformer, example: Example) -> Tensor:
    """Mean squared velocity error; where target and source differ it counts more."""
    target, source = example.target, example.source
    noise = torch.randn_like(target)
    moment = logit_normal_times(len(target), mean=_TIME_MEAN).to(target.device)
    noisy = interpolate(target, noise, moment)
    with mixed_precision(target.device):
        velocity = model(
            noisy, moment, example.text, origin=example.origin, source=source, task=example.task
        )
    change = (target - source).abs().mean(1, keepdim=True) / _CHANGE_SPREAD
    weight = 1 + _CHANGE_WEIGHT * change.clamp_max(1.0)
    weight = weight / weight.mean(dim=(1, 2, 3, 4), keepdim=True)
    error = (velocity.float() - velocity_target(target, noise)).square()
    return (error * weight).mean()
