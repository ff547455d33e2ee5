"""The denoise loop: first-order Euler along a velocity field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from torch import Tensor

Velocity = Callable[[Tensor, float], Tensor]
"""(x, time) -> dx/dt of the shape of x."""

OnStep = Callable[[int, int, Tensor], None]
"""(steps done, steps in all, present estimate of the data) -> None; may raise to stop."""


def euler(velocity: Velocity, noise: Tensor, times: Sequence[float], on_step: OnStep) -> Tensor:
    """Integrate from `noise` at times[0] to times[-1], telling `on_step` after each step.

    Args:
        velocity: the guided velocity field.
        noise: (B, ...) start.
        times: increasing, from 0 to 1.
        on_step: told the estimate x + (1 - t) v, which is what a preview shows.
    """
    x = noise
    steps = len(times) - 1
    for index, (now, following) in enumerate(pairwise(times)):
        v = velocity(x, now)
        x = x + (following - now) * v
        on_step(index + 1, steps, x + (1.0 - following) * v)
    return x
