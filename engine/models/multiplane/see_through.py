"""Pictures with transparency in a form that can be moved and mixed: colours times their alpha.

Mixed as they are, colours that nobody sees would bleed into the edges of what is seen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FULL = 255


def multiplied(picture: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Straight RGBA (H, W, 4) in 8 bits as colours times alpha, in 16 bits: none is rounded."""
    wide = picture.astype(np.uint16)
    wide[..., :3] *= wide[..., 3:]
    wide[..., 3] *= _FULL
    return wide


def straight(picture: NDArray[np.unsignedinteger]) -> NDArray[np.uint8]:
    """What `multiplied` was made of; what is quite clear is black."""
    alpha = picture[..., 3:].astype(np.float32) / _FULL
    colours = picture[..., :3] / np.maximum(alpha, 0.5)
    whole = np.concatenate([colours, alpha], axis=-1)
    return np.rint(np.clip(whole, 0, _FULL)).astype(np.uint8)
