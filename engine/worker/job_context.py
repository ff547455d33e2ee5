"""The JobContext that abilities see, over the worker's pipe."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from engine.abilities.context import Preview
from engine.errors import JobCancelled, MissingAsset
from engine.protocol.assets import AssetRef, MediaInfo, Output
from engine.protocol.models import ModelCard
from engine.protocol.plans import Plan
from engine.worker.messages import RunJob, SavedOutput
from engine.worker.progress import ProgressMeter
from engine.worker.saving import keep
from engine.worker.warm_models import WarmModels

OUTPUTS = "outputs"
WORK = "work"


class PipeJobContext:
    """One job: reports go to the server, files stay in the job's own folder."""

    def __init__(
        self,
        job: RunJob,
        models: WarmModels,
        meter: ProgressMeter,
        notes: list[str],
        is_cancelled: Callable[[], bool],
    ) -> None:
        self._job = job
        self._models = models
        self._meter = meter
        self._is_cancelled = is_cancelled
        self._notes = notes
        self.saved: list[SavedOutput] = []
        self.saving_s = 0.0
        """Seconds spent saving, which are not the model's."""
        self.scratch.mkdir()

    @property
    def job_id(self) -> str:
        """See JobContext."""
        return self._job.job_id

    @property
    def card(self) -> ModelCard:
        """See JobContext."""
        return self._job.card

    @property
    def weights(self) -> Path:
        """See JobContext."""
        return Path(self._job.weights)

    @property
    def plan(self) -> Plan:
        """See JobContext."""
        return self._job.plan

    @property
    def device(self) -> str:
        """See JobContext."""
        return self._job.plan.device

    @property
    def scratch(self) -> Path:
        """See JobContext."""
        return Path(self._job.scratch) / WORK

    @property
    def models(self) -> WarmModels:
        """See JobContext."""
        return self._models

    def report(
        self, phase: str, step: int = 0, steps: int | None = None, preview: Preview | None = None
    ) -> None:
        """See JobContext."""
        if self._is_cancelled():
            raise JobCancelled
        self._meter.report(phase, step, steps, preview)

    def note(self, sentence: str) -> None:
        """See JobContext."""
        self._notes.append(sentence)

    def asset(self, sha256: str) -> Path:
        """See JobContext."""
        path = self._job.assets.get(sha256)
        if path is None:
            raise MissingAsset(
                f"The job has no input {sha256[:12]}.", "Name it among the recipe's inputs."
            )
        return Path(path)

    def save(
        self, content: Path | bytes, media_type: str, media: MediaInfo, name: str = "output"
    ) -> Output:
        """See JobContext."""
        began_s = time.perf_counter()
        path, sha256, size_bytes = keep(content, Path(self._job.scratch) / OUTPUTS)
        self.saving_s += time.perf_counter() - began_s
        asset = AssetRef(sha256=sha256, size_bytes=size_bytes, media_type=media_type)
        output = Output(asset=asset, media=media, name=name)
        self.saved.append(SavedOutput(output=output, path=str(path)))
        return output
