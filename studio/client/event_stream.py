"""The event stream: a thread that listens, and comes back by itself to where it was."""

from __future__ import annotations

import logging
import threading
from urllib.parse import urlencode

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from engine.protocol import routes
from engine.protocol.codec import BadMessage, decode
from engine.protocol.jobs import JobEvent
from engine.protocol.models import Health
from studio.client.address import Address, EngineHost
from studio.client.calls import Calls
from studio.client.engine import Connected, Disconnected, Listener, StreamEvent
from studio.client.errors import EngineClientError

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0

_CLOSE_LIMIT_S = 1.0
_LARGEST_EVENT_BYTES = 64 * 2**20

log = logging.getLogger(__name__)


class EventStream:
    """See Subscription. `job_id` limits it to one job."""

    def __init__(
        self,
        host: EngineHost,
        calls: Calls,
        listener: Listener,
        after: int = 0,
        job_id: str | None = None,
    ) -> None:
        self._host = host
        self._calls = calls
        self._listener = listener
        self._after = after
        self._job_id = job_id
        self._engine_id: str | None = None
        self._closed = threading.Event()
        self._passing_on = threading.RLock()
        self._socket: ClientConnection | None = None
        self._is_up = True
        threading.Thread(target=self._run, name="engine-events", daemon=True).start()

    def close(self) -> None:
        """See Subscription."""
        with self._passing_on:
            self._closed.set()
        if self._socket is not None:
            self._socket.close()

    def _run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._closed.is_set():
            try:
                self._listen()
                pause_s = FIRST_PAUSE_S
                self._lost("The engine closed the connection.")
            except (EngineClientError, WebSocketException, OSError, BadMessage) as problem:
                self._lost(str(problem))
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            self._closed.wait(pause_s)

    def _listen(self) -> None:
        """One connection, from its opening to its end."""
        health = self._calls.get(routes.HEALTH, Health)
        address = self._host.address()
        if self._engine_id not in (None, health.engine_id):
            self._after = 0
        self._engine_id = health.engine_id
        with _open(address, self._query()) as socket:
            self._socket = socket
            if self._closed.is_set():
                return
            self._is_up = True
            self._pass_on(Connected(health.engine_id))
            for text in socket:
                event = decode(text, JobEvent)
                self._after = event.sequence
                self._pass_on(event)

    def _query(self) -> str:
        query = {"after": str(self._after)}
        return urlencode(query if self._job_id is None else {**query, "job": self._job_id})

    def _lost(self, reason: str) -> None:
        if self._is_up:
            self._is_up = False
            self._pass_on(Disconnected(reason))

    def _pass_on(self, event: StreamEvent) -> None:
        """A listener that fails must not end the stream for those events that follow."""
        with self._passing_on:
            if self._closed.is_set():
                return
            try:
                self._listener(event)
            except Exception:
                log.exception("a listener failed on %r", event)


def _open(address: Address, query: str) -> ClientConnection:
    return connect(
        f"{address.events_url}{routes.EVENTS}?{query}",
        additional_headers=address.headers,
        ssl=address.tls(),
        max_size=_LARGEST_EVENT_BYTES,
        close_timeout=_CLOSE_LIMIT_S,
        proxy=None if address.is_loopback else True,
    )
