"""Cut-out films at every rate: the same movement in seconds, and what eases it."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.catalogue import load_catalogue
from engine.models.animatic.easing import eased, ramp_of, time_of
from engine.models.animatic.film import GROUND, Direction, Stage, staged_film
from engine.models.animatic.layers import floor_of, on_screen
from engine.models.animatic.movements import ACTIONS, CAMERAS, Moment, View
from engine.models.animatic.onsets import onsets
from engine.models.animatic.place import Plate, plate
from engine.models.animatic.scenery import FAR

RATES = tuple(map(Fraction, load_catalogue().entry("pocket-animatic").rules.rates))
PLACE = Plate(np.full((36, 64, 3), 120, np.uint8), GROUND)
ART: NDArray[np.uint8] = np.full((16, 12, 4), 255, np.uint8)


def _stage(direction: Direction, length_s: Fraction, rate: Fraction, place: Plate = PLACE) -> Stage:
    return staged_film(place, ART, direction, round(length_s * rate), float(rate))


def _direction(action: str, camera: str = "static", *, is_eased: bool = True) -> Direction:
    return Direction(action, camera, has_floor=True, seed=3, is_eased=is_eased)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(tuple(ACTIONS)),
    st.sampled_from(tuple(CAMERAS)),
    st.booleans(),
    st.integers(0, 10**6),
    st.sampled_from([rate for rate in RATES if rate.denominator == 1]),
    st.sampled_from([rate for rate in RATES if rate.denominator == 1]),
    st.integers(1, 8),
)
def test_a_movement_takes_the_same_seconds_at_every_rate(
    action: str, camera: str, is_eased: bool, seed: int, one: Fraction, other: Fraction, length: int
) -> None:
    direction = Direction(action, camera, True, seed, is_eased=is_eased)
    slow, fast = (_stage(direction, Fraction(length), rate).shots for rate in (one, other))
    for index, (pose, view) in enumerate(slow):
        at = index / one * other
        if at.denominator == 1:
            again, looked = fast[int(at)]
            got = (again.x, again.y, again.size, again.turn, again.stretch)
            assert got == pytest.approx((pose.x, pose.y, pose.size, pose.turn, pose.stretch))
            assert (looked.x, looked.y, looked.zoom) == pytest.approx((view.x, view.y, view.zoom))


@pytest.mark.parametrize("rate", RATES)
def test_a_film_ends_where_it_would_at_any_rate(rate: Fraction) -> None:
    stage = _stage(_direction("right"), Fraction(4), rate)
    (first, _), (last, _) = stage.shots[0], stage.shots[-1]
    assert first.x == pytest.approx(0.2)
    assert last.x == pytest.approx(0.8, abs=0.002)


@pytest.mark.parametrize("setting", ["snow", "rain", "underwater"])
@pytest.mark.parametrize("camera", ["static", "pan_left", "zoom_in"])
def test_every_second_frame_at_24_is_a_frame_at_12(setting: str, camera: str) -> None:
    place = plate(setting, 5, 128, 72)
    direction = _direction("dance", camera)
    slow, fast = (_stage(direction, Fraction(1), Fraction(rate), place) for rate in (12, 24))
    for index in range(12):
        assert (slow.picture(index) == fast.picture(2 * index)).all(), index


def test_a_recipe_that_asks_for_none_of_it_moves_as_films_did_at_first() -> None:
    place = plate("forest", 5, 128, 72)
    stage = _stage(
        _direction("right", "pan_left", is_eased=False), Fraction(2), Fraction(12), place
    )
    (start, _), *_ = stage.shots
    for index, (pose, view) in enumerate(stage.shots):
        now = Moment(index / 24, 0.0)
        assert pose.x == ACTIONS["right"](start, now).x
        assert view == CAMERAS["pan_left"](now)
    flat = cv2.resize(place.picture, None, fx=1.35, fy=1.35, interpolation=cv2.INTER_CUBIC)
    left, top = round(flat.shape[1] / 2 - 64 + 0.14 * 128), flat.shape[0] // 2 - 36
    shown = flat[top : top + 72, left : left + 128].astype(int)
    assert np.abs(shown - stage.place(0)).mean() < 6


@given(st.floats(0, 1), st.floats(0.01, 1 / 3))
def test_what_eases_begins_and_ends_at_rest_and_never_turns_back(share: float, ramp: float) -> None:
    step = 1e-4
    assert eased(0.0, ramp) == 0
    assert eased(1.0, ramp) == 1
    assert eased(step, ramp) < step / 10 or ramp < 0.03
    assert eased(min(1.0, share + step), ramp) >= eased(share, ramp)
    assert eased(share, ramp) + eased(1 - share, ramp) == pytest.approx(1)


@pytest.mark.parametrize("length_s", [1.0, 4.0, 16.0])
def test_a_roll_is_heard_as_it_turns(length_s: float) -> None:
    heard = onsets("roll", 0.0, length_s, is_eased=True)
    ramp = ramp_of(length_s)
    for third, at_s in enumerate(heard):
        assert eased(at_s / length_s, ramp) == pytest.approx(third / 3)
    assert time_of(0.0, ramp) == 0


@pytest.mark.parametrize("action", ["right", "jump", "spin", "fall", "dance", "float"])
def test_what_repeats_or_lands_is_heard_at_the_same_times(action: str) -> None:
    assert onsets(action, 0.3, 4.0, is_eased=True) == onsets(action, 0.3, 4.0)


def test_what_falls_is_heard_as_it_meets_the_floor() -> None:
    shots = _stage(_direction("fall"), Fraction(4), Fraction(30)).shots
    (landing_s,) = onsets("fall", 0.0, 4.0, is_eased=True)
    rest = shots[-1][0].y
    falling = [pose.y for pose, _ in shots[: math.floor(landing_s * 30)]]
    assert all(before < after for before, after in pairwise(falling))
    assert falling[-1] < rest
    assert shots[math.ceil(landing_s * 30)][0].stretch < 0.85, "it gives as it lands"
    assert abs(shots[-1][0].stretch - 1) < 0.02, "and has come to rest"


@pytest.mark.parametrize("action", ["grow", "shrink", "jump", "fall"])
def test_feet_stay_on_the_floor(action: str) -> None:
    stage = _stage(_direction(action), Fraction(4), Fraction(24))
    feet = [pose.y + pose.size * math.sqrt(pose.stretch) / 2 for pose, _ in stage.shots]
    assert max(feet) == pytest.approx(floor_of(GROUND) + 0.02, abs=0.006)
    if action in ("grow", "shrink"):
        assert np.ptp(feet) < 1e-6


def test_a_camera_that_closes_in_keeps_the_feet_in_the_frame() -> None:
    for pose, view in _stage(_direction("stand", "zoom_in"), Fraction(4), Fraction(24)).shots:
        _, y, size = on_screen(pose, view, 64, 36)
        assert y + size / 2 < 36


def _shift(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    grey = [cv2.cvtColor(p, cv2.COLOR_RGB2GRAY).astype(np.float32) for p in (before, after)]
    return cv2.phaseCorrelate(
        grey[0], grey[1], cv2.createHanningWindow(grey[0].shape[::-1], cv2.CV_32F)
    )[0][0]


def test_what_is_far_moves_less_than_what_is_near() -> None:
    place = plate("snow", 5, 512, 288)
    stage = _stage(_direction("stand", "pan_right"), Fraction(4), Fraction(24), place)
    seen = [stage.place(index).copy() for index in (40, 50)]
    views: list[View] = [stage.shots[index][1] for index in (40, 50)]
    moved = (views[0].x - views[1].x) * 512
    peaks = _shift(*(np.ascontiguousarray(picture[:110]) for picture in seen))
    trees = _shift(*(np.ascontiguousarray(picture[198:224]) for picture in seen))
    assert peaks == pytest.approx(FAR * moved, abs=1.0)
    assert trees == pytest.approx(moved, abs=1.0)
