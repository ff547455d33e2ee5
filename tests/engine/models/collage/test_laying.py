"""Cut-outs made fit, dyed, arranged, and laid on paper."""

from __future__ import annotations

import random

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.models.collage.arranging import Group, Place, arranged
from engine.models.collage.cut_outs import CutOut
from engine.models.collage.laying import SIDE_PIXELS, sticker
from engine.models.opticals.colours import TONES


def _drawn(*colour: int, wide: int = 160, tall: int = 120) -> NDArray[np.uint8]:
    """An even thing of one colour with a black eye, a ragged edge and a speck beside it."""
    rgba = np.zeros((256, 256, 4), np.uint8)
    left, top = (256 - wide) // 2, (256 - tall) // 2
    rgba[top : top + tall, left : left + wide] = (*colour, 255)
    rgba[top : top + tall : 4, left - 2 : left] = (0, 0, 255, 120)
    rgba[120:136, 120:136] = (10, 10, 10, 255)
    rgba[4:8, 4:8] = (255, 255, 255, 255)
    return rgba


ORANGE, WHITE = CutOut.of(_drawn(240, 130, 20)), CutOut.of(_drawn(235, 235, 235))


def _pieces(alpha: NDArray[np.uint8]) -> int:
    return cv2.connectedComponents((alpha > 127).astype(np.uint8))[0] - 1


def test_specks_and_fringes_are_no_part_of_a_thing() -> None:
    left, top, width, height = ORANGE.box
    assert (abs(width - 160) <= 4, abs(height - 120) <= 2) == (True, True)
    edge = ORANGE.colours[top + 4 : top + height - 4, left : left + 2]
    assert edge[..., 2].max() < 0.3, "the blue fringe shows"


def test_a_thing_is_dyed_in_its_chief_colour_alone() -> None:
    for art in (ORANGE, WHITE):
        blue = art.in_colour(TONES["blue"])
        inside = blue.colours[blue.cover > 0.9].mean(axis=0)
        assert inside[2] > inside[0] + 0.3
        eye = blue.colours[blue.colours.shape[0] // 2, blue.colours.shape[1] // 2]
        assert eye.max() < 0.25


def test_nothing_is_dyed_so_dark_that_its_face_is_lost() -> None:
    black = ORANGE.in_colour(TONES["black"])
    middle = black.colours.shape[0] // 2
    assert black.colours[middle, middle - 50].mean() > black.colours[middle, middle].mean() + 0.05


def test_an_empty_drawing_is_still_something_to_lay() -> None:
    empty = CutOut.of(np.zeros((256, 256, 4), np.uint8))
    assert sticker(arranged([Group((empty,))], random.Random(0))).shape == (512, 512, 4)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_several_of_a_kind_are_one_sticker_that_fills_its_square(count: int) -> None:
    made = sticker(arranged([Group((ORANGE,) * count)], random.Random(1)))
    alpha = made[..., 3]
    assert _pieces(alpha) == 1
    rows, columns = np.nonzero(alpha > 127)
    longer = max(np.ptp(rows), np.ptp(columns))
    assert 0.9 * SIDE_PIXELS < longer < 0.97 * SIDE_PIXELS
    assert alpha[0].max() == alpha[-1].max() == alpha[:, 0].max() == alpha[:, -1].max() == 0


@pytest.mark.parametrize("place", list(Place))
def test_what_is_with_it_touches_it_and_is_seen(place: Place) -> None:
    groups = [Group((ORANGE,)), Group((WHITE.in_colour(TONES["green"]),), place)]
    laid = arranged(groups, random.Random(3))
    made = sticker(laid)
    assert _pieces(made[..., 3]) == 1
    green = (made[..., 1] > made[..., 0] + 40) & (made[..., 1] > made[..., 2] + 40)
    assert green.mean() > 0.02
    assert (laid[0].art is not ORANGE) == (place is Place.UNDER), "what is under lies behind"


def test_another_seed_lays_it_otherwise() -> None:
    groups = [Group((ORANGE,)), Group((WHITE,), Place.NEAR)]
    one, again, other = (sticker(arranged(groups, random.Random(seed))) for seed in (1, 1, 2))
    assert (one == again).all()
    assert (one != other).any()


def test_the_border_is_white_even_and_soft_at_its_edge() -> None:
    made = sticker(arranged([Group((ORANGE,))], random.Random(1)))
    rim = made[(made[..., 3] > 0) & (made[..., 3] < 250)]
    assert (rim[:, :3] == 255).all(), "an edge that is not white shows on black"
    assert 0 < len(rim) < 6000
    inside = (made[..., 3] == 255).astype(np.uint8)
    thing = (made[..., :3].min(axis=2) < 200).astype(np.uint8)
    away = cv2.distanceTransform(inside, cv2.DIST_L2, 5)[
        cv2.morphologyEx(thing, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    ]
    outer = away[away < 40]
    assert 16 < np.median(outer) < 26
