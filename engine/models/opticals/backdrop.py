"""What is behind the subject of a film: seen in other frames where it moved on, else filled in.

Some frames are laid over each other as the camera saw them, their subjects left out; what none of
them shows is completed once, so that it is the same in every frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.opticals.camera import Matrix
from engine.models.opticals.completion import completed

_LARGEST = 2.0
"""How many times as wide and as high as a frame a backdrop may become."""
_HIDDEN = 0.04
"""A pixel with more of the subject than this shows nothing of what is behind."""
_REACH, _RING = 0.012, 0.03
"""Of a frame's longer side: how far beyond its matte a subject may reach, and how wide the ring

around it is in which frame and backdrop are compared.
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A frame (H, W, 3), the matte of its subject (H, W) in [0, 1], and where it lies."""

    picture: NDArray[np.uint8]
    matte: NDArray[np.float32]
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A picture of what is behind, and the matrix from the frames' common pixels to its own."""

    picture: NDArray[np.uint8]
    placed: Matrix

    def behind(self, matrix: Matrix, size: tuple[int, int]) -> NDArray[np.uint8]:
        """What a frame of a size (width, height), lying at a matrix, shows without its subject."""
        back = np.linalg.inv(self.placed @ matrix)
        seen = cv2.warpAffine(
            self.picture, back[:2], size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
        )
        return seen.astype(np.uint8, copy=False)


def hidden(matte: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where a subject hides what is behind, with a rim for what its matte may miss."""
    reach = max(3, round(_REACH * max(matte.shape))) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    return cv2.dilate((matte > _HIDDEN).astype(np.uint8), kernel) > 0


def backdrop_of(frames: Sequence[Seen]) -> Backdrop:
    """The backdrop of a film, of some of its frames."""
    height, width = frames[0].matte.shape
    placed, size = bounds([frame.matrix for frame in frames], width, height)
    pictures, covers = [], []
    for frame in frames:
        matrix = (placed @ frame.matrix)[:2]
        seen = (~hidden(frame.matte)).astype(np.uint8)
        pictures.append(
            cv2.warpAffine(frame.picture, matrix, size, borderMode=cv2.BORDER_REPLICATE)
        )
        covers.append(cv2.warpAffine(seen, matrix, size, flags=cv2.INTER_NEAREST) > 0)
    picture, unseen = _middle(np.stack(pictures), np.stack(covers))
    return Backdrop(completed(picture, unseen), placed)


def bounds(matrices: Sequence[Matrix], width: int, height: int) -> tuple[Matrix, tuple[int, int]]:
    """A canvas on which frames of a size that lie at these matrices all lie, within reason.

    The matrix to its pixels, and its width and height.
    """
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]]).T
    points = np.concatenate([(matrix @ corners)[:2] for matrix in matrices], axis=1)
    low, high = points.min(axis=1), points.max(axis=1)
    middle, most = (low + high) / 2, np.array([width, height]) * _LARGEST
    low, high = np.maximum(low, middle - most / 2), np.minimum(high, middle + most / 2)
    placed = np.array([[1.0, 0.0, -low[0]], [0.0, 1.0, -low[1]], [0.0, 0.0, 1.0]])
    size = np.ceil(high - low - 1e-6).astype(int)
    return placed, (int(size[0]), int(size[1]))


def _middle(
    pictures: NDArray[np.uint8], seen: NDArray[np.bool_]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The median (H, W, 3) of what is seen of pictures (N, H, W, 3), and where nothing is."""
    count = seen.sum(axis=0)
    # What is not seen sorts behind all that is: the middle of the first `count` is the median.
    ordered = np.where(seen[..., None], pictures.astype(np.int16), np.int16(256))
    ordered.sort(axis=0)
    place = np.maximum(count - 1, 0) // 2
    middle = np.take_along_axis(ordered, place[None, ..., None], axis=0)[0]
    return np.where(count[..., None] > 0, middle, 0).astype(np.uint8), count == 0


def matched(
    behind: NDArray[np.uint8], picture: NDArray[np.uint8], gone: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """What is behind, in the light of this frame: evened out by how they differ around `gone`."""
    ring = max(3, round(_RING * max(gone.shape))) | 1
    around = cv2.dilate(gone.astype(np.uint8), np.ones((ring, ring), np.uint8)) > 0
    shared = (around & ~gone).astype(np.float32)
    if not shared.any():
        return behind
    apart = (picture.astype(np.float32) - behind) * shared[..., None]
    size = 4 * ring + 1
    weight = cv2.blur(shared, (size, size))
    even = cv2.blur(apart, (size, size)) / np.maximum(weight, 1e-4)[..., None]
    whole = apart.sum(axis=(0, 1)) / shared.sum()
    trust = np.clip(weight * 20, 0, 1)[..., None]
    light = even * trust + whole * (1 - trust)
    return np.clip(behind + light, 0, 255).round().astype(np.uint8)
