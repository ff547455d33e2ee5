"""Workers that end between two jobs, at every moment of the event loop."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import psutil

from engine.server.devices import find_devices
from engine.server.executor import Lost, Outcome
from engine.server.process_executor import ProcessExecutor
from engine.worker.messages import Finished, RunJob
from tests.engine.running import CAST, noise
from tests.fakes.engine_cast import NOISE, FakeCast

MOMENTS = 12
"""Turns of the loop in which an executor has surely noticed that a worker ended."""


def order(scratch: Path, number: int) -> RunJob:
    """A job of the fake cast."""
    cast, recipe = FakeCast(), noise()
    scratch = scratch / str(number)
    scratch.mkdir()
    return RunJob(
        job_id=str(number),
        recipe=recipe,
        card=cast.card(NOISE),
        weights=str(cast.weights(NOISE)),
        plan=cast.plan(recipe, find_devices("cpu")),
        assets={},
        scratch=str(scratch),
    )


def own_worker() -> psutil.Process:
    """The worker that this process started; other tests may have left it other children."""
    (worker,) = (
        child
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE and "engine.worker" in child.cmdline()
    )
    return worker


def test_a_job_that_comes_while_its_worker_ends_is_made_or_lost_but_never_left(
    tmp_path: Path,
) -> None:
    async def outcomes() -> list[Outcome]:
        executor = ProcessExecutor(find_devices("cpu"), tmp_path / "logs", CAST)
        await executor.start()
        found: list[Outcome] = []
        try:
            found.append(await executor.run("cpu", order(tmp_path, 0), lambda _: None))
            for moment in range(1, MOMENTS):
                worker = own_worker()
                worker.kill()
                while psutil.pid_exists(worker.pid):  # the loop's own thread collects it
                    time.sleep(0.001)
                for _ in range(moment):
                    await asyncio.sleep(0)
                job = order(tmp_path, moment)
                async with asyncio.timeout(60):
                    outcome = await executor.run("cpu", job, lambda _: None)
                    while isinstance(outcome, Lost):
                        outcome = await executor.run("cpu", job, lambda _: None)
                found.append(outcome)
        finally:
            await executor.stop()
        return found

    assert all(isinstance(outcome, Finished) for outcome in asyncio.run(outcomes()))
