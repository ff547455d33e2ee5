"""When something begins to sound, from how likely that is at each moment of a film."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LIKELY = 0.3
_NEAR = 2
"""How many neighbours on either side share one moment between them."""


def moments(likely: NDArray[np.float32], rate_hz: float) -> tuple[float, ...]:
    """Moments in seconds, one for each peak of `likely` (T,) in [0, 1] at `rate_hz`.

    A moment between two frames is told to both, to each the more the nearer it is: it lies at the
    centre of their likelihoods.
    """
    padded = np.pad(likely, _NEAR)
    found: list[float] = []
    for index, value in enumerate(likely):
        around = padded[index : index + 2 * _NEAR + 1]
        is_first = not np.any(around[:_NEAR] >= value)
        if value >= _LIKELY and is_first and value >= around.max():
            offsets = np.arange(-_NEAR, _NEAR + 1)
            found.append(max(0.0, index + float((around * offsets).sum() / around.sum())) / rate_hz)
    return tuple(found)
