"""Holes are filled with what is around them, in its own pattern, and nothing else is touched."""

from __future__ import annotations

import numpy as np
import pytest

from engine.models.opticals.completion import completed


def _stripes(height: int, width: int, period: int) -> np.ndarray:
    wave = 127.5 + 100 * np.sin(2 * np.pi * np.arange(width) / period)
    return np.repeat(np.tile(wave, (height, 1))[..., None], 3, axis=2).astype(np.uint8)


@pytest.mark.parametrize(("size", "period"), [((90, 120), 12), ((270, 480), 32)])
def test_a_pattern_goes_on_through_a_hole(size: tuple[int, int], period: int) -> None:
    picture = _stripes(*size, period)
    hole = np.zeros(size, bool)
    hole[size[0] // 3 : size[0] // 2, size[1] // 3 : size[1] // 2] = True
    torn = np.where(hole[..., None], 0, picture).astype(np.uint8)
    filled = completed(torn, hole)
    assert (filled[~hole] == picture[~hole]).all()
    wrong = np.abs(filled[hole].astype(int) - picture[hole]).mean()
    smooth = np.abs(picture[hole].astype(int) - int(picture.mean())).mean()
    assert wrong < 0.35 * smooth


def test_a_picture_without_a_hole_or_without_anything_else_stays() -> None:
    picture = _stripes(40, 60, 12)
    assert completed(picture, np.zeros((40, 60), bool)) is picture
    assert completed(picture, np.ones((40, 60), bool)) is picture


def test_what_is_nearly_all_hole_is_filled_evenly() -> None:
    picture = np.full((40, 60, 3), 90, np.uint8)
    hole = np.ones((40, 60), bool)
    hole[:2] = False
    filled = completed(np.where(hole[..., None], 0, picture).astype(np.uint8), hole)
    assert np.abs(filled.astype(int) - 90).max() < 12
