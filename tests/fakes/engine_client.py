"""FakeEngine: an EngineClient in this process whose jobs go as far as a test says.

It keeps what the real one promises: events carry rising sequence numbers and come on another
thread, also those from before the listener came; a job id sent twice queues once, cancelled jobs
say so, outputs are named by their hash.
"""

from __future__ import annotations

import hashlib
import queue
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from engine.protocol.assets import AssetRef, MediaInfo, Output
from engine.protocol.errors import ErrorCode, ErrorInfo
from engine.protocol.installs import InstallDone, Installing, InstallRequest
from engine.protocol.jobs import (
    Cancelled,
    Done,
    Failed,
    Job,
    JobEvent,
    JobList,
    JobState,
    Queued,
    Running,
)
from engine.protocol.models import FrameRules, Health, Licence, ModelCard
from engine.protocol.plans import DeviceInfo, Offload, Plan, PlanRequest, Precision
from engine.protocol.recipes import Ability, Recipe
from studio.client.engine import Connected, Listener, StreamEvent, TransferProgress
from studio.client.errors import EngineUnreachable

POCKET = ModelCard(
    id="pocket-video",
    title="Pocket video",
    family="moviegen",
    tier="draft",
    abilities=(Ability.TEXT_TO_VIDEO,),
    licence=Licence(spdx="Apache-2.0", title="Apache 2.0", commercial=True),
    rules=FrameRules(
        size_multiple=16,
        frame_step=4,
        frame_offset=0,
        max_frames=48,
        rates=("12/1",),
        aspects={"16:9": (320, 176), "9:16": (176, 320), "1:1": (224, 224)},
    ),
    size_bytes=60_000_000,
    installed=True,
    weights_sha256="f" * 64,
)
DEVICE = DeviceInfo(
    id="cpu", kind="cpu", name="CPU, 2 cores", memory_bytes=16 * 2**30, free_bytes=12 * 2**30
)
LONGEST_FRAMES = 36


class _Stream:
    """One listener, called in order on a thread of its own."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._events: queue.Queue[StreamEvent | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def put(self, event: StreamEvent) -> None:
        self._events.put(event)

    def close(self) -> None:
        """See Subscription."""
        self._events.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (event := self._events.get()) is not None:
            self._listener(event)


class FakeEngine:
    """See EngineClient. `refuses_over_frames` makes plans refuse with a nearest recipe."""

    def __init__(self, models: tuple[ModelCard, ...] = (POCKET,)) -> None:
        self._models = models
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._files: dict[str, Path] = {}
        self._streams: list[_Stream] = []
        self._told: list[JobEvent] = []
        self._sequence = 0
        self.down = ""
        self.refuses_over_frames = LONGEST_FRAMES * 10
        self.submitted: list[Recipe] = []
        self.released: list[str] = []
        self.uploaded: list[Path] = []
        self.installs: list[tuple[str, InstallRequest]] = []
        self.install_gate = threading.Event()
        self.install_gate.set()
        self.closed = False

    # What a test makes happen

    def step(self, job_id: str, step: int, steps: int, preview: bytes | None = None) -> None:
        """A job gets on."""
        state = Running(phase="denoise", step=step, steps=steps, seconds_left=2.0)
        self._tell(job_id, state, preview)

    def finish(self, job_id: str, path: Path, notes: tuple[str, ...] = ()) -> None:
        """A job ends with a file."""
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        asset = AssetRef(sha256=sha256, size_bytes=path.stat().st_size, media_type="video/mp4")
        self._files[sha256] = path
        recipe = msgspec.structs.replace(self._jobs[job_id].recipe, weights_sha256="f" * 64)
        output = Output(asset=asset, media=MediaInfo(width=320, height=176, frames=48))
        self._tell(job_id, Done(outputs=(output,), recipe=recipe, model_s=1.0, notes=notes))

    def finish_cut(self, job_id: str, picture: Path, faces: Path) -> None:
        """A cut-out ends with a picture, and a list of where faces are."""
        outputs = []
        for path, kind in ((picture, "image/png"), (faces, "application/json")):
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            asset = AssetRef(sha256=sha256, size_bytes=path.stat().st_size, media_type=kind)
            self._files[sha256] = path
            outputs.append(Output(asset=asset, media=MediaInfo(has_alpha=kind == "image/png")))
        recipe = self._jobs[job_id].recipe
        self._tell(job_id, Done(outputs=tuple(outputs), recipe=recipe, model_s=0.1, notes=()))

    def fail(self, job_id: str, message: str) -> None:
        """A job ends without."""
        error = ErrorInfo(code=ErrorCode.WORKER_DIED, message=message)
        self._tell(job_id, Failed(error=error))

    def forget(self, job_id: str) -> None:
        """The engine's queue is lost."""
        del self._jobs[job_id]

    @property
    def job_ids(self) -> list[str]:
        with self._lock:
            return list(self._jobs)

    # EngineClient

    def health(self) -> Health:
        self._check()
        return Health(
            protocol_version=1,
            engine_version="0.1.0",
            engine_id="fake",
            devices=(DEVICE,),
            queued=0,
            running=0,
        )

    def models(self) -> tuple[ModelCard, ...]:
        self._check()
        return self._models

    def plan(self, recipe: Recipe) -> Plan:
        self._check()
        fits = recipe.frames <= self.refuses_over_frames
        refusal = ErrorInfo(
            code=ErrorCode.DOES_NOT_FIT,
            message="This shot needs more memory than is free.",
            hint="Make it shorter.",
        )
        nearest = msgspec.structs.replace(recipe, frames=self.refuses_over_frames)
        return Plan(
            model=recipe.model,
            device=DEVICE.name,
            precision=Precision.BF16,
            offload=Offload.NONE,
            tiled_decode=False,
            tokens=512,
            vram_bytes=0,
            ram_bytes=900 * 2**20,
            disk_bytes=2**20,
            download_bytes=0,
            seconds=6.0,
            refusal=None if fits else refusal,
            nearest=None if fits else nearest,
        )

    def plan_elsewhere(self, request: PlanRequest) -> Plan:
        return self.plan(request.recipe)

    def install(
        self, model_id: str, request: InstallRequest, on_news: Callable[[Installing], None]
    ) -> InstallDone:
        self._check()
        card = next(card for card in self._models if card.id == model_id)
        on_news(Installing(file="weights", done_bytes=0, total_bytes=card.size_bytes))
        self.installs.append((model_id, request))
        self.install_gate.wait()
        done = msgspec.structs.replace(card, installed=True)
        self._models = tuple(done if each.id == model_id else each for each in self._models)
        on_news(Installing(file="weights", done_bytes=card.size_bytes, total_bytes=card.size_bytes))
        return InstallDone(card=done)

    def submit(self, recipe: Recipe, *, priority: int = 0, job_id: str | None = None) -> str:
        self._check()
        assert job_id is not None
        with self._lock:
            if job_id not in self._jobs:
                self._jobs[job_id] = Job(id=job_id, recipe=recipe, state=Queued())
                self._put(job_id, Queued())
                self.submitted.append(recipe)  # last: a test that sees it may answer it
        return job_id

    def cancel(self, job_id: str) -> None:
        self._check()
        self._tell(job_id, Cancelled())

    def release(self, job_id: str) -> None:
        self.released.append(job_id)

    def job(self, job_id: str) -> Job:
        return self._jobs[job_id]

    def jobs(self) -> JobList:
        self._check()
        with self._lock:
            return JobList(jobs=tuple(self._jobs.values()), sequence=self._sequence)

    def subscribe(self, listener: Listener, *, after: int = 0) -> _Stream:
        stream = _Stream(listener)
        stream.put(Connected("fake"))
        with self._lock:
            for event in self._told:
                if event.sequence > after:
                    stream.put(event)
            self._streams.append(stream)
        return stream

    def wait(self, job_id: str, on_event: Callable[[JobEvent], None] | None = None) -> Job:
        return self._jobs[job_id]

    def upload(
        self,
        path: Path,
        *,
        media_type: str | None = None,
        on_progress: TransferProgress | None = None,
    ) -> AssetRef:
        self.uploaded.append(path)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        return AssetRef(sha256=sha256, size_bytes=path.stat().st_size, media_type="video/mp4")

    def download(
        self, asset: AssetRef, path: Path, *, on_progress: TransferProgress | None = None
    ) -> None:
        self._check()
        partial = path.with_name(path.name + ".part")
        shutil.copyfile(self._files[asset.sha256], partial)
        if on_progress is not None:
            on_progress(asset.size_bytes, asset.size_bytes)
        partial.replace(path)

    def close(self) -> None:
        self.closed = True
        for stream in self._streams:
            stream.close()
        self._streams.clear()

    def _check(self) -> None:
        if self.down:
            raise EngineUnreachable(self.down)

    def _tell(self, job_id: str, state: JobState, preview: bytes | None = None) -> None:
        with self._lock:
            self._put(job_id, state, preview)

    def _put(self, job_id: str, state: JobState, preview: bytes | None = None) -> None:
        """With the lock held: a job's news are numbered in the order in which they happen."""
        self._sequence += 1
        self._jobs[job_id] = msgspec.structs.replace(self._jobs[job_id], state=state)
        event = JobEvent(sequence=self._sequence, job_id=job_id, state=state, preview=preview)
        self._told.append(event)
        for stream in self._streams:
            stream.put(event)
