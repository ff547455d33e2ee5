"""Filling a hole in a picture with what is around it, in pieces that fit (Wexler et al. 2007).

From coarse to fine, each small patch at the hole takes after the patch of the known picture that
is most like it, and each pixel becomes the mean of what its patches say. In pictures larger than
`_SEARCHED` the pieces found there are copied at full size.
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

_PATCH = 7
_SEARCHED, _COARSEST = 160, 24
"""Of a picture's longer side in pixels: the largest that is searched, and the smallest."""
_ROUNDS = 5
_CHUNK = 512


def completed(picture: NDArray[np.uint8], hole: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The picture (H, W, 3) with its hole (H, W) filled. One that is all hole stays as it is."""
    if not hole.any() or hole.all():
        return picture
    sizes = _sizes(picture.shape[1], picture.shape[0])
    filled, nearest = _first(picture, hole, sizes[0]), None
    for size in sizes:
        small, gap = _shrunk(picture, hole, size)
        guess = cv2.resize(filled, size, interpolation=cv2.INTER_LINEAR)
        filled = np.where(gap[..., None], guess, small).astype(np.float32)
        found = _refined(filled, gap)
        if found is None:
            continue
        filled, nearest = found
    if nearest is None:
        return np.where(hole[..., None], _enlarged(filled, picture), picture).astype(np.uint8)
    return _copied(picture, hole, filled, nearest)


def _sizes(width: int, height: int) -> list[tuple[int, int]]:
    """Widths and heights from the coarsest to the finest that is searched, doubling."""
    longest = min(_SEARCHED, max(width, height))
    sides = [longest]
    while sides[-1] / 2 >= _COARSEST:
        sides.append(sides[-1] // 2)
    scales = [side / max(width, height) for side in reversed(sides)]
    return [(max(8, round(width * s)), max(8, round(height * s))) for s in scales]


def _shrunk(
    picture: NDArray[np.uint8], hole: NDArray[np.bool_], size: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The known of a picture at a smaller size, and the hole: any pixel that has some of it."""
    known = (~hole).astype(np.float32)
    share = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
    colours = cv2.resize(picture * known[..., None], size, interpolation=cv2.INTER_AREA)
    small = colours / np.maximum(share, 1e-3)[..., None] / np.float32(255.0)
    return small.astype(np.float32), share < 0.999


def _first(
    picture: NDArray[np.uint8], hole: NDArray[np.bool_], size: tuple[int, int]
) -> NDArray[np.float32]:
    """A smooth filling to begin with."""
    small, gap = _shrunk(picture, hole, size)
    levels = cv2.convertScaleAbs(small, alpha=255.0)
    smooth = cv2.inpaint(levels, gap.astype(np.uint8), 3, cv2.INPAINT_TELEA)
    return smooth.astype(np.float32) / np.float32(255.0)


def _refined(
    filled: NDArray[np.float32], gap: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.int64]] | None:
    """The filling after some rounds, and for each pixel (H, W, 2) the row and column of its like.

    None where no patch of the picture is known whole.
    """
    half = _PATCH // 2
    near = cv2.dilate(gap.astype(np.uint8), np.ones((_PATCH, _PATCH), np.uint8)) > 0
    height, width = gap.shape
    inside = np.zeros_like(gap)
    inside[half : height - half, half : width - half] = True
    targets = np.flatnonzero(near & inside)
    sources = np.flatnonzero(~near & inside)
    if not len(sources) or not len(targets):
        return None
    image = torch.from_numpy(filled).permute(2, 0, 1)[None]
    known = torch.from_numpy(~gap)
    begun = image.clone()
    best = torch.zeros(0, dtype=torch.long)
    for _ in range(_ROUNDS):
        patches = _patches(image)
        best = _alike(patches[targets], patches[sources])
        image = torch.where(known, begun, _voted(patches[sources][best], targets, image))
    like = np.moveaxis(np.indices(gap.shape), 0, -1).copy()
    chosen = sources[best.numpy()]
    like[targets // width, targets % width, 0] = chosen // width
    like[targets // width, targets % width, 1] = chosen % width
    return image[0].permute(1, 2, 0).numpy(), like


def _patches(image: Tensor) -> Tensor:
    """The patch around each pixel, (H W, 3 * _PATCH ** 2)."""
    return F.unfold(image, _PATCH, padding=_PATCH // 2)[0].T


def _alike(wanted: Tensor, given: Tensor) -> Tensor:
    """For each wanted patch the number of the nearest that is given."""
    lengths = given.square().sum(1)
    parts = [(lengths - 2 * part @ given.T).argmin(1) for part in wanted.split(_CHUNK)]
    return torch.cat(parts)


def _voted(patches: Tensor, targets: NDArray[np.int64], image: Tensor) -> Tensor:
    """The picture in which each pixel is the mean of the patches around it that lie over it."""
    height, width = image.shape[2:]
    columns = torch.zeros(height * width, patches.shape[1])
    counts = torch.zeros(height * width, patches.shape[1])
    columns[targets], counts[targets] = patches, 1.0
    size, pad = (height, width), _PATCH // 2
    total = F.fold(columns.T[None], size, _PATCH, padding=pad)
    number = F.fold(counts.T[None], size, _PATCH, padding=pad)
    return torch.where(number > 0, total / number.clamp(min=1), image)


def _enlarged(filled: NDArray[np.float32], picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    size = picture.shape[1], picture.shape[0]
    large = cv2.resize(filled, size, interpolation=cv2.INTER_CUBIC)
    return np.clip(large * 255.0, 0, 255).astype(np.float32)


def _copied(
    picture: NDArray[np.uint8],
    hole: NDArray[np.bool_],
    filled: NDArray[np.float32],
    like: NDArray[np.int64],
) -> NDArray[np.uint8]:
    """The hole at full size: the small filling, with the detail of the places it takes after."""
    height, width = hole.shape
    rows, columns = np.nonzero(hole)
    small_height, small_width = like.shape[:2]
    across, down = width / small_width, height / small_height
    at = (
        np.minimum((rows / down).astype(np.int64), small_height - 1),
        np.minimum((columns / across).astype(np.int64), small_width - 1),
    )
    source = like[at]
    from_rows = np.clip(np.round(rows + (source[:, 0] - at[0]) * down), 0, height - 1).astype(
        np.int64
    )
    from_columns = np.clip(
        np.round(columns + (source[:, 1] - at[1]) * across), 0, width - 1
    ).astype(np.int64)
    base = _enlarged(filled, picture)
    known = np.where(hole[..., None], base, picture).astype(np.float32)
    detail = known - cv2.GaussianBlur(known, (0, 0), max(across, down))
    out = picture.copy()
    taken = base[rows, columns] + detail[from_rows, from_columns]
    out[rows, columns] = np.clip(taken, 0, 255).round().astype(np.uint8)
    return out
