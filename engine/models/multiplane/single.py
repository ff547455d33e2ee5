"""One thing among several that stand out: who moves must not take others along."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_SURE, _NEAR = 128, 9


def one_thing(mattes: NDArray[np.uint8], at: int) -> NDArray[np.uint8]:
    """Mattes (N, H, W) of the largest thing of frame `at` alone, followed into the others."""
    kept = np.zeros_like(mattes)
    kept[at] = _alone(mattes[at], mattes[at])
    for way in (range(at + 1, len(mattes)), range(at - 1, -1, -1)):
        before = kept[at]
        for place in way:
            kept[place] = before = _alone(mattes[place], before)
    return kept


def _alone(matte: NDArray[np.uint8], before: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The part of a matte that lies most over another, with its soft edge; or nothing."""
    sure = (matte >= _SURE).astype(np.uint8)
    _, labels = cv2.connectedComponents(sure)
    counts = np.bincount(labels[before >= _SURE].ravel(), minlength=2)
    counts[0] = 0
    if not counts.any():
        return np.zeros_like(matte)
    chosen = (labels == int(counts.argmax())).astype(np.uint8)
    near = cv2.dilate(chosen, np.ones((_NEAR, _NEAR), np.uint8))
    others = (sure > 0) & (chosen == 0)
    return np.where((near > 0) & ~others, matte, 0).astype(np.uint8)
