"""Giving a thing a colour: in shades of it, its lights left light and its darks dark."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Colour = tuple[float, float, float]
"""Red, green and blue in [0, 1]."""

TONES: Mapping[str, Colour] = {
    "red": (0.90, 0.16, 0.14),
    "orange": (0.98, 0.55, 0.12),
    "yellow": (0.97, 0.82, 0.16),
    "green": (0.20, 0.70, 0.28),
    "blue": (0.16, 0.44, 0.92),
    "purple": (0.56, 0.26, 0.80),
    "pink": (0.98, 0.46, 0.70),
    "teal": (0.10, 0.62, 0.62),
    "brown": (0.48, 0.30, 0.17),
    "black": (0.07, 0.07, 0.08),
    "white": (0.93, 0.93, 0.92),
    "grey": (0.50, 0.50, 0.50),
}
"""Colours by name, each as its middle tone."""

_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
_MOST = 2.2


def lightness(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """How light colours (…, 3) are, in [0, 1]."""
    return (picture @ _LUMA).astype(np.float32, copy=False)


def dyed(
    picture: NDArray[np.float32], tone: Colour, usual_luma: float = 0.5
) -> NDArray[np.float32]:
    """A picture (H, W, 3) in [0, 1] in shades of one colour.

    What is as light as `usual_luma` gets the middle tone: a thing that is dark throughout would
    be black in any colour.
    """
    steep = math.log(0.5) / math.log(min(max(usual_luma, 0.03), 0.97))
    luma = lightness(picture)[..., None] ** np.float32(min(max(steep, 1 / _MOST), _MOST))
    middle = np.array(tone, np.float32)
    dark = middle * np.minimum(luma / 0.5, 1.0)
    light = (1 - middle) * np.maximum(luma - 0.5, 0.0) / 0.5
    return np.clip(dark + light, 0, 1).astype(np.float32, copy=False)
