"""How what moves is told against the camera: where to, how it turns, and the bob of a walk."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine.models.animatic.movements import Pose
from engine.models.moviegen.motion import SIGNALS, SIZE, motion_of

RIGHT, DOWN, TURN, GROWTH, SHARE, HEIGHT, SPEED = range(SIGNALS)
FPS = 12
_RNG = np.random.default_rng(5)
_PLATE = _RNG.integers(40, 216, (40, 64, 3), np.uint8).repeat(8, 0).repeat(8, 1)
"""(320, 512, 3): larger than what is seen of it, so that a camera can go over it."""
_THING = _RNG.integers(0, 256, (16, 16, 3), np.uint8).repeat(4, 0).repeat(4, 1)


def _film(
    place: Callable[[float], Pose], camera: Callable[[float], tuple[int, int]], frames: int = 24
) -> NDArray[np.uint8]:
    """A thing that moves over a plate that a camera sees; positions in pixels of the frame."""
    width, height = SIZE
    pictures = []
    for index in range(frames):
        time_s = index / FPS
        pose, (left, top) = place(time_s), camera(time_s)
        picture = _PLATE[80 + top : 80 + top + height, 120 + left : 120 + left + width].copy()
        turn = cv2.getRotationMatrix2D((31.5, 31.5), math.degrees(-pose.turn), pose.size)
        turn[:, 2] += (pose.x - 31.5, pose.y - 31.5)
        there = cv2.warpAffine(_THING, turn, SIZE)
        mask = cv2.warpAffine(np.full((64, 64), 255, np.uint8), turn, SIZE)
        picture[mask > 127] = there[mask > 127]
        pictures.append(picture)
    return np.stack(pictures)


def _still(_time_s: float) -> tuple[int, int]:
    return 0, 0


def _told(film: NDArray[np.uint8]) -> torch.Tensor:
    told = motion_of(film, [index / FPS for index in range(len(film))])
    assert told.shape == (len(film), SIGNALS)
    assert not told[0].any(), "nothing is known before the first frame"
    return told[1:]


def _heights_a_second(told: torch.Tensor) -> torch.Tensor:
    return torch.sinh(told) / 10


def test_a_thing_that_goes_right_twice_as_fast_is_told_so() -> None:
    slow = _told(_film(lambda t: Pose(60 + 30 * t, 72, 1.0), _still))
    fast = _told(_film(lambda t: Pose(60 + 60 * t, 72, 1.0), _still))
    paces = [float(_heights_a_second(told[:, RIGHT]).median()) for told in (slow, fast)]
    assert paces[0] > 0.1
    assert paces[1] / paces[0] == pytest.approx(2, rel=0.25)
    assert torch.cat([slow, fast])[:, DOWN].abs().max() < 0.5


@pytest.mark.parametrize("pan", [(24, 0), (-24, 12)])
def test_the_cameras_own_movement_is_taken_off(pan: tuple[int, int]) -> None:
    def camera(time_s: float) -> tuple[int, int]:
        return round(pan[0] * time_s), round(pan[1] * time_s)

    nothing = _told(_film(lambda _t: Pose(-90, 72, 1.0), camera))
    assert nothing[:, SHARE].max() < 0.05
    rising = _told(_film(lambda t: Pose(128, 100 - 36 * t, 1.0), camera))
    assert rising[:, DOWN].median() < -0.4
    assert rising[:, SHARE].median() > 0.1


def test_what_turns_and_what_grows_are_told_apart() -> None:
    turning = _told(_film(lambda t: Pose(128, 72, 1.0, turn=1.5 * t), _still))
    growing = _told(_film(lambda t: Pose(128, 72, 0.7 + 0.3 * t), _still))
    assert turning[:, TURN].median() > 4 * abs(turning[:, GROWTH].median())
    assert growing[:, GROWTH].median() > 4 * abs(growing[:, TURN].median())


def test_a_walk_bobs_by_two_pixels_and_every_step_is_seen() -> None:
    def walk(time_s: float) -> Pose:
        return Pose(70 + 30 * time_s, 72 - 2 * abs(math.sin(2 * math.pi * time_s)), 1.0)

    down = _told(_film(walk, _still, 37))[:, DOWN]
    steps = [index for index in range(1, len(down)) if down[index - 1] > 0.2 > -0.2 > down[index]]
    assert steps == [6, 12, 18, 24, 30], "every half second, as soon as it goes up again"


def test_nothing_moves_in_a_still() -> None:
    assert not _told(_film(lambda _t: Pose(128, 72, 1.0), _still, 6)).any()
