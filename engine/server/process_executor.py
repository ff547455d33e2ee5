"""The executor of one machine: a worker process per device, started early, replaced at need."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from engine.protocol.plans import DeviceInfo
from engine.server.executor import Lost, OnProgress, Outcome
from engine.server.worker_process import WorkerCommand, WorkerGone, WorkerProcess
from engine.worker.messages import (
    Broke,
    CancelJob,
    Finished,
    FromWorker,
    Heartbeat,
    Progress,
    Ready,
    RunJob,
    Stopped,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a worker may take: to obey a cancel, to start, between beats, between reports."""

    cancel_grace_s: float = 5.0
    start_s: float = 180.0
    silence_s: float = 30.0
    stall_s: float = 900.0


@dataclass(slots=True)
class _Run:
    """A job on a device, from the call to its outcome."""

    job: RunJob
    on_progress: OnProgress
    outcome: asyncio.Future[Outcome]
    is_sent: bool = False
    is_cancelled: bool = False
    heard_s: float = field(default_factory=time.monotonic)

    def end(self, outcome: Outcome) -> None:
        """The first outcome counts; a cancelled job's is that it stopped, however it ended."""
        if not self.outcome.done():
            stopped = Stopped(job_id=self.job.job_id)
            self.outcome.set_result(stopped if self.is_cancelled else outcome)


class _Slot:
    """One device: its worker, and the run it is busy with."""

    def __init__(self, device: DeviceInfo, command: WorkerCommand, limits: Limits) -> None:
        self._planned_device = device
        self._command = command
        self._limits = limits
        self._worker: WorkerProcess | None = None
        self._ready = asyncio.Event()
        self._wanted = asyncio.Event()
        self.run: _Run | None = None

    @property
    def device(self) -> DeviceInfo:
        """The device as its worker last reported it."""
        reported = self._worker.device if self._worker else None
        return reported or self._planned_device

    async def tend(self) -> None:
        """Keep a worker running, for as long as the task lives.

        One that cannot even start is not started again until a job wants it.
        """
        while True:
            worker = self._worker = await WorkerProcess.start(self._command)
            log.info("worker %d for %s", worker.pid, self._command.device_id)
            try:
                while True:
                    self._take(await worker.receive())
            except WorkerGone as gone:
                log.warning("worker %d %s", worker.pid, gone.loss.reason)
                self._ready.clear()
                self._lose(worker, gone.loss)
            if worker.device is None:
                self._wanted.clear()
                await self._wanted.wait()

    async def execute(self, job: RunJob, on_progress: OnProgress) -> Outcome:
        """Run one job; the device must be idle."""
        run = _Run(job, on_progress, asyncio.get_running_loop().create_future())
        self.run = run
        self._wanted.set()
        try:
            while not (self._ready.is_set() or run.outcome.done()):
                await _either(self._ready, run.outcome)
            if not run.outcome.done():
                run.is_sent, run.heard_s = True, time.monotonic()
                await self._send(job)
            return await self._watch(run)
        finally:
            self.run = None

    async def cancel(self) -> None:
        """Ask the run to stop, and kill its worker if it has not within the grace."""
        run = self.run
        if run is None or run.is_cancelled:
            return
        run.is_cancelled = True
        if not self._ready.is_set():
            run.end(Stopped(job_id=run.job.job_id))
            return
        await self._send(CancelJob(job_id=run.job.job_id))
        await asyncio.wait({run.outcome}, timeout=self._limits.cancel_grace_s)
        if not run.outcome.done():
            log.warning("job %s did not stop when asked", run.job.job_id)
            await self.kill()

    async def kill(self) -> None:
        """End the worker; `tend` notices, and nothing is sent to it meanwhile."""
        self._ready.clear()
        if self._worker is not None:
            await self._worker.kill()

    def _take(self, message: FromWorker) -> None:
        match message:
            case Ready():
                self._ready.set()
            case Heartbeat():
                pass
            case Progress():
                if self.run is not None and self.run.job.job_id == message.job_id:
                    self.run.heard_s = time.monotonic()
                    self.run.on_progress(message)
            case Finished() | Broke() | Stopped():
                if self.run is not None and self.run.job.job_id == message.job_id:
                    self.run.end(message)

    def _lose(self, worker: WorkerProcess, loss: Lost) -> None:
        """A run that has not been sent yet waits for the next worker, if there can be one."""
        if self.run is not None and (self.run.is_sent or worker.device is None):
            self.run.end(loss)

    async def _send(self, message: RunJob | CancelJob) -> None:
        """A worker that cannot be written to has ended; `tend` finds that out by reading.

        It must not have found out already: between seeing that a worker is ready and this call
        nothing is awaited.
        """
        assert self._worker is not None
        with contextlib.suppress(WorkerGone):
            await self._worker.send(message)

    async def _watch(self, run: _Run) -> Outcome:
        """A job that is planned to take long may also be silent for long."""
        limit_s = max(self._limits.stall_s, run.job.plan.seconds or 0.0)
        while not run.outcome.done():
            left_s = limit_s - (time.monotonic() - run.heard_s)
            await asyncio.wait({run.outcome}, timeout=max(0.0, left_s))
            if not run.outcome.done() and left_s <= 0:
                run.end(Lost(f"made no progress for {limit_s:.0f} s"))
                await self.kill()
        return run.outcome.result()


class ProcessExecutor:
    """Runs jobs in worker processes on this machine, one for each device."""

    def __init__(
        self,
        devices: Iterable[DeviceInfo],
        log_folder: Path,
        abilities: str = "engine.abilities.registry",
        limits: Limits | None = None,
    ) -> None:
        limits = limits or Limits()
        self._slots = {
            device.id: _Slot(device, _command(device, log_folder, abilities, limits), limits)
            for device in devices
        }
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """See Executor."""
        for slot in self._slots.values():
            self._keep(asyncio.create_task(slot.tend()))

    async def stop(self) -> None:
        """See Executor."""
        for task in tuple(self._tasks):
            task.cancel()
        for slot in self._slots.values():
            await slot.kill()

    def devices(self) -> tuple[DeviceInfo, ...]:
        """See Executor."""
        return tuple(slot.device for slot in self._slots.values())

    async def run(self, device_id: str, job: RunJob, on_progress: OnProgress) -> Outcome:
        """See Executor."""
        return await self._slots[device_id].execute(job, on_progress)

    def cancel(self, job_id: str) -> None:
        """See Executor."""
        for slot in self._slots.values():
            if slot.run is not None and slot.run.job.job_id == job_id:
                self._keep(asyncio.create_task(slot.cancel()))

    def _keep(self, task: asyncio.Task[None]) -> None:
        """The loop holds tasks weakly."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _command(device: DeviceInfo, log_folder: Path, abilities: str, limits: Limits) -> WorkerCommand:
    return WorkerCommand(
        device_id=device.id,
        abilities=abilities,
        log_path=log_folder / f"worker-{device.id.replace(':', '-')}.log",
        start_limit_s=limits.start_s,
        silence_limit_s=limits.silence_s,
    )


async def _either(ready: asyncio.Event, outcome: asyncio.Future[Outcome]) -> None:
    """Until the worker is ready or the run has ended without it."""
    waiting = asyncio.ensure_future(ready.wait())
    await asyncio.wait({waiting, outcome}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
