"""Saturation: colour nearer to grey or further from it, with luma left as it is.

In RGB that is a matrix. In Y'CbCr it is one factor on the two planes of chroma, so a picture that
is still coded stays coded: its luma comes out bit for bit, and nothing is resampled.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from studio.media.compositor.yuv import KB, KG, KR
from studio.media.picture import YuvPicture

LUMA = np.array([KR, KG, KB])
"""How much of red, green and blue makes BT.709 luma."""

NEUTRAL = 128


@dataclass(frozen=True, slots=True)
class Saturation:
    """A colour step by a factor: 0 is grey, 1 changes nothing."""

    factor: float

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        """RGB, uint8 or uint16 (H, W, 3), to the same."""
        return cv2.transform(rgb, saturation_matrix(self.factor))

    def of_coded(self, picture: YuvPicture) -> YuvPicture:
        """The same for a picture of 8 bits as it is coded."""
        planes = picture.i420()
        height = planes.shape[0] * 2 // 3
        out = np.empty_like(planes)
        out[:height] = planes[:height]
        cv2.LUT(planes[height:], _chroma_table(self.factor), out[height:])
        return YuvPicture(None, out)


def saturation_matrix(factor: float) -> np.ndarray:
    """RGB to RGB, keeping BT.709 luma: float32 (3, 3)."""
    return (np.eye(3) * factor + LUMA[None, :] * (1 - factor)).astype(np.float32)


@lru_cache(maxsize=64)
def _chroma_table(factor: float) -> np.ndarray:
    values = (np.arange(256) - NEUTRAL) * factor + NEUTRAL
    return np.clip(np.round(values), 0, 255).astype(np.uint8)
