"""A stand-in for an aesthetic model: is the middle of a clip sharp, well exposed and colourful?

It knows nothing of composition or content and its numbers are not LAION's; it takes out the
blurred, the black and the washed out. Each part lies in [0, 1], the score is their weighted sum.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.training.curation.facts import Clip, Look
from engine.training.curation.thresholds import Thresholds

_SHARP, _EXPOSED, _COLOURFUL = 0.45, 0.35, 0.2
_SHARPEST_LOG10 = 3.3
_FULL_SPREAD = 45.0
_FULL_COLOUR = 60.0
_CLIPPED_IS_FINE = 0.25


def rule(limits: Thresholds) -> str:
    """What `poor_picture` asks for."""
    return f"sharp, exposed, colourful ≥ {limits.min_aesthetics:g}"


def poor_picture(clip: Clip, limits: Thresholds) -> str | None:
    """Why its looks fall short."""
    score = clip.looked_at.aesthetics
    return None if score >= limits.min_aesthetics else f"its middle scores {score:.2f}"


def aesthetics(look: Look) -> float:
    """The score of a look, in [0, 1]."""
    return _SHARP * look.sharpness + _EXPOSED * look.exposure + _COLOURFUL * look.colourfulness


def sharpness(luma: NDArray[np.uint8]) -> float:
    """Variance of the Laplacian of (H, W), on a logarithmic scale that ends at about 2000."""
    variance = float(cv2.Laplacian(luma, cv2.CV_32F).var())
    return min(1.0, float(np.log10(1.0 + variance)) / _SHARPEST_LOG10)


def exposure(luma: NDArray[np.uint8]) -> float:
    """How far the values of (H, W) spread, less what is clipped beyond a quarter of the picture."""
    clipped = float(((luma <= 2) | (luma >= 253)).mean())
    spread = min(1.0, float(luma.std()) / _FULL_SPREAD)
    return spread * (1.0 - max(0.0, clipped - _CLIPPED_IS_FINE))


def colourfulness(rgb: NDArray[np.uint8]) -> float:
    """Hasler and Süsstrunk's measure (2003) of (H, W, 3); 60 and more, "highly", count as 1."""
    red, green, blue = (rgb[..., channel].astype(np.float32) for channel in range(3))
    opposed, warm = red - green, (red + green) / 2 - blue
    spread = np.hypot(opposed.std(), warm.std())
    mean = np.hypot(opposed.mean(), warm.mean())
    return min(1.0, float(spread + 0.3 * mean) / _FULL_COLOUR)
