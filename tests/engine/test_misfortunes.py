"""Workers and engines that die, hang or run out of memory, and what becomes of the jobs."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from engine.protocol.errors import ErrorCode
from engine.protocol.jobs import Cancelled, Done, Failed, Job, JobEvent, Running
from engine.protocol.recipes import Recipe
from studio.client.errors import EngineRefused
from studio.client.http_client import HttpEngineClient
from tests.engine.running import (
    ROOT,
    RunningEngine,
    noise,
    running_engine,
    small_disk,
    until_running,
)


def run(client: HttpEngineClient, recipe: Recipe) -> Job:
    return client.wait(client.submit(recipe))


def done(job: Job) -> Done:
    assert isinstance(job.state, Done), job.state
    return job.state


def test_a_killed_worker_costs_its_job_an_attempt_and_nothing_else(frail: RunningEngine) -> None:
    client = frail.client()
    job_id = client.submit(noise("held"))
    following = client.submit(noise())
    until_running(client, job_id)
    frail.worker().kill()
    frail.let_go(job_id)
    state = done(client.wait(job_id))
    assert state.notes == ("The worker process was ended by SIGKILL; the job was begun again.",)
    assert done(client.wait(following)).notes == ()


def test_a_worker_killed_while_idle_is_replaced(frail: RunningEngine) -> None:
    client = frail.client()
    done(run(client, noise()))
    worker = frail.worker()
    worker.kill()
    worker.wait()
    done(run(client, noise()))


@pytest.mark.parametrize(("word", "how"), [("exit", "exit code 7"), ("segv", "SIGSEGV")])
def test_a_job_that_ends_its_worker_each_time_is_given_up(
    engine: RunningEngine, client: HttpEngineClient, word: str, how: str
) -> None:
    state = run(client, noise(word)).state
    assert isinstance(state, Failed)
    assert state.error.code is ErrorCode.WORKER_DIED
    assert how in state.error.message
    assert "3 times" in state.error.message
    done(run(client, noise()))


def test_a_job_that_ends_its_worker_once_is_made(client: HttpEngineClient) -> None:
    assert "begun again" in done(run(client, noise("exit once"))).notes[0]


@pytest.mark.parametrize(
    ("word", "limits", "how"),
    [
        ("hang", '{"silence_s": 3.0}', "did not answer for 3 s"),
        ("deaf", '{"stall_s": 4.0}', "made no progress for 4 s"),
    ],
)
def test_a_hung_worker_is_noticed_and_so_is_one_that_gets_nowhere(
    tmp_path: Path, word: str, limits: str, how: str
) -> None:
    with running_engine(tmp_path, limits=limits) as engine:
        assert how in done(run(engine.client(), noise(f"{word} once"))).notes[0]


def test_running_out_of_memory_is_tried_once_lower_and_said(client: HttpEngineClient) -> None:
    (note,) = done(run(client, noise("oom"))).notes
    assert note == (
        "The job ran out of memory as fp32 with offload none, and was made again as bf16 with"
        " offload none."
    )


def test_a_job_that_no_plan_can_hold_fails_with_what_to_do(client: HttpEngineClient) -> None:
    state = run(client, noise("hopeless")).state
    assert isinstance(state, Failed)
    assert state.error.code is ErrorCode.OUT_OF_MEMORY
    assert "smaller size" in state.error.hint
    done(run(client, noise()))


def test_a_worker_that_does_not_obey_a_cancel_is_killed(frail: RunningEngine) -> None:
    client = frail.client()
    done(run(client, noise()))
    job_id = client.submit(noise("deaf"))
    worker = frail.worker()

    def cancel_once_loading(event: JobEvent) -> None:
        if isinstance(event.state, Running) and event.state.phase == "loading":
            client.cancel(job_id)

    assert client.wait(job_id, cancel_once_loading).state == Cancelled()
    worker.wait()
    done(run(client, noise()))


def test_a_killed_engine_goes_on_with_its_jobs_when_it_is_started_again(tmp_path: Path) -> None:
    with running_engine(tmp_path) as first:
        client = first.client()
        finished = client.submit(noise())
        outcome = done(client.wait(finished))
        running = client.submit(noise("held"))
        waiting = client.submit(noise())
        until_running(client, running)
        worker = first.worker()
        first.kill()
        worker.wait()
    with running_engine(tmp_path) as second:
        client = second.client()
        assert client.job(finished).state == outcome
        client.download(outcome.outputs[0].asset, tmp_path / "collected")
        second.let_go(running)
        done(client.wait(running))
        done(client.wait(waiting))


def test_an_engine_that_ends_in_good_order_takes_its_worker_along(tmp_path: Path) -> None:
    with running_engine(tmp_path) as engine:
        client = engine.client()
        job_id = client.submit(noise("held"))
        until_running(client, job_id)
        worker = engine.worker()
    worker.wait()
    with running_engine(tmp_path) as engine:
        engine.let_go(job_id)
        done(engine.client().wait(job_id))


def test_a_worker_that_cannot_start_fails_its_job_with_a_sentence(tmp_path: Path) -> None:
    with running_engine(tmp_path, "--abilities", "tests.fakes.no_such_module") as engine:
        state = run(engine.client(), noise()).state
    assert isinstance(state, Failed)
    assert state.error.code is ErrorCode.WORKER_DIED
    assert "ended with exit code 1" in state.error.message


def test_a_disk_that_fills_while_a_job_saves_is_one_sentence(tmp_path: Path) -> None:
    with small_disk(tmp_path, 8) as disk:
        with running_engine(disk) as engine:
            client = engine.client()
            state = run(client, noise("big", frames=20)).state
            assert isinstance(state, Failed)
            assert state.error.code is ErrorCode.DISK_FULL
            assert "disk" in state.error.message
            done(run(client, noise()))
        assert not list((disk / "scratch").iterdir())


def test_a_full_disk_refuses_a_job_and_takes_it_once_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path, 4) as disk, running_engine(disk) as engine:
        client = engine.client()
        first = client.submit(noise("slow", frames=4))
        filler = disk / "filler"
        fill(filler)
        with pytest.raises(EngineRefused) as refused:
            submit_many(client)
        assert refused.value.info.code is ErrorCode.DISK_FULL
        assert "disk is full" in refused.value.info.message
        filler.unlink()
        client.wait(first)
        done(run(client, noise()))


def fill(path: Path) -> None:
    """Write until the disk has no room."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            continue


def submit_many(client: HttpEngineClient) -> None:
    """More than fits into what the queue's file had left over for itself."""
    for _ in range(100):
        client.submit(noise("x" * 9000))


def test_the_server_never_imports_torch(engine: RunningEngine, client: HttpEngineClient) -> None:
    """By what it has mapped into memory while it runs, and by what its modules import."""
    done(run(client, noise()))
    libraries = {Path(m.path).name for m in psutil.Process(engine.process.pid).memory_maps()}
    assert not [name for name in libraries if "torch" in name or "numpy" in name]
    code = (
        "import sys, engine.commands.serve, engine.server.catalogue_cast, studio.client.connect;"
        "sys.exit(any(m.split('.')[0] in {'torch', 'diffusers', 'PySide6'} for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_signal_ends_the_engine_and_leaves_no_endpoint(tmp_path: Path) -> None:
    with running_engine(tmp_path) as engine:
        engine.process.send_signal(signal.SIGINT)
        assert engine.process.wait() == 0
    assert not (tmp_path / "endpoint.json").exists()
