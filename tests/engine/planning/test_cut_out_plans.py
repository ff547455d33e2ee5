"""What is told of a cut-out film before it is made: its frames take time, and no memory."""

from __future__ import annotations

from engine.planning.timing import work_of
from engine.protocol.recipes import Ability, Recipe
from tests.engine.planning.machines import catalogue

ENTRY = catalogue().entry("pocket-animatic")


def _film(frames: int, rate: str = "24/1", width: int = 1024, height: int = 576) -> Recipe:
    return Recipe(
        ability=Ability.TEXT_TO_VIDEO,
        model=ENTRY.id,
        width=width,
        height=height,
        frames=frames,
        rate=rate,
    )


def _decode(recipe: Recipe) -> float:
    return work_of(recipe, ENTRY, 0, tiled=False).decode


def test_every_frame_and_every_pixel_of_it_is_laid() -> None:
    four_s, eight_s = _decode(_film(96)), _decode(_film(192))
    assert eight_s - four_s == four_s - _decode(_film(0))
    assert _decode(_film(96, width=512, height=288)) < four_s
    assert _decode(_film(48, rate="12/1")) < four_s


def test_networks_draw_one_picture_however_long_the_film_is() -> None:
    short, long = (work_of(_film(frames), ENTRY, 0, tiled=False) for frames in (24, 480))
    assert short.denoise == long.denoise
