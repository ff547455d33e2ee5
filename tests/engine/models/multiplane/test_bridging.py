"""From one picture to another: moved where both show the same, faded where not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.models.multiplane.between import between
from engine.models.multiplane.bridging import bridge

WIDTH, HEIGHT = 320, 180


def _scene(shift: int, seed: int = 3) -> NDArray[np.uint8]:
    """A textured wall that lies `shift` pixels to the right."""
    rng = np.random.default_rng(seed)
    small = rng.integers(40, 216, (24, 60, 3), dtype=np.uint8)
    wall = cv2.resize(small, (WIDTH + 100, HEIGHT), interpolation=cv2.INTER_CUBIC)
    seen = wall[:, 50 - shift : 50 - shift + WIDTH]
    return np.ascontiguousarray(seen).astype(np.uint8, copy=False)


def _psnr(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    inner = np.s_[20:-20, 40:-40]
    error = (one[inner].astype(float) - other[inner]) ** 2
    return float(10 * np.log10(255**2 / max(error.mean(), 1e-6)))


def test_the_ends_of_a_way_are_the_pictures_themselves() -> None:
    here, there = _scene(0), _scene(12)
    way = bridge(here, there)
    assert np.array_equal(way.at(0.0), here)
    assert np.array_equal(way.at(1.0), there)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_what_both_show_is_moved_and_not_faded(share: float) -> None:
    here, there, truth = _scene(0), _scene(12), _scene(round(12 * share))
    way = bridge(here, there)
    assert way.is_moved
    faded = cv2.addWeighted(here, 1 - share, there, share, 0).astype(np.uint8)
    assert _psnr(way.at(share), truth) > 34
    assert _psnr(way.at(share), truth) > _psnr(faded, truth) + 8


def test_pictures_of_different_things_fade() -> None:
    here, there = _scene(0), _scene(0, seed=9)
    way = bridge(here, there)
    assert not way.is_moved
    middle = way.at(0.5).astype(int)
    assert np.abs(middle - (here.astype(int) + there) / 2).max() <= 1


def test_a_film_passes_through_each_of_its_stills_at_its_frame() -> None:
    stills = [_scene(0), _scene(12), _scene(0, seed=9)]
    film = between([0, 10, 20], stills)
    assert film.fades
    for place, still in zip([0, 10, 20], stills, strict=True):
        assert np.array_equal(film.picture(place), still)
    assert _psnr(film.picture(5), _scene(6)) > 34


def test_beyond_its_outermost_stills_a_film_leaves_them_and_does_not_freeze() -> None:
    film = between([4, 8], [_scene(0), _scene(12)])
    assert np.array_equal(film.picture(8), _scene(12))
    assert not np.array_equal(film.picture(11), _scene(12))
    assert not np.array_equal(film.picture(0), _scene(0))
