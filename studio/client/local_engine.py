"""This machine's engine: found if one runs for this user, started if not, and again if it died.

It lives for the processes that hold it and ends with the last of them, also when that is killed.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import platformdirs

import engine.protocol
from engine.protocol.codec import BadMessage, decode
from engine.protocol.local import ENDPOINT_FILE, Holding, LocalEndpoint
from engine.protocol.routes import holder_path
from studio.client.address import Address
from studio.client.errors import EngineNotStarted, EngineUnreachable

START_LIMIT_S = 60.0
STATE_IN_USE = 3
"""The engine's exit code when another one was just started for this user."""

_ANSWER_LIMIT_S = 5.0
_LOOK_AGAIN_S = 0.05
_ROOT = Path(engine.protocol.__file__).resolve().parents[2]


def default_state() -> Path:
    """Where the local engine keeps its queue, its cache and its logs."""
    return platformdirs.user_data_path("workprint") / "engine"


class LocalEngine:
    """See EngineHost. `options` are further arguments of `serve`."""

    def __init__(self, state: Path | None = None, options: tuple[str, ...] = ()) -> None:
        self._state = state or default_state()
        self._options = options
        self._lock = threading.Lock()
        self._held: LocalEndpoint | None = None
        self._process: subprocess.Popen[str] | None = None
        self._is_closed = False

    def address(self) -> Address:
        """See EngineHost."""
        with self._lock:
            if self._is_closed:
                raise EngineUnreachable("This connection to the engine has been closed.")
            endpoint = self._find() or self._start()
            self._held = endpoint
            return Address(endpoint.url, endpoint.token)

    def close(self) -> None:
        """See EngineHost: the engine ends if nobody else holds it."""
        with self._lock:
            self._is_closed = True
            if self._held is None:
                return
            with contextlib.suppress(httpx.TransportError, BadMessage):
                left = _hold(self._held, "DELETE")
                if left.holders == 0 and self._process is not None:
                    self._process.wait()
            self._held = None

    def _find(self) -> LocalEndpoint | None:
        """The engine that runs for this user, held for this process; None if there is none."""
        endpoint = self._read_endpoint()
        if endpoint is None:
            return None
        is_held = self._held is not None and self._held.token == endpoint.token
        try:
            _hold(endpoint, "GET" if is_held else "PUT")
        except (httpx.HTTPError, BadMessage):
            return None
        return endpoint

    def _read_endpoint(self) -> LocalEndpoint | None:
        path = self._state / ENDPOINT_FILE
        with contextlib.suppress(OSError, BadMessage):
            return decode(path.read_bytes(), LocalEndpoint)
        return None

    def _start(self) -> LocalEndpoint:
        process = self._process = self._launch()
        threading.Thread(target=process.wait, name="engine-end", daemon=True).start()
        deadline_s = time.monotonic() + START_LIMIT_S
        line = _first_line(process, START_LIMIT_S)
        if line:
            return decode(line, LocalEndpoint)
        if process.wait() == STATE_IN_USE:
            return self._find_until(deadline_s)
        raise EngineNotStarted(f"The engine did not start. {self._complaint()}")

    def _find_until(self, deadline_s: float) -> LocalEndpoint:
        """The other engine's, which may need a moment to be reached."""
        while time.monotonic() < deadline_s:
            if found := self._find():
                return found
            time.sleep(_LOOK_AGAIN_S)
        raise EngineNotStarted(
            f"Another engine works in {self._state} and does not answer. End it and try again."
        )

    def _launch(self) -> subprocess.Popen[str]:
        try:
            self._state.mkdir(parents=True, exist_ok=True)
            complaints = self._complaints.open("w", encoding="utf-8")
        except OSError as problem:
            raise EngineNotStarted(
                f"The engine's folder {self._state} cannot be written: {problem.strerror}."
                " Check its permissions and the space on its disk."
            ) from problem
        arguments = ["--local", "--holder", str(os.getpid()), "--state", str(self._state)]
        with complaints:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "engine", "serve", *arguments, *self._options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                env=_environment(),
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )

    @property
    def _complaints(self) -> Path:
        return self._state / "start.log"

    def _complaint(self) -> str:
        """What the engine said as it ended: its own sentence, or the last line of a traceback."""
        lines = self._complaints.read_text(encoding="utf-8", errors="replace").split("\n")
        said = [line for line in lines if line.strip()]
        return said[-1] if said else f"Its log is in {self._state / 'logs'}."


def _hold(endpoint: LocalEndpoint, method: str) -> Holding:
    """Ask for, give up or look at this process's hold.

    Raises: httpx.HTTPError or BadMessage, when what answers is not that engine.
    """
    address = Address(endpoint.url, endpoint.token)
    answer = httpx.request(
        method,
        f"{endpoint.url}{holder_path(os.getpid())}",
        headers=address.headers,
        timeout=_ANSWER_LIMIT_S,
        trust_env=False,
    )
    return decode(answer.raise_for_status().content, Holding)


def _first_line(process: subprocess.Popen[str], limit_s: float) -> str:
    """What the engine prints once it can be reached; "" if it ended, or was ended for its delay."""
    assert process.stdout is not None
    output, lines = process.stdout, list[str]()

    def read() -> None:
        with output:
            lines.append(output.readline())

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(limit_s)
    if not lines:
        process.kill()
    return lines[0] if lines else ""


def _environment() -> dict[str, str]:
    """The engine is found wherever the studio was started from."""
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
