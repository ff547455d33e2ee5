"""A sticker, and its loop of eight frames, on a warm engine; and what each optimisation is worth.

Medians of five jobs, as their asker sees them, of the models that drafts have. The network that
draws loops anew is measured beside them: each row of its table leaves one optimisation out
(bfloat16, the short schedule, one forward a step); the last leaves out all three and takes the
fifty steps that a plain sampler would.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine.protocol.assets import AssetRef
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe, Sampler
from studio.client.connect import connect_local
from studio.client.engine import EngineClient
from studio.client.errors import EngineClientError
from studio.commands.casting import cast_model
from studio.commands.console import Console
from studio.commands.failures import CommandError
from studio.commands.figures import Figure
from studio.commands.jobs import run_job

PROMPT, MOTION = "a fox", "a fox jumps up and down"
JOBS = 5
NETWORK = "pocket-sticker-loop"
_GUIDED = 3.0
_EMULATED_STEPS = 25
"""Steps of the even schedule that the shipped, shorter one stands for."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: the recipe it is measured with, and what it should reach."""

    figure: str
    recipe: Recipe
    target_s: float | None = None


def measure(console: Console) -> Sequence[Figure]:
    """Measure on an engine with a state folder of its own, which is thrown away."""
    with tempfile.TemporaryDirectory(prefix="workprint-bench-") as folder:
        try:
            client = connect_local(Path(folder))
        except EngineClientError as problem:
            return [_not_measured(row, str(problem)) for row in rows("", "", None)]
        try:
            return _measure(client, console)
        finally:
            client.close()


def rows(sticker_model: str, loop_model: str, still: AssetRef | None) -> list[Row]:
    """What is measured; `still` is the sticker that is animated."""
    sticker = Recipe(
        ability=Ability.TEXT_TO_STICKER, model=sticker_model, prompt=PROMPT, width=256, height=256
    )
    inputs = () if still is None else (InputAsset(role=InputRole.SOURCE, sha256=still.sha256),)
    loop = Recipe(
        ability=Ability.ANIMATE_STICKER,
        model=loop_model,
        prompt=MOTION,
        width=256,
        height=256,
        frames=8,
        rate="8/1",
        inputs=inputs,
    )
    drawn = _with(loop, model=NETWORK)
    plain = Sampler(steps=50, guidance_scale=_GUIDED)
    return [
        Row("text_to_sticker_256_warm_s", sticker, 1.5),
        Row("animate_sticker_8x256_warm_s", loop, 1.0),
        Row("animate_network_8x256_warm_s", drawn),
        Row("animate_without_bf16_s", _with(drawn, options={"precision": "fp32"})),
        Row("animate_without_short_steps_s", _with(drawn, sampler=Sampler(steps=_EMULATED_STEPS))),
        Row("animate_with_guidance_s", _with(drawn, sampler=Sampler(guidance_scale=_GUIDED))),
        Row("animate_plain_s", _with(drawn, sampler=plain, options={"precision": "fp32"})),
    ]


def _measure(client: EngineClient, console: Console) -> list[Figure]:
    try:
        models = client.models()
        still = cast_model(models, Ability.TEXT_TO_STICKER, "draft", "").id
        loop = cast_model(models, Ability.ANIMATE_STICKER, "draft", "").id
        console.progress("making a sticker to animate")
        first = run_job(client, rows(still, loop, None)[0].recipe, console, PROMPT)
    except (EngineClientError, CommandError) as problem:
        return [_not_measured(row, str(problem)) for row in rows("", "", None)]
    asset = first.outputs[0].asset
    return [_figure(client, row, console) for row in rows(still, loop, asset)]


def _figure(client: EngineClient, row: Row, console: Console) -> Figure:
    console.progress(row.figure)
    try:
        run_job(client, row.recipe, console, row.figure)
        times = [_time(client, _with(row.recipe, seed=seed), console) for seed in range(JOBS)]
    except (EngineClientError, CommandError) as problem:
        return _not_measured(row, str(problem))
    return Figure(figure=row.figure, value=statistics.median(times), unit="s", target=row.target_s)


def _time(client: EngineClient, recipe: Recipe, console: Console) -> float:
    began_s = time.monotonic()
    run_job(client, recipe, console, recipe.prompt)
    return time.monotonic() - began_s


def _not_measured(row: Row, why: str) -> Figure:
    return Figure(figure=row.figure, value=None, unit="s", target=row.target_s, why=why)


def _with(recipe: Recipe, **changes: object) -> Recipe:
    return msgspec.structs.replace(recipe, **changes)
