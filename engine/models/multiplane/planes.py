"""A picture taken apart into what stands out and what is behind it, as on a multiplane stand.

No network tells how far away things are. Behind what stands out there is taken to be ground that
comes nearer from the horizon down, and it to be as near as the ground at its foot: enough for the
two to slide over each other as a camera moves, and for feet to keep their place on the floor. Where
nothing stands out all is taken to be equally near, as a wall is: ground would bend its lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.movements import Pose, View
from engine.models.opticals.backdrop import hidden
from engine.models.opticals.completion import completed
from engine.models.opticals.mattes import wider
from engine.models.portraits.cutting import own_colours

Frame = NDArray[np.uint8]
Matte = NDArray[np.float32]
Edge = Literal["top", "bottom", "left", "right"]

_HORIZON = 0.42
_FARTHEST = 0.45
"""How much of a camera's movement is seen at the horizon and above, of what the nearest shows."""
_RIM = 0.004
"""How much wider than it is seen the front is taken to be, of the longer side: no outline stays."""
_SEEN = 0.02
_AT_EDGE = 0.02


WHOLE = View()
"""A camera that sees all of a picture, and nothing else."""


def nearness(share: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """How much of a camera's movement the ground shows, in [0, 1], at a share of the height."""
    way = np.clip((np.asarray(share) - _HORIZON) / (1 - _HORIZON), 0.0, 1.0)
    return _FARTHEST + (1 - _FARTHEST) * way * way * (3 - 2 * way)


@dataclass(frozen=True)
class Front:
    """What stands out: premultiplied RGBA (h, w, 4) in [0, 255], and where its corner lies.

    `reach` is how near it is, as `nearness`; `cropped` are the picture's edges that cut it.
    """

    pixels: NDArray[np.float32]
    left: int
    top: int
    reach: float
    cropped: frozenset[Edge]

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre, in pixels of the picture."""
        height, width = self.pixels.shape[:2]
        return self.left + width / 2, self.top + height / 2

    def pose(self, size: tuple[int, int]) -> Pose:
        """Where it is in a picture of a size (width, height)."""
        x, y = self.middle
        return Pose(x / size[0], y / size[1], max(self.pixels.shape[:2]) / size[1])


@dataclass(frozen=True)
class Planes:
    """A picture (H, W, 3) apart. Without a `front` nothing stands out in it."""

    picture: Frame
    behind: Frame
    front: Front | None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.picture.shape[1], self.picture.shape[0]

    @cached_property
    def _rows(self) -> NDArray[np.float64]:
        return np.arange(self.picture.shape[0]) + 0.5

    def _near(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.front is None:
            return np.ones_like(rows)
        return nearness(rows / self.picture.shape[0])

    def ground(self, picture: Frame, view: View) -> Frame:
        """What a camera sees of a picture of this size that is taken for ground alone."""
        if view == WHOLE:
            return picture
        width, height = self.size
        near = self._near(self._rows)
        zoom = 1 + (view.zoom - 1) * near
        seen_at = height / 2 + zoom * (self._rows - height / 2 - near * view.y * height)
        rows = np.interp(self._rows, seen_at, self._rows)
        near = self._near(rows)
        zoom = 1 + (view.zoom - 1) * near
        across = (np.arange(width) + 0.5 - width / 2)[None, :] / zoom[:, None]
        columns = across + (width / 2 + near * view.x * width)[:, None] - 0.5
        down = np.broadcast_to((rows - 0.5).astype(np.float32)[:, None], columns.shape)
        seen = cv2.remap(
            picture, columns.astype(np.float32), np.ascontiguousarray(down), cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        )  # fmt: skip
        return seen.astype(np.uint8, copy=False)


def apart(picture: Frame, matte: Matte | None) -> Planes:
    """The planes of a picture whose subject has a matte (H, W) in [0, 1]."""
    if matte is None:
        return Planes(picture, picture, None)
    gone = hidden(wider(matte, _RIM))
    return Planes(picture, completed(picture, gone), front_of(picture, matte))


def front_of(picture: Frame, matte: Matte) -> Front | None:
    """A picture's subject by itself, in its own colours; None where the matte shows nothing."""
    rows, columns = np.nonzero(matte > _SEEN)
    if not len(rows):
        return None
    top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    part = np.s_[top:bottom, left:right]
    alpha = matte[part][..., None]
    colours = own_colours(picture[part], matte[part]).astype(np.float32)
    reach = float(nearness(min(1.0, bottom / matte.shape[0])))
    pixels = np.dstack([colours * alpha, alpha * 255.0]).astype(np.float32)
    return Front(pixels, int(left), int(top), reach, _cropped(matte))


def _cropped(matte: Matte) -> frozenset[Edge]:
    edges: dict[Edge, Matte] = {
        "top": matte[0], "bottom": matte[-1], "left": matte[:, 0], "right": matte[:, -1],
    }  # fmt: skip
    return frozenset(name for name, line in edges.items() if (line > 0.5).mean() > _AT_EDGE)


def lay(picture: Frame, front: Front, matrix: NDArray[np.float64]) -> None:
    """Lay a front over a picture in place; the matrix (3, 3) takes pixels from where it was."""
    height, width = picture.shape[:2]
    rows, columns = front.pixels.shape[:2]
    placed = matrix @ np.array([[1.0, 0, front.left], [0, 1, front.top], [0, 0, 1]])
    corners = placed @ np.array([[0, columns, 0, columns], [0, 0, rows, rows], [1, 1, 1, 1]])
    x0, y0 = np.floor(corners[:2].min(axis=1)).astype(int) - 1
    x1, y1 = np.ceil(corners[:2].max(axis=1)).astype(int) + 1
    x0, y0, x1, y1 = max(0, x0), max(0, y0), min(width, x1), min(height, y1)
    if x0 >= x1 or y0 >= y1:
        return
    inside = placed.copy()
    inside[:2, 2] -= (x0, y0)
    subject = cv2.warpAffine(front.pixels, inside[:2], (int(x1 - x0), int(y1 - y0)))
    under = picture[y0:y1, x0:x1]
    mixed = under * (1 - subject[..., 3:] / np.float32(255.0)) + subject[..., :3]
    picture[y0:y1, x0:x1] = np.where(subject[..., 3:] > 0, mixed.round().clip(0, 255), under)


def placed(
    front: Front, size: tuple[int, int], before: Pose, now: Pose, view: View = WHOLE
) -> NDArray[np.float64]:
    """The matrix that takes a front from one pose to another, as a camera sees it."""
    width, height = size
    x, y = front.middle
    grown = now.size / before.size
    squash = np.sqrt(now.stretch / before.stretch)
    turn = now.turn - before.turn
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    zoom = 1 + (view.zoom - 1) * front.reach
    linear = zoom * grown * turned @ np.diag([1 / squash, squash])
    at = np.array([x + (now.x - before.x) * width, y + (now.y - before.y) * height])
    centre = np.array([width / 2, height / 2])
    offset = np.array([view.x * width, view.y * height]) * front.reach
    seen = centre + zoom * (at - centre - offset)
    matrix = np.eye(3)
    matrix[:2, :2] = linear
    matrix[:2, 2] = seen - linear @ np.array([x, y])
    return matrix
