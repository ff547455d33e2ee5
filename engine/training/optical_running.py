"""Running an editor without a worker: a film and words in, frames out."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import av

from engine.abilities import edit_video, opticals
from engine.errors import EngineError
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe
from engine.training.running import Context, Frames, Held, read
from engine.training.scenes import RATE_FPS

OPTICALS = "pocket-opticals"
_FILM = "film"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which editor, and the options of its recipe."""

    model: str = OPTICALS
    options: Mapping[str, str | float] = field(default_factory=dict[str, str | float])


def edited(
    models: Path, film: Path, words: str, seed: int, held: Held, asked: Asked | None = None
) -> Frames | None:
    """What the ability makes of a film; None where it refuses."""
    asked = asked or Asked()
    recipe = Recipe(
        ability=Ability.EDIT_VIDEO,
        model=asked.model,
        prompt=words,
        seed=seed,
        inputs=(InputAsset(role=InputRole.SOURCE, sha256=_FILM),),
        options=dict(asked.options),
    )
    run = opticals.run if asked.model == OPTICALS else edit_video.run
    with tempfile.TemporaryDirectory() as folder:
        context = Context(Path(folder), models / "pocket-video", held, film, asked.model)
        try:
            run(recipe, context)
        except EngineError:
            return None
        return read(context.saved)


def changed(
    models: Path, before: Frames, words: str, seed: int, held: Held, asked: Asked | None = None
) -> Frames:
    """What the ability makes of frames, a film without loss; themselves where it refuses."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.mkv"
        _write(before, path)
        made = edited(models, path, words, seed, held, asked)
    return before if made is None else made


def _write(frames: Frames, path: Path) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264rgb", RATE_FPS, {"qp": "0", "preset": "ultrafast"})
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "rgb24"
        for picture in frames:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        out.mux(stream.encode())
