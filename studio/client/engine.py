"""EngineClient: everything the studio asks of an engine, wherever that engine is.

All calls block and may be made from any thread; events arrive on a thread of the subscription.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from engine.protocol.assets import AssetRef
from engine.protocol.installs import InstallDone, Installing, InstallRequest
from engine.protocol.jobs import Job, JobEvent, JobList
from engine.protocol.models import Health, ModelCard
from engine.protocol.plans import Plan, PlanRequest
from engine.protocol.recipes import Recipe


@dataclass(frozen=True, slots=True)
class Connected:
    """The event stream is up; `engine_id` tells whether it is the engine of last time."""

    engine_id: str


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The event stream is down and is being brought up again; nothing will be missed."""

    reason: str


StreamEvent = JobEvent | Connected | Disconnected
Listener = Callable[[StreamEvent], None]
"""Called on the subscription's own thread, one event at a time, in order."""

TransferProgress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


class Subscription(Protocol):
    """A running event stream."""

    def close(self) -> None:
        """Stop it; the listener is not called again once this returns."""
        ...


class EngineClient(Protocol):
    """One engine. Every method may raise an EngineClientError (studio.client.errors)."""

    def health(self) -> Health:
        """Who answers, with its devices and how many jobs wait."""
        ...

    def models(self) -> tuple[ModelCard, ...]:
        """The cast: every model of the engine's catalogue."""
        ...

    def install(
        self, model_id: str, request: InstallRequest, on_news: Callable[[Installing], None]
    ) -> InstallDone:
        """Download, verify or import a model on this machine; raising from `on_news` stops it."""
        ...

    def plan(self, recipe: Recipe) -> Plan:
        """What the recipe would need there. A recipe that cannot fit has `plan.refusal`."""
        ...

    def plan_elsewhere(self, request: PlanRequest) -> Plan:
        """What a recipe would need on devices that the engine does not have."""
        ...

    def submit(self, recipe: Recipe, *, priority: int = 0, job_id: str | None = None) -> str:
        """Queue a recipe and return the job's id; sending an id twice queues once.

        Higher priorities run first. Inputs must have been uploaded.
        """
        ...

    def cancel(self, job_id: str) -> None:
        """Stop a job that has not ended."""
        ...

    def release(self, job_id: str) -> None:
        """Say that a done job's outputs are safe here, so that the engine may let them go."""
        ...

    def job(self, job_id: str) -> Job:
        """One job as it stands."""
        ...

    def jobs(self) -> JobList:
        """Every job this token owns, and the sequence from which to follow their events."""
        ...

    def subscribe(self, listener: Listener, *, after: int = 0) -> Subscription:
        """Call `listener` with every event after that sequence, through every reconnection."""
        ...

    def wait(self, job_id: str, on_event: Callable[[JobEvent], None] | None = None) -> Job:
        """Block until the job has ended, passing on its events."""
        ...

    def upload(
        self,
        path: Path,
        *,
        media_type: str | None = None,
        on_progress: TransferProgress | None = None,
    ) -> AssetRef:
        """Give the engine a file, or only what it lacks of it."""
        ...

    def download(
        self, asset: AssetRef, path: Path, *, on_progress: TransferProgress | None = None
    ) -> None:
        """Fetch an asset, going on from `path`.part if there is one; verify, then rename."""
        ...

    def close(self) -> None:
        """End subscriptions and connections, and a local engine that this client started."""
        ...
