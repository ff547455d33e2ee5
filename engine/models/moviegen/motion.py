"""How what moves in a film does so against the camera: seven numbers for each of its frames.

A network of the pocket's size that looks at pictures tells no step: a walk bobs by less than a
pixel of what it sees. The flow of all that moves tells it to a tenth of one. What the rim of the
picture does is the camera's, and is taken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.models.opticals.moving import flow_between

SIZE = (256, 144)
"""Width and height of the frames it is told from, whatever the film's shape."""

SIGNALS = 7
"""Right, down, turn and growth a second; the share that moves, its middle's height, its speed."""

_MOVING_PIXELS, _LEAST_PIXELS = 0.3, 20
_RIM, _TOP, _BOTTOM = 0.36, -0.36, 0.42
"""Where the rim begins, in widths and heights from the middle."""
_ROUNDS, _NEAR_SQUARED, _STIFF = 6, 0.05, 1e-4
_MOST_TEXTURE = 60.0
_FINE, _SHARES, _HEIGHTS = 10.0, 4.0, 2.0
"""What the numbers are multiplied by: small movements count, and large ones do not drown them."""

Picture = NDArray[np.uint8]
Plane = NDArray[np.float32]


def motion_of(pictures: Picture, times_s: Sequence[float]) -> Tensor:
    """Signals (F, SIGNALS) of frames (F, 144, 256, 3) that begin at `times_s`.

    Each row is how the frame before became this one; the first has none, and is all zero.
    """
    greys = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.uint8) for picture in pictures]
    rows = [np.zeros(SIGNALS, np.float32)]
    for (here, there), (from_s, to_s) in zip(pairwise(greys), pairwise(times_s), strict=True):
        rows.append(_signals(here, there) / _scale(to_s - from_s))
    return torch.from_numpy(_compressed(np.stack(rows)))


def moments_of(times_s: Sequence[float]) -> list[float]:
    """When the signals of frames are true: between each and the one before it."""
    return [times_s[0], *((before + after) / 2 for before, after in pairwise(times_s))]


def _scale(step_s: float) -> NDArray[np.float32]:
    """What is counted by the second is divided by the length of the step, the rest is not."""
    return np.array([step_s, step_s, step_s, step_s, 1.0, 1.0, step_s], np.float32)


def _compressed(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    rates = np.arcsinh(_FINE * rows[:, [0, 1, 2, 3, 6]])
    right, down, turn, growth, speed = rates.T
    share, height = _SHARES * rows[:, 4], _HEIGHTS * rows[:, 5]
    return np.stack([right, down, turn, growth, share, height, speed], 1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where pixels are, in heights from the middle; the rim, and its columns of the camera's fit:

    a shift to the right and down, a zoom and a turn.
    """

    x: Plane
    y: Plane
    rim: NDArray[np.bool_]
    columns: NDArray[np.float32]


def _grid() -> _Grid:
    width, height = SIZE
    rows, columns = np.indices((height, width), dtype=np.float32)
    x = ((columns - width / 2) / height).astype(np.float32)
    y = ((rows - height / 2) / height).astype(np.float32)
    rim = (np.abs(x) > _RIM * width / height) | (y < _TOP) | (y > _BOTTOM)
    rim[:2] = rim[-2:] = False  # the flow has nothing to follow beyond the edge
    rim[:, :2] = rim[:, -2:] = False
    one, none = np.ones(int(rim.sum()), np.float32), np.zeros(int(rim.sum()), np.float32)
    across = np.stack([one, none, x[rim], -y[rim]], 1)
    down = np.stack([none, one, y[rim], x[rim]], 1)
    return _Grid(x, y, rim, np.concatenate([across, down]).astype(np.float32))


_GRID = _grid()


def _signals(here: Picture, there: Picture) -> NDArray[np.float32]:
    """Signals of one step, in heights and radians of that step."""
    flow, height = flow_between(here, there), SIZE[1]
    right, down = _against_camera(flow, here)
    speed = np.hypot(right, down)
    moving = (speed > _MOVING_PIXELS).astype(np.uint8)
    moving = cv2.morphologyEx(moving, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)).astype(bool)
    if moving.sum() < _LEAST_PIXELS:
        return np.zeros(SIGNALS, np.float32)
    weight = speed[moving] / speed[moving].sum()
    x, y, right, down = (plane[moving] for plane in (_GRID.x, _GRID.y, right, down))
    middle_y = float((weight * y).sum())
    x, y = x - (weight * x).sum(), y - middle_y
    spread = float((weight * (x * x + y * y)).sum()) + 1e-6
    told = (
        (weight * right).sum() / height,
        (weight * down).sum() / height,
        (weight * (x * down - y * right)).sum() / spread / height,
        (weight * (x * right + y * down)).sum() / spread / height,
        moving.mean(),
        middle_y,
        (weight * speed[moving]).sum() / height,
    )
    return np.array(told, np.float32)


def _against_camera(flow: NDArray[np.float32], here: Picture) -> tuple[Plane, Plane]:
    """The flow to the right and down, less what fits the rim best: whatever moves there is far

    off, and counts little; so do places without anything to follow.
    """
    rim, columns = _GRID.rim, _GRID.columns
    wanted = np.concatenate([flow[..., 0][rim], flow[..., 1][rim]])
    edges = np.hypot(cv2.Sobel(here, cv2.CV_32F, 1, 0), cv2.Sobel(here, cv2.CV_32F, 0, 1))
    texture = 1 + np.minimum(edges[rim], _MOST_TEXTURE)
    count, camera = len(texture), np.zeros(4, np.float32)
    for _ in range(_ROUNDS):
        off = wanted - columns @ camera
        near = texture / (off[:count] ** 2 + off[count:] ** 2 + _NEAR_SQUARED)
        weighted = columns * np.tile(near, 2)[:, None]
        stiff = np.diag([0.0, 0.0, 1.0, 1.0]).astype(np.float32) * (_STIFF * near.sum())
        camera = np.linalg.solve(weighted.T @ columns + stiff, weighted.T @ wanted)
    across, down, zoom, turn = camera
    seen_right = flow[..., 0] - (across + zoom * _GRID.x - turn * _GRID.y)
    seen_down = flow[..., 1] - (down + zoom * _GRID.y + turn * _GRID.x)
    return seen_right.astype(np.float32), seen_down.astype(np.float32)
