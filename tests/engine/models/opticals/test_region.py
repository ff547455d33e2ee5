"""A drawn region goes with what moves under it, or else with the camera."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from engine.models.animatic.film import Art
from engine.models.opticals.changes import filled, within
from engine.models.opticals.region import moved, region_path
from engine.models.opticals.standing import Box, inside
from tests.engine.models.opticals.scenery import BLOCK, LEFT, TOP, film


def _greys(frames: np.ndarray) -> list[np.ndarray]:
    return [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]


def _block(frame: np.ndarray, left: int) -> np.ndarray:
    mask = np.zeros(frame.shape[:2], np.float32)
    mask[TOP : TOP + BLOCK, left : left + BLOCK] = 1.0
    return mask


@pytest.mark.parametrize("drawn_on", [0, 4, 8])
def test_it_goes_with_what_moves_under_it_both_ways(drawn_on: int) -> None:
    frames, mattes = film(9, pan=1, step=6)
    region = (mattes[drawn_on] > 127).astype(np.float32)
    path = region_path(_greys(frames), region, drawn_on, 3)
    assert path.follows
    for matrix, truth in zip(path.matrices, mattes, strict=True):
        here, there = moved(region, matrix) > 0.5, truth > 127
        assert (here & there).sum() > 0.8 * (here | there).sum()


def test_it_goes_with_the_camera_where_nothing_under_it_moves() -> None:
    frames, mattes = film(7, pan=3, step=9)
    region = np.zeros(frames.shape[1:3], np.float32)
    region[:20, -60:] = 1.0
    path = region_path(_greys(frames), region, 3, 3)
    assert not path.follows
    for index, matrix in enumerate(path.matrices):
        assert matrix[0, 2] == pytest.approx(-3 * (index - 3), abs=0.5)
        assert matrix[1, 2] == pytest.approx(0, abs=0.5)
    assert mattes.any()


def test_without_anything_to_follow_it_stays_and_at_the_frames_edge_it_goes_on() -> None:
    region = np.zeros((60, 90), np.float32)
    region[:30] = 1.0
    path = region_path([np.full((60, 90), 80, np.uint8)] * 3, region, 1, 2)
    assert all(np.array_equal(matrix, np.eye(3)) for matrix in path.matrices)
    shift = np.array([[1.0, 0, 10], [0, 1, 0], [0, 0, 1]])
    assert (moved(region, shift)[:29] == 1).all()


def test_what_is_filled_ends_with_the_region() -> None:
    frame = film(1, pan=0, step=0)[0][0]
    matte = _block(frame, LEFT) * np.float32(0.5)
    new = filled(frame, matte, np.full_like(frame, 90))
    assert (new[matte == 0] == frame[matte == 0]).all()
    assert (within(frame, matte * 2, np.full_like(frame, 7))[matte > 0] == 7).all()


def test_a_thing_is_as_large_and_low_as_its_region_has_room_for() -> None:
    art = Art.of(np.full((40, 20, 4), 255, np.uint8), is_cropped=False)
    box = Box(0.5, 0.9, 0.4, 0.6)
    square = np.zeros((100, 150), np.float32)
    square[30:90, 45:105] = 1.0
    pose = inside(box, art, square)
    assert pose.size == pytest.approx(0.6)
    assert pose.y + pose.size / 2 == pytest.approx(0.9, abs=0.01)
    oval = np.zeros((100, 150), np.float32)
    cv2.ellipse(oval, (75, 60), (30, 30), 0, 0, 360, 1.0, -1)
    smaller = inside(box, art, oval)
    assert 0.3 < smaller.size < 0.6
