"""Commands as a person runs them, against a real engine.

Most are called as `python -m studio` calls them, but in the tests' own process: an interpreter that
starts costs half a second, and what it does is tested where `start` or `alone` is used.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from engine.protocol.codec import decode
from engine.protocol.local import ENDPOINT_FILE, LocalEndpoint
from studio.__main__ import main
from studio.client.address import Address, RemoteHost
from studio.client.http_client import HttpEngineClient
from tests.engine.running import LIMIT_S, ROOT, start_serve

SCENES = "tests.fakes.scene_cast"
FAKES = ("--cast", SCENES, "--abilities", SCENES)


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def body(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


@contextmanager
def local_engine(state: Path) -> Iterator[Path]:
    """This machine's engine with the cast of scenes, found by commands with --engine-state."""
    beyond = str(os.getppid())  # a command in this process that leaves must not be the last
    process = start_serve(state, "--local", "--holder", beyond, *FAKES)
    assert process.stdout is not None
    decode(process.stdout.readline(), LocalEndpoint)
    try:
        yield state
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@contextmanager
def server(state: Path) -> Iterator[tuple[str, str]]:
    """A GPU server, but for the GPU: its address and its token."""
    process = start_serve(state, "--port", "0", *FAKES)
    assert process.stdout is not None
    address, token = (process.stdout.readline().split()[1] for _ in range(2))
    try:
        yield address, token
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def visitor(state: Path) -> HttpEngineClient:
    """A client of this machine's engine that does not keep it alive, nor end it by leaving."""
    endpoint = decode((state / ENDPOINT_FILE).read_bytes(), LocalEndpoint)
    return HttpEngineClient(RemoteHost(Address(endpoint.url, endpoint.token)))


def start(*arguments: str | Path, **variables: str) -> subprocess.Popen[str]:
    """A command that has begun."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "studio", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
    )


def end(process: subprocess.Popen[str]) -> Ended:
    """Wait for a command that has begun."""
    out, err = process.communicate(timeout=LIMIT_S)
    return Ended(process.returncode, out, err)


def alone(*arguments: str | Path, **variables: str) -> Ended:
    """Run a command to its end in a process of its own, as the terminal does."""
    return end(start(*arguments, **variables))


def command(*arguments: str | Path) -> Ended:
    """Run a command to its end in this process; -> all that it and its libraries printed."""
    with ExitStack() as stack:
        stack.enter_context(_as_it_was())
        out, err = (stack.enter_context(_caught(number)) for number in (1, 2))
        with redirect_stdout(out), redirect_stderr(err):
            try:
                code = main([str(argument) for argument in arguments])
            except SystemExit as left:
                code = left.code
            out.flush()
            err.flush()
        printed = [
            os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0) for file in (out, err)
        ]
    assert isinstance(code, int)
    return Ended(code, *(text.decode() for text in printed))


@contextmanager
def _caught(number: int) -> Iterator[TextIO]:
    """What is written to a descriptor, by libraries of C too, goes to a file for a while."""
    kept = os.dup(number)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        os.dup2(file.fileno(), number)
        try:
            yield file
        finally:
            os.dup2(kept, number)
            os.close(kept)


@contextmanager
def _as_it_was() -> Iterator[None]:
    """Afterwards signals and logs go where they went; meanwhile threads fail as in a process."""
    root, asked, raises = (
        logging.getLogger(),
        signal.getsignal(signal.SIGTERM),
        logging.raiseExceptions,
    )
    handlers, told = list(root.handlers), threading.excepthook
    threading.excepthook = threading.__excepthook__
    try:
        yield
    finally:
        threading.excepthook, logging.raiseExceptions = told, raises
        signal.signal(signal.SIGTERM, asked)
        for handler in [each for each in root.handlers if each not in handlers]:
            root.removeHandler(handler)
            handler.close()


def sentence(ended: Ended, code: int) -> str:
    """The one sentence of a command that failed as expected; beside it only the log's path."""
    assert ended.code == code, (ended.code, ended.out, ended.err)
    assert ended.out == ""
    said, *rest = ended.err.splitlines()
    assert all(line.startswith("Details are in ") for line in rest), ended.err
    assert len(rest) <= (0 if code == 2 else 1)
    assert "Traceback" not in ended.err
    assert "made a mistake" not in said, said
    assert said.endswith((".", "!", "?"))
    return said
