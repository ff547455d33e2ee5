"""A sheet of what becomes of photos that move as they are told to.

Run it with: python3 -m engine.training.multiplane_sheet SHEET PHOTO WORDS [PHOTO WORDS …]

Those of docs/pocket-multiplane.jpg come with scikit-image: chelsea.png (CC0), astronaut.png and
rocket.jpg (public domain), coffee.png (CC0).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from engine.abilities import multiplane_stills
from engine.downloads.store import BUNDLED
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe
from engine.training.contact_sheet import Row, save_sheet
from engine.training.running import Context, Held, read

_SIZE, _FRAMES, _RATE = (768, 432), 72, "24/1"
_SHOWN = (0, 8, 22, 40, 71)


def main(sheet: Path, told: Sequence[str]) -> None:
    """Write the sheet of photos and what is said of each, in turn."""
    save_sheet(list(_rows(told)), sheet)


def _rows(told: Sequence[str]) -> Iterator[Row]:
    held = Held()
    for photo, words in zip(told[::2], told[1::2], strict=True):
        recipe = Recipe(
            ability=Ability.IMAGE_TO_VIDEO,
            model="pocket-multiplane",
            prompt=words,
            width=_SIZE[0],
            height=_SIZE[1],
            frames=_FRAMES,
            rate=_RATE,
            inputs=(InputAsset(role=InputRole.FIRST_FRAME, sha256="photo"),),
        )
        with tempfile.TemporaryDirectory() as folder:
            context = Context(Path(folder), BUNDLED / "portraits", held, Path(photo), recipe.model)
            multiplane_stills.run(recipe, context)
            frames = read(context.saved)
        yield Row(words or "(no words)", np.stack([frames[index] for index in _SHOWN]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
