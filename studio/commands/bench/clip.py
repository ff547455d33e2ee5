"""A draft clip of 4 seconds: from a cold start, from a warm engine, to its first preview.

The cold figure is a person's: `main.py generate` from the command to the finished file. The warm
ones are medians of three jobs, after one that loads the model.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from engine.protocol.jobs import Done, JobEvent
from engine.protocol.models import ModelCard
from engine.protocol.recipes import Ability, Recipe
from studio.client.connect import connect_local
from studio.client.engine import EngineClient
from studio.client.errors import EngineClientError
from studio.commands.casting import cast_model
from studio.commands.console import Console
from studio.commands.failures import CommandError
from studio.commands.figures import Figure
from studio.commands.jobs import run_job
from studio.session.model_rules import frames_for, usual_rate

LENGTH_S = Fraction(4)
PROMPTS = (
    "a fox jumps up and down in the snow",
    "a red car moves to the right on a city street",
    "an astronaut floats gently in outer space",
)
GIB = 2**30
COLD_LIMIT_S = 300
WHOLE_PROGRAM = Path(__file__).resolve().parents[3] / "main.py"


@dataclass(frozen=True, slots=True)
class Timed:
    """One job as its asker saw it. `preview_s` is None where no preview came."""

    seconds: float
    preview_s: float | None
    peak_bytes: int


def measure(console: Console) -> Sequence[Figure]:
    """Measure on an engine with a state folder of its own, which is thrown away."""
    with tempfile.TemporaryDirectory(prefix="workprint-bench-") as folder:
        try:
            warm = _measure_warm_engine(Path(folder) / "warm", console)
        except (EngineClientError, CommandError) as problem:
            return [*warm_figures([], str(problem)), _cold_figure(None, str(problem))]
        try:
            console.progress("a cold start")
            return [*warm, _cold_figure(_cold_s(Path(folder)), "")]
        except CommandError as problem:
            return [*warm, _cold_figure(None, str(problem))]


def _measure_warm_engine(state: Path, console: Console) -> Sequence[Figure]:
    client = connect_local(state)
    try:
        return warm_figures(time_jobs(client, console))
    finally:
        client.close()


def time_jobs(client: EngineClient, console: Console) -> list[Timed]:
    """Jobs of the draft model on an engine, after one that is not counted.

    Raises: EngineClientError, CommandError.
    """
    card = cast_model(client.models(), Ability.TEXT_TO_VIDEO, "draft", "")
    console.progress("loading the model")
    _time_job(client, _recipe(card, PROMPTS[0], len(PROMPTS)), console)
    recipes = [_recipe(card, prompt, seed) for seed, prompt in enumerate(PROMPTS)]
    return [_time_job(client, recipe, console) for recipe in recipes]


def _recipe(card: ModelCard, prompt: str, seed: int) -> Recipe:
    (width, height), rate = card.rules.aspects["16:9"], usual_rate(card.rules)
    return Recipe(
        ability=Ability.TEXT_TO_VIDEO,
        model=card.id,
        prompt=prompt,
        seed=seed,
        width=width,
        height=height,
        frames=frames_for(card.rules, LENGTH_S, rate),
        rate=rate,
        options=card.options,
    )


def _time_job(client: EngineClient, recipe: Recipe, console: Console) -> Timed:
    began_s = time.monotonic()
    previews: list[float] = []

    def heard(event: JobEvent) -> None:
        if event.preview is not None:
            previews.append(time.monotonic() - began_s)

    done: Done = run_job(client, recipe, console, recipe.prompt, heard)
    seconds = time.monotonic() - began_s
    peak_bytes = done.peak_ram_bytes + done.peak_vram_bytes
    return Timed(seconds, previews[0] if previews else None, peak_bytes)


def _cold_s(folder: Path) -> float:
    """Seconds from the command to the line that says the clip is there.

    Raises: CommandError, with what the command said.
    """
    command = [
        sys.executable, str(WHOLE_PROGRAM), "generate", Ability.TEXT_TO_VIDEO.value,
        "--prompt", PROMPTS[0], "--length", str(LENGTH_S), "--seed", "1",
        "--engine-state", str(folder / "cold"), "--out", str(folder / "clip.mp4"), "--json",
    ]  # fmt: skip
    began_s = time.monotonic()
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=said, stdin=subprocess.DEVNULL, text=True
        ) as process,
    ):
        assert process.stdout is not None
        opening = process.stdout.readline()
        seconds = time.monotonic() - began_s
        rest = process.stdout.read()
        if process.wait(COLD_LIMIT_S) != 0:
            said.seek(0)
            raise CommandError(said.readline().strip())
    json.loads(opening + rest)
    return seconds


def warm_figures(timed: Sequence[Timed], why: str = "") -> list[Figure]:
    """Medians over jobs; without jobs, figures that say why."""
    previews = [job.preview_s for job in timed if job.preview_s is not None]
    no_preview = why or ("" if previews else "No preview came.")
    return [
        Figure(
            figure="clip_4s_warm_s",
            value=statistics.median(job.seconds for job in timed) if timed else None,
            unit="s",
            target=8.0,
            why=why,
        ),
        Figure(
            figure="clip_first_preview_s",
            value=statistics.median(previews) if previews else None,
            unit="s",
            why=no_preview,
        ),
        Figure(
            figure="worker_peak_bytes",
            value=max((job.peak_bytes for job in timed), default=None),
            unit="bytes",
            target=2 * GIB,
            why=why,
        ),
    ]


def _cold_figure(cold_s: float | None, why: str) -> Figure:
    return Figure(figure="clip_cold_s", value=cold_s, unit="s", target=20.0, why=why)
