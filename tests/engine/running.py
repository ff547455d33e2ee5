"""A real engine in a process of its own, over the fake cast, for tests of both its sides."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from engine.protocol.jobs import JobEvent, Running
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe
from studio.client.address import Address, RemoteHost
from studio.client.http_client import HttpEngineClient
from tests.fakes.noise_ability import let_go_mark

ROOT = Path(__file__).resolve().parents[2]
CAST = "tests.fakes.engine_cast"
FAKES = ("--cast", CAST, "--abilities", CAST, "--devices", "cpu")
MARKS = "marks"
LIMIT_S = 500
"""After this a process is taken to hang, however busy the machine is."""
QUICK = '{"cancel_grace_s": 0.5}'


@dataclass
class RunningEngine:
    """One `serve`, and how to reach and harm it."""

    process: subprocess.Popen[str]
    address: Address
    state: Path
    clients: list[HttpEngineClient] = field(default_factory=list[HttpEngineClient])

    def client(self, token: str | None = None) -> HttpEngineClient:
        """A client of it, closed with it."""
        address = Address(self.address.url, token or self.address.token)
        client = HttpEngineClient(RemoteHost(address))
        self.clients.append(client)
        return client

    def worker(self) -> psutil.Process:
        """Its one worker."""
        (worker,) = psutil.Process(self.process.pid).children()
        return worker

    def let_go(self, job_id: str) -> None:
        """Let a held job go on, in this attempt or the next."""
        let_go_mark(self.state / MARKS, job_id).touch()

    def kill(self) -> None:
        """As the system would: with no warning."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def running_engine(state: Path, *options: str, limits: str = QUICK) -> Iterator[RunningEngine]:
    """An engine that ends with the block."""
    process = start_serve(state, "--port", "0", "--limits", limits, *options)
    assert process.stdout is not None
    address, token = (process.stdout.readline().split()[1] for _ in range(2))
    engine = RunningEngine(process, Address(address, token), state)
    try:
        yield engine
    finally:
        for client in engine.clients:
            client.close()
        process.terminate()
        process.wait()
        process.stdout.close()


def start_serve(state: Path, *options: str) -> subprocess.Popen[str]:
    """`serve` with the fake cast, in a process of its own that ends with the tests'."""
    marks = state / MARKS
    marks.mkdir(parents=True, exist_ok=True)
    holder = ("--holder", str(os.getpid()))
    return subprocess.Popen(
        [sys.executable, "-m", "engine", "serve", "--state", str(state), *FAKES, *holder, *options],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "WORKPRINT_TEST_MARKS": str(marks)},
    )


def until_running(client: HttpEngineClient, job_id: str) -> None:
    """Return once the job has made a step."""

    class Begun(Exception):
        """Stops listening."""

    def listen(event: JobEvent) -> None:
        if isinstance(event.state, Running) and event.state.step:
            raise Begun

    with pytest.raises(Begun):
        client.wait(job_id, listen)


def noise(prompt: str = "noise", frames: int = 2, **fields: object) -> Recipe:
    """A recipe of the fake cast's ability."""
    values = {"model": "noise", "width": 16, "height": 16, **fields}
    return Recipe(ability=Ability.TEXT_TO_VIDEO, prompt=prompt, frames=frames, **values)


def noise_from(sha256: str) -> Recipe:
    """A recipe that reads an asset."""
    source = InputAsset(role=InputRole.SOURCE, sha256=sha256)
    return Recipe(
        ability=Ability.EDIT_VIDEO, model="noise", prompt="again", frames=1, inputs=(source,)
    )


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk that is soon full; the test is left out where none can be mounted."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)]
    if (
        sys.platform != "linux"
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("needs root on Linux")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)
