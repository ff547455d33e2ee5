"""A picture as a signal: its luma and its colour difference, by ITU-R BT.709.

Pictures are full-range R'G'B' of 8 bits, as the compositor gives them.
"""

from __future__ import annotations

import cv2
import numpy as np

from studio.media.scopes.scale import BLUE, CENTRE, GREEN, RED, chroma_place

MOST_PIXELS = 480 * 270
"""As many as a live trace is made of: more are not told apart on a screen."""

WHITE = 255
_LUMA = np.array([[RED, GREEN, BLUE]])
_OFFSET = np.array([CENTRE, CENTRE])
_CHROMA = np.column_stack(
    [*((np.array(chroma_place(*part)) - _OFFSET) / WHITE for part in np.eye(3).tolist()), _OFFSET]
)


def sampled(rgb: np.ndarray) -> np.ndarray:
    """A picture (H, W, 3) with fewer pixels: values as they are, none mixed."""
    height, width = rgb.shape[:2]
    step = int(np.ceil(np.sqrt(height * width / MOST_PIXELS)))
    return np.ascontiguousarray(rgb[step // 2 :: step, step // 2 :: step])


def luma_of(rgb: np.ndarray) -> np.ndarray:
    """Y', full range, uint8 (H, W), of R'G'B', uint8 (H, W, 3)."""
    return cv2.transform(rgb, _LUMA)


def chroma_of(rgb: np.ndarray) -> np.ndarray:
    """Cb and Cr as codes of 8 bits, 16 to 240 about 128: uint8 (H, W, 2)."""
    return cv2.transform(rgb, _CHROMA)
