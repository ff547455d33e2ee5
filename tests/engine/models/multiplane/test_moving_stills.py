"""A still taken apart and moved: what must stay, what must move, and what must never be seen."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.models.animatic.movements import ACTIONS, View
from engine.models.multiplane.camera import cover, is_apart_from_still, views
from engine.models.multiplane.planes import WHOLE, Planes, apart, front_of
from engine.models.multiplane.still_film import StillFilm, poses

CAMERAS = ("static", "pan_left", "pan_right", "tilt_up", "tilt_down", "zoom_in", "zoom_out")
WIDTH, HEIGHT = 192, 108
ORANGE = np.array([235, 120, 20])


def _still() -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """An orange ball in front of grey stripes, and its matte."""
    picture = np.full((HEIGHT, WIDTH, 3), (120, 130, 140), np.uint8)
    for column in range(0, WIDTH, 12):
        picture[:, column : column + 4] = (90, 100, 110)
    matte = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.circle(matte, (96, 60), 20, 255, -1, cv2.LINE_AA)
    alpha = matte.astype(np.float32) / np.float32(255)
    mixed = picture * (1 - alpha[..., None]) + ORANGE * alpha[..., None]
    return mixed.round().astype(np.uint8), alpha


@cache
def _planes() -> Planes:
    return apart(*_still())


def _ball(picture: NDArray[np.uint8]) -> tuple[float, float]:
    """Where the orange of a picture lies."""
    rows, columns = np.nonzero(np.abs(picture.astype(int) - ORANGE).max(axis=2) < 40)
    return float(columns.mean()), float(rows.mean())


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("anchor", [0.0, 0.5, 1.0])
def test_the_still_itself_is_the_frame_it_was_given_for(camera: str, anchor: float) -> None:
    at = round(anchor * 23)
    film = StillFilm(_planes(), views(camera, 24, 12.0, anchor), "jump", 12.0, at)
    is_still = np.array_equal(film.picture(at), _planes().picture)
    assert is_still != is_apart_from_still(camera, anchor)


@given(
    camera=st.sampled_from([*CAMERAS, "handheld", "drift"]),
    frames=st.integers(2, 200),
    anchor=st.sampled_from([0.0, 0.5, 1.0]),
)
def test_no_camera_ever_sees_beyond_the_edges(camera: str, frames: int, anchor: float) -> None:
    for view in views(camera, frames, 24.0, anchor):
        assert abs(view.x) + 0.5 / view.zoom <= 0.5 + 1e-9
        assert abs(view.y) + 0.5 / view.zoom <= 0.5 + 1e-9


@given(x=st.floats(-0.2, 0.2), y=st.floats(-0.2, 0.2))
def test_a_camera_comes_no_nearer_than_it_must(x: float, y: float) -> None:
    assert max(abs(x), abs(y)) + 0.5 / cover(x, y) == pytest.approx(0.5)


def test_a_jump_leaves_the_ground_and_shows_what_was_behind() -> None:
    film = StillFilm(_planes(), [WHOLE] * 40, "jump", 24.0, 0)
    heights = [_ball(film.picture(index))[1] for index in range(40)]
    assert heights[0] == pytest.approx(60, abs=1)
    assert min(heights) < 52
    highest = film.picture(int(np.argmin(heights)))
    freed = highest[74:79, 90:102].astype(float)
    assert np.abs(freed - [115, 125, 135]).max() < 45  # stripes, and no orange


def test_the_front_slides_over_what_is_behind_as_a_camera_pans() -> None:
    planes = _planes()
    assert planes.front is not None
    film = StillFilm(planes, [WHOLE, *[View(x=0.05, zoom=cover(0.05, 0))] * 24], "stand", 12.0, 0)
    panned = film.picture(20)
    zoom = cover(0.05, 0)
    nearer = 1 + (zoom - 1) * planes.front.reach
    expected = WIDTH / 2 + nearer * (0 - 0.05 * WIDTH * planes.front.reach)
    assert _ball(panned)[0] == pytest.approx(expected, abs=1.0)
    assert planes.front.reach > 0.5


def test_where_nothing_stands_out_lines_stay_straight() -> None:
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    picture[:, 80:112] = 255
    panned = apart(picture, None).ground(picture, View(x=0.1, zoom=cover(0.1, 0)))
    edges = (panned[..., 0] > 127).argmax(axis=1)
    assert np.ptp(edges) == 0
    assert edges[0] < 80


def test_somebody_whom_the_edge_cuts_is_never_lifted_off_it() -> None:
    picture, _ = _still()
    matte = np.zeros((HEIGHT, WIDTH), np.float32)
    matte[40:, 60:130] = 1.0
    picture[40:, 60:130] = ORANGE
    planes = apart(picture, matte)
    assert planes.front is not None
    assert planes.front.cropped == {"bottom"}
    film = StillFilm(planes, [WHOLE] * 48, "jump", 24.0, 0)
    for index in range(0, 48, 3):
        bottom = film.picture(index)[-1, 80:110].astype(int)
        assert np.abs(bottom - ORANGE).max() < 30


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_begins_where_the_still_has_it(action: str) -> None:
    picture, matte = _still()
    front = front_of(picture, matte)
    assert front is not None
    start = front.pose((WIDTH, HEIGHT))
    before, now = poses(start, action, 0.0, 4.0, cropped=front.cropped)
    assert now == before
    _, soon = poses(start, action, 1 / 24, 4.0, cropped=front.cropped)
    assert abs(soon.x - before.x) + abs(soon.y - before.y) < 0.02


def test_a_matte_of_nothing_is_no_front() -> None:
    picture, matte = _still()
    assert front_of(picture, np.zeros_like(matte)) is None
