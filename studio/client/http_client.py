"""The EngineClient over HTTP and WebSocket, for an engine on this machine or on another."""

from __future__ import annotations

import queue
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.protocol import routes
from engine.protocol.assets import AssetRef
from engine.protocol.installs import InstallDone, Installing, InstallRequest
from engine.protocol.jobs import Cancelled, Done, Failed, Job, JobEvent, JobList, JobRequest
from engine.protocol.models import Health, ModelCard
from engine.protocol.plans import Plan, PlanRequest
from engine.protocol.recipes import Recipe
from studio.client.address import EngineHost
from studio.client.calls import Calls
from studio.client.download import Download
from studio.client.engine import Connected, Disconnected, Listener, StreamEvent, TransferProgress
from studio.client.errors import EngineUnreachable
from studio.client.event_stream import EventStream
from studio.client.install import Install
from studio.client.upload import Upload

PATIENCE_S = 60.0
"""How long `wait` lets an engine be out of reach before it gives up, unless told otherwise."""


class HttpEngineClient:
    """See EngineClient."""

    def __init__(self, host: EngineHost, patience_s: float = PATIENCE_S) -> None:
        self._host = host
        self._patience_s = patience_s
        self._calls = Calls(host)
        self._streams: list[EventStream] = []

    def health(self) -> Health:
        """See EngineClient."""
        return self._calls.get(routes.HEALTH, Health)

    def models(self) -> tuple[ModelCard, ...]:
        """See EngineClient."""
        return self._calls.get(routes.MODELS, tuple[ModelCard, ...])

    def install(
        self, model_id: str, request: InstallRequest, on_news: Callable[[Installing], None]
    ) -> InstallDone:
        """See EngineClient."""
        return Install(self._calls, model_id, request, on_news).run()

    def plan(self, recipe: Recipe) -> Plan:
        """See EngineClient."""
        return self.plan_elsewhere(PlanRequest(recipe=recipe))

    def plan_elsewhere(self, request: PlanRequest) -> Plan:
        """See EngineClient."""
        return self._calls.send("POST", routes.PLAN, request, Plan)

    def submit(self, recipe: Recipe, *, priority: int = 0, job_id: str | None = None) -> str:
        """See EngineClient."""
        request = JobRequest(id=job_id or uuid.uuid4().hex, recipe=recipe, priority=priority)
        return self._calls.send("PUT", routes.job_path(request.id), request, Job).id

    def cancel(self, job_id: str) -> None:
        """See EngineClient."""
        self._calls.send("DELETE", routes.job_path(job_id), None, Job)

    def release(self, job_id: str) -> None:
        """See EngineClient."""
        self._calls.send("DELETE", routes.job_path(job_id), None, Job)

    def job(self, job_id: str) -> Job:
        """See EngineClient."""
        return self._calls.get(routes.job_path(job_id), Job)

    def jobs(self) -> JobList:
        """See EngineClient."""
        return self._calls.get(routes.JOBS, JobList)

    def subscribe(self, listener: Listener, *, after: int = 0) -> EventStream:
        """See EngineClient."""
        stream = EventStream(self._host, self._calls, listener, after)
        self._streams.append(stream)
        return stream

    def wait(self, job_id: str, on_event: Callable[[JobEvent], None] | None = None) -> Job:
        """See EngineClient.

        Raises: EngineUnreachable, when the engine was away for longer than this client's patience.
        """
        self.job(job_id)
        arrived: queue.SimpleQueue[StreamEvent] = queue.SimpleQueue()
        stream = EventStream(self._host, self._calls, arrived.put, job_id=job_id)
        try:
            for event in _until_ended(arrived, self._patience_s):
                if on_event is not None:
                    on_event(event)
        finally:
            stream.close()
        return self.job(job_id)

    def upload(
        self,
        path: Path,
        *,
        media_type: str | None = None,
        on_progress: TransferProgress | None = None,
    ) -> AssetRef:
        """See EngineClient."""
        return Upload(self._calls, path, on_progress).run(media_type)

    def download(
        self, asset: AssetRef, path: Path, *, on_progress: TransferProgress | None = None
    ) -> None:
        """See EngineClient."""
        Download(self._calls, asset, path, on_progress).run()

    def close(self) -> None:
        """See EngineClient."""
        for stream in self._streams:
            stream.close()
        self._calls.close()
        self._host.close()


def _until_ended(arrived: queue.SimpleQueue[StreamEvent], patience_s: float) -> Iterator[JobEvent]:
    """A job's events up to the one that ends it."""
    limit_s: float | None = None
    reason = ""
    while True:
        try:
            event = arrived.get(timeout=limit_s)
        except queue.Empty:
            raise EngineUnreachable(reason) from None
        match event:
            case Connected():
                limit_s = None
            case Disconnected(reason=reason):
                limit_s = patience_s
            case JobEvent(state=state):
                yield event
                if isinstance(state, Done | Failed | Cancelled):
                    return
