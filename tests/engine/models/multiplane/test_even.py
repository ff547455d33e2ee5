"""Moments between a film's frames: what is exact, what moves, what stands still, what is cut."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.models.multiplane.even import Timed, pictures_at
from engine.models.multiplane.see_through import multiplied, straight

WIDTH, HEIGHT = 160, 90
STEP_S = Fraction(1, 24)


def _scene(shift: float, seed: int = 3) -> NDArray[np.uint8]:
    """A textured wall that lies `shift` pixels to the right."""
    rng = np.random.default_rng(seed)
    fine = rng.integers(40, 216, (12, 30, 3), dtype=np.uint8)
    wall = cv2.resize(fine, (WIDTH + 100, HEIGHT), interpolation=cv2.INTER_CUBIC)
    matrix = np.array([[1, 0, shift - 50], [0, 1, 0]], np.float64)
    return cv2.warpAffine(wall, matrix, (WIDTH, HEIGHT)).astype(np.uint8, copy=False)


def _made(shifts: Sequence[float], moments: Sequence[Fraction]) -> list[NDArray]:
    """A film of walls, 24 a second, at moments counted in frames."""
    frames = [Timed(place * STEP_S, _scene(shift)) for place, shift in enumerate(shifts)]
    wanted = (moment * STEP_S for moment in moments)
    return list(pictures_at(wanted, iter(frames), STEP_S))


def _off(one: NDArray, other: NDArray) -> float:
    inner = np.s_[10:-10, 20:-20]
    return float(np.abs(one[inner].astype(float) - other[inner]).mean())


@given(st.lists(st.integers(0, 3), min_size=1, max_size=6).map(sorted))
@settings(max_examples=10, deadline=None)
def test_a_frames_own_moment_shows_that_frame(places: list[int]) -> None:
    shifts = [0.0, 4.0, 9.0, 15.0]
    made = _made(shifts, [Fraction(place) for place in places])
    for place, picture in zip(places, made, strict=True):
        assert np.array_equal(picture, _scene(shifts[place]))


def test_between_frames_things_are_on_their_way() -> None:
    made = _made([0, 8, 16], [Fraction(1, 4), Fraction(3, 2)])
    assert _off(made[0], _scene(2)) < 2
    assert _off(made[1], _scene(12)) < 2


def test_after_the_last_frame_it_is_held() -> None:
    (late,) = _made([0, 8], [Fraction(9, 5)])
    assert np.array_equal(late, _scene(8))


def test_a_film_drawn_on_twos_moves_with_every_frame() -> None:
    made = _made([0, 0, 8, 8, 16, 16], [Fraction(1), Fraction(3)])
    assert _off(made[0], _scene(4)) < 2
    assert _off(made[1], _scene(12)) < 2


def test_what_stands_still_for_long_moves_no_sooner_than_it_did() -> None:
    made = _made([0] * 8 + [8], [Fraction(3), Fraction(7), Fraction(15, 2)])
    assert np.array_equal(made[0], _scene(0))
    assert np.array_equal(made[1], _scene(0))
    assert _off(made[2], _scene(4)) < 2


def test_a_frame_shown_for_long_moves_only_when_the_next_is_due() -> None:
    frames = [Timed(Fraction(0), _scene(0)), Timed(Fraction(1), _scene(8))]
    moments = [Fraction(1, 2), 1 - STEP_S / 2]
    still, moving = pictures_at(moments, iter(frames), STEP_S)
    assert np.array_equal(still, _scene(0))
    assert _off(moving, _scene(4)) < 2


def test_a_cut_is_a_cut() -> None:
    frames = [Timed(Fraction(0), _scene(0)), Timed(STEP_S, _scene(0, seed=9))]
    before, after = pictures_at([STEP_S / 3, STEP_S * 2 / 3], iter(frames), STEP_S)
    assert np.array_equal(before, _scene(0))
    assert np.array_equal(after, _scene(0, seed=9))


def test_sixteen_bits_stay_sixteen_bits() -> None:
    one, other = (_scene(shift).astype(np.uint16) * 257 for shift in (0, 8))
    frames = [Timed(Fraction(0), one), Timed(STEP_S, other)]
    (made,) = pictures_at([STEP_S / 2], iter(frames), STEP_S)
    assert made.dtype == np.uint16
    assert _off(made / 257, _scene(4)) < 2


@given(st.integers(0, 255), st.integers(0, 255))
def test_colours_come_back_from_under_their_alpha(level: int, alpha: int) -> None:
    picture = np.array([[[level, 255 - level, 7, alpha]]], np.uint8)
    back = straight(multiplied(picture))
    assert np.array_equal(back, picture if alpha else np.zeros_like(picture))


def test_colours_nobody_sees_do_not_bleed_into_what_moves() -> None:
    def disc(x: int) -> NDArray[np.uint16]:
        picture = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
        picture[..., 1] = 255  # green, and quite clear
        cv2.circle(picture, (x, 45), 20, (220, 30, 30, 255), -1)
        return multiplied(picture)

    frames = [Timed(Fraction(0), disc(60)), Timed(STEP_S, disc(70))]
    (made,) = map(straight, pictures_at([STEP_S / 2], iter(frames), STEP_S))
    seen = made[made[..., 3] > 40]
    assert np.abs(seen[:, 1].astype(int) - 30).max() <= 3
    assert made[45, 65, 3] == 255
    assert made[5, 5, 3] == 0
