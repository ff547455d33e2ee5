"""Given stills in the shape of a clip: what is cropped, and what a crop keeps."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.abilities.stills import centred, still_at

SHARES = st.floats(0, 1)


@given(low=SHARES, high=SHARES, kept=st.floats(0.1, 0.95))
def test_what_fits_a_crop_is_in_it(low: float, high: float, kept: float) -> None:
    low, high = sorted((low, high))
    begins = centred(low, high, kept, headroom=0.06) * (1 - kept)
    assert 0 <= begins <= 1 - kept + 1e-9
    if high - low <= kept:
        assert begins <= low + 1e-9
        assert begins + kept >= high - 1e-9
    else:
        assert begins <= low + 1e-9, "what is taller keeps its head"


def test_a_tall_picture_is_cropped_around_what_is_sought(tmp_path: Path) -> None:
    picture = np.zeros((400, 200, 3), np.uint8)
    picture[20:60] = 255
    path = tmp_path / "tall.png"
    cv2.imwrite(str(path), picture)
    seen = still_at(path, 160, 90, lambda _: (0.2, 0.05, 0.8, 0.15))
    assert (seen.max(axis=(1, 2)) > 200).sum() == pytest.approx(32, abs=2)
    assert still_at(path, 160, 90).max() == 0, "its middle is black"
    assert still_at(path, 160, 90, lambda _: None).max() == 0


@pytest.mark.parametrize("deep", [np.uint16, np.int32])
def test_a_picture_of_deep_greys_keeps_them(tmp_path: Path, deep: type[np.generic]) -> None:
    path = tmp_path / "deep.tiff"
    Image.fromarray(np.full((90, 160), 30_000).astype(deep)).save(path)
    assert still_at(path, 160, 90).mean() == pytest.approx(30_000 / 257, abs=1)


def test_nothing_is_sought_where_next_to_nothing_is_cropped(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    cv2.imwrite(str(path), np.zeros((90, 161, 3), np.uint8))

    def never(_: object) -> None:
        raise AssertionError

    assert still_at(path, 160, 90, never).shape == (90, 160, 3)
