"""MultiDiffusion over time: a long clip denoised in overlapping windows of frames.

At every step each window is denoised by itself and neighbours are averaged where they overlap, so
that they agree before the next step (Movie Gen, spatial upsampling: 14 frames, 4 shared).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from engine.sampling.euler import Velocity
from engine.sampling.spans import Span

WindowVelocity = Callable[[Tensor, float, Span], Tensor]
"""(the window's part of x, time, the window) -> dx/dt of that part."""


def window_weights(spans: Sequence[Span], length: int) -> list[Tensor]:
    """What each window counts for at each of its frames, (frames,) float32; they sum to 1.

    A window counts most in its middle, so that it fades in and out where it meets others.
    """
    rises = [_tent(end - start) for start, end in spans]
    total = torch.zeros(length)
    for (start, end), rise in zip(spans, rises, strict=True):
        total[start:end] += rise
    return [rise / total[start:end] for (start, end), rise in zip(spans, rises, strict=True)]


def merged_velocity(velocity: WindowVelocity, spans: Sequence[Span], length: int) -> Velocity:
    """One velocity for x (B, C, T, …) with T = `length`, from that of its windows."""
    weights = window_weights(spans, length)

    def whole(x: Tensor, time: float) -> Tensor:
        out = torch.zeros_like(x)
        for span, weight in zip(spans, weights, strict=True):
            part = slice(*span)
            share = weight.to(x).view(1, 1, -1, *(1,) * (x.dim() - 3))
            out[:, :, part] += share * velocity(x[:, :, part], time, span)
        return out

    return whole


def _tent(frames: int) -> Tensor:
    """1, 2, 3 … and down again, (frames,)."""
    up = torch.arange(1, frames + 1, dtype=torch.float32)
    return torch.minimum(up, up.flip(0))
