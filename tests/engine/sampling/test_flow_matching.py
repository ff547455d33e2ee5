"""Flow matching against what can be worked out by hand."""

from __future__ import annotations

import pytest
import torch

from engine.sampling.euler import euler
from engine.sampling.flow_matching import interpolate, velocity_target
from engine.sampling.guidance import classifier_free, two_scale_shares
from engine.sampling.schedules import linear, linear_quadratic


def test_no_signal_at_time_zero_and_no_noise_at_one() -> None:
    data, noise = torch.randn(2, 3, 4), torch.randn(2, 3, 4)
    assert torch.equal(interpolate(data, noise, torch.zeros(2)), noise)
    assert torch.allclose(interpolate(data, noise, torch.ones(2)), data, atol=1e-4)


def test_velocity_is_the_derivative_of_the_path() -> None:
    data, noise = torch.randn(1, 8, dtype=torch.float64), torch.randn(1, 8, dtype=torch.float64)
    early = interpolate(data, noise, torch.tensor([0.3], dtype=torch.float64))
    late = interpolate(data, noise, torch.tensor([0.4], dtype=torch.float64))
    assert torch.allclose((late - early) / 0.1, velocity_target(data, noise))


def test_euler_with_the_true_field_recovers_a_gaussian() -> None:
    """For data N(2, 0.5^2) the marginal velocity is known; integrating it must give that back."""
    mean, std = 2.0, 0.5
    generator = torch.Generator().manual_seed(3)
    noise = torch.randn(20_000, 1, generator=generator)

    def velocity(x: torch.Tensor, t: float) -> torch.Tensor:
        variance = (t * std) ** 2 + (1 - t) ** 2
        slope = (t * std**2 - (1 - t)) / variance
        return mean + slope * (x - t * mean)

    out = euler(velocity, noise, linear(200), lambda *_: None)
    assert abs(out.mean().item() - mean) < 0.02
    assert abs(out.std().item() - std) < 0.02


def test_every_step_is_reported_and_the_last_estimate_is_the_result() -> None:
    seen: list[tuple[int, int]] = []
    estimates: list[torch.Tensor] = []

    def on_step(step: int, steps: int, estimate: torch.Tensor) -> None:
        seen.append((step, steps))
        estimates.append(estimate)

    out = euler(lambda x, _: -x, torch.ones(1, 1), linear_quadratic(8, 32), on_step)
    assert seen == [(index, 8) for index in range(1, 9)]
    assert torch.equal(estimates[-1], out)


def test_guidance_of_one_is_the_condition_itself() -> None:
    a, b = torch.randn(2, 5).unbind(0)
    assert torch.allclose(classifier_free(a, b, 1.0), a, atol=1e-5)


def test_an_edit_keeps_and_follows_by_two_scales_of_their_own() -> None:
    assert two_scale_shares(1.0, 1.0) == (0.0, 0.0, 1.0)
    neither, source, both = torch.randn(3, 5).unbind(0)
    shares = two_scale_shares(1.5, 4.0)
    assert sum(shares) == pytest.approx(1.0)
    expected = neither + 1.5 * (source - neither) + 4.0 * (both - source)
    mixed = shares[0] * neither + shares[1] * source + shares[2] * both
    assert torch.allclose(mixed, expected, atol=1e-5)
