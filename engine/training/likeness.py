"""How alike two pictures are in structure."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def ssim_map(made: NDArray[np.uint8], true: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Structural similarity of the luma of pictures (H, W, 3) at each place; 1 where they are one.

    Source: Wang et al. 2004, equation 13, Gaussian windows of 11 pixels.
    """
    x, y = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY).astype(np.float64) for each in (made, true))
    mx, my = _mean(x), _mean(y)
    vx, vy, both = _mean(x * x) - mx * mx, _mean(y * y) - my * my, _mean(x * y) - mx * my
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    alike = (2 * mx * my + c1) * (2 * both + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))
    return alike.astype(np.float64, copy=False)


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return cv2.GaussianBlur(values, (11, 11), 1.5).astype(np.float64, copy=False)
