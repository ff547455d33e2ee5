"""Films that go on: a camera keeps its way and runs out, walkers walk on, the rest stays alive."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.models.multiplane.ending import Ending
from engine.models.multiplane.going_on import (
    Way,
    camera_way,
    carried,
    over_and_over,
    own_way,
    seen_onward,
    to_and_fro,
)

SIZE = WIDTH, HEIGHT = 160, 90
TIMES = [-(11 - index) / 12 for index in range(12)]
STILL = [np.eye(3)] * 12


def _shifted(pixels_a_second: float) -> list[NDArray[np.float64]]:
    """Frames of a camera whose picture moves to the right: where each lies in the last one."""
    return [np.array([[1.0, 0, -pixels_a_second * t], [0, 1, 0], [0, 0, 1]]) for t in TIMES]


@given(gone_s=st.floats(0, 60), length_s=st.floats(0.1, 2))
def test_to_and_fro_stays_in_the_last_moments_and_never_jumps(
    gone_s: float, length_s: float
) -> None:
    here, soon = to_and_fro(gone_s, length_s), to_and_fro(gone_s + 0.01, length_s)
    assert -length_s <= here <= 0
    assert abs(soon - here) <= 0.01 + 1e-9


def test_what_comes_first_is_the_frame_before_the_last() -> None:
    assert to_and_fro(1 / 12, 1.0) == pytest.approx(-1 / 12)


def test_a_camera_keeps_its_pace_at_first_and_then_runs_out() -> None:
    way = camera_way(_shifted(16.0), TIMES, SIZE)
    assert way.x == pytest.approx(0.1)
    middle = np.array([WIDTH / 2, HEIGHT / 2, 1])
    soon = (seen_onward(way, 1 / 12, SIZE) @ middle)[0] - WIDTH / 2
    assert soon == pytest.approx(16 / 12, rel=0.1)
    late = [(seen_onward(way, t, SIZE) @ middle)[0] for t in (6.0, 8.0)]
    assert late[0] == pytest.approx(late[1], abs=0.1)


@given(x=st.floats(-0.12, 0.12), y=st.floats(-0.12, 0.12), gone_s=st.floats(0, 20))
def test_a_camera_that_goes_on_sees_nothing_beyond_the_last_frame(
    x: float, y: float, gone_s: float
) -> None:
    matrix = seen_onward(Way(x, y), gone_s, SIZE)
    left, top, _ = matrix @ np.array([0, 0, 1])
    right, bottom, _ = matrix @ np.array([WIDTH, HEIGHT, 1])
    assert left <= 1e-6
    assert top <= 1e-6
    assert right >= WIDTH - 1e-6
    assert bottom >= HEIGHT - 1e-6


def test_a_camera_that_trembles_is_taken_to_stand() -> None:
    tremble = [np.array([[1.0, 0, 0.3 * (-1) ** n], [0, 1, 0], [0, 0, 1]]) for n in range(12)]
    tremble[-1] = np.eye(3)
    assert camera_way(tremble, TIMES, SIZE) == Way()


def _walker(speed: float, *, size: int = 20, top: int = 30) -> NDArray[np.uint8]:
    mattes = np.zeros((12, HEIGHT, WIDTH), np.uint8)
    for matte, time_s in zip(mattes, TIMES, strict=True):
        left = round(80 + speed * time_s)
        matte[top : top + 2 * size, left : left + size] = 255
    return mattes


def test_a_walker_walks_on_at_their_pace() -> None:
    way = own_way(STILL, _walker(24.0), TIMES)
    assert way is not None
    assert way.x == pytest.approx(24 / WIDTH, rel=0.1)
    now = carried(way, 0.0, 2.0, (90, 50), SIZE) @ np.array([90, 50, 1])
    assert now[0] == pytest.approx(90 + 48, abs=5)


def test_what_was_seen_a_while_ago_is_carried_from_there() -> None:
    way = Way(x=0.2)
    late = carried(way, -0.5, 0.5, (50, 40), SIZE) @ np.array([50, 40, 1])
    assert late[0] == pytest.approx(50 + 0.2 * WIDTH)


def test_what_was_seen_for_a_moment_only_goes_nowhere() -> None:
    mattes = _walker(24.0)
    assert own_way(STILL[:2], mattes[-2:], TIMES[-2:]) is None
    assert own_way(STILL[:1], mattes[-1:], TIMES[-1:]) is None


def test_what_swells_into_another_thing_goes_nowhere() -> None:
    mattes = _walker(24.0)
    mattes[:9, 5:85, 5:60] = 255
    assert own_way(STILL, mattes, TIMES) is None


@pytest.mark.parametrize(
    "mattes",
    [_walker(2.0), _walker(24.0, size=48, top=0), np.zeros((12, HEIGHT, WIDTH), np.uint8)],
    ids=["leans", "fills the picture", "nobody"],
)
def test_who_does_not_go_anywhere_stays(mattes: NDArray[np.uint8]) -> None:
    assert own_way(STILL, mattes, TIMES) is None


def _ending(pictures: NDArray[np.uint8], times_s: Sequence[float] = TIMES) -> Ending:
    return Ending(pictures, times_s, [np.eye(3)] * len(times_s), Way(), None, 2.0)


def test_a_still_camera_shows_its_last_second_back_and_forth_untouched() -> None:
    pictures = np.zeros((12, HEIGHT, WIDTH, 3), np.uint8)
    for index, picture in enumerate(pictures):
        picture[20:70, 10 * index : 10 * index + 16] = 220
    ending = _ending(pictures)
    shown = [int(ending.after((n + 1) / 12)[40, :, 0].argmax()) // 10 for n in range(24)]
    assert shown == [*range(10, -1, -1), *range(1, 12), 10, 9]


def test_a_film_that_has_faded_out_does_not_fade_in_again() -> None:
    pictures = np.zeros((12, HEIGHT, WIDTH, 3), np.uint8)
    pictures[:9] = np.linspace(240, 24, 9).astype(np.uint8)[:, None, None, None]
    ending = _ending(pictures)
    assert all(int(ending.after(n / 12).max()) == 0 for n in range(1, 40))


def test_frames_before_a_cut_are_of_another_shot() -> None:
    pictures = np.zeros((12, HEIGHT, WIDTH, 3), np.uint8)
    pictures[7:] = 200
    ending = _ending(pictures)
    assert ending.alike == 7
    assert all(int(ending.after(n / 12).min()) == 200 for n in range(1, 40))


def _swinging(frames: int, period: int) -> NDArray[np.uint8]:
    """A bright bar that swings from side to side."""
    pictures = np.zeros((frames, HEIGHT, WIDTH, 3), np.uint8)
    for index, picture in enumerate(pictures):
        middle = round(80 + 40 * np.sin(2 * np.pi * index / period))
        picture[20:70, middle - 8 : middle + 8] = 220
    return pictures


def test_what_repeats_goes_on_and_not_back() -> None:
    pictures = _swinging(40, 10)
    ending = _ending(pictures[:24], [-(23 - n) / 12 for n in range(24)])
    assert ending.again is not None
    for ahead in range(1, 16):
        assert np.array_equal(ending.after(ahead / 12), pictures[23 + ahead])


def test_what_was_never_as_it_is_now_goes_back() -> None:
    pictures = np.zeros((12, HEIGHT, WIDTH, 3), np.uint8)
    for index, picture in enumerate(pictures):
        picture[20:70, 10 * index : 10 * index + 16] = 220
    ending = _ending(pictures)
    assert ending.again is None
    assert np.array_equal(ending.after(1 / 12), pictures[10])


@given(gone_s=st.floats(0.001, 60), length_s=st.floats(0.1, 2))
def test_over_and_over_never_leaves_the_stretch_that_repeats(
    gone_s: float, length_s: float
) -> None:
    assert -length_s <= over_and_over(gone_s, length_s) <= 0


def test_who_rises_at_one_pace_rises_on_and_who_jumps_comes_down() -> None:
    rising = np.zeros((12, HEIGHT, WIDTH), np.uint8)
    jumping = np.zeros_like(rising)
    for n, time_s in enumerate(TIMES):
        top = round(30 - 20 * time_s)
        rising[n, top : top + 12, 70:82] = 255
        top = round(40 - 24 * abs(np.sin(4 * time_s)))
        jumping[n, top : top + 12, 70:82] = 255
    way = own_way(STILL, rising, TIMES)
    assert way is not None
    assert way.is_steady
    far = carried(way, 0.0, 2.0, (76, 36), SIZE) @ np.array([76, 36, 1])
    assert far[1] == pytest.approx(36 - 40, abs=3)
    assert own_way(STILL, jumping, TIMES) is None
