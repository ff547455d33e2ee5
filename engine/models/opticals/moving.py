"""What moves in a film by itself: where the flow is not what the camera's movement makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.opticals.camera import camera_step

Grey = NDArray[np.uint8]

_LEAST, _CERTAIN, _SPREADS = 0.0025, 0.007, 5.0
"""Of the picture's width: by how much what moves does so at least, and in its middle; and by how

many spreads more than the picture does.
"""
_LEAST_SHARE, _MOST_SHARE = 0.002, 0.5


@dataclass(frozen=True, slots=True)
class Region:
    """The largest place (H, W) that moves, and its corners: left, top, right, bottom."""

    mask: NDArray[np.bool_]
    box: tuple[int, int, int, int]


def moving_regions(places: Sequence[int], greys: Sequence[Grey]) -> list[Region | None]:
    """What moves between each of some frames and the next of them; of the last, the one before."""
    regions: list[Region | None] = []
    for number, place in enumerate(places):
        beside = places[number + 1] if number + 1 < len(places) else places[max(0, number - 1)]
        regions.append(_moving(greys[place], greys[beside]))
    return regions


def flow_between(
    here: Grey, there: Grey, preset: int = cv2.DISOpticalFlow_PRESET_FAST
) -> NDArray[np.float32]:
    """Where each pixel of a frame is in another, (H, W, 2) as right and down."""
    finder = cv2.DISOpticalFlow.create(preset)
    flow = finder.calc(here, there, np.zeros((*here.shape, 2), np.float32))
    return flow.astype(np.float32, copy=False)


def _moving(here: Grey, there: Grey) -> Region | None:
    height, width = here.shape
    flow = flow_between(here, there)
    rows, columns = np.indices(here.shape, dtype=np.float32)
    step = camera_step(here, there, None)
    moved_x = step[0, 0] * columns + step[0, 1] * rows + step[0, 2] - columns
    moved_y = step[1, 0] * columns + step[1, 1] * rows + step[1, 2] - rows
    off = np.hypot(flow[..., 0] - moved_x, flow[..., 1] - moved_y).astype(np.float32)
    usual = float(np.median(off))
    spread = float(np.median(np.abs(off - usual))) * 1.4826
    moving = (off > max(_LEAST * width, usual + _SPREADS * spread)).astype(np.uint8)
    size = max(3, width // 100) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    moving = cv2.morphologyEx(moving, cv2.MORPH_OPEN, kernel)
    moving = cv2.morphologyEx(moving, cv2.MORPH_CLOSE, cv2.dilate(kernel, kernel))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(moving.astype(np.uint8))
    if len(stats) < 2:
        return None
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    left, top, wide, high, area = (int(value) for value in stats[largest])
    mask = labels == largest
    # What touches a side may be a flow that had nothing to follow beyond it.
    is_cut = left == 0 or top == 0 or left + wide == width
    if is_cut or not _LEAST_SHARE < area / (height * width) < _MOST_SHARE:
        return None
    if float(np.median(off[mask])) < _CERTAIN * width:
        return None
    return Region(mask, (left, top, left + wide, top + high))
