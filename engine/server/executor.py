"""Executors: where jobs run. One starts processes on this machine; another may use a cluster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from engine.protocol.plans import DeviceInfo
from engine.worker.messages import Broke, Finished, Progress, RunJob, Stopped


@dataclass(frozen=True, slots=True)
class Lost:
    """The worker ended under the job. `reason` completes "The worker …"."""

    reason: str
    out_of_memory: bool = False


Outcome = Finished | Broke | Stopped | Lost
"""How a run ended. Files of a Finished one lie in the job's scratch folder on this machine."""

OnProgress = Callable[[Progress], None]


class Executor(Protocol):
    """Runs one job at a time on each of its devices; all calls come from the event loop."""

    async def start(self) -> None:
        """Begin to get ready; returns at once, while workers still warm up."""
        ...

    async def stop(self) -> None:
        """End every worker, whatever it is doing."""
        ...

    def devices(self) -> tuple[DeviceInfo, ...]:
        """The devices, with the memory that a job could have there now."""
        ...

    async def run(self, device_id: str, job: RunJob, on_progress: OnProgress) -> Outcome:
        """Run a job to its end, however it ends; never raises for what the job did."""
        ...

    def cancel(self, job_id: str) -> None:
        """Have a running job stop: asked first, and killed with its worker if it does not."""
        ...
