"""When something begins to sound, from how likely that is at each moment of a film."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LEAST, _OF_MOST = 0.1, 0.35
"""How likely a moment must be, by itself and beside the likeliest one of the film."""

_AROUND, _RISE = 4, 0.25
"""Within how many neighbours the likelihood must have risen by this share of it: a plateau has no

moment."""
_NEAR = 2
"""How many neighbours on either side share one moment between them."""


def moments(likely: NDArray[np.float32], rate_hz: float) -> tuple[float, ...]:
    """Moments in seconds, one for each peak of `likely` (T,) in [0, 1] at `rate_hz`.

    A moment between two frames is told to both, to each the more the nearer it is: it lies at the
    centre of their likelihoods.
    """
    padded, wide = np.pad(likely, _NEAR), np.pad(likely, _AROUND, mode="edge")
    least = max(_LEAST, _OF_MOST * float(likely.max(initial=0.0)))
    offsets = np.arange(-_NEAR, _NEAR + 1)
    found: list[float] = []
    for index, value in enumerate(likely):
        around = padded[index : index + 2 * _NEAR + 1]
        is_peak = not np.any(around[:_NEAR] >= value) and value >= around.max()
        lowest = wide[index : index + 2 * _AROUND + 1].min()
        if is_peak and value >= least and value - lowest >= _RISE * value:
            centre = index + float((around * offsets).sum() / around.sum())
            found.append(max(0.0, centre) / rate_hz)
    return tuple(found)
