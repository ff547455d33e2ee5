"""The worker process: reads jobs from the pipe, runs them one at a time, answers on the pipe.

Three threads: the main one runs abilities, one listens for jobs and cancellations, one beats. A
worker whose server is gone ends at once.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from engine.abilities.registry import find_ability
from engine.errors import JobCancelled
from engine.protocol.assets import Output
from engine.protocol.errors import ErrorCode
from engine.protocol.recipes import Ability
from engine.worker.device import Device, open_device, ram_peak_bytes, reset_ram_peak
from engine.worker.failures import as_engine_error
from engine.worker.job_context import PipeJobContext
from engine.worker.messages import (
    Broke,
    CancelJob,
    Finished,
    FromWorker,
    Heartbeat,
    Ready,
    RunJob,
    SavedOutput,
    Stopped,
    WorkerEnd,
)
from engine.worker.pace import record_pace
from engine.worker.progress import PhaseTimes, ProgressMeter
from engine.worker.warm_models import WarmModels

HEARTBEAT_S = 1.0

log = logging.getLogger(__name__)

AbilityTable = Mapping[tuple[Ability, str], str]


class Worker:
    """One device's process, from its imports to the end of its server."""

    def __init__(self, pipe: WorkerEnd, abilities: AbilityTable, log_path: Path | None) -> None:
        self._pipe = pipe
        self._abilities = abilities
        self._log_path = log_path
        self._jobs: queue.SimpleQueue[RunJob] = queue.SimpleQueue()
        self._cancelled: set[str] = set()
        self._phase_times = PhaseTimes()

    def run(self, device_id: str, prewarm: tuple[str, ...]) -> None:
        """Import, say that the worker is ready, and run jobs until the process ends."""
        threading.Thread(target=self._listen, name="listen", daemon=True).start()
        began_s = time.perf_counter()
        for module in prewarm:
            _import_early(module)
        log.info("imports took %.1f s", time.perf_counter() - began_s)
        device = open_device(device_id)
        models = WarmModels(device.warm_bytes, device.free_cache)
        self._pipe.send(Ready(device=device.info))
        threading.Thread(target=self._beat, args=(device,), name="beat", daemon=True).start()
        while True:
            job = self._jobs.get()
            self._pipe.send(self._run_job(job, device, models))
            self._cancelled.discard(job.job_id)

    def _listen(self) -> None:
        while True:
            match self._pipe.receive():
                case RunJob() as job:
                    self._jobs.put(job)
                case CancelJob(job_id=job_id):
                    self._cancelled.add(job_id)
                case None:
                    os._exit(0)

    def _beat(self, device: Device) -> None:
        while True:
            time.sleep(HEARTBEAT_S)
            self._pipe.send(Heartbeat(free_bytes=device.info.free_bytes))

    def _run_job(self, job: RunJob, device: Device, models: WarmModels) -> FromWorker:
        log.info("job %s: %s with %s", job.job_id, job.recipe.ability.value, job.recipe.model)
        notes: list[str] = []
        try:
            return self._make(job, device, models, notes)
        except JobCancelled:
            return Stopped(job_id=job.job_id)
        except Exception as problem:
            return self._broke(job, notes, problem, models)

    def _make(self, job: RunJob, device: Device, models: WarmModels, notes: list[str]) -> Finished:
        meter = ProgressMeter(job.job_id, _kind(job), self._phase_times, self._pipe.send)
        context = PipeJobContext(job, models, meter, notes, lambda: job.job_id in self._cancelled)
        models.begin_job(job.plan.vram_bytes or job.plan.ram_bytes, device.info.free_bytes)
        device.reset_peak()
        reset_ram_peak()
        began_s = time.perf_counter()
        run = find_ability(job.recipe.ability, job.card.family, self._abilities)
        outputs = run(job.recipe, context)
        model_s = time.perf_counter() - began_s - context.saving_s
        meter.finish()
        record_pace(job, self._phase_times.seconds[_kind(job)])
        return Finished(
            job_id=job.job_id,
            outputs=_in_order(outputs, context.saved),
            model_s=model_s,
            notes=tuple(notes),
            peak_ram_bytes=ram_peak_bytes(),
            peak_vram_bytes=device.peak_bytes(),
        )

    def _broke(
        self, job: RunJob, notes: list[str], problem: Exception, models: WarmModels
    ) -> Broke:
        """A job that broke leaves nothing warm: its models may be damaged, or be too much."""
        log.error("job %s failed", job.job_id, exc_info=problem)
        error = as_engine_error(problem, self._log_path).info
        problem.__traceback__ = None
        if error.code in (ErrorCode.OUT_OF_MEMORY, ErrorCode.INTERNAL):
            models.clear()
        return Broke(job_id=job.job_id, error=error, notes=tuple(notes))


def _import_early(module: str) -> None:
    """One that cannot be imported fails the jobs that need it, each with its sentence."""
    try:
        import_module(module)
    except Exception:
        log.exception("could not import %s", module)


def _kind(job: RunJob) -> str:
    """What makes two jobs take about as long in each phase."""
    recipe = job.recipe
    parts = (recipe.ability, recipe.model, recipe.width, recipe.height, recipe.frames)
    return " ".join(str(part) for part in (*parts, recipe.sampler.steps, job.plan.precision))


def _in_order(outputs: tuple[Output, ...], saved: list[SavedOutput]) -> tuple[SavedOutput, ...]:
    files = {item.output: item for item in saved}
    return tuple(files[output] for output in outputs)
