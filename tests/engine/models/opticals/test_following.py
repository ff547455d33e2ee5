"""The camera's path, what moves by itself, and mattes that are followed through a film."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from engine.models.opticals.camera import camera_path, scaled
from engine.models.opticals.mattes import every_matte, subject_mattes, wider
from engine.models.opticals.moving import moving_regions
from tests.engine.models.opticals.scenery import BLOCK, LEFT, TOP, film, red


def _grey(frames: np.ndarray) -> list[np.ndarray]:
    return [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]


def _overlap(found: np.ndarray, truth: np.ndarray) -> float:
    a, b = found > 127, truth > 127
    return float((a & b).sum() / (a | b).sum())


def _nothing(_done: int, _count: int) -> None:
    return None


def test_the_path_of_a_pan_is_a_shift_and_what_moves_is_left_out() -> None:
    frames, mattes = film(7, pan=3, step=9)
    path = camera_path(_grey(frames), mattes, 3)
    assert np.allclose(path[3], np.eye(3))
    for index, matrix in enumerate(path):
        assert matrix[0, 2] == pytest.approx(3 * (index - 3), abs=0.4)
        assert matrix[1, 2] == pytest.approx(0, abs=0.4)
    assert scaled(path[0], 2.0, 2.0)[0, 2] == pytest.approx(-18, abs=0.8)


def test_without_anything_to_follow_the_camera_stands() -> None:
    path = camera_path([np.full((60, 90), 80, np.uint8)] * 3, None, 1)
    assert all(np.array_equal(matrix, np.eye(3)) for matrix in path)


def test_what_moves_against_the_camera_is_found() -> None:
    frames, _ = film(5, pan=2, step=8)
    regions = moving_regions([0, 1, 2], _grey(frames))
    for index, region in enumerate(regions):
        assert region is not None
        left, top, right, bottom = region.box
        assert abs((left + right) / 2 - (LEFT + 8 * index + BLOCK / 2)) < 14
        assert abs((top + bottom) / 2 - (TOP + BLOCK / 2)) < 14
    still, _ = film(3, pan=2, step=0)
    assert moving_regions([0, 1], _grey(still)[:1] * 2) == [None, None]


def test_a_subject_is_followed_where_the_network_sees_it_in_one_frame_only() -> None:
    frames, truth = film(9, pan=1, step=6)
    looks: list[int] = []

    def once(picture: np.ndarray) -> np.ndarray | None:
        looks.append(1)
        return red(picture) if len(looks) == 1 else None

    mattes = subject_mattes(frames, 3, once, once, _nothing)
    assert mattes is not None
    assert len(looks) >= 4
    assert min(_overlap(found, true) for found, true in zip(mattes, truth, strict=True)) > 0.4


def test_the_network_looks_near_the_subject_and_is_not_led_astray() -> None:
    frames, truth = film(9, pan=0, step=6)
    frames[:, :, -30:] = (220, 30, 30)  # something as red that stands still
    sizes: list[int] = []

    def near(picture: np.ndarray) -> np.ndarray | None:
        sizes.append(picture.shape[1])
        return red(picture)

    mattes = subject_mattes(frames, 3, red, near, _nothing)
    assert mattes is not None
    assert max(sizes) < frames.shape[2] / 2
    assert all(_overlap(found, true) > 0.7 for found, true in zip(mattes, truth, strict=True))


def test_a_film_in_which_nothing_is_seen_has_no_mattes() -> None:
    frames, _ = film(5, pan=0, step=0)
    assert subject_mattes(frames, 2, lambda _: None, lambda _: None, _nothing) is None
    assert every_matte(frames, 2, lambda _: None, _nothing) is None


def test_a_frame_in_which_something_is_overlooked_is_settled_by_its_neighbours() -> None:
    frames, truth = film(9, pan=0, step=3)
    blind = frames[4].copy()

    def look(picture: np.ndarray) -> np.ndarray | None:
        return None if np.array_equal(picture, blind) else red(picture)

    mattes = every_matte(frames, 2, look, _nothing)
    assert mattes is not None
    assert _overlap(mattes[4], truth[4]) > 0.7


def test_a_matte_is_made_wider_or_narrower() -> None:
    _, truth = film(1, pan=0, step=0)
    matte = truth[0].astype(np.float32) / 255
    side = [np.sqrt((wider(matte, reach) > 0.5).sum()) for reach in (-0.02, 0.0, 0.02)]
    assert side == pytest.approx([BLOCK - 16, BLOCK, BLOCK + 16], abs=3)


def test_whoever_is_told_of_the_looks_may_stop_them() -> None:
    frames, _ = film(7, pan=0, step=3)

    def stop(done: int, _count: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        subject_mattes(frames, 2, red, red, stop)
