"""Running an ability without a worker, for scores: what it reports and notes is for nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import av
import numpy as np
from numpy.typing import NDArray

from engine.abilities.context import Preview
from engine.catalogue import load_catalogue
from engine.protocol.assets import AssetRef, MediaInfo, Output
from engine.protocol.models import ModelCard
from engine.protocol.plans import Offload, Plan, Precision

Model = TypeVar("Model")

Frames = NDArray[np.uint8]
"""(F, H, W, 3)."""


def read(path: Path) -> Frames:
    """A film's frames, (F, H, W, 3)."""
    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    return np.stack(frames).astype(np.uint8, copy=False)


@dataclass
class Held:
    """Models that one case has loaded and the next one uses."""

    models: dict[str, Any] = field(default_factory=dict[str, Any])

    def get(self, key: str, size_bytes: int, load: Callable[[], Model]) -> Model:
        """See Models."""
        del size_bytes
        if key not in self.models:
            self.models[key] = load()
        return self.models[key]


@dataclass
class Context:
    """A job's context without a worker, for work of a `model` on one film."""

    scratch: Path
    weights: Path
    models: Held
    film: Path
    model: str
    job_id: str = "evaluation"
    device: str = "cpu"

    @property
    def card(self) -> ModelCard:
        """See JobContext."""
        return load_catalogue().entry(self.model).card(installed=True)

    @property
    def plan(self) -> Plan:
        """See JobContext."""
        return Plan(
            model=self.model,
            device=self.device,
            precision=Precision.FP32,
            offload=Offload.NONE,
            tiled_decode=False,
            tokens=0,
            vram_bytes=0,
            ram_bytes=0,
            disk_bytes=0,
            download_bytes=0,
        )

    @property
    def saved(self) -> Path:
        """What was made."""
        return next(self.scratch.iterdir())

    def report(
        self, phase: str, step: int = 0, steps: int | None = None, preview: Preview | None = None
    ) -> None:
        """See JobContext."""

    def note(self, sentence: str) -> None:
        """See JobContext."""

    def asset(self, sha256: str) -> Path:
        """See JobContext."""
        del sha256
        return self.film

    def save(
        self, content: Path | bytes, media_type: str, media: MediaInfo, name: str = "output"
    ) -> Output:
        """See JobContext."""
        del content
        return Output(
            asset=AssetRef(sha256=name, size_bytes=0, media_type=media_type), media=media, name=name
        )
