"""What an ability is given to do its work with. It is not how the worker provides it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from engine.protocol.assets import MediaInfo, Output
from engine.protocol.models import ModelCard
from engine.protocol.plans import Plan
from engine.protocol.recipes import Recipe

Model = TypeVar("Model")

Preview = bytes | Callable[[], bytes]
"""A JPEG or PNG of the latest frame, or how to make one: a callable is called only when it is
time for a new preview, so that most steps cost nothing."""


class Models(Protocol):
    """Loaded models, kept warm between jobs and let go, oldest use first, when memory is short."""

    def get(self, key: str, size_bytes: int, load: Callable[[], Model]) -> Model:
        """The object `load` made for this key, now or in an earlier job.

        `key` names everything that `load` depends on: model id, precision, offload, adapters.
        `size_bytes` is what it holds in the device's memory, and is made free before loading.
        """
        ...


class JobContext(Protocol):
    """One job's view of the worker it runs in."""

    @property
    def job_id(self) -> str:
        """The client's name for the job."""
        ...

    @property
    def card(self) -> ModelCard:
        """The catalogue's card of `recipe.model`."""
        ...

    @property
    def weights(self) -> Path:
        """Folder that holds the model's weights on this machine."""
        ...

    @property
    def plan(self) -> Plan:
        """Device, precision, offload and tiling: chosen already, not to be second-guessed."""
        ...

    @property
    def device(self) -> str:
        """The device as torch spells it: "cpu", "cuda:0" or "mps"."""
        ...

    @property
    def scratch(self) -> Path:
        """An empty folder of this job alone, removed when the job ends."""
        ...

    @property
    def models(self) -> Models:
        """Loaded models that outlive the job."""
        ...

    def report(
        self, phase: str, step: int = 0, steps: int | None = None, preview: Preview | None = None
    ) -> None:
        """Say how far the job is; call it at least once in each denoise step.

        `phase` is a word a person reads ("loading", "denoising", "decoding"); `step` of `steps`
        are done. Most calls send nothing: the wire sees ten a second at most.

        Raises: JobCancelled, when the job is no longer wanted. Let it pass.
        """
        ...

    def note(self, sentence: str) -> None:
        """Add a sentence that the user reads beside the result (what was changed, and why)."""
        ...

    def asset(self, sha256: str) -> Path:
        """The file of one of the recipe's inputs or adapters; read it, never write it."""
        ...

    def save(
        self, content: Path | bytes, media_type: str, media: MediaInfo, name: str = "output"
    ) -> Output:
        """Keep a finished product: bytes, or a file below `scratch`, which is moved away.

        Raises: DiskFull.
        """
        ...


Run = Callable[[Recipe, JobContext], tuple[Output, ...]]
"""An ability: it raises an EngineError with a sentence when the recipe cannot be made."""
