"""Depth: how many values a channel of pixels has, 256 or, where films of 10 bits are made, 65,536.

What works on pixels asks `white` instead of writing 255, and is the same for both.
"""

from __future__ import annotations

import numpy as np
from av.video.format import VideoFormat

DEEP_WHITE = 65535
STEP = DEEP_WHITE // 255
EIGHT = 8


def white(pixels: np.ndarray) -> int:
    """The greatest value of a channel: 255 of uint8, 65,535 of uint16."""
    return DEEP_WHITE if pixels.dtype == np.uint16 else 255


def deepened(pixels: np.ndarray) -> np.ndarray:
    """The same colours as uint16."""
    return pixels if pixels.dtype == np.uint16 else pixels.astype(np.uint16) * STEP


def flattened(pixels: np.ndarray) -> np.ndarray:
    """The nearest colours as uint8."""
    if pixels.dtype == np.uint8:
        return pixels
    return ((pixels.astype(np.uint32) + STEP // 2) // STEP).astype(np.uint8)


def rounded(values: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Values of a computation as pixels of the kind that `like` is; they are in its range."""
    return (values + 0.5).astype(like.dtype)


def is_deep(pixel_format: str) -> bool:
    """True for a layout of libav's that holds more than 8 bits a channel."""
    return max(component.bits for component in VideoFormat(pixel_format).components) > EIGHT
