"""A network between client and engine that a test can cut, at once or after so many bytes."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit

from studio.client.address import Address, RemoteHost
from studio.client.http_client import PATIENCE_S, HttpEngineClient

_PIECE_BYTES = 16 * 1024


class Relay:
    """Passes connections on to an engine. `allow` bytes go through before the next cut."""

    def __init__(self, target: Address) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._allowance: int | None = None
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> Address:
        """Where the engine seems to be."""
        port = self._listener.getsockname()[1]
        return Address(f"http://127.0.0.1:{port}", self._target.token)

    def client(self, patience_s: float = PATIENCE_S) -> HttpEngineClient:
        """A client that reaches the engine through here."""
        return HttpEngineClient(RemoteHost(self.address), patience_s)

    def retarget(self, target: Address) -> None:
        """Pass new connections on to another engine."""
        self._target = target

    def cut(self) -> None:
        """Break every connection now; new ones are passed on."""
        with self._lock:
            self._cut()

    def cut_after(self, size_bytes: int) -> None:
        """Break every connection once so many more bytes have passed, either way."""
        with self._lock:
            self._allowance = size_bytes

    def close(self) -> None:
        """End for good."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                url = urlsplit(self._target.url)
                far = socket.create_connection((url.hostname, url.port))
                with self._lock:
                    self._sockets |= {near, far}
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_PIECE_BYTES):
                sink.sendall(data)
                self._count(len(data))
        for end in (source, sink):
            _break(end)

    def _count(self, size_bytes: int) -> None:
        with self._lock:
            if self._allowance is None:
                return
            self._allowance -= size_bytes
            if self._allowance <= 0:
                self._cut()

    def _cut(self) -> None:
        """With the lock held, so that the ways there and back do not both cut."""
        for end in self._sockets:
            _break(end)
        self._sockets.clear()
        self._allowance = None
        self.cuts += 1


def _break(end: socket.socket) -> None:
    """Shut down first: a close alone leaves a thread that still reads waiting."""
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
