"""Running the opticals without a worker: a film and words in, frames out."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TypeVar

from engine.abilities import opticals
from engine.errors import EngineError
from engine.protocol.recipes import FILM_RECIPE, Ability, InputAsset, InputRole, Recipe
from engine.training.edit_evaluation import Frames
from engine.training.running import Context, Held, read

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
        context = Context(Path(folder), models / "pocket-video", held, film, _ENTRY)
        try:
            opticals.run(recipe, context)
        except EngineError:
            return None
        return read(context.saved)
