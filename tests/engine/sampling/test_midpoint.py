"""The midpoint solver: exact where it should be, and better than Euler where it is not."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from engine.sampling.euler import euler
from engine.sampling.midpoint import midpoint
from engine.sampling.schedules import linear


def test_a_velocity_linear_in_time_is_followed_exactly() -> None:
    start = torch.zeros(1, 2)
    end = midpoint(lambda x, t: torch.full_like(x, 2 * t), start, linear(3), lambda *_: None)
    assert torch.allclose(end, torch.ones(1, 2), atol=1e-6)


def test_growth_is_followed_more_closely_than_by_euler() -> None:
    def growing(x: Tensor, _time: float) -> Tensor:
        return x

    start, times = torch.ones(1), linear(8)
    second = float(midpoint(growing, start, times, lambda *_: None))
    first = float(euler(growing, start, times, lambda *_: None))
    assert abs(second - math.e) < abs(first - math.e) / 10


def test_each_step_is_told() -> None:
    told: list[tuple[int, int]] = []
    midpoint(lambda x, _t: x, torch.ones(1), linear(2), lambda s, n, _e: told.append((s, n)))
    assert told == [(1, 2), (2, 2)]
