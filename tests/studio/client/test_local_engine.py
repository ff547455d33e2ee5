"""The engine of this machine: started at need, shared, started again, and ended with its users."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from engine.protocol.codec import decode
from engine.protocol.jobs import Done, JobEvent, Running
from engine.protocol.local import ENDPOINT_FILE, LocalEndpoint
from studio.client.engine import Connected
from studio.client.errors import EngineNotStarted, EngineUnreachable
from studio.client.http_client import HttpEngineClient
from studio.client.local_engine import LocalEngine
from tests.engine.running import FAKES, LIMIT_S, QUICK, ROOT, noise
from tests.studio.client.test_events import Recorder

OPTIONS = (*FAKES, "--limits", QUICK)
Connect = Callable[[], HttpEngineClient]

STUDIO = f"""
import sys
from pathlib import Path
from studio.client.http_client import HttpEngineClient
from studio.client.local_engine import LocalEngine
client = HttpEngineClient(LocalEngine(Path(sys.argv[1]), {OPTIONS!r}))
client.health()
print("up", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def connect(tmp_path: Path) -> Iterator[Connect]:
    """Makes clients of one local engine, as several studios of a user would."""
    clients: list[HttpEngineClient] = []

    def make() -> HttpEngineClient:
        clients.append(HttpEngineClient(LocalEngine(tmp_path, OPTIONS)))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process with a client of the local engine."""
    process = subprocess.Popen(
        [sys.executable, "-c", STUDIO, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    yield process
    process.kill()
    process.communicate()


def engine_process(state: Path) -> psutil.Process:
    return psutil.Process(decode((state / ENDPOINT_FILE).read_bytes(), LocalEndpoint).pid)


def test_it_starts_with_the_first_request_and_ends_with_the_client(
    connect: Connect, tmp_path: Path
) -> None:
    client = connect()
    assert not (tmp_path / ENDPOINT_FILE).exists()
    assert isinstance(client.wait(client.submit(noise())).state, Done)
    process = engine_process(tmp_path)
    client.close()
    assert not process.is_running()
    assert not (tmp_path / ENDPOINT_FILE).exists()


def test_its_token_is_for_this_user_alone(connect: Connect, tmp_path: Path) -> None:
    connect().health()
    assert (tmp_path / ENDPOINT_FILE).stat().st_mode & 0o077 == 0


def test_two_studios_share_one_and_the_last_one_ends_it(connect: Connect, tmp_path: Path) -> None:
    first, second = connect(), connect()
    assert first.health().engine_id == second.health().engine_id
    process = engine_process(tmp_path)
    first.close()
    assert isinstance(second.wait(second.submit(noise())).state, Done)
    assert engine_process(tmp_path) == process
    second.close()
    process.wait()


def test_it_is_started_again_when_it_was_killed_and_its_jobs_go_on(
    connect: Connect, tmp_path: Path
) -> None:
    client = connect()
    recorder = Recorder()
    client.subscribe(recorder)
    job_id = client.submit(noise("slow", frames=30))
    while not (isinstance(e := recorder.until(JobEvent), JobEvent) and is_stepping(e)):
        continue
    process = engine_process(tmp_path)
    process.kill()
    recorder.until(Connected)
    assert isinstance(client.wait(job_id).state, Done)
    recorder.until_done(job_id)
    assert engine_process(tmp_path) != process
    assert recorder.sequences() == sorted(set(recorder.sequences()))


def is_stepping(event: JobEvent) -> bool:
    return isinstance(event.state, Running) and event.state.step > 0


def test_it_dies_with_a_studio_that_is_killed_and_so_does_its_worker(
    studio: subprocess.Popen[str], tmp_path: Path
) -> None:
    engine = engine_process(tmp_path)
    worker = engine.children()[0]
    studio.kill()
    psutil.wait_procs([engine, worker], timeout=LIMIT_S)
    assert not engine.is_running()
    assert not worker.is_running()


def test_it_outlives_a_killed_studio_for_another_one(
    studio: subprocess.Popen[str], connect: Connect, tmp_path: Path
) -> None:
    client = connect()
    health = client.health()
    process = engine_process(tmp_path)
    studio.kill()
    studio.wait()
    assert client.health() is not None
    assert engine_process(tmp_path) == process
    assert client.health().engine_id == health.engine_id


def test_a_stale_endpoint_is_seen_through(connect: Connect, tmp_path: Path) -> None:
    stale = b'{"url": "http://127.0.0.1:9", "token": "old", "pid": 1}'
    (tmp_path / ENDPOINT_FILE).write_bytes(stale)
    assert connect().health().running == 0


def test_one_that_cannot_start_is_a_sentence(tmp_path: Path) -> None:
    client = HttpEngineClient(LocalEngine(tmp_path, ("--devices", "cuda:9")))
    with pytest.raises(EngineNotStarted, match="no device cuda:9 here"):
        client.health()
    client.close()


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    client = HttpEngineClient(LocalEngine(tmp_path / "file" / "state"))
    with pytest.raises(EngineNotStarted, match="cannot be written"):
        client.health()
    client.close()


def test_a_closed_client_starts_nothing(connect: Connect, tmp_path: Path) -> None:
    client = connect()
    client.close()
    with pytest.raises(EngineUnreachable, match="has been closed"):
        client.health()
    assert not (tmp_path / ENDPOINT_FILE).exists()
