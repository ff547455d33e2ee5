"""A sheet of what opticals make of a photo that moves, and of a draft whose recipe is told.

Run it with: python3 -m engine.training.optical_sheet PHOTO SHEET

That of docs/pocket-opticals.jpg is of scikit-image's astronaut.png (NASA, public domain).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine.abilities import opticals
from engine.abilities.animatic import cast_as_made, make_film
from engine.abilities.video_output import write_film
from engine.catalogue import load_catalogue
from engine.downloads.store import BUNDLED
from engine.protocol.recipes import FILM_RECIPE, Ability, InputAsset, InputRole, Recipe
from engine.training.precision import CPU
from engine.training.running import Context, Held
from engine.training.samples import load_drawers, rewriter_of

_OF_PHOTO = (
    "blur the face",
    "remove the background",
    "make it snow",
    "make it a watercolour",
    "make the background black and white",
)
_OF_DRAFT = (
    "remove the fox",
    "make the fox blue",
    "replace the fox with a robot",
    "make it night",
    "put it on a beach",
)
_OPTICALS = "pocket-opticals"
_PROMPT, _SEED = "a fox jumps up and down on a city street", 3
_RATE, _FRAMES = "24/1", 24
_TILE, _GAP, _CAPTION, _COLUMNS = (400, 225), 4, 30, 3
_SQUARE, _GREYS, _PAPER = 7, (200, 160), 250

Picture = NDArray[np.uint8]
Tile = tuple[str, Picture]


def main(photo: Path, sheet: Path) -> None:
    """Write the sheet of a photo as a JPEG."""
    held = Held()
    with tempfile.TemporaryDirectory() as folder:
        shots = [*_of_photo(photo, Path(folder), held), *_of_draft(Path(folder), held)]
    _lay_out(shots, sheet)


def _of_photo(photo: Path, folder: Path, held: Held) -> Iterator[Tile]:
    """The film of a photo, as a camera drifts over it, and each edit of it."""
    path = folder / "photo.mp4"
    write_film(_drifting(photo), Fraction(_RATE), path)
    yield "the film", _middle(path)
    for words in _OF_PHOTO:
        yield words, _edited(path, words, "", held)


def _drifting(photo: Path) -> Iterator[Picture]:
    with Image.open(photo) as opened:
        wide = np.asarray(opened.convert("RGB").resize((800, 800), Image.Resampling.LANCZOS))
    for index in range(_FRAMES):
        yield np.ascontiguousarray(wide[index // 4 : 432 + index // 4, 16 : 16 + 768])


def _of_draft(folder: Path, held: Held) -> Iterator[Tile]:
    """A draft, and each edit of it."""
    entry = load_catalogue().entry("pocket-animatic")
    width, height = entry.rules.aspects["16:9"]
    made_by = Recipe(
        ability=Ability.TEXT_TO_VIDEO,
        model=entry.id,
        prompt=_PROMPT,
        seed=_SEED,
        width=width,
        height=height,
        frames=_FRAMES,
        rate=_RATE,
        options=entry.options,
    )
    drawers = load_drawers(BUNDLED, torch.float32, CPU)
    rewriter = rewriter_of(drawers)
    cast = cast_as_made(rewriter, made_by)
    path = folder / "draft.mp4"
    write_film(make_film(cast, made_by, entry, drawers, lambda *_: None), Fraction(_RATE), path)
    yield "a draft", _middle(path)
    told = msgspec.json.encode(made_by).decode()
    for words in _OF_DRAFT:
        yield words, _edited(path, words, told, held)


def _edited(film: Path, words: str, film_recipe: str, held: Held) -> Picture:
    """The middle of a film after an edit. Raises: EngineError."""
    recipe = Recipe(
        ability=Ability.EDIT_VIDEO,
        model=_OPTICALS,
        prompt=words,
        seed=_SEED,
        inputs=(InputAsset(role=InputRole.SOURCE, sha256="film"),),
        options={FILM_RECIPE: film_recipe} if film_recipe else {},
    )
    with tempfile.TemporaryDirectory() as folder:
        context = Context(Path(folder), BUNDLED / "pocket-video", held, film, _OPTICALS)
        opticals.run(recipe, context)
        return _middle(context.saved)


def _middle(film: Path) -> Picture:
    """A film's middle frame (H, W, 3); what is clear shows squares."""
    with av.open(str(film)) as opened:
        frames = [frame.to_ndarray(format="rgba") for frame in opened.decode(video=0)]
    picture = frames[len(frames) // 2].astype(np.float32)
    cover = picture[..., 3:] / 255
    shown = picture[..., :3] * cover + _squares(*picture.shape[:2]) * (1 - cover)
    return shown.round().astype(np.uint8)


def _squares(height: int, width: int) -> NDArray[np.float32]:
    rows, columns = np.mgrid[:height, :width] // (_SQUARE * width // _TILE[0])
    return np.where((rows + columns) % 2, *_GREYS)[..., None].astype(np.float32)


def _lay_out(shots: list[Tile], sheet: Path) -> None:
    step_x, step_y = _TILE[0] + _GAP, _TILE[1] + _CAPTION + _GAP
    size = step_x * _COLUMNS - _GAP, step_y * -(-len(shots) // _COLUMNS)
    page = Image.new("RGB", size, (_PAPER,) * 3)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(15)
    for index, (words, picture) in enumerate(shots):
        left, top = step_x * (index % _COLUMNS), step_y * (index // _COLUMNS)
        tile = cv2.resize(picture, _TILE, interpolation=cv2.INTER_AREA)
        page.paste(Image.fromarray(tile), (left, top))
        draw.text((left + 8, top + _TILE[1] + 5), words, fill=(25, 25, 25), font=font)
    page.save(sheet, quality=90)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
