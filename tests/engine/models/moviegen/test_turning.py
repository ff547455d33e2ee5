"""Turns that are told roughly, frame by frame, become moments; what is not sure has none."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine.models.moviegen.turn_reader import TOLD, TurnReader, turn_frames
from engine.models.moviegen.turning import moments_turned, turning_of

TIMES_S = tuple(index / 12 for index in range(48))


def _told(turns: NDArray[np.float64], noise: float, seed: int = 0) -> NDArray[np.float32]:
    exact = np.stack([np.cos(turns), np.sin(turns), np.cos(2 * turns), np.sin(2 * turns)], 1)
    off = np.random.default_rng(seed).normal(0, noise, exact.shape)
    return (exact + off).astype(np.float32)


@pytest.mark.parametrize("rate", [math.pi, -math.pi, 1.885, 6.0])
def test_an_even_turn_is_found_in_rough_tellings(rate: float) -> None:
    found = turning_of(_told(1.0 + rate * np.array(TIMES_S), 0.6), TIMES_S)
    assert found.rate == pytest.approx(rate, abs=0.1)
    assert math.cos(found.at_zero - 1.0) > 0.95
    assert 0.8 < found.sure < 1.2


def test_things_that_look_alike_upside_down_are_told_by_twice_their_turn() -> None:
    told = _told(0.5 + math.pi * np.array(TIMES_S), 0.2)
    told[:, :2] = 0.0
    moments = moments_turned(told, TIMES_S, math.pi, 4.0)
    wanted = [1 - 0.5 / math.pi + number for number in range(4)]
    assert moments == pytest.approx(wanted, abs=0.03)


def test_a_roll_is_heard_as_it_begins_and_at_every_step() -> None:
    told = _told(0.6 * math.pi * np.array(TIMES_S), 0.3)
    assert moments_turned(told, TIMES_S, 0.8 * math.pi, 4.0) == pytest.approx(
        [0.0, 4 / 3, 8 / 3], abs=0.06
    )


def test_a_long_roll_goes_on_counting_from_one_stretch_to_the_next() -> None:
    times_s = [index / 12 for index in range(144)]
    told = _told(0.5 * math.pi * np.array(times_s), 0.2)
    moments = moments_turned(told, times_s, 0.8 * math.pi, 12.0)
    assert moments == pytest.approx([1.6 * number for number in range(8)], abs=0.06)


def test_what_does_not_turn_evenly_has_no_moments() -> None:
    noise = np.random.default_rng(3).normal(0, 0.4, (48, TOLD)).astype(np.float32)
    assert moments_turned(noise, TIMES_S, math.pi, 4.0) == ()
    assert moments_turned(noise[:3], TIMES_S[:3], math.pi, 0.2) == ()


def test_the_reader_tells_four_numbers_of_each_frame_of_any_size() -> None:
    torch.manual_seed(0)
    reader = TurnReader(channels=(8, 8, 8, 8)).eval()
    film = np.zeros((5, 144, 256, 3), np.uint8)
    told = reader.read(turn_frames(film))
    assert told.shape == (5, TOLD)
    _, looked = reader.examined(torch.zeros(2, 9, 54, 96))
    assert torch.allclose(looked.sum(1), torch.ones(2))
