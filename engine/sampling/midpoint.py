"""The midpoint solver: second order, two evaluations a step, as Movie Gen Audio samples."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor

from engine.sampling.euler import OnStep, Velocity


def midpoint(velocity: Velocity, noise: Tensor, times: Sequence[float], on_step: OnStep) -> Tensor:
    """Integrate from `noise` at times[0] to times[-1], telling `on_step` after each step.

    Each step follows the velocity found halfway along it: x + h v(x + h/2 v(x, t), t + h/2).

    Args:
        velocity: the guided velocity field.
        noise: (B, ...) start.
        times: increasing, from 0 to 1.
        on_step: told the estimate x + (1 - t) v.
    """
    x = noise
    steps = len(times) - 1
    for index, (now, following) in enumerate(pairwise(times)):
        half = (following - now) / 2
        middle = x + half * velocity(x, now)
        v = velocity(middle, now + half)
        x = x + 2 * half * v
        on_step(index + 1, steps, x + (1.0 - following) * v)
    return x
