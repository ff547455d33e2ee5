"""An ear for when something begins: it judges whether sound is in time with a picture.

What is loud counts, band by band, and how much louder it is than fifteen milliseconds ago: an ear
that took every band for itself heard the hiss of quiet ones, and of true sound one onset in ten
elsewhere than it was.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.models.moviegen.audio_codec import SAMPLE_RATE_HZ
from engine.models.moviegen.listener import mel_bands

MOST_GAP_S = 1.0
"""What counts for a moment at which nothing is heard for as long before and after it."""

_RATE_HZ, _WINDOW, _BANDS = 200, 1024, 24
_FLOOR, _LAG = 0.05, 3
"""Of the loudest band at its loudest: what is softer is not heard beside it; and steps of time."""
_EDGE_S = 0.025


def heard_onsets(samples: Tensor, most: int) -> NDArray[np.float64]:
    """When something begins in samples (S,): the `most` highest peaks of how much louder it

    becomes, in seconds. Without that limit noise would be in time with everything.
    """
    rise = _rise(samples)
    window = _RATE_HZ // 20
    padded = np.pad(rise, window, mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * window + 1)
    level = np.median(rise) + 1.5 * rise.std()
    found = np.flatnonzero((rise >= around.max(axis=1)) & (rise > level))
    return np.sort(found[np.argsort(-rise[found])[:most]]) / _RATE_HZ


def _rise(samples: Tensor) -> NDArray[np.float32]:
    """How much louder samples (S,) become, all bands together, _RATE_HZ times a second."""
    hop = SAMPLE_RATE_HZ // _RATE_HZ
    taper = torch.hann_window(_WINDOW)
    spectrum = torch.stft(samples, _WINDOW, hop, window=taper, return_complex=True).abs()
    bands = mel_bands(_WINDOW, _BANDS) @ spectrum
    loud = (bands + _FLOOR * bands.max() + 1e-6).log()
    rise = np.zeros(loud.shape[1], np.float32)
    rise[_LAG:] = (loud[:, _LAG:] - loud[:, :-_LAG]).clamp_min(0).mean(0).numpy()
    return np.roll(rise, -(_LAG // 2))[: samples.shape[-1] // hop]


def heard_apart(moments_s: Sequence[float], length_s: float) -> tuple[float, ...]:
    """Moments without those at the ends of a sound: what begins with it, or is cut off, has no

    beginning that could be heard.
    """
    return tuple(at_s for at_s in moments_s if _EDGE_S < at_s < length_s - _EDGE_S)


def distances(wanted_s: Sequence[float], heard_s: NDArray[np.float64]) -> list[float]:
    """From each moment to the nearest onset heard, MOST_GAP_S where none is that near."""
    if len(heard_s) == 0:
        return [MOST_GAP_S] * len(wanted_s)
    return [min(MOST_GAP_S, float(np.abs(heard_s - at_s).min())) for at_s in wanted_s]
