"""Tiles make a picture up, each pixel in one of them."""

from __future__ import annotations

import numpy as np
import pytest

from engine.models.enlarging.tiles import cover, enlarged


@pytest.mark.parametrize(("height", "width"), [(7, 9), (20, 20), (21, 64), (1, 200)])
def test_every_pixel_is_in_one_tile_and_its_surroundings_are_read(height: int, width: int) -> None:
    owned = np.zeros((height, width), int)
    for tile in cover(height, width, side=20, margin=3):
        owned[tile.rows.own, tile.columns.own] += 1
        for span, length in ((tile.rows, height), (tile.columns, width)):
            assert span.own.stop - span.own.start <= 20
            assert span.read.start == max(0, span.own.start - 3)
            assert span.read.stop == min(length, span.own.stop + 3)
            read = range(length)[span.read]
            assert read[span.own_of_read] == range(length)[span.own]
    assert (owned == 1).all()


def test_sides_are_cut_evenly() -> None:
    assert [t.columns.own for t in cover(10, 50, side=20, margin=0)] == [
        slice(0, 16), slice(16, 33), slice(33, 50),
    ]  # fmt: skip
    assert enlarged(slice(16, 33), 4) == slice(64, 132)
