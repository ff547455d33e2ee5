"""Traces: how often each value occurs in a picture, and where, counted; nothing is drawn.

Row 0 of a trace is the lowest level. Counts become light by `lit`, as the beam of a tube would:
what is hit often is bright, and what is hit once can still be seen.
"""

from __future__ import annotations

import numpy as np

from studio.media.scopes.scale import LEVELS
from studio.media.scopes.signal import MOST_PIXELS, chroma_of, luma_of

COLUMNS = 480
"""The widest that a waveform is resolved."""

SEEN_ONCE = 0.18
"""How much light one hit makes, at the least, in a picture as small as live ones are."""


def waveform(plane: np.ndarray, columns: int = COLUMNS) -> np.ndarray:
    """A plane, uint8 (H, W), by level and place across: counts, int64 (256, columns or fewer)."""
    width = plane.shape[1]
    columns = min(columns, width)
    place = np.arange(width) * columns // width
    hits = plane.astype(np.intp) * columns + place[None, :]
    return np.bincount(hits.ravel(), minlength=LEVELS * columns).reshape(LEVELS, columns)


def luma_waveform(rgb: np.ndarray) -> np.ndarray:
    """The waveform of Y' of a picture, uint8 (H, W, 3): counts (256, columns)."""
    return waveform(luma_of(rgb))


def parade(rgb: np.ndarray) -> np.ndarray:
    """The waveforms of R', G' and B' of a picture: counts (3, 256, columns), each a third wide."""
    return np.stack([waveform(rgb[..., part], COLUMNS // 3) for part in range(3)])


def vectorscope(rgb: np.ndarray) -> np.ndarray:
    """A picture by Cr, upwards, and Cb, as codes of 8 bits: counts (256, 256)."""
    chroma = chroma_of(rgb).astype(np.intp)
    hits = chroma[..., 1] * LEVELS + chroma[..., 0]
    return np.bincount(hits.ravel(), minlength=LEVELS * LEVELS).reshape(LEVELS, LEVELS)


def histogram(rgb: np.ndarray) -> np.ndarray:
    """How many pixels have each level of R', G', B' and Y': counts (4, 256)."""
    planes = (rgb[..., 0], rgb[..., 1], rgb[..., 2], luma_of(rgb))
    return np.stack([np.bincount(plane.ravel(), minlength=LEVELS) for plane in planes])


def lit(counts: np.ndarray, usual: float, brightness: float) -> np.ndarray:
    """Light, float32 0 to 1, of a trace. `usual` is how many hits leave a place half lit.

    `brightness` is 1 as it is meant, more for faint traces.
    """
    light = 1 - np.exp2(-counts.astype(np.float32) / np.float32(usual))
    floor = SEEN_ONCE / np.sqrt(max(1.0, counts.sum() / MOST_PIXELS))
    faint = np.where(counts > 0, np.float32(floor), np.float32(0))
    return np.minimum(np.maximum(light, faint) * np.float32(brightness), 1)
