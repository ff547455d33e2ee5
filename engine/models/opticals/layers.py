"""A subject by itself, as a layer: premultiplied RGBA (H, W, 4) in [0, 1]."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Layer = NDArray[np.float32]
Picture = NDArray[np.float32]

_SURE = 0.1
_SPREAD = 0.03
"""Of the longer side: how softly the colours of what is seen run on beyond it."""


def straight(layer: Layer) -> Picture:
    """The layer's own colours (H, W, 3), running on beyond its edges.

    A look may then mix neighbours without anything dark or strange coming in from outside.
    """
    soft = cv2.GaussianBlur(layer, (0, 0), _SPREAD * max(layer.shape[:2]))
    near = soft[..., :3] / np.maximum(soft[..., 3:], 1e-6)
    own = layer[..., :3] / np.maximum(layer[..., 3:], _SURE)
    colours = np.where(layer[..., 3:] > _SURE, own, near)
    return colours.clip(0.0, 1.0).astype(np.float32, copy=False)


def laid_over(layer: Layer, picture: Picture) -> Picture:
    """The layer over a picture."""
    return (picture * (1 - layer[..., 3:]) + layer[..., :3]).astype(np.float32, copy=False)
