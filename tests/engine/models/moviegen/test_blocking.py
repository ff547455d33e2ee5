"""Blocking: where a subject is to be, how it is found in a still, and the rough cut of both."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.models.animatic.movements import Pose, Staging
from engine.models.moviegen.blocking import (
    Blocking,
    blocked,
    matte_of,
    place_channels,
    rough_cut,
)

SIZE = 256, 144
STAGING = Staging(0.4, 0.5, 0.25)


def _blocking(action: str, camera: str = "static") -> Blocking:
    return blocked(action, camera, STAGING, 0.78, 24, SIZE, 12)


def _pictures(rest: Pose) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A striped place, and the same with a red ring of half the size around a pose's middle."""
    place = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
    place[:, ::16] = 120
    still = place.copy()
    rows, columns = np.indices(place.shape[:2])
    away = np.hypot(columns - rest.x * SIZE[0], rows - rest.y * SIZE[1]) / (rest.size * SIZE[1])
    still[(away < 0.35) & (away > 0.12)] = (220, 30, 30)
    return still, place


def _middle(weights: NDArray[np.float32]) -> tuple[float, float]:
    rows, columns = np.indices(weights.shape)
    return (
        float((weights * (columns + 0.5)).sum() / weights.sum() / weights.shape[1]),
        float((weights * (rows + 0.5)).sum() / weights.sum() / weights.shape[0]),
    )


@pytest.mark.parametrize("action", ["right", "jump", "grow", "dance"])
def test_places_are_told_where_the_poses_are(action: str) -> None:
    blocking = _blocking(action)
    told = place_channels(blocking, SIZE, (24, 9, 16)).numpy()
    assert (told[0] == 1).all()
    for pose, cover in zip(blocking.poses, told[1], strict=True):
        if 0.2 < pose.x < 0.8 and pose.y + pose.size < 1.2:
            assert _middle(cover) == pytest.approx((pose.x, pose.y), abs=0.04)
    assert blocking.at_rest.poses == (blocking.rest,)


def test_who_is_out_of_the_frame_takes_up_nothing() -> None:
    away = Pose(-0.6, 0.5, 0.4)
    blocking = _blocking("stand")
    told = place_channels(Blocking(away, (away,) * 24, blocking.views), SIZE, (6, 9, 16))
    assert told[1].abs().max() == 0.0
    assert told[0].min() == 1.0


def test_a_matte_is_whole_and_is_nobody_far_away() -> None:
    rest = _blocking("stand").rest
    still, place = _pictures(rest)
    still[4:12, 4:12] = 255
    matte = matte_of(still, place, rest)
    x, y = round(rest.x * SIZE[0]), round(rest.y * SIZE[1])
    assert matte[y, x] > 0.95  # the ring's middle looks like the place, and is within somebody
    assert matte[4:12, 4:12].max() == 0.0
    radius = 0.35 * rest.size * SIZE[1]
    assert matte.sum() == pytest.approx(np.pi * radius**2, rel=0.15)


@pytest.mark.parametrize("action", ["right", "left", "rise", "jump"])
def test_a_rough_cut_moves_whoever_stands_in_the_still(action: str) -> None:
    blocking = _blocking(action)
    still, place = _pictures(blocking.rest)
    frames = rough_cut(still, place, blocking)
    assert frames.shape == (24, SIZE[1], SIZE[0], 3)
    for pose, frame in zip(blocking.poses, frames, strict=True):
        if 0.2 < pose.y < 0.8:
            red = (frame[..., 0].astype(np.float32) - place[..., 0]).clip(40, None) - 40
            assert _middle(red) == pytest.approx((pose.x, pose.y), abs=0.02)


def test_a_rough_cut_of_somebody_who_stands_is_the_still() -> None:
    blocking = _blocking("stand")
    still, place = _pictures(blocking.rest)
    frames = rough_cut(still, place, blocking)
    apart = np.abs(frames.astype(np.int16) - still).max(axis=(0, 3))
    assert np.percentile(apart, 98) <= 2
    assert (frames == frames[0]).all()


def test_the_camera_moves_the_place_and_whoever_stands_there() -> None:
    blocking = _blocking("stand", "pan_right")
    still, place = _pictures(blocking.rest)
    frames = rough_cut(still, place, blocking)
    seen = [_middle((f[..., 0].astype(np.float32) - f[..., 1]).clip(60, None) - 60) for f in frames]
    across = [x for x, _ in seen]
    assert across[0] > across[12] > across[23]
    assert across[0] - across[23] == pytest.approx(0.28 * 23 / 24, abs=0.03)
