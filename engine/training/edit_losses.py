"""What one step of learning to edit asks: from noise, a source and an instruction to a target."""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.models.moviegen.edit_regions import SHOWN, kept_outside, told_of_region
from engine.models.moviegen.transformer import WHOLE, TextFeatures, TokenGrid, VideoTransformer
from engine.planning.edit_words import GENERATE, TASKS
from engine.sampling.euler import euler
from engine.sampling.flow_matching import interpolate, logit_normal_times, velocity_target
from engine.sampling.schedules import linear_quadratic
from engine.training.edit_latents import NO_SOURCE, Store
from engine.training.precision import mixed_precision

_GENERATED_SHARE = 1 / 6
"""Editing is drawn five times as often as plain generation (Movie Gen Edit, stage I)."""
_OFTEN = {"add": 1.5, "replace": 2.0, "background": 1.5}
"""How often an editing task is drawn, 1 unless said: what is drawn anew takes longest to learn."""
_NO_WORDS_SHARE, _NOTHING_SHARE = 0.06, 0.04
_TIME_MEAN = -0.4
_CHANGE_WEIGHT, _CHANGE_SPREAD = 4.0, 0.5
"""A changed place counts this much more, in full where latents differ by this much."""
_LEAST_WEIGHT = 0.05
"""Of a frame: a region smaller than that counts less than others."""
_BACK_NOISE = 0.3
"""How much noise at the most hides a source that the model made."""
_LATEST_FRAME = 5
_SOLVER_STEPS = 10
_LEAST_FOLLOWED = 0.3


@dataclass(frozen=True, slots=True)
class Example:
    """A batch: sources and targets (B, C, T, H, W), the regions (B, 1, T, H, W) that may change,

    what is told of them (B, C, T, H, W), tasks (B,), instructions, and their place.
    """

    source: Tensor
    target: Tensor
    region: Tensor
    hint: Tensor
    task: Tensor
    text: TextFeatures
    origin: TokenGrid


def pair_example(store: Store, count: int) -> Example:
    """Edits forwards, and a share of plain generation; some without words, some without either."""
    pairs = _chosen(store.pairs, count)
    given, target, task, text, _, colour, number = pairs.unbind(1)
    lost = torch.rand(count, device=given.device)
    nothing, wordless = lost < _NOTHING_SHARE, lost < _NOTHING_SHARE + _NO_WORDS_SHARE
    still = store.latents.shape[2] == 1
    first = random.randint(0, _LATEST_FRAME) if still else 0
    everywhere = nothing.view(-1, 1, 1, 1, 1)
    source = store.films(given.masked_fill(nothing, NO_SOURCE))
    return Example(
        source,
        store.films(target),
        store.regions[number].float().masked_fill(everywhere, 1.0),
        _hints(store, source, task.masked_fill(nothing, 0), colour.masked_fill(wordless, 0)),
        task.masked_fill(wordless, TASKS.index(GENERATE)),
        store.text(text.masked_fill(wordless, 0)),
        TokenGrid(first, 0, 0),
    )


def _hints(store: Store, source: Tensor, task: Tensor, colour: Tensor) -> Tensor:
    """As `hint_of`, of several films (B, C, T, H, W), tasks (B,) and colours (B,)."""
    shown = torch.tensor([task in SHOWN for task in TASKS], device=source.device)
    return source * shown[task].view(-1, 1, 1, 1, 1) + store.hints(colour)


def _chosen(pairs: Tensor, count: int) -> Tensor:
    """Pairs of which one in six generates, and each other task has its share of the rest."""
    tasks = pairs[:, 2]
    there = torch.bincount(tasks, minlength=len(TASKS)).clamp_min(1)
    often = torch.tensor([_OFTEN.get(task, 1.0) for task in TASKS], device=pairs.device)
    weights, generates = (often / there)[tasks], tasks == TASKS.index(GENERATE)
    for some, share in ((generates, _GENERATED_SHARE), (~generates, 1 - _GENERATED_SHARE)):
        weights[some] *= share / weights[some].sum().clamp_min(1e-9)
    return pairs[torch.multinomial(weights, count, replacement=True)]


@dataclass(frozen=True, slots=True)
class MadeEdits:
    """What the model made of sources: `made` (N, C, T, H, W) float16 of the pairs (N, 7)."""

    made: Tensor
    pairs: Tensor


def back_example(store: Store, edits: MadeEdits, count: int) -> Example:
    """Back from what the model made, noised, to the true film (Movie Gen Edit, stage III)."""
    chosen = torch.randint(0, len(edits.made), (count,), device=edits.made.device)
    original, _, task, _, back, _, number = edits.pairs[chosen].unbind(1)
    region = store.regions[number].float()
    made = edits.made[chosen].float()
    amount = _BACK_NOISE * torch.rand(count, 1, 1, 1, 1, device=made.device)
    hidden = (1 - amount) * made + amount * torch.randn_like(made)
    told = _hints(store, hidden, task, torch.zeros_like(task))
    words = store.text(back)
    return Example(hidden, store.films(original), region, told, task, words, WHOLE)


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
        region = store.regions[some[:, 6]].float()
        hint = _hints(store, source, some[:, 2], some[:, 5])
        asked = Example(source, target, region, hint, some[:, 2], store.text(some[:, 3]), WHOLE)
        latents = made_of(model, asked, torch.randn_like(source))
        change = (target - source).square().flatten(1).sum(1)
        missed = (target - latents).square().flatten(1).sum(1)
        good = missed < (1 - _LEAST_FOLLOWED) * change
        made.append(latents[good].half())
        kept.append(some[good])
    return MadeEdits(torch.cat(made), torch.cat(kept))


def first_of_each(store: Store) -> Example:
    """The first edit of each task that a store has."""
    pairs = store.pairs[store.pairs[:, 0] != NO_SOURCE]
    firsts = [pairs[pairs[:, 2] == task][0] for task in pairs[:, 2].unique()]
    given, target, task, text, _, colour, number = torch.stack(firsts).unbind(1)
    source, region = store.films(given), store.regions[number].float()
    hint = _hints(store, source, task, colour)
    return Example(source, store.films(target), region, hint, task, store.text(text), WHOLE)


def made_of(model: VideoTransformer, asked: Example, noise: Tensor) -> Tensor:
    """Edits without guidance, in a few steps, of noise of the source's shape."""
    source = asked.source
    told = told_of_region(source, asked.region, asked.hint)

    def velocity(x: Tensor, moment: float) -> Tensor:
        time = torch.full((len(x),), moment, device=x.device)
        x = kept_outside(x, source, asked.region, noise, time.view(-1, 1, 1, 1, 1))
        with mixed_precision(x.device):
            return model(x, time, asked.text, told, source=source, task=asked.task).float()

    made = euler(velocity, noise, linear_quadratic(_SOLVER_STEPS, 25), lambda *_: None)
    return torch.where(asked.region > 0, made, source)


def edit_loss(model: VideoTransformer, example: Example) -> Tensor:
    """Mean squared velocity error in the region; where target and source differ it counts more."""
    target, source, region = example.target, example.source, example.region
    noise = torch.randn_like(target)
    moment = logit_normal_times(len(target), mean=_TIME_MEAN).to(target.device)
    noisy = interpolate(target, noise, moment)
    noisy = kept_outside(noisy, source, region, noise, moment.view(-1, 1, 1, 1, 1))
    told = told_of_region(source, region, example.hint)
    with mixed_precision(target.device):
        velocity = model(
            noisy,
            moment,
            example.text,
            told,
            example.origin,
            source=source,
            task=example.task,
        )
    change = (target - source).abs().mean(1, keepdim=True) / _CHANGE_SPREAD
    weight = (region > 0) * (1 + _CHANGE_WEIGHT * change.clamp_max(1.0))
    weight = weight / weight.mean(dim=(1, 2, 3, 4), keepdim=True).clamp_min(_LEAST_WEIGHT)
    error = (velocity.float() - velocity_target(target, noise)).square()
    return (error * weight).mean()
