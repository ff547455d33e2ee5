"""The dispatcher: one task for each device, taking jobs from the queue and telling how they end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

from engine.errors import EngineError, Internal
from engine.protocol.jobs import Cancelled, Done, Failed, Queued, Running
from engine.protocol.plans import DeviceInfo
from engine.protocol.recipes import Recipe
from engine.server.bell import Bell
from engine.server.event_feed import EventFeed
from engine.server.job_run import JobRun, Ties, Workshop
from engine.server.queue import Ended, JobQueue, OwnedJob
from engine.worker.messages import Progress

KEEP_ENDED_S = 7 * 86400.0
"""How long the story of a job that ended stays; what nobody has collected stays longer."""

WRITE_AGAIN_S = 2

T = TypeVar("T")
log = logging.getLogger(__name__)


class Dispatcher:
    """Keeps every device busy while jobs wait."""

    def __init__(self, queue: JobQueue, feed: EventFeed, shop: Workshop, changed: Bell) -> None:
        self._queue = queue
        self._feed = feed
        self._shop = shop
        self._changed = changed
        self._cancelled: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take up what an earlier engine left, and begin."""
        shutil.rmtree(self._shop.scratch, ignore_errors=True)
        self._queue.recover()
        self._queue.forget_before(time.time() - KEEP_ENDED_S)
        await self._shop.executor.start()
        for device in self._shop.executor.devices():
            self._tasks.append(asyncio.create_task(self._serve(device.id)))

    async def stop(self) -> None:
        """Stop at once; what was running waits for the next engine."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._shop.executor.stop()
        self._queue.suspend()

    def cancel(self, job_id: str) -> None:
        """A job is no longer wanted: it is stopped, or what it made need not be kept."""
        found = self._queue.find(job_id)
        match found.job.state if found else None:
            case Queued():
                self._feed.post(job_id, Cancelled())
            case Running():
                self._cancelled.add(job_id)
                self._shop.executor.cancel(job_id)
            case Done() | Failed() | Cancelled():
                self._queue.release(job_id)
            case None:
                return

    async def _serve(self, device_id: str) -> None:
        while True:
            ring = self._changed.next_ring()
            taken = await self._written(
                lambda: self._queue.take(lambda recipe: self._suits(recipe, device_id)),
                self._let_go,
            )
            if taken is None:
                await ring.wait()
                continue
            await self._run(taken, device_id)

    async def _run(self, taken: OwnedJob, device_id: str) -> None:
        job_id = taken.job.id
        ended = await self._make(taken, self._device(device_id))
        self._cancelled.discard(job_id)
        await self._written(
            lambda: self._feed.post(job_id, ended), lambda: self._clear_up(job_id, bound_bytes=0)
        )
        await asyncio.to_thread(self._clear_up, job_id)

    async def _written(self, write: Callable[[], T], make_room: Callable[[], None]) -> T:
        """What must not be lost is written when the disk has room again, if it has none now."""
        while True:
            try:
                return write()
            except sqlite3.OperationalError:
                log.exception("the queue cannot be written; trying again in %d s", WRITE_AGAIN_S)
                await asyncio.to_thread(make_room)
                await asyncio.sleep(WRITE_AGAIN_S)

    def _clear_up(self, job_id: str, bound_bytes: int | None = None) -> None:
        """Remove what a job left behind, and keep the store within its bound."""
        shutil.rmtree(self._shop.scratch / job_id, ignore_errors=True)
        self._shop.assets.make_room(bound_bytes)

    def _let_go(self) -> None:
        self._shop.assets.make_room(0)

    async def _make(self, taken: OwnedJob, device: DeviceInfo) -> Ended:
        job_id = taken.job.id
        ties = Ties(
            begin_again=lambda: self._queue.begin_again(job_id),
            on_progress=lambda progress: self._tell(progress, job_id),
            is_cancelled=lambda: job_id in self._cancelled,
        )
        run = JobRun(self._shop, job_id, taken.job.recipe, taken.attempt, ties)
        try:
            return await run.make(device)
        except Exception:
            log.exception("job %s failed in the server", job_id)
            return Failed(error=_OUR_FAULT)

    def _tell(self, progress: Progress, job_id: str) -> None:
        """Progress that a full disk has no room for is left out."""
        found = self._queue.find(job_id)
        if found is None:
            return
        state = Running(
            phase=progress.phase,
            step=progress.step,
            steps=progress.steps,
            seconds_left=progress.seconds_left,
            attempt=found.attempt,
        )
        with contextlib.suppress(sqlite3.OperationalError):
            self._feed.post(job_id, state, progress.preview)

    def _suits(self, recipe: Recipe, device_id: str) -> bool:
        """Whether this device is to take it; one that no device can run is taken, to be failed."""
        devices = self._shop.executor.devices()
        if len(devices) == 1:
            return True
        try:
            here = self._shop.cast.plan(recipe, (self._device(device_id),))
            return here.refusal is None or not self._fits_somewhere(recipe, devices)
        except EngineError:
            return True

    def _fits_somewhere(self, recipe: Recipe, devices: tuple[DeviceInfo, ...]) -> bool:
        return self._shop.cast.plan(recipe, devices).refusal is None

    def _device(self, device_id: str) -> DeviceInfo:
        return next(d for d in self._shop.executor.devices() if d.id == device_id)


_OUR_FAULT = Internal(
    "The engine made a mistake with this job.", "Queue it again; the engine's log has the details."
).info
