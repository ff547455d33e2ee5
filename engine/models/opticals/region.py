"""How a region that was drawn in one frame moves through a film: with what lies under it.

Corners are followed a quarter of a second at a time (Lucas and Kanade 1981), spread evenly, so that
their number tells how much of the picture does what. Where many of those under the region move
against the camera, the region goes with them; else it goes with the camera.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.opticals.camera import Matrix, fitted_step

Grey = NDArray[np.uint8]
Points = NDArray[np.float32]

_CORNERS, _QUALITY, _LEAST_APART = 250, 0.001, 4.0
_LEAST, _LEAST_SHARE = 6, 0.4
_MOVED = 0.003
"""Of the picture's width, by which a corner is elsewhere than the camera would have it."""
_ASTRAY = 1.0
_SURE = 0.5


@dataclass(frozen=True, slots=True)
class RegionPath:
    """For each frame the matrices from the pixels of the frame that was drawn on to its own: of

    the region, and of all else as the camera has it; and whether the two are ever apart.
    """

    matrices: list[Matrix]
    camera: list[Matrix]
    follows: bool


def region_path(
    greys: Sequence[Grey], mask: NDArray[np.float32], drawn_on: int, every: int
) -> RegionPath:
    """The path of a mask (H, W) in [0, 1] that was drawn on one of the frames (H, W).

    `every` is for how many frames corners are followed at once.
    """
    own, camera = {drawn_on: np.eye(3)}, {drawn_on: np.eye(3)}
    follows = False
    for end, way in ((len(greys) - 1, 1), (0, -1)):
        for first in range(drawn_on, end, way * every):
            last = min(first + every, end) if way > 0 else max(first - every, end)
            places = list(range(first, last + way, way))
            steps = _steps([greys[place] for place in places], moved(mask, own[first]))
            follows |= steps.follows
            for number, (place, following) in enumerate(pairwise(places)):
                own[following] = steps.matrices[number] @ own[place]
                camera[following] = steps.camera[number] @ camera[place]
    whole = range(len(greys))
    return RegionPath([own[place] for place in whole], [camera[place] for place in whole], follows)


def moved(mask: NDArray[np.float32], matrix: Matrix) -> NDArray[np.float32]:
    """A mask (H, W) where a matrix takes it; one that ends at the frame goes on beyond it."""
    if np.array_equal(matrix, np.eye(3)):
        return mask
    size = mask.shape[::-1]
    seen = cv2.warpAffine(mask, matrix[:2], size, borderMode=cv2.BORDER_REPLICATE)
    return seen.astype(np.float32, copy=False)


def _steps(greys: Sequence[Grey], mask: NDArray[np.float32]) -> RegionPath:
    """The same from each frame to the next."""
    inside = (mask > _SURE).astype(np.uint8)
    around = 1 - cv2.dilate(inside, np.ones((9, 9), np.uint8))
    camera = _fitted(_tracks(greys, around.astype(np.uint8)))
    tracks = _tracks(greys, inside)
    carried = [tracks[0]]
    for step in camera:
        carried.append(_through(step, carried[-1]))
    off = np.linalg.norm(np.stack(tracks) - np.stack(carried), axis=2).max(axis=0)
    moves = off > _MOVED * mask.shape[1]
    if moves.sum() < max(_LEAST, _LEAST_SHARE * len(moves)):
        return RegionPath(camera, camera, follows=False)
    return RegionPath(_fitted([points[moves] for points in tracks]), camera, follows=True)


def _fitted(tracks: Sequence[Points]) -> list[Matrix]:
    """What most of some points do from each frame to the next; they stand where they are few."""
    return [_fitted_or_still(here, there) for here, there in pairwise(tracks)]


def _fitted_or_still(here: Points, there: Points) -> Matrix:
    found = fitted_step(here, there) if len(here) >= _LEAST else None
    return np.eye(3) if found is None else found


def _tracks(greys: Sequence[Grey], allowed: Grey) -> list[Points]:
    """Corners (N, 2) where they are allowed in each frame, those that are found in all of them."""
    apart = max(_LEAST_APART, float(np.sqrt(allowed.sum() / _CORNERS)))
    corners = cv2.goodFeaturesToTrack(greys[0], _CORNERS, _QUALITY, apart, mask=allowed)
    if corners is None:
        return [np.zeros((0, 2), np.float32) for _ in greys]
    tracks, kept = [corners[:, 0].astype(np.float32)], np.ones(len(corners), bool)
    for here, there in pairwise(greys):
        points, found = _followed(here, there, tracks[-1])
        tracks.append(points)
        kept &= found
    return [points[kept].astype(np.float32, copy=False) for points in tracks]


def _followed(here: Grey, there: Grey, points: Points) -> tuple[Points, NDArray[np.bool_]]:
    """Where points are in another frame, and which of them come back to where they were."""
    moved_to, seen, _ = cv2.calcOpticalFlowPyrLK(here, there, points, points.copy())
    back, seen_again, _ = cv2.calcOpticalFlowPyrLK(there, here, moved_to, moved_to.copy())
    astray = np.linalg.norm(back - points, axis=1)
    found = (seen[:, 0] == 1) & (seen_again[:, 0] == 1) & (astray < _ASTRAY)
    return moved_to.astype(np.float32, copy=False), found


def _through(matrix: Matrix, points: Points) -> Points:
    seen = points @ matrix[:2, :2].T + matrix[:2, 2]
    return seen.astype(np.float32, copy=False)
