"""Running the opticals without a worker: a film and words in, frames out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
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
from engine.protocol.recipes import FILM_RECIPE, Ability, InputAsset, InputRole, Recipe
from engine.training.edit_evaluation import (
    FRAMES,
    Frames,
)

Model = TypeVar("Model")

_ENTRY = "pocket-opticals"
_FILM = "film"


def edited(
    models: Path, film: Path, words: str, seed: int, held: Held, film_recipe: str = ""
) -> Frames | None:
    """What the ability makes of a film whose recipe it is told, if there is one; None where it

    refuses.
    """
    recipe = Recipe(
        ability=Ability.EDIT_VIDEO,
        model=_ENTRY,
        prompt=words,
        seed=seed,
        inputs=(InputAsset(role=InputRole.SOURCE, sha256=_FILM),),
        options={FILM_RECIPE: film_recipe} if film_recipe else {},
    )
    with tempfile.TemporaryDirectory() as folder:
        context = Context(Path(folder), models / "pocket-video", held, film)
        try:
            opticals.run(recipe, context)
        except EngineError:
            return None
        return read(context.saved)


def read(path: Path) -> Frames:
    """A film's frames, which an edit keeps as many as there were."""
    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == FRAMES
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
    """A job's context without a worker, for an edit of one film: what is reported and noted is for

    nobody.
    """

    scratch: Path
    weights: Path
    models: Held
    film: Path
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
