"""Time schedules: increasing times in [0, 1] for an Euler solver that goes from noise to data."""

from __future__ import annotations


def linear(steps: int) -> list[float]:
    """`steps` + 1 evenly spaced times from 0 to 1."""
    return [index / steps for index in range(steps + 1)]


def linear_quadratic(steps: int, emulated_steps: int = 250) -> list[float]:
    """`steps` + 1 times whose first half are the first steps of an `emulated_steps` schedule.

    The other half is quadratic and meets the first with the same slope, so that 50 steps stand
    for 250 or 1000 linear ones. Source: Movie Gen, section 3.4.2; the continuous-slope form is
    the one diffusers uses for Mochi, with threshold (steps / 2) / emulated_steps.

    Raises:
        ValueError: fewer than two steps, or more steps than are emulated.
    """
    if steps < 2 or emulated_steps < steps:
        raise ValueError(f"{steps} steps cannot emulate {emulated_steps}; 2 or more, and no fewer")
    half = steps // 2
    rest = steps - half
    threshold = half / emulated_steps
    slope = threshold / half
    missing = half - threshold * steps
    curve = missing / (half * rest**2)
    first = [index * slope for index in range(half)]
    middle = slope - 2 * missing / rest**2
    second = [
        curve * index**2 + middle * index + curve * half**2 for index in range(half, steps + 1)
    ]
    return [*first, *second[:-1], 1.0]
