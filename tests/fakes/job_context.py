"""A job's context that keeps what it is given, for trying an ability without a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from engine.abilities.context import Preview
from engine.abilities.photos import Portraitist
from engine.catalogue import load_catalogue
from engine.errors import JobCancelled
from engine.protocol.assets import AssetRef, MediaInfo, Output
from engine.protocol.models import ModelCard
from engine.protocol.plans import Offload, Plan, Precision
from tests.fakes.remembering import FakeRecall

Model = TypeVar("Model")


class FakeModels:
    """Loads each model once, and has what stands out in a picture looked for once."""

    def __init__(self) -> None:
        self.held: dict[str, Any] = {}

    def get(self, key: str, size_bytes: int, load: Callable[[], Model]) -> Model:
        """See Models."""
        if key not in self.held:
            loaded = load()
            if isinstance(loaded, Portraitist):
                loaded = replace(loaded, salience=FakeRecall(loaded.salience))
            self.held[key] = loaded
        return self.held[key]


@dataclass
class FakeJobContext:
    """Keeps reports, notes and products; cancels after `cancel_after` reports if it is set."""

    scratch: Path
    weights: Path
    model: str = "pocket-video"
    precision: Precision = Precision.FP32
    assets: dict[str, Path] = field(default_factory=dict[str, Path])
    cancel_after: int | None = None
    job_id: str = "job"
    device: str = "cpu"
    models: FakeModels = field(default_factory=FakeModels)
    reports: list[tuple[str, int, int | None]] = field(default_factory=list[Any])
    previews: list[bytes] = field(default_factory=list[bytes])
    notes: list[str] = field(default_factory=list[str])
    saved: list[Path | bytes] = field(default_factory=list[Any])

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
            precision=self.precision,
            offload=Offload.NONE,
            tiled_decode=False,
            tokens=0,
            vram_bytes=0,
            ram_bytes=0,
            disk_bytes=0,
            download_bytes=0,
        )

    def report(
        self, phase: str, step: int = 0, steps: int | None = None, preview: Preview | None = None
    ) -> None:
        """See JobContext."""
        self.reports.append((phase, step, steps))
        if preview is not None:
            self.previews.append(preview() if callable(preview) else preview)
        if self.cancel_after is not None and len(self.reports) >= self.cancel_after:
            raise JobCancelled

    def note(self, sentence: str) -> None:
        """See JobContext."""
        self.notes.append(sentence)

    def asset(self, sha256: str) -> Path:
        """See JobContext."""
        return self.assets[sha256]

    def save(
        self, content: Path | bytes, media_type: str, media: MediaInfo, name: str = "output"
    ) -> Output:
        """See JobContext."""
        self.saved.append(content)
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        asset = AssetRef(sha256="0" * 64, size_bytes=size, media_type=media_type)
        return Output(asset=asset, media=media, name=name)
