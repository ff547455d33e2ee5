"""Commands as a person runs them: in processes of their own, against a real engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.protocol.codec import decode
from engine.protocol.local import ENDPOINT_FILE, LocalEndpoint
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
    process = start_serve(state, "--local", "--holder", str(os.getpid()), *FAKES)
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


def command(*arguments: str | Path, **variables: str) -> Ended:
    """Run a command to its end."""
    return end(start(*arguments, **variables))


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
