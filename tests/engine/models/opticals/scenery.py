"""A textured place, and a red block that moves over it while the camera pans."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIZE = 384, 216
BLOCK, LEFT, TOP = 60, 60, 100


def place(width: int = 600, height: int = 256) -> NDArray[np.uint8]:
    """Blotches of green and blue that have corners to follow."""
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 256, (height // 8, width // 8, 3)).astype(np.uint8)
    large = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    large[..., 0] //= 4
    return large.astype(np.uint8)


def seen(pan: int) -> NDArray[np.uint8]:
    """The place as the camera sees it that has moved so many pixels to the right."""
    width, height = SIZE
    return place()[10 : 10 + height, 20 + pan : 20 + pan + width].copy()


def film(frames: int, *, pan: int, step: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Frames (F, H, W, 3), and the block's mattes (F, H, W) of 0 and 255.

    The camera moves `pan` pixels a frame, the block `step` in the frame.
    """
    width, height = SIZE
    pictures = np.stack([seen(pan * index) for index in range(frames)])
    mattes = np.zeros((frames, height, width), np.uint8)
    speckles = np.random.default_rng(2).integers(0, 60, (BLOCK // 6, BLOCK // 6)).astype(np.uint8)
    block = np.full((BLOCK, BLOCK, 3), (220, 10, 10), np.uint8)
    block[..., 1:] += cv2.resize(speckles, (BLOCK, BLOCK))[..., None]
    for index in range(frames):
        left = LEFT + step * index
        pictures[index, TOP : TOP + BLOCK, left : left + BLOCK] = block
        mattes[index, TOP : TOP + BLOCK, left : left + BLOCK] = 255
    return pictures, mattes


def red(picture: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    """Where a picture is red, as one that looks for the block sees it; None where it is nowhere."""
    found = (picture[..., 0] > 150) & (picture[..., 1] < 90)
    return found.astype(np.float32) if found.any() else None
