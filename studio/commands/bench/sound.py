"""Ten seconds of sound on a warm engine.

The median of three jobs of `text_to_audio` at the model's own settings, as their asker sees them.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.protocol.recipes import Ability, Recipe
from studio.client.connect import connect_local
from studio.client.engine import EngineClient
from studio.client.errors import EngineClientError
from studio.commands.casting import cast_model
from studio.commands.console import Console
from studio.commands.failures import CommandError
from studio.commands.figures import Figure
from studio.commands.jobs import run_job

PROMPT = "footsteps and birds chirping; music: calm piano"
FIGURE, TARGET_S = "audio_10s_warm_s", 10.0
JOBS = 3


def measure(console: Console) -> Sequence[Figure]:
    """Measure on an engine with a state folder of its own, which is thrown away."""
    with tempfile.TemporaryDirectory(prefix="workprint-bench-") as folder:
        try:
            client = connect_local(Path(folder))
        except EngineClientError as problem:
            return [_not_measured(problem)]
        try:
            return [_measure(client, console)]
        except (EngineClientError, CommandError) as problem:
            return [_not_measured(problem)]
        finally:
            client.close()


def _measure(client: EngineClient, console: Console) -> Figure:
    model = cast_model(client.models(), Ability.TEXT_TO_AUDIO, "draft", "").id
    recipe = Recipe(
        ability=Ability.TEXT_TO_AUDIO, model=model, prompt=PROMPT, frames=250, rate="25/1"
    )
    console.progress("loading the sound model")
    run_job(client, recipe, console, PROMPT)
    times = []
    for seed in range(1, JOBS + 1):
        began_s = time.monotonic()
        run_job(client, msgspec.structs.replace(recipe, seed=seed), console, PROMPT)
        times.append(time.monotonic() - began_s)
    return Figure(figure=FIGURE, value=statistics.median(times), unit="s", target=TARGET_S)


def _not_measured(problem: Exception) -> Figure:
    return Figure(figure=FIGURE, value=None, unit="s", target=TARGET_S, why=str(problem))
