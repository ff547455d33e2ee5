"""Flow matching on straight paths from noise to data (Movie Gen, section 3.1.2).

Time runs from 0, pure noise, to 1, data: X_t = t X_1 + (1 - (1 - sigma_min) t) X_0. At t = 0 the
signal-to-noise ratio is exactly zero, so nothing of the data leaks into the start of sampling.
"""

from __future__ import annotations

import torch
from torch import Tensor

SIGMA_MIN = 1e-5


def _like(time: Tensor, x: Tensor) -> Tensor:
    return time.view(-1, *(1,) * (x.dim() - 1)).to(x.dtype)


def interpolate(data: Tensor, noise: Tensor, time: Tensor) -> Tensor:
    """X_t for data and noise of one shape (B, ...), at `time` (B,)."""
    t = _like(time, data)
    return t * data + (1.0 - (1.0 - SIGMA_MIN) * t) * noise


def velocity_target(data: Tensor, noise: Tensor) -> Tensor:
    """V = dX_t / dt = X_1 - (1 - sigma_min) X_0, what the model learns to predict."""
    return data - (1.0 - SIGMA_MIN) * noise


def logit_normal_times(
    count: int, generator: torch.Generator | None = None, mean: float = 0.0, std: float = 1.0
) -> Tensor:
    """Training times (count,) drawn as the sigmoid of a normal, as the paper does."""
    return torch.sigmoid(mean + std * torch.randn(count, generator=generator))
