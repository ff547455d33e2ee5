"""Laying a small edit over a film at its full size: only where something changed, and no more.

The model sees a film at its own size and softer than it is. What it made is compared with what
the same codec makes of the source; where they agree the source's pixels stay, bit for bit. Where
they differ the new picture is laid over, with the source's fine detail where the edit kept the
shapes that carry it: a recoloured car stays sharp, a removed one leaves no ghost.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.uint8]
Masks = NDArray[np.float32]

_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
_CHANGED = 26.0
"""Levels of 255 by which a place must differ to count as changed: what the codec's own noise and a
model that keeps a place alter stays well below."""
_SPECK, _REACH, _SOFT = 5, 17, 4.0
"""In pixels of the model's size: what is too small to be a change, how far a change reaches, and
how softly it ends."""
_WINDOW = 9
_FLAT = 12.0
"""Variance below which a place has no shapes to compare."""


def change_masks(before: Frames, after: Frames) -> Masks:
    """Where an edit changed each frame: (F, h, w) in [0, 1], exactly 0 where it did not.

    Args:
        before: the source as the codec gives it back, (F, h, w, 3).
        after: the edit, likewise.
    """
    cores = [_core(b, a) for b, a in zip(before, after, strict=True)]
    found = np.stack([_soft(core) for core in _held(cores)])
    around = np.pad(found, ((1, 1), (0, 0), (0, 0)), mode="edge")
    return (around[:-2] + around[1:-1] + around[2:]) / np.float32(3)


def _core(before: Frames, after: Frames) -> Frames:
    """1 where a frame differs by more than specks."""
    apart = cv2.absdiff(before, after).max(axis=2).astype(np.float32)
    changed = (cv2.GaussianBlur(apart, (0, 0), 1.5) > _CHANGED).astype(np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_SPECK, _SPECK))
    return cv2.morphologyEx(changed, cv2.MORPH_OPEN, kernel).astype(np.uint8, copy=False)


def _held(cores: list[Frames]) -> list[Frames]:
    """Cores with those of the frames before and after: what moves fast leaves no rim."""
    return [
        np.maximum.reduce(cores[max(index - 1, 0) : index + 2]).astype(np.uint8, copy=False)
        for index in range(len(cores))
    ]


def _soft(core: Frames) -> Masks:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_REACH, _REACH))
    wide = cv2.dilate(core, kernel).astype(np.float32)
    return cv2.GaussianBlur(wide, (0, 0), _SOFT).astype(np.float32, copy=False)


def blend(
    picture: Frames, before: Frames, after: Frames, mask: Masks, *, keeps_detail: bool = True
) -> Frames:
    """A frame (H, W, 3) with its edit laid over where the mask (h, w) is above 0.

    `before` and `after` are the model's size, (h, w, 3). Pixels whose mask is 0 are the source's.
    Without `keeps_detail` no shape is taken to be still there: the edit was to take it away.
    """
    height, width = picture.shape[:2]
    cover = cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR)
    rows, columns = np.nonzero(cover.max(axis=1))[0], np.nonzero(cover.max(axis=0))[0]
    if not len(rows):
        return picture
    part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    share = cover[part][..., None]
    source = picture[part].astype(np.float32)
    new = _enlarged(after, width, height)[part]
    if keeps_detail:
        detail = (source - _enlarged(before, width, height)[part]) @ _LUMA
        kept = cv2.resize(shapes_kept(before, after), (width, height))[part]
        new = new + (detail * kept)[..., None]
    out = picture.copy()
    mixed = np.clip(source * (1 - share) + new * share, 0, 255).round().astype(np.uint8)
    out[part] = np.where(share > 0, mixed, picture[part])
    return out


def shapes_kept(before: Frames, after: Frames) -> Masks:
    """How far the shapes of each place are still there, (h, w) in [0, 1]: 1 where detail may stay.

    It is the structure term of SSIM, the correlation of what surrounds a place.
    """
    b, a = _luma(before), _luma(after)
    mean_b, mean_a = _mean(b), _mean(a)
    spread_b, spread_a = _mean(b * b) - mean_b**2, _mean(a * a) - mean_a**2
    together = _mean(a * b) - mean_a * mean_b
    alike = (together + _FLAT) / (np.sqrt(np.maximum(spread_a * spread_b, 0)) + _FLAT)
    return np.clip((alike - 0.4) / 0.5, 0, 1).astype(np.float32)


def _luma(frame: Frames) -> Masks:
    return (frame.astype(np.float32) @ _LUMA).astype(np.float32, copy=False)


def _mean(values: Masks) -> Masks:
    return cv2.blur(values, (_WINDOW, _WINDOW)).astype(np.float32, copy=False)


def _enlarged(frame: Frames, width: int, height: int) -> Masks:
    return cv2.resize(frame, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
