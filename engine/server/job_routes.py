"""Routes of jobs, plans, models and health, and the stream of events."""

from __future__ import annotations

import asyncio
import contextlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from engine import __version__
from engine.errors import BadRequest, NotFound
from engine.lifeline import Lifeline
from engine.protocol import PROTOCOL_VERSION, routes
from engine.protocol.codec import encode
from engine.protocol.jobs import JobRequest, Queued, Running
from engine.protocol.local import Holding
from engine.protocol.models import Health
from engine.protocol.plans import PlanRequest
from engine.server.auth import Owner
from engine.server.parts import Parts
from engine.server.replies import read_message, reply


class JobRoutes:
    """Handlers over the engine's parts."""

    def __init__(self, parts: Parts, lifeline: Lifeline | None) -> None:
        self._parts = parts
        self._lifeline = lifeline

    def routes(self) -> list[BaseRoute]:
        """The routes, for the application."""
        return [
            Route(routes.HEALTH, self.health, methods=["GET"]),
            Route(routes.MODELS, self.models, methods=["GET"]),
            Route(routes.PLAN, self.plan, methods=["POST"]),
            Route(routes.JOBS, self.list, methods=["GET"]),
            Route(routes.JOB, self.put, methods=["PUT"]),
            Route(routes.JOB, self.get, methods=["GET"]),
            Route(routes.JOB, self.delete, methods=["DELETE"]),
            Route(routes.HOLDER, self.hold, methods=["GET", "PUT", "DELETE"]),
            WebSocketRoute(routes.EVENTS, self.events),
        ]

    async def health(self, _request: Request) -> Response:
        """Who answers."""
        queue = self._parts.queue
        health = Health(
            protocol_version=PROTOCOL_VERSION,
            engine_version=__version__,
            engine_id=self._parts.engine_id,
            devices=self._parts.executor.devices(),
            queued=queue.count(Queued),
            running=queue.count(Running),
        )
        return reply(health)

    async def models(self, _request: Request) -> Response:
        """The cast."""
        return reply(self._parts.cast.cards())

    async def plan(self, request: Request) -> Response:
        """What a recipe would need."""
        return reply(self._parts.intake.plan(await read_message(request, PlanRequest)))

    async def list(self, request: Request) -> Response:
        """The owner's jobs."""
        return reply(self._parts.queue.list(_owner(request).name))

    async def get(self, request: Request) -> Response:
        """One job."""
        return reply(self._parts.queue.get(_job_id(request), _owner(request).name))

    async def put(self, request: Request) -> Response:
        """Queue a job."""
        message = await read_message(request, JobRequest)
        if message.id != _job_id(request):
            raise BadRequest("The job's id is not the one in the path.", "Send the same one twice.")
        return reply(self._parts.intake.submit(message, _owner(request)))

    async def delete(self, request: Request) -> Response:
        """Cancel a job, or let go of what it made."""
        job_id, owner = _job_id(request), _owner(request)
        self._parts.queue.get(job_id, owner.name)
        self._parts.dispatcher.cancel(job_id)
        return reply(self._parts.queue.get(job_id, owner.name))

    async def hold(self, request: Request) -> Response:
        """Live as long as a process of this machine does, or no longer for its sake."""
        if self._lifeline is None:
            raise NotFound("This engine does not depend on its clients.", "Nothing needs doing.")
        pid = str(request.path_params["pid"])
        if not pid.isdecimal():
            raise BadRequest(f"{pid[:20]!r} is not a process id.", "Send a number.")
        if request.method == "PUT":
            self._lifeline.hold(int(pid))
        if request.method == "DELETE":
            self._lifeline.release(int(pid))
        return reply(Holding(holders=self._lifeline.holders))

    async def events(self, socket: WebSocket) -> None:
        """The owner's events, for as long as the client listens."""
        await socket.accept()
        sending = asyncio.create_task(self._send(socket))
        kind = ""
        while kind != "websocket.disconnect":
            kind = (await socket.receive())["type"]
        sending.cancel()

    async def _send(self, socket: WebSocket) -> None:
        owner: Owner = socket.scope["owner"]
        asked = socket.query_params
        after = int(asked["after"]) if asked.get("after", "").isdecimal() else 0
        with contextlib.suppress(WebSocketDisconnect):
            async for event in self._parts.feed.follow(owner.name, after, asked.get("job")):
                await socket.send_text(encode(event).decode())


def _owner(request: Request) -> Owner:
    owner: Owner = request.scope["owner"]
    return owner


def _job_id(request: Request) -> str:
    return str(request.path_params["job_id"])
