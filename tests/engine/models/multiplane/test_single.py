"""One thing of several that stand out, followed from frame to frame."""

from __future__ import annotations

import numpy as np

from engine.models.multiplane.single import one_thing


def test_the_largest_is_kept_and_followed_and_the_others_are_left_out() -> None:
    mattes = np.zeros((3, 60, 80), np.uint8)
    for index, matte in enumerate(mattes):
        matte[10:40, 10 + 4 * index : 30 + 4 * index] = 255
        matte[20:30, 60:70] = 255
    mattes[0, :, 40:80] = 255  # for a moment something larger stands there
    kept = one_thing(mattes, 2)
    assert not kept[:, :, 60:].any()
    assert [int((matte > 0).sum()) for matte in kept] == [600, 600, 600]


def test_where_it_is_gone_nothing_is_kept() -> None:
    mattes = np.zeros((2, 60, 80), np.uint8)
    mattes[1, 10:40, 10:30] = 255
    assert not one_thing(mattes, 1)[0].any()
    assert not one_thing(mattes, 0).any()


def test_soft_edges_stay() -> None:
    mattes = np.zeros((1, 60, 80), np.uint8)
    mattes[0, 10:40, 10:30] = 255
    mattes[0, 10:40, 30:33] = 90
    assert one_thing(mattes, 0)[0, 20, 31] == 90
