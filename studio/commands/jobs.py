"""Running one job to its end: progress as it goes, cancelled by Ctrl-C, a sentence if it fails."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from engine.protocol.jobs import Cancelled, Done, Failed, JobEvent, JobState, Queued, Running
from engine.protocol.recipes import Recipe
from studio.client.engine import EngineClient
from studio.client.errors import EngineClientError, EngineRefused
from studio.commands import units
from studio.commands.console import Console
from studio.commands.failures import CommandError

OnEvent = Callable[[JobEvent], None]


def run_job(
    client: EngineClient,
    recipe: Recipe,
    console: Console,
    label: str,
    on_event: OnEvent | None = None,
) -> Done:
    """Submit a recipe and wait for its end.

    Raises: CommandError where it failed or was cancelled, KeyboardInterrupt once the engine has
    been told to stop, EngineClientError.
    """
    return follow(client, client.submit(recipe), console, label, on_event)


def follow(
    client: EngineClient,
    job_id: str,
    console: Console,
    label: str,
    on_event: OnEvent | None = None,
) -> Done:
    """Wait for a job that was submitted; raises as `run_job` does."""

    def heard(event: JobEvent) -> None:
        console.progress(f"{label}: {_state_text(event.state)}")
        if on_event is not None:
            on_event(event)

    try:
        state = client.wait(job_id, heard).state
    except KeyboardInterrupt:
        cancel(client, job_id)
        raise
    match state:
        case Done():
            return state
        case Failed(error=error):
            raise EngineRefused(error)
        case _:
            raise CommandError(f"{label}: the job was cancelled.")


def cancel(client: EngineClient, job_id: str) -> None:
    """Stop a job; an engine that has gone has stopped it already."""
    with contextlib.suppress(EngineClientError):
        client.cancel(job_id)


def _state_text(state: JobState) -> str:
    match state:
        case Queued(ahead=ahead):
            return f"waiting, {ahead} before it" if ahead else "waiting for the worker"
        case Running(phase=phase, step=step, steps=steps, seconds_left=left):
            of = "" if steps is None else f" {step}/{steps}"
            return f"{phase}{of}" + ("" if left is None else f", {units.time_text(left)} left")
        case Done():
            return "done"
        case Failed():
            return "failed"
        case Cancelled():
            return "cancelled"
