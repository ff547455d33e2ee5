"""How two pictures meet at a moment between them: which way what is seen there goes, and which of

the two shows it.

Flows are carried to the moment forward, as what they belong to moves; the usual shortcut, to look
at the flow where a pixel is and not where it came from, bends edges (Jiang et al. 2018, section 3).
Of several motions that a pixel may have, the one along which both pictures look alike is taken.
What only one picture shows, since it comes out from behind something or goes there, is that one's
alone: blended with the other it would be a ghost.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.multiplane.flows import Flow, Flows, Share, Way, completed, sampled

_HARDLY = 0.02
"""The weight of a flow that cannot be trusted beside one that can."""
_ALIKE_PIXELS, _ALIKE_LEVELS, _NEAR_PIXELS = 7, 2.0, 1.0
"""Side of the square in which pictures are compared, levels by which one motion has to look better

than another to count for nearly all, and how near two motions are that may be mixed.
"""
_SOFT = 1.0
_LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Meeting:
    """For each pixel (H, W) at a moment: its motion from the one picture to the other, as pixels

    right and down, and the weight of what either picture shows of it.
    """

    motion: Flow
    of_here: Share
    of_there: Share


def meeting(flows: Flows, share: float) -> Meeting:
    """How the two pictures meet at a share of the way between them."""
    out, home = _carried(flows.onward, share), _carried(flows.back, 1 - share)
    choices = (out.motion, -home.motion, flows.onward.found, -flows.back.found)
    motion = _most_alike(flows, choices, share)
    both = np.maximum(out.sure, home.sure)
    of_here = (1 - share) * (both + _LEAST) + (1 - both) * out.hidden
    of_there = share * (both + _LEAST) + (1 - both) * home.hidden
    return Meeting(motion, _softened(of_here), _softened(of_there))


def _softened(weight: NDArray[np.floating]) -> Share:
    return cv2.GaussianBlur(weight, (0, 0), _SOFT).astype(np.float32, copy=False)


@dataclass(frozen=True, slots=True)
class _Carried:
    """A flow where what it belongs to is at a moment, completed where nothing comes to lie; what of

    it both pictures show, and what only this one does.
    """

    motion: Flow
    sure: Share
    hidden: Share


def _carried(way: Way, share: float) -> _Carried:
    flow, sure = way.whole, way.sure
    weight = sure + _HARDLY
    count, known, moved_x, moved_y = _scattered(
        share * flow, (np.ones_like(sure), sure, weight * flow[..., 0], weight * flow[..., 1])
    )
    total = known + _HARDLY * count
    mean = np.dstack([moved_x, moved_y]) / np.maximum(total, 1e-6)[..., None]
    motion = completed(mean.astype(np.float32, copy=False), np.minimum(total / _HARDLY, 1.0))
    return _Carried(motion, np.minimum(known, 1.0), np.clip(count - known, 0.0, 1.0))


def _scattered(way: Flow, channels: tuple[Share, ...]) -> list[Share]:
    """Sums of what lands on each pixel, softened over its neighbours so that no cracks stay."""
    rows, columns = way.shape[:2]
    down, right = np.indices((rows, columns), dtype=np.float32)
    # What leaves the picture lands on a rim around it, which is cut off again.
    x = np.clip(np.rint(right + way[..., 0]), -1, columns).astype(np.int64) + 1
    y = np.clip(np.rint(down + way[..., 1]), -1, rows).astype(np.int64) + 1
    at, size = (y * (columns + 2) + x).ravel(), (rows + 2) * (columns + 2)
    sums = (np.bincount(at, each.ravel(), size).astype(np.float32) for each in channels)
    laid = (each.reshape(rows + 2, columns + 2)[1:-1, 1:-1] for each in sums)
    return [cv2.blur(each, (3, 3)).astype(np.float32, copy=False) for each in laid]


def _most_alike(flows: Flows, choices: tuple[Flow, ...], share: float) -> Flow:
    """Of several motions for each pixel the one along which the pictures look alike, mixed with

    those that are nearly the same.
    """
    off = np.stack([_unlike(flows, motion, share) for motion in choices])
    best = off.argmin(axis=0)
    chosen = np.choose(best[..., None], choices)
    weight = np.exp((off.min(axis=0) - off) / _ALIKE_LEVELS)
    mixed, total = np.zeros_like(chosen), np.zeros_like(weight[0])
    for motion, each in zip(choices, weight, strict=True):
        apart = np.square(motion - chosen).sum(axis=-1) / (2 * _NEAR_PIXELS**2)
        part = each * np.exp(-apart)
        mixed += motion * part[..., None]
        total += part
    return (mixed / total[..., None]).astype(np.float32, copy=False)


def _unlike(flows: Flows, motion: Flow, share: float) -> NDArray[np.float32]:
    """By how many levels the pictures differ along a motion, around each pixel."""
    here = sampled(flows.here, np.float32(-share) * motion)
    there = sampled(flows.there, np.float32(1 - share) * motion)
    levels = cv2.transform(cv2.absdiff(here, there), np.full((1, 3), 1 / 3, np.float32))
    side = _ALIKE_PIXELS, _ALIKE_PIXELS
    return cv2.blur(levels.astype(np.float32), side).astype(np.float32, copy=False)
