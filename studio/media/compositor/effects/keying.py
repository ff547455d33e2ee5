"""Chroma key: a colour made transparent, and its light taken from what stays."""

from __future__ import annotations

import numpy as np

from studio.media.compositor.colours import rgb_of
from studio.media.compositor.layer import Layer
from studio.media.compositor.patch import Rect
from studio.media.depth import rounded, white

Values = dict[str, float | bool | str]
TO_CHROMA = np.array([[-0.1146, -0.3854, 0.5], [0.5, -0.4542, -0.0458]], np.float32)
LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
FARTHEST = 0.5
"""Distance between chromas, of 1 at most, that a tolerance of 1 reaches."""


def chroma_key(layer: Layer, values: Values) -> None:
    """Take out what is near the key colour in chroma, whatever its brightness."""
    key = np.array(rgb_of(str(values["colour"])), np.float32) / 255
    tolerance, softness = float(values["tolerance"]), float(values["softness"])
    spill = float(values["spill"])

    def keyed(pixels: np.ndarray, _: Rect) -> np.ndarray:
        full = white(pixels)
        alpha = pixels[..., 3].astype(np.float32) / full
        colour = pixels[..., :3].astype(np.float32) / full / np.maximum(alpha, 1e-6)[..., None]
        kept = coverage(colour, key, tolerance, softness)
        if spill:
            colour = without_spill(colour, key, spill)
        out = np.dstack([colour * (alpha * kept)[..., None], alpha * kept])
        return rounded(np.clip(out * full, 0, full), pixels)

    layer.change(keyed)


def coverage(rgb: np.ndarray, key: np.ndarray, tolerance: float, softness: float) -> np.ndarray:
    """How much of each pixel stays: rgb float32 (H, W, 3) in [0, 1] to (H, W) in [0, 1]."""
    distance = np.linalg.norm(rgb @ TO_CHROMA.T - TO_CHROMA @ key, axis=-1)
    inner = tolerance * FARTHEST
    return np.clip((distance - inner) / max(softness * FARTHEST, 0.01), 0, 1)


def without_spill(rgb: np.ndarray, key: np.ndarray, amount: float) -> np.ndarray:
    """The key's strongest channel held to the mean of the other two, keeping luma."""
    strongest = int(np.argmax(key))
    others = [channel for channel in range(3) if channel != strongest]
    limit = rgb[..., others].mean(axis=-1)
    excess = np.maximum(rgb[..., strongest] - limit, 0) * amount
    out = rgb.copy()
    out[..., strongest] -= excess
    return out + (excess * LUMA[strongest])[..., None]
