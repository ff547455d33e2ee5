"""A palette with transparency for a whole animation, so that nothing flickers between frames.

Colours are compared premultiplied: how far apart two faint colours are does not matter much.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from studio.media.stickers.clip import Picture

SAMPLED_PIXELS = 1_500_000
REFINEMENTS = 4


def choose_palette(pictures: Sequence[Picture], colours: int) -> np.ndarray:
    """At most `colours` straight RGBA colours, uint8 (N, 4), the most transparent first.

    Median cut by variance, then a few rounds of moving every colour to the middle of what it
    stands for. The same pictures give the same palette.
    """
    step = max(1, sum(p.shape[0] * p.shape[1] for p in pictures) // SAMPLED_PIXELS)
    pixels = np.concatenate([_packed(picture).reshape(-1)[::step] for picture in pictures])
    packed, counts = np.unique(pixels, return_counts=True)
    points, weights = _points(packed), counts.astype(np.float64)
    centres = points if len(points) <= colours else _refined(points, weights, colours)
    return _straight(centres)


def indices_of(picture: Picture, palette: np.ndarray) -> np.ndarray:
    """For each pixel the nearest colour of the palette, uint8 (H, W)."""
    packed, inverse = np.unique(_packed(picture).reshape(-1), return_inverse=True)
    nearest = _nearest(_premultiplied(palette), _points(packed)).astype(np.uint8)
    return nearest[inverse].reshape(picture.shape[:2])


def _nearest(centres: np.ndarray, points: np.ndarray) -> np.ndarray:
    """For each of the points (N, D) the number of its nearest centre (M, D)."""
    from scipy.spatial import KDTree  # a tenth of a second that most commands need not wait

    return np.asarray(KDTree(centres).query(points)[1])


def _packed(picture: Picture) -> np.ndarray:
    """Pixels as one number each, every wholly transparent one the same: uint32 (H, W)."""
    clean = np.where(picture[..., 3:] > 0, picture, 0).astype(np.uint8)
    return np.ascontiguousarray(clean).view(np.uint32)[..., 0]


def _points(packed: np.ndarray) -> np.ndarray:
    return _premultiplied(np.ascontiguousarray(packed).view(np.uint8).reshape(-1, 4))


def _premultiplied(colours: np.ndarray) -> np.ndarray:
    points = colours.astype(np.float64)
    points[:, :3] *= points[:, 3:] / 255.0
    return points


def _straight(points: np.ndarray) -> np.ndarray:
    alpha = np.round(points[:, 3:])
    scale = np.divide(255.0, points[:, 3:], out=np.zeros_like(alpha), where=alpha > 0)
    colour = np.clip(np.round(points[:, :3] * scale), 0, 255)
    table = np.concatenate([colour, alpha], axis=1).astype(np.uint8)
    return np.unique(table[:, ::-1], axis=0)[:, ::-1].copy()  # sorted by alpha first


def _refined(points: np.ndarray, weights: np.ndarray, colours: int) -> np.ndarray:
    centres = _median_cut(points, weights, colours)
    for _ in range(REFINEMENTS):
        nearest = _nearest(centres, points)
        mass = np.bincount(nearest, weights, len(centres))
        sums = np.stack(
            [np.bincount(nearest, weights * axis, len(centres)) for axis in points.T], axis=1
        )
        used = mass > 0
        centres[used] = sums[used] / mass[used, None]
    return centres


def _median_cut(points: np.ndarray, weights: np.ndarray, colours: int) -> np.ndarray:
    boxes = [np.arange(len(points))]
    errors = [_error(points, weights, boxes[0])]
    while len(boxes) < colours and max(errors) > 0:
        place = int(np.argmax(errors))
        low, high = _split(points, weights, boxes[place])
        boxes[place : place + 1] = [low, high]
        errors[place : place + 1] = [_error(points, weights, box) for box in (low, high)]
    return np.stack([np.average(points[box], 0, weights[box]) for box in boxes])


def _split(
    points: np.ndarray, weights: np.ndarray, box: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    inside, mass = points[box], weights[box]
    middle = np.average(inside, 0, mass)
    axis = int(np.argmax(np.average((inside - middle) ** 2, 0, mass)))
    below = inside[:, axis] <= middle[axis]
    return box[below], box[~below]


def _error(points: np.ndarray, weights: np.ndarray, box: np.ndarray) -> float:
    """Summed squared distance to the mean; 0 for a box that cannot be cut."""
    if len(box) < 2:
        return 0.0
    middle = np.average(points[box], 0, weights[box])
    return float(((points[box] - middle) ** 2 * weights[box, None]).sum())
