"""The values of the paper's schedule, and what any schedule promises."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sampling.schedules import linear, linear_quadratic


@pytest.mark.parametrize(
    ("emulated", "values"),
    [
        (250, {1: 0.004, 25: 0.1, 26: 0.10528, 49: 0.93328}),
        (1000, {1: 0.001, 25: 0.025, 26: 0.02752, 49: 0.92452}),
    ],
)
def test_fifty_steps_stand_for_many(emulated: int, values: dict[int, float]) -> None:
    times = linear_quadratic(50, emulated)
    assert {index: pytest.approx(times[index], abs=1e-9) for index in values} == values


@given(st.integers(2, 60), st.integers(0, 1000))
def test_times_rise_from_noise_to_data(steps: int, more: int) -> None:
    times = linear_quadratic(steps, steps + more)
    assert times[0] == 0.0
    assert times[-1] == 1.0
    assert len(times) == steps + 1
    assert all(a < b for a, b in itertools.pairwise(times))


def test_first_half_is_the_linear_schedule_it_stands_for() -> None:
    assert linear_quadratic(20, 100)[:10] == pytest.approx(linear(100)[:10])


def test_too_few_steps_are_refused() -> None:
    with pytest.raises(ValueError, match="1 steps cannot emulate"):
        linear_quadratic(1)
