"""A picture's levels in figures, for those who do not look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.media.scopes.scale import CENTRE, RADIUS
from studio.media.scopes.signal import WHITE, chroma_of, luma_of


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels in percent: 0 is black, 100 white."""

    lowest_percent: float
    mean_percent: float
    highest_percent: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one picture. `black_share` and `white_share` are those of pixels whose luma is at an end.

    `most_colour` is how far out a vectorscope's trace reaches, 1 being its circle.
    """

    luma: Levels
    red: Levels
    green: Levels
    blue: Levels
    black_share: float
    white_share: float
    most_colour: float


def figures_of(rgb: np.ndarray) -> Figures:
    """The figures of a picture, uint8 (H, W, 3)."""
    luma = luma_of(rgb)
    chroma = chroma_of(rgb).astype(np.float32) - CENTRE
    red, green, blue = (_levels(rgb[..., part]) for part in range(3))
    return Figures(
        _levels(luma),
        red,
        green,
        blue,
        round(float((luma == 0).mean()), 4),
        round(float((luma == WHITE).mean()), 4),
        round(float(np.hypot(chroma[..., 0], chroma[..., 1]).max() / RADIUS), 4),
    )


def _levels(plane: np.ndarray) -> Levels:
    low, mean, high = (
        round(float(value) * 100 / WHITE, 2) for value in (plane.min(), plane.mean(), plane.max())
    )
    return Levels(low, mean, high)
