"""One request and its answer: where to, how often to try, and what a failure is called."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

from engine.protocol.codec import BadMessage, decode, encode
from engine.protocol.errors import ErrorInfo
from studio.client.address import Address, EngineHost
from studio.client.errors import (
    AnswerNotUnderstood,
    ConnectionUntrusted,
    EngineClientError,
    EngineRefused,
    EngineUnreachable,
)

TIMEOUT = httpx.Timeout(30.0, connect=5.0)
PATIENT = httpx.Timeout(600.0, connect=5.0)
"""For the last piece of an upload, after which the engine hashes the whole of it."""

T = TypeVar("T")
Use = Callable[[httpx.Client], T]


class Calls:
    """Requests to one host's engine; any thread may make them.

    Every request of the protocol may be sent twice, so one that fails on the way is sent again to
    the address where the host says the engine is now.
    """

    def __init__(self, host: EngineHost) -> None:
        self._host = host
        self._lock = threading.Lock()
        self._connection: tuple[Address, httpx.Client] | None = None

    def get(self, path: str, kind: type[T]) -> T:
        """GET a message."""
        return self.send("GET", path, None, kind)

    def send(self, method: str, path: str, message: Any, kind: type[T]) -> T:
        """Send a message, or none, and read one."""
        body = None if message is None else encode(message)
        return read(self.call(method, path, body), kind)

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> httpx.Response:
        """Send bytes, and return whatever answer came."""
        return self.use(
            lambda client: client.request(
                method, path, content=body, headers=headers, timeout=timeout
            )
        )

    def use(self, act: Use[T]) -> T:
        """Do something with a connection, twice if the first one failed.

        Raises: EngineUnreachable, ConnectionUntrusted, or what the host raises.
        """
        try:
            return act(self._client(is_fresh=False))
        except httpx.TransportError:
            client = self._client(is_fresh=True)
        try:
            return act(client)
        except httpx.TransportError as problem:
            raise _unreachable(problem, str(client.base_url)) from problem

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            if self._connection is not None:
                self._connection[1].close()
            self._connection = None

    def _client(self, is_fresh: bool) -> httpx.Client:
        with self._lock:
            if self._connection is not None and not is_fresh:
                return self._connection[1]
            address = self._host.address()
            if self._connection is not None and self._connection[0] == address:
                return self._connection[1]
            if self._connection is not None:
                self._connection[1].close()
            self._connection = (address, _open(address))
            return self._connection[1]


def read(response: httpx.Response, kind: type[T]) -> T:
    """The message in an answer.

    Raises: EngineRefused, AnswerNotUnderstood.
    """
    if response.is_success:
        try:
            return decode(response.content, kind)
        except BadMessage as problem:
            raise _not_understood(response) from problem
    raise refused(response)


def refused(response: httpx.Response) -> EngineClientError:
    """What an unsuccessful answer says."""
    try:
        return EngineRefused(decode(response.content, ErrorInfo))
    except BadMessage:
        return _not_understood(response)


def _open(address: Address) -> httpx.Client:
    return httpx.Client(
        base_url=address.url,
        headers=address.headers,
        verify=address.tls() or False,
        timeout=TIMEOUT,
        trust_env=not address.is_loopback,
    )


def _not_understood(response: httpx.Response) -> AnswerNotUnderstood:
    return AnswerNotUnderstood(
        f"What answers at {response.request.url.host} does not speak as a Workprint engine"
        f" (status {response.status_code}). Check the address, and that both are up to date."
    )


def _unreachable(problem: httpx.TransportError, url: str) -> EngineClientError:
    if "CERTIFICATE_VERIFY_FAILED" in str(problem):
        return ConnectionUntrusted(
            f"The certificate of {url} is not trusted. Give the server's certificate file in the"
            " preferences, or have it signed."
        )
    if "WRONG_VERSION_NUMBER" in str(problem) or "record layer failure" in str(problem):
        plain = url.replace("https://", "http://", 1)
        return EngineUnreachable(
            f"What answers at {url} does so without encryption. If it is your server, write its"
            f" address as {plain}."
        )
    return EngineUnreachable(
        f"The engine at {url} does not answer ({problem}). Check that it runs and can be reached."
    )
