"""Somebody with a thing: in the hands, over the head, on it, at the feet or under them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.planning.set_pieces import (
    AT_FEET,
    FLOWN,
    LARGE_IN_HAND,
    OVERHEAD,
    PUSHED,
    RIDDEN,
    WORN_ON_TOP,
)

Picture = NDArray[np.uint8]

_SEEN = 40
_PLACES = {
    "hand": (0.24, 0.2, 0.55),
    "arms": (0.42, 0.14, 0.55),
    "string": (0.46, 0.5, -0.12),
    "over": (0.62, 0.12, -0.02),
    "top": (0.3, 0.0, 0.07),
    "feet": (0.26, 0.42, 0.88),
    "under": (0.34, 0.0, 1.0),
    "pushed": (0.56, 0.42, 0.74),
}
"""How tall a thing is, of who holds it; how far from the middle its own is, to the front, and how

far down, both of the holder's height.
"""

_ARM = 0.46
"""How far a hand reaches at the least, of the holder's width."""
_ON_ALL_FOURS, _MOUTH = 0.8, 0.4
"""From which width, of its height, somebody has no hands; and how far down their mouth is."""


def holding(holder: Picture, thing: Picture, label: str, *, faces: int) -> Picture:
    """A holder with a thing, both straight RGBA; what looks to a side, -1 or 1, holds it there."""
    own, other = _seen(holder), _seen(thing)
    size, along, down = _PLACES[_place_of(label)]
    height, width = own.shape[:2]
    scale = size * height / max(other.shape[:2])
    new = max(1, round(other.shape[1] * scale)), max(1, round(other.shape[0] * scale))
    small = np.asarray(cv2.resize(other, new, interpolation=cv2.INTER_AREA), np.uint8)
    reach = max(along * height, _ARM * width) if along else 0.0
    if faces and _place_of(label) in ("hand", "arms") and width > _ON_ALL_FOURS * height:
        reach, down = 0.5 * width, _MOUTH
    left = round(width / 2 + (faces or 1) * reach - new[0] / 2)
    top = round(down * height - new[1] / 2)
    x0, y0 = min(left, 0), min(top, 0)
    x1, y1 = max(left + new[0], width), max(top + new[1], height)
    whole = np.zeros((y1 - y0, x1 - x0, 4), np.uint8)
    layers = [(own, 0, 0), (small, left, top)]
    if _place_of(label) in ("over", "under"):
        layers.reverse()
    for art, x, y in layers:
        _lay(whole, art, x - x0, y - y0)
    return whole


def _place_of(label: str) -> str:
    sets = (
        ("string", FLOWN),
        ("arms", LARGE_IN_HAND),
        ("over", OVERHEAD),
        ("top", WORN_ON_TOP),
        ("under", RIDDEN),
        ("pushed", PUSHED),
        ("feet", AT_FEET),
    )
    return next((place for place, labels in sets if label in labels), "hand")


def _seen(art: Picture) -> Picture:
    """The part of straight RGBA where there is something."""
    rows, columns = np.nonzero(art[..., 3] > _SEEN)
    if not len(rows):
        return art
    return art[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def _lay(whole: Picture, art: Picture, left: int, top: int) -> None:
    """Lay straight RGBA over straight RGBA in place."""
    under = whole[top : top + art.shape[0], left : left + art.shape[1]]
    cover = art[..., 3:].astype(np.float32) / 255
    kept = under[..., 3:].astype(np.float32) / 255 * (1 - cover)
    alpha = cover + kept
    mixed = (art[..., :3] * cover + under[..., :3] * kept) / np.maximum(alpha, 1e-4)
    under[...] = np.dstack([mixed, alpha * 255]).round().astype(np.uint8)
