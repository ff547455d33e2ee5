"""One loop for every finetune and distillation of the cast: a model, a loss, and minutes.

What differs between stages is how a batch is drawn and what it should teach; that is the stage's
`loss`. Checkpoints hold the averaged weights, which are also what the next stage begins with.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from engine.models.moviegen.configs import POCKET_TRANSFORMER
from engine.models.moviegen.transformer import VideoTransformer
from engine.training.budget import (
    Average,
    Budget,
    load_checkpoint,
    load_facts,
    log_line,
    save_checkpoint,
)
from engine.training.muon import apply_rates, learn, optimisers
from engine.training.sample_grid import Draw, SampleGrid

_COMPILED_SHAPES = 32
_WARM_UP_STEPS = 20
_SAVE_EVERY = 100


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a recipe.

    `loss` is asked once a step with the model and the fraction of the stage that is spent.
    `rate` scales the peak learning rates; a finetune wants less than a first training.
    """

    name: str
    minutes: float
    loss: Callable[[VideoTransformer, float], Tensor]
    rate: float = 1.0
    draw: Draw | None = None
    """What is drawn of the stage's end, for a person to look at."""


def pocket_model(weights: Mapping[str, Tensor]) -> VideoTransformer:
    """A transformer of the cast with these weights: as deep as they are, told of places or not."""
    layers = 1 + max(int(key.split(".")[1]) for key in weights if key.startswith("blocks."))
    place = POCKET_TRANSFORMER["place_channels"] if "place_in.weight" in weights else 0
    shape = {"layers": layers, "place_channels": place}
    model = VideoTransformer.from_config({**POCKET_TRANSFORMER, **shape})
    model.load_state_dict(weights)
    return model


def run_stage(
    model: VideoTransformer,
    stage: Stage,
    folder: Path,
    *,
    compiled: bool = True,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Train `model` in place within the stage's minutes; it ends with its averaged weights.

    A checkpoint of the same name in `folder` means that the stage is done, and is loaded; one that
    is unfinished is gone on with, for the minutes that it had left.
    """
    done = folder / f"{stage.name}.safetensors"
    if done.exists():
        model.load_state_dict(load_checkpoint(done))
        log_line(folder, f"{stage.name}: taken from {done.name}")
        return
    unfinished = folder / f"{stage.name}.unfinished.safetensors"
    budget, step = Budget(stage.minutes, clock), 0
    smooth = torch.zeros((), device=model.device)
    if unfinished.exists():
        model.load_state_dict(load_checkpoint(unfinished))
        facts = load_facts(unfinished)
        budget.resume(facts.get("spent", 0.0))
        step = int(facts.get("step", 0))
        log_line(folder, f"{stage.name}: resumed from {unfinished.name} at {budget.spent:.3f}")
    average, both = Average(model, 0.995), optimisers(model)
    if compiled:
        compile_blocks(model)
    begun_at = step
    while not budget.over:
        warm_up = step - begun_at  # the optimisers' momentum begins anew in each sitting
        apply_rates(both, budget.learning_rate(stage.rate, warm_up, _WARM_UP_STEPS, 0.5))
        loss = stage.loss(model, budget.spent)
        learn(model, loss, both)
        average.update(model)
        smooth = loss.detach() if step == begun_at else smooth.lerp(loss.detach(), 0.03)
        if step % 50 == 0:
            told = f"spent {budget.spent:.3f} {smooth.item():.4f}"
            log_line(folder, f"{stage.name} step {step} {told}")
        step += 1
        if step % _SAVE_EVERY == 0:
            save_checkpoint(unfinished, average.weights, {"step": step, "spent": budget.spent})
    model.load_state_dict(average.weights)
    save_checkpoint(done, average.weights, {"step": step})
    unfinished.unlink(missing_ok=True)
    log_line(folder, f"{stage.name} finished after {step} steps, loss {smooth.item():.4f}")
    if stage.draw is not None:
        SampleGrid(folder, stage.draw).draw(average.weights, stage.name)


def compile_blocks(model: VideoTransformer) -> None:
    """Compile the blocks, one kernel for each shape of batch there is.

    Only for a processor, which gains most: a GPU would wait a minute for each of many shapes.
    """
    if model.device.type != "cpu":
        return
    torch._dynamo.config.recompile_limit = _COMPILED_SHAPES
    for block in model.blocks:
        block.compile(dynamic=False)


def frozen_copy(model: VideoTransformer) -> VideoTransformer:
    """A model of the same weights that does not learn."""
    copy = VideoTransformer.from_config(model.config).requires_grad_(False).eval()
    copy.load_state_dict(model.state_dict())
    copy.to(model.device)
    compile_blocks(copy)
    return copy
