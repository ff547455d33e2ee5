"""A picture as a short vector: the low frequencies of its luma and colours, of length 1.

Enough to know a picture again after scaling, cropping by a little and another encoder, and to tell
pictures apart that share a layout and colours. It is no semantic embedding.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_SIDE = 32
_LUMA, _CHROMA = 8, 4
MOMENTS = (1 / 6, 1 / 2, 5 / 6)
"""Where in a clip the looks are taken that a clip's feature is made of."""


def picture_feature(rgb: NDArray[np.uint8]) -> tuple[float, ...]:
    """The vector of (H, W, 3): 63 frequencies of luma, 16 each of the two colour differences."""
    small = cv2.resize(rgb, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    planes = cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb).astype(np.float32) - 128.0
    waves = [cv2.dct(np.ascontiguousarray(planes[..., channel])) for channel in range(3)]
    luma = waves[0][:_LUMA, :_LUMA].ravel()[1:]
    colours = [wave[:_CHROMA, :_CHROMA].ravel() for wave in waves[1:]]
    return tuple(
        round(float(value), 4)
        for value in unit(np.concatenate([luma, *colours]).astype(np.float32))
    )


def unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vector at length 1; one of zeros stays."""
    length = float(np.linalg.norm(vector))
    return vector / length if length > 1e-6 else vector
