"""Pictures enlarged: in tiles as in one piece, like their source, in any size and depth."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch

from engine.models.enlarging.network import CompactEnlarger, load_enlarger
from engine.models.enlarging.pictures import FilmEnlarger, Picture
from engine.models.enlarging.transparency import TransparentEnlarger, spread
from tests.engine.models.enlarging.test_network import FOLDER


@pytest.fixture(scope="module")
def network() -> CompactEnlarger:
    return load_enlarger(FOLDER, torch.device("cpu"))


def _drawing(side: int) -> Picture:
    """A face of flat colours with clean edges."""
    large = np.full((8 * side, 8 * side, 3), (70, 140, 210), np.uint8)
    unit = side / 2
    cv2.circle(large, (round(8 * unit), round(8 * unit)), round(6 * unit), (240, 200, 60), -1)
    for eye in (6, 10):
        cv2.circle(large, (round(eye * unit), round(7 * unit)), round(unit), (30, 30, 40), -1)
    mouth = np.array([(5, 10), (11, 10), (8, 12)]) * unit
    cv2.fillPoly(large, [mouth.astype(np.int32)], (200, 40, 50))
    return cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA).astype(np.uint8)


def _psnr(made: Picture, true: Picture) -> float:
    return 10 * np.log10(255**2 / np.square(made.astype(float) - true).mean())


def _half(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return small.astype(picture.dtype)


def test_tiles_are_as_one_piece(network: CompactEnlarger) -> None:
    picture = _drawing(64)[:50]
    whole, tiled = (
        FilmEnlarger(network, (128, 100), side).enlarge(picture).astype(int) for side in (64, 20)
    )
    assert np.abs(whole - tiled).max() <= 1


def test_a_drawing_comes_back_better_than_stretched(network: CompactEnlarger) -> None:
    true = _drawing(128)
    small = _half(true)
    made = FilmEnlarger(network, (128, 128), 64).enlarge(small)
    stretched = cv2.resize(small, (128, 128), interpolation=cv2.INTER_CUBIC)
    assert _psnr(made, true) > _psnr(stretched.astype(np.uint8), true) + 0.5


def test_made_small_again_it_is_the_source(network: CompactEnlarger) -> None:
    source = _drawing(48)
    made = FilmEnlarger(network, (96, 96), 48).enlarge(source)
    assert _psnr(_half(made), source) > 35


@pytest.mark.parametrize("size", [(48, 48), (70, 64), (96, 96), (130, 150), (192, 192), (250, 240)])
def test_any_size_from_its_own_is_made(network: CompactEnlarger, size: tuple[int, int]) -> None:
    source = _drawing(48)
    made = FilmEnlarger(network, size, 48).enlarge(source)
    assert made.shape == (size[1], size[0], 3)
    small = cv2.resize(made, (48, 48), interpolation=cv2.INTER_AREA)
    assert _psnr(small.astype(np.uint8), source) > 30


def test_sixteen_bits_stay_sixteen(network: CompactEnlarger) -> None:
    shallow = _drawing(32)
    deep = shallow.astype(np.uint16) * 257
    made = FilmEnlarger(network, (64, 64), 32).enlarge(deep)
    assert made.dtype == np.uint16
    assert len(np.unique(made)) > 256
    eight = FilmEnlarger(network, (64, 64), 32).enlarge(shallow)
    assert np.abs(made / 257 - eight).max() < 1.5


def test_what_stands_still_is_not_made_again(network: CompactEnlarger) -> None:
    passes = 0

    def count(*_: object) -> None:
        nonlocal passes
        passes += 1

    hook = network.register_forward_hook(count)
    first = _drawing(64)
    second = first.copy()
    second[:4, :4] = 0
    film = FilmEnlarger(network, (128, 128), 32)
    made = [film.enlarge(picture) for picture in (first, first, second)]
    hook.remove()
    assert passes == 4 + 0 + 1
    assert (made[0] == made[1]).all()
    alone = FilmEnlarger(network, (128, 128), 32).enlarge(second)
    assert (made[2] == alone).all()


def test_frames_may_change_their_size(network: CompactEnlarger) -> None:
    film = FilmEnlarger(network, (96, 96), 48)
    assert film.enlarge(_drawing(48)).shape == film.enlarge(_drawing(32)).shape == (96, 96, 3)


def test_every_tile_is_told(network: CompactEnlarger) -> None:
    told: list[tuple[int, int]] = []
    FilmEnlarger(network, (80, 40), 20).enlarge(
        _drawing(40)[:20], lambda done, tiles: told.append((done, tiles))
    )
    assert told == [(1, 2), (2, 2)]


def test_what_is_transparent_keeps_its_edge_and_its_colour(network: CompactEnlarger) -> None:
    """A red disc on nothing, whose hidden pixels are green."""
    rgba = np.zeros((48, 48, 4), np.uint8)
    rgba[..., 1] = 255
    cv2.circle(rgba, (24, 24), 14, (220, 30, 30, 255), -1)
    told: list[tuple[int, int]] = []
    made = TransparentEnlarger(network, (96, 96), 48).enlarge(
        rgba, lambda done, tiles: told.append((done, tiles))
    )
    assert made.shape == (96, 96, 4)
    assert told == [(1, 2), (2, 2)]
    coverage = made[..., 3]
    assert coverage[:10].max() < 8
    assert coverage[48, 48] > 247
    assert coverage.mean() == pytest.approx(rgba[..., 3].mean(), abs=1)
    seen = made[coverage > 20]
    assert seen[:, 1].max() < 60, "no green comes in"


def test_colours_spread_to_where_nothing_is_seen() -> None:
    rgba = np.zeros((3, 5, 4), np.uint8)
    rgba[1, 0], rgba[1, 4] = (10, 20, 30, 255), (40, 50, 60, 9)
    filled = spread(rgba)
    assert filled[0, 1].tolist() == [10, 20, 30]
    assert filled[2, 3].tolist() == [40, 50, 60]
    assert (spread(np.zeros((2, 2, 4), np.uint8)) == 0).all()
