"""Loops of cut-outs: closed, within their square, at rest in the middle, and crisp."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.models.collage.looping import FRAMES, REST_FRAME, loop, shapes
from engine.models.collage.movements import MOVEMENTS, REACHES, Shape

CARD = np.zeros((80, 120, 4), np.uint8)
CARD[10:70, 20:100] = (255, 0, 0, 255)
CARD[10:40, 20:60] = (255, 255, 255, 255)


def _moved(movement: str, motion: str = "medium") -> NDArray[np.uint8]:
    return loop(CARD, shapes(movement, REACHES[motion]), 128)


def _change(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    seen = [frame.astype(np.float32) * (frame[..., 3:] / 255) for frame in (one, other)]
    return float(np.abs(seen[0] - seen[1]).mean())


@pytest.mark.parametrize("movement", MOVEMENTS)
@pytest.mark.parametrize("motion", REACHES)
def test_nothing_leaves_the_square(movement: str, motion: str) -> None:
    frames = _moved(movement, motion)
    assert frames.shape == (FRAMES, 128, 128, 4)
    for edge in (frames[:, 0], frames[:, -1], frames[:, :, 0], frames[:, :, -1]):
        assert edge[..., 3].max() == 0


@pytest.mark.parametrize("movement", [name for name in MOVEMENTS if name != "stand"])
def test_a_loop_moves_and_closes(movement: str) -> None:
    frames = _moved(movement)
    steps = [_change(frames[n], frames[n - 1]) for n in range(FRAMES)]
    assert max(steps) > 0.8
    assert steps[0] <= 1.2 * max(steps[1:])


def test_what_stands_is_the_same_in_every_frame() -> None:
    frames = _moved("stand")
    assert (frames == frames[0]).all()


@pytest.mark.parametrize("movement", MOVEMENTS)
def test_the_middle_frame_is_the_picture_itself(movement: str) -> None:
    rest = _moved(movement)[REST_FRAME]
    rows, columns = np.nonzero(rest[..., 3] > 127)
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    assert abs(width / height - 80 / 60) < 0.06
    whole = rest[rest[..., 3] == 255]
    assert 0.2 < (whole[:, 1] > 127).mean() < 0.3, "the white quarter"


def test_further_is_further() -> None:
    def lean(motion: str) -> float:
        return max(abs(shape.bend) for shape in shapes("wave", REACHES[motion]))

    assert lean("small") < lean("medium") < lean("large")


def test_a_bend_leaves_the_foot_where_it_is() -> None:
    bent, straight = loop(CARD, [Shape(1.0, bend=0.3), Shape(1.0)], 128)
    foot = np.nonzero(straight[..., 3].max(axis=1) > 127)[0].max()
    top = np.nonzero(straight[..., 3].max(axis=1) > 127)[0].min()

    def middle(frame: NDArray[np.uint8], row: int) -> float:
        return float(np.nonzero(frame[row, :, 3] > 127)[0].mean())

    assert abs(middle(bent, foot - 1) - middle(straight, foot - 1)) < 1.5
    assert middle(bent, top + 1) > middle(straight, top + 1) + 10


def test_edges_keep_their_own_colour() -> None:
    frames = _moved("rock")
    soft = frames[(frames[..., 3] > 40) & (frames[..., 3] < 200)]
    assert len(soft)
    assert (soft[:, 0] > 240).all(), "a dark rim"


def test_a_large_picture_is_made_small_without_flicker() -> None:
    fine = np.zeros((1024, 1024, 4), np.uint8)
    fine[..., 3] = 255
    fine[:, ::2, :3] = 255
    (frame,) = loop(fine, [Shape()], 64)
    inside = frame[8:56, 8:56, :3].astype(int)
    assert np.ptp(inside) < 12
