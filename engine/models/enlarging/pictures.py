"""The pictures of a film enlarged, one after the other: tiles, any size, and faithful to the film.

The network alone paints: it smooths grain away and moves colours. So what a picture of its own,
made small again, lacks of the source is given back: all that is broad, and half of what is fine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from engine.models.enlarging.network import FACTOR, REACH, CompactEnlarger
from engine.models.enlarging.tiles import Tile, cover, enlarged

Picture: TypeAlias = NDArray[np.unsignedinteger[Any]]
"""(H, W, 3) RGB in 8 or 16 bits, from 0 to the most that its type holds."""

_FINE_SHARE = 0.5
"""Share of fine differences that is given back: at 0 grain is gone, at 1 edges are soft again."""
_BROAD_PX = 1.5
"""What is wider is broad; pixels of the source."""


class FilmEnlarger:
    """Enlarges the pictures of one film to `size` (width, height), no smaller than they are.

    It works in tiles with sides of at most `side`. One that looks as it did in the picture before
    is not made again.
    """

    def __init__(self, network: CompactEnlarger, size: tuple[int, int], side: int) -> None:
        self._network = network
        self._size = size
        self._side = side
        self._before: Picture | None = None
        self._drawn: Picture = np.empty((0, 0, 3), np.uint8)

    def enlarge(self, picture: Picture, tell: Callable[[int, int], None] | None = None) -> Picture:
        """The picture at the size; `tell` hears after each tile how many of them are done."""
        height, width = picture.shape[:2]
        factor = 2 if max(self._size[0] / width, self._size[1] / height) <= 2 else FACTOR
        before = self._before
        if before is None or before.shape != picture.shape or before.dtype != picture.dtype:
            before = None
            self._drawn = np.empty((factor * height, factor * width, 3), picture.dtype)
        tiles = cover(height, width, self._side, REACH)
        for done, tile in enumerate(tiles, 1):
            part = picture[tile.read]
            if before is None or not np.array_equal(part, before[tile.read]):
                place = (enlarged(tile.rows.own, factor), enlarged(tile.columns.own, factor))
                self._drawn[place] = _draw(self._network, part, tile, factor)
            if tell is not None:
                tell(done, len(tiles))
        self._before = picture
        return _faithful(_resized(self._drawn, self._size), picture)


@torch.inference_mode()
def _draw(network: CompactEnlarger, part: Picture, tile: Tile, factor: int) -> Picture:
    """A tile's own pixels at `factor` times their size, of all that it reads."""
    peak = np.iinfo(part.dtype).max
    like = next(network.parameters())
    shown = torch.from_numpy(part.astype(np.float32)).to(like.device) / peak
    batch = shown.to(like.dtype).permute(2, 0, 1)[None]
    large = _shrunk(network(batch).float(), FACTOR // factor)[0]
    rows, columns = (enlarged(s.own_of_read, factor) for s in (tile.rows, tile.columns))
    levels = (large[:, rows, columns] * peak).round_().clamp_(0, peak)
    return levels.permute(1, 2, 0).cpu().numpy().astype(part.dtype)


def _shrunk(large: Tensor, times: int) -> Tensor:
    return large if times == 1 else F.avg_pool2d(large, times)


def _resized(picture: Picture, size: tuple[int, int]) -> Picture:
    """The picture at a size; where a side grows, the values between pixels are interpolated."""
    height, width = picture.shape[:2]
    if (width, height) == size:
        return picture
    how = cv2.INTER_AREA if size[0] <= width and size[1] <= height else cv2.INTER_CUBIC
    return cv2.resize(picture, size, interpolation=how).astype(picture.dtype, copy=False)


def _faithful(large: Picture, source: Picture) -> Picture:
    """The large picture, nearer to what is the source when it is made small."""
    height, width = source.shape[:2]
    small = cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA)
    lacking = source.astype(np.float32) - small
    broad = cv2.GaussianBlur(lacking, (0, 0), _BROAD_PX)
    given = broad + _FINE_SHARE * (lacking - broad)
    added = cv2.resize(given, (large.shape[1], large.shape[0]), interpolation=cv2.INTER_CUBIC)
    added += large
    np.clip(np.rint(added, out=added), 0, np.iinfo(large.dtype).max, out=added)
    return added.astype(large.dtype)
