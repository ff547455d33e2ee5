"""The route that brings models to this machine, proves them, or takes over others' copies.

Local engines only: whose disk a GPU server's models fill is its owner's business, and a folder to
import from is one of the machine that asks.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import threading
import time
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from engine.errors import BadRequest, DiskFull, EngineError, Internal, NotFound
from engine.protocol import routes
from engine.protocol.codec import encode
from engine.protocol.installs import InstallFailed, Installing, InstallNews, InstallRequest
from engine.server.cast import Cast
from engine.server.replies import read_message

_NEWS_EVERY_S = 0.1

log = logging.getLogger(__name__)


class _Unwanted(Exception):
    """Nobody listens any more, so the work stops; what is here is kept."""


class InstallRoutes:
    """One action at a time on each model."""

    def __init__(self, cast: Cast, is_local: bool) -> None:
        self._cast = cast
        self._is_local = is_local
        self._busy: set[str] = set()

    def routes(self) -> list[BaseRoute]:
        """The routes, for the application."""
        return [Route(routes.INSTALL, self.install, methods=["POST"])]

    async def install(self, request: Request) -> Response:
        """Do it, and answer with a line of news each time there is some."""
        if not self._is_local:
            raise NotFound(
                "A server's models are looked after on its own machine.",
                "Run the command there.",
            )
        model_id = str(request.path_params["model_id"])
        self._cast.card(model_id)
        message = await read_message(request, InstallRequest)
        if model_id in self._busy:
            raise BadRequest(f"{model_id} is being installed already.", "Wait for that to end.")
        self._busy.add(model_id)
        lines = self._lines(model_id, message)
        return StreamingResponse(lines, media_type="application/x-ndjson")

    async def _lines(self, model_id: str, message: InstallRequest) -> AsyncIterator[bytes]:
        """News as lines of JSON; the generator ends early when the client goes away."""
        work = _Work(self._cast, model_id, message)
        thread = asyncio.create_task(asyncio.to_thread(work.run))
        thread.add_done_callback(lambda _ended: self._busy.discard(model_id))
        try:
            while True:
                news = await work.news.get()
                yield encode(news) + b"\n"
                if not isinstance(news, Installing):
                    return
        finally:
            work.is_unwanted.set()


class _Work:
    """The blocking part, on a thread of its own."""

    def __init__(self, cast: Cast, model_id: str, message: InstallRequest) -> None:
        self._cast = cast
        self._model_id = model_id
        self._message = message
        self._loop = asyncio.get_running_loop()
        self._told_at_s = 0.0
        self.news: asyncio.Queue[InstallNews] = asyncio.Queue()
        self.is_unwanted = threading.Event()

    def run(self) -> None:
        """Do the work and tell how it ended."""
        try:
            self._tell(self._cast.install(self._model_id, self._message, self._report))
        except _Unwanted:
            log.info("%s of %s was stopped", self._message.action, self._model_id)
        except Exception as problem:
            self._tell(InstallFailed(error=_explained(problem).info))

    def _report(self, news: Installing) -> None:
        if self.is_unwanted.is_set():
            raise _Unwanted
        now_s = time.monotonic()
        if now_s - self._told_at_s >= _NEWS_EVERY_S:
            self._told_at_s = now_s
            self._tell(news)

    def _tell(self, news: InstallNews) -> None:
        self._loop.call_soon_threadsafe(self.news.put_nowait, news)


def _explained(problem: Exception) -> EngineError:
    match problem:
        case EngineError():
            return problem
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return DiskFull("The disk that holds the models is full.", "Free some space there.")
        case _:
            log.error("an install failed", exc_info=problem)
            return Internal(f"The install failed: {problem}.", "The engine's log has the details.")
