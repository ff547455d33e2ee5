"""The address an engine listens at: its socket, its file for local studios, and its lock."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path
from typing import IO

from engine.errors import BadRequest
from engine.protocol.codec import encode
from engine.protocol.local import ENDPOINT_FILE, LocalEndpoint

LOCK_FILE = "lock"
_BACKLOG = 128


class StateInUse(BadRequest):
    """Another engine works in the state folder."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any that is free.

    Raises: BadRequest, for an address that is taken or is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as problem:
        raise _unusable(host, port, problem) from problem
    return listener


def lock_state(state: Path) -> IO[bytes]:
    """Hold the state folder for as long as the returned file is open, or the process lives.

    Raises: StateInUse.
    """
    state.mkdir(parents=True, exist_ok=True)
    file = (state / LOCK_FILE).open("ab")
    try:
        _lock(file)
    except OSError as problem:
        raise StateInUse(
            f"Another engine already works in {state}.", "Stop it, or give this one --state."
        ) from problem
    return file


def publish(state: Path, endpoint: LocalEndpoint) -> None:
    """Tell this user's studios where the engine is."""
    temporary = state / f"{ENDPOINT_FILE}.new"
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(encode(endpoint))
    temporary.replace(state / ENDPOINT_FILE)


def withdraw(state: Path) -> None:
    """The engine is about to end."""
    (state / ENDPOINT_FILE).unlink(missing_ok=True)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _unusable(host: str, port: int, problem: OSError) -> BadRequest:
    if problem.errno == errno.EADDRINUSE:
        return BadRequest(
            f"Port {port} of {host} is in use by another program.",
            "Stop that program, or choose another with --port.",
        )
    return BadRequest(
        f"The engine cannot listen at {host}:{port}: {problem.strerror or problem}.",
        "Choose another --host or --port.",
    )
