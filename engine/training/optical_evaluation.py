"""Scores of the opticals on the editor's held-out edits: the same scenes, figures and peer.

A case is written as a film without loss, and the ability is given that film and the words, as a
person would.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import av
import numpy as np

from engine.abilities import opticals
from engine.abilities.context import Preview
from engine.catalogue import load_catalogue
from engine.errors import EngineError
from engine.protocol.assets import AssetRef, MediaInfo, Output
from engine.protocol.models import ModelCard
from engine.protocol.plans import Offload, Plan, Precision
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe
from engine.training.edit_evaluation import (
    FRAMES,
    Case,
    Frames,
    compared,
    held_out_cases,
    sdedit,
    sheet_of,
)
from engine.training.evaluation import Score
from engine.training.judge import load_judge
from engine.training.precision import CPU, product_dtype
from engine.training.samples import load_pipeline
from engine.training.scenes import RATE_FPS

Model = TypeVar("Model")

_ENTRY = "pocket-opticals"
_FILM = "film"


def pocket_opticals(models: Path, clips: int, sheet: Path | None) -> Iterator[Score]:
    """Change `clips` held-out scenes and yield every score. Raises: FileNotFoundError."""
    pipeline = load_pipeline(models, product_dtype(CPU), CPU)
    judge, cases, held = load_judge(models), list(held_out_cases(clips)), Held()
    ours = [changed(models, case, held) for case in cases]
    if sheet is not None:
        sheet_of(cases, ours, sheet)
    theirs = [sdedit(pipeline, case) for case in cases]
    yield from compared(judge, cases, ours, theirs)


def changed(models: Path, case: Case, held: Held) -> Frames:
    """What the ability makes of a case; the case as it is, where it refuses."""
    with tempfile.TemporaryDirectory() as folder:
        context = _Context(Path(folder), models / "pocket-video", held)
        _write(case.before, context.asset(_FILM))
        recipe = Recipe(
            ability=Ability.EDIT_VIDEO,
            model=_ENTRY,
            prompt=case.words,
            seed=case.scene.seed % 1000,
            inputs=(InputAsset(role=InputRole.SOURCE, sha256=_FILM),),
        )
        try:
            opticals.run(recipe, context)
        except EngineError:
            return case.before
        return _read(context.saved)


def _write(frames: Frames, path: Path) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264rgb", RATE_FPS, {"qp": "0", "preset": "ultrafast"})
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "rgb24"
        for picture in frames:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        out.mux(stream.encode())


def _read(path: Path) -> Frames:
    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == FRAMES  # an edit keeps the length
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
class _Context:
    """A job's context without a worker: what is reported and noted is for nobody."""

    scratch: Path
    weights: Path
    models: Held
    job_id: str = "evaluation"
    device: str = "cpu"

    @property
    def card(self) -> ModelCard:
        """See JobContext."""
        return load_catalogue().entry(_ENTRY).card(installed=True)

    @property
    def plan(self) -> Plan:
        """See JobContext."""
        return Plan(
            model=_ENTRY,
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
        return next(path for path in self.scratch.iterdir() if path.stem != _FILM)

    def report(
        self, phase: str, step: int = 0, steps: int | None = None, preview: Preview | None = None
    ) -> None:
        """See JobContext."""

    def note(self, sentence: str) -> None:
        """See JobContext."""

    def asset(self, sha256: str) -> Path:
        """See JobContext."""
        return self.scratch / f"{sha256}.mkv"

    def save(
        self, content: Path | bytes, media_type: str, media: MediaInfo, name: str = "output"
    ) -> Output:
        """See JobContext."""
        del content
        return Output(
            asset=AssetRef(sha256=name, size_bytes=0, media_type=media_type), media=media, name=name
        )
