"""How a camera moved: where each frame of a film lies in the frame that it is measured from.

Corners of what is behind the subject are followed from frame to frame (Lucas and Kanade 1981), and
a shift, a turn and a zoom fitted to them against outliers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
"""(3, 3): pixels of a frame, homogeneous, to those of another."""

_CORNERS, _QUALITY, _LEAST_APART = 300, 0.01, 7
_LEAST = 12
_OFF_PIXELS = 1.0


def camera_path(
    greys: Sequence[NDArray[np.uint8]], mattes: NDArray[np.uint8] | None, reference: int
) -> list[Matrix]:
    """For each frame (H, W) the matrix from its pixels to those of the frame `reference`.

    `mattes` (F, H, W) tell what moves by itself and is left out.
    """
    steps = [
        camera_step(here, there, None if mattes is None else mattes[index])
        for index, (here, there) in enumerate(pairwise(greys))
    ]
    path = [np.eye(3) for _ in greys]
    for index in range(reference - 1, -1, -1):
        path[index] = path[index + 1] @ steps[index]
    for index in range(reference + 1, len(greys)):
        path[index] = path[index - 1] @ np.linalg.inv(steps[index - 1])
    return path


def scaled(matrix: Matrix, across: float, down: float) -> Matrix:
    """A matrix of frames of another size, `across` times as wide and `down` times as high."""
    size = np.diag([across, down, 1.0])
    return size @ matrix @ np.linalg.inv(size)


def camera_step(
    here: NDArray[np.uint8], there: NDArray[np.uint8], matte: NDArray[np.uint8] | None
) -> Matrix:
    """From the pixels of a frame to those of the next; none where too little can be followed."""
    allowed = None
    if matte is not None:
        near = cv2.dilate((matte > 60).astype(np.uint8), np.ones((9, 9), np.uint8))
        allowed = (1 - near) * np.uint8(255)
    corners = cv2.goodFeaturesToTrack(here, _CORNERS, _QUALITY, _LEAST_APART, mask=allowed)
    if corners is None or len(corners) < _LEAST:
        return np.eye(3)
    moved, seen, _ = cv2.calcOpticalFlowPyrLK(here, there, corners, corners.copy())
    kept = seen[:, 0] == 1
    if kept.sum() < _LEAST:
        return np.eye(3)
    fitted = fitted_step(corners[kept].astype(np.float32), moved[kept].astype(np.float32))
    return np.eye(3) if fitted is None else fitted


def fitted_step(here: NDArray[np.float32], there: NDArray[np.float32]) -> Matrix | None:
    """The shift, turn and zoom that takes most of some points to others, None where none does."""
    fitted, _ = cv2.estimateAffinePartial2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=_OFF_PIXELS
    )
    return None if fitted is None else np.vstack([fitted, [0.0, 0.0, 1.0]])
