"""The engine's own cost: what a job takes beyond its model, cancelling, and answering meanwhile.

It runs the smallest job of the draft model on this machine's engine, warmed up first. Overhead is
the wall time from the request to the event that tells of the end, less the time in the model.
"""

from __future__ import annotations

import queue
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from engine.protocol.jobs import Cancelled, Done, Failed, JobEvent, Running
from engine.protocol.models import ModelCard
from engine.protocol.recipes import Ability, Recipe
from studio.client.connect import connect_local
from studio.client.engine import Connected, EngineClient, StreamEvent
from studio.client.errors import EngineClientError, EngineRefused
from studio.commands.console import Console
from studio.commands.figures import Figure

JOBS = 8
CANCELS = 3
REQUESTS = 200
OVERHEAD_TARGET_S = 0.05
REQUEST_TARGET_S = 0.05

Events = queue.SimpleQueue[StreamEvent]


def measure(console: Console) -> Sequence[Figure]:
    """Run jobs on an engine with a state folder of its own, which is thrown away."""
    try:
        with _engine() as client:
            return measure_engine(client, console)
    except EngineClientError as problem:
        return _figures({}, why=str(problem))


@contextmanager
def _engine() -> Iterator[EngineClient]:
    with tempfile.TemporaryDirectory(prefix="workprint-bench-") as folder:
        client = connect_local(Path(folder))
        try:
            yield client
        finally:
            client.close()


def measure_engine(client: EngineClient, console: Console) -> Sequence[Figure]:
    """The figures of one engine, whichever it is.

    Raises: EngineClientError.
    """
    recipe = _smallest(client)
    if recipe is None:
        return _figures({}, why="No draft model is installed that makes video from text.")
    events: Events = queue.SimpleQueue()
    client.subscribe(events.put)
    _until_connected(events)
    console.progress("warming up")
    _overhead_s(client, events, recipe)
    overheads: list[float] = []
    for index in range(JOBS):
        console.progress(f"job {index + 1} of {JOBS}")
        overheads.append(_overhead_s(client, events, _reseeded(recipe, index)))
    long = _longest(client, recipe)
    values = {
        "job_overhead_s": statistics.median(overheads),
        "cancel_s": statistics.median(_cancel_s(client, events, long) for _ in range(CANCELS)),
        "control_request_p95_s": _request_p95_s(client, events, long),
    }
    return _figures(values)


def _figures(values: dict[str, float], why: str = "") -> Sequence[Figure]:
    targets = {
        "job_overhead_s": OVERHEAD_TARGET_S,
        "cancel_s": None,
        "control_request_p95_s": REQUEST_TARGET_S,
    }
    return [
        Figure(figure=name, value=values.get(name), unit="s", target=target, why=why)
        for name, target in targets.items()
    ]


def _overhead_s(client: EngineClient, events: Events, recipe: Recipe) -> float:
    began_s = time.perf_counter()
    job_id = client.submit(recipe)
    state = _end_of(events, job_id)
    wall_s = time.perf_counter() - began_s
    if isinstance(state, Failed):
        raise EngineRefused(state.error)
    assert isinstance(state, Done)
    return wall_s - state.model_s


def _cancel_s(client: EngineClient, events: Events, recipe: Recipe) -> float:
    """From the request, made in the midst of the model's steps, to the event that it stopped."""
    job_id = client.submit(recipe)
    _until_stepping(events, job_id)
    began_s = time.perf_counter()
    client.cancel(job_id)
    _end_of(events, job_id)
    return time.perf_counter() - began_s


def _request_p95_s(client: EngineClient, events: Events, recipe: Recipe) -> float:
    """How long the engine takes to answer while its model runs; 95 of 100 take less."""
    job_id = client.submit(recipe)
    _until_stepping(events, job_id)
    taken_s: list[float] = []
    for _ in range(REQUESTS):
        began_s = time.perf_counter()
        client.health()
        taken_s.append(time.perf_counter() - began_s)
    client.cancel(job_id)
    _end_of(events, job_id)
    return statistics.quantiles(taken_s, n=20)[-1]


def _smallest(client: EngineClient) -> Recipe | None:
    """The least that the smallest installed draft model makes: its shortest, smallest clip."""
    cards = [card for card in client.models() if _can(card)]
    if not cards:
        return None
    card = min(cards, key=lambda c: c.size_bytes)
    width, height = min(card.rules.aspects.values(), key=lambda size: size[0] * size[1])
    return Recipe(
        ability=Ability.TEXT_TO_VIDEO,
        model=card.id,
        prompt="a fox runs through a snowy forest",
        width=width,
        height=height,
        frames=card.rules.frame_offset or card.rules.frame_step,
        rate=card.rules.rates[0],
    )


def _can(card: ModelCard) -> bool:
    is_usable = card.installed and card.runnable and card.tier == "draft"
    return is_usable and Ability.TEXT_TO_VIDEO in card.abilities


def _longest(client: EngineClient, recipe: Recipe) -> Recipe:
    """The same, as long as the model can, so that there is something to interrupt."""
    card = next(card for card in client.models() if card.id == recipe.model)
    return msgspec.structs.replace(recipe, frames=card.rules.max_frames)


def _reseeded(recipe: Recipe, seed: int) -> Recipe:
    return msgspec.structs.replace(recipe, seed=seed)


def _until_connected(events: Events) -> None:
    while not isinstance(events.get(), Connected):
        continue


def _until_stepping(events: Events, job_id: str) -> None:
    """Until the model has made a step of that job."""
    while True:
        event = events.get()
        if isinstance(event, JobEvent) and event.job_id == job_id:
            match event.state:
                case Running(step=step) if step > 0:
                    return
                case Failed(error=error):
                    raise EngineRefused(error)
                case _:
                    continue


def _end_of(events: Events, job_id: str) -> Done | Failed | Cancelled:
    while True:
        event = events.get()
        if isinstance(event, JobEvent) and event.job_id == job_id:
            match event.state:
                case Done() | Failed() | Cancelled() as state:
                    return state
                case _:
                    continue
