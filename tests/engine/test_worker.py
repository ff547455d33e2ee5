"""The worker's parts by themselves: progress, warm models, saving, and what failures are called."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from engine.errors import (
    BadWeights,
    DiskFull,
    EngineError,
    Internal,
    JobCancelled,
    OutOfMemory,
    error_from,
)
from engine.protocol.errors import ErrorCode, ErrorInfo
from engine.server.worker_process import WorkerCommand, WorkerProcess
from engine.worker.failures import as_engine_error
from engine.worker.messages import HEADER, Progress, Ready, parse_from_worker
from engine.worker.progress import PhaseTimes, ProgressMeter
from engine.worker.saving import keep
from engine.worker.warm_models import WarmModels
from tests.engine.running import ROOT


@pytest.mark.skipif(sys.platform != "linux", reason="other systems hide what is mapped")
def test_a_worker_gets_ready_for_a_draft_without_what_only_big_models_use() -> None:
    command = [sys.executable, "-P", "-m", "engine.worker", "--device", "cpu"]
    with subprocess.Popen(
        [*command, "--parent", str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as worker:
        assert worker.stdout is not None
        (length,) = HEADER.unpack(worker.stdout.read(HEADER.size))
        assert isinstance(parse_from_worker(worker.stdout.read(length)), Ready)
        loaded = {Path(file).as_posix() for file in open_libraries(worker.pid)}
        worker.kill()
    assert any("/torch/" in path for path in loaded)
    assert [path for path in loaded if "/bitsandbytes/" in path or "/scipy/stats/" in path] == []


def open_libraries(pid: int) -> list[str]:
    """The files that a process has mapped into its memory."""
    return [mapped.path for mapped in psutil.Process(pid).memory_maps()]


def test_who_is_told_to_stop_while_its_worker_ends_stops(tmp_path: Path) -> None:
    async def told() -> bool:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "input()"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        worker = WorkerProcess(process, WorkerCommand("cpu", "none", tmp_path / "log"))
        reading = asyncio.create_task(worker.receive())
        await asyncio.sleep(0.1)
        process.stdout.feed_eof()
        reading.cancel()
        await asyncio.wait({reading})
        await worker.kill()
        return reading.cancelled()

    assert asyncio.run(told())


class FakeClock:
    """A clock that a test winds."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now_s


class Meter:
    """A progress meter with a clock of its own, and what it sent."""

    def __init__(self, times: PhaseTimes | None = None) -> None:
        self.clock = FakeClock()
        self.sent: list[Progress] = []
        self.times = times or PhaseTimes()
        self.meter = ProgressMeter("job", "kind", self.times, self.sent.append, self.clock)

    def report(self, at_s: float, phase: str, step: int, steps: int | None) -> Progress:
        """Report at a time; -> the latest that was sent."""
        self.clock.now_s = at_s
        self.meter.report(phase, step, steps, lambda: b"frame")
        return self.sent[-1]


def test_steps_are_sent_ten_times_a_second_and_the_last_always() -> None:
    meter = Meter()
    for step in range(100):
        meter.report(step * 0.01, "denoising", step, 99)
    steps = [progress.step for progress in meter.sent]
    assert len(steps) == 11
    assert (steps[0], steps[-1]) == (0, 99)


def test_a_preview_is_made_only_when_it_is_shown() -> None:
    meter, made = Meter(), []
    for step in range(100):
        meter.clock.now_s = step * 0.02
        meter.meter.report("denoising", step, 100, lambda: made.append(1) or b"frame")
    assert len(made) == sum(progress.preview is not None for progress in meter.sent) == 4


def test_previews_that_take_long_are_made_seldom() -> None:
    meter, made = Meter(), []

    def preview() -> bytes:
        meter.clock.now_s += 0.3
        made.append(meter.clock.now_s)
        return b"frame"

    while meter.clock.now_s < 30:
        meter.meter.report("denoising", len(made), 1000, preview)
        meter.clock.now_s += 0.2
    assert 8 <= len(made) <= 10


def test_seconds_left_are_drawn_out_from_the_steps_so_far() -> None:
    meter = Meter()
    assert meter.report(0, "denoising", 0, 10).seconds_left is None
    assert meter.report(2, "denoising", 2, 10).seconds_left == pytest.approx(8)
    assert meter.report(6, "denoising", 8, 10).seconds_left == pytest.approx(1.5)


def test_phases_still_to_come_count_as_they_took_last_time() -> None:
    times = PhaseTimes()
    first = Meter(times)
    for at_s, phase in ((0, "loading"), (3, "denoising"), (13, "decoding")):
        first.report(at_s, phase, 0, None)
    first.clock.now_s = 17
    first.meter.finish()
    second = Meter(times)
    assert second.report(0, "loading", 0, None).seconds_left == pytest.approx(3 + 10 + 4)
    assert second.report(1, "denoising", 0, 10).seconds_left == pytest.approx(10 + 4)
    assert second.report(3, "denoising", 5, 10).seconds_left == pytest.approx(2 + 4)


def test_models_stay_warm_and_the_longest_unused_goes() -> None:
    freed: list[int] = []
    models = WarmModels(100, lambda: freed.append(1))
    loads: list[str] = []

    def get(key: str, size_bytes: int) -> str:
        models.begin_job(size_bytes, 1000)
        return models.get(key, size_bytes, lambda: loads.append(key) or key)

    for key in ("a", "b", "a"):
        assert get(key, 40) == key
    assert loads == ["a", "b"]
    get("c", 40)
    get("a", 40)
    assert loads == ["a", "b", "c"]
    get("b", 40)
    assert loads == ["a", "b", "c", "b"]
    assert models.held_bytes <= 100
    assert freed


def test_what_a_job_does_not_use_makes_way_for_its_peak() -> None:
    models = WarmModels(1000, lambda: None)
    models.begin_job(100, 1000)
    models.get("old", 300, str)
    models.begin_job(peak_bytes=800, free_bytes=1000)
    models.get("new", 200, str)
    assert models.held_bytes == 200


def test_what_the_job_itself_uses_stays() -> None:
    models = WarmModels(1000, lambda: None)
    models.begin_job(peak_bytes=900, free_bytes=1000)
    models.get("text encoder", 300, str)
    models.get("transformer", 400, str)
    assert models.held_bytes == 700
    models.clear()
    assert models.held_bytes == 0


@pytest.mark.parametrize("as_file", [True, False])
def test_products_are_kept_under_their_hash(tmp_path: Path, as_file: bool) -> None:
    data = b"frames" * 100_000
    source = tmp_path / "made.mp4"
    source.write_bytes(data)
    path, sha256, size_bytes = keep(source if as_file else data, tmp_path / "outputs")
    assert sha256 == hashlib.sha256(data).hexdigest() == path.name
    assert size_bytes == len(data) == path.stat().st_size
    assert source.exists() is not as_file


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (MemoryError(), OutOfMemory),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), OutOfMemory),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), OutOfMemory),
        (OSError(errno.ENOSPC, "No space left on device"), DiskFull),
        (ValueError("shapes\n  do not match"), Internal),
        (BadWeights("They are another model's."), BadWeights),
    ],
)
def test_failures_are_called_what_they_are(problem: Exception, kind: type[EngineError]) -> None:
    error = as_engine_error(problem)
    assert type(error) is kind
    assert "\n" not in error.message
    assert error.message.endswith(".")


def test_every_code_has_its_error() -> None:
    for code in ErrorCode:
        info = ErrorInfo(code=code, message="It broke.", hint="Mend it.")
        assert error_from(info).info == info


def test_a_cancel_passes_through_code_that_catches_exceptions() -> None:
    assert not issubclass(JobCancelled, Exception)
