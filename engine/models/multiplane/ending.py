"""The last frames of a film, and what comes after them.

Where the film was like its end before, it goes on from there as it went on then (Schödl et al.
2000), over and over; else its last second goes to and fro.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.multiplane.going_on import (
    Matrix,
    Way,
    carried,
    over_and_over,
    seen_onward,
    to_and_fro,
)
from engine.models.multiplane.planes import Frame, Front, lay, placed
from engine.models.multiplane.still_film import PARTING_S, STILL, beyond_edges, parted_s, poses
from engine.models.opticals.camera import scaled

_FARTHEST = 0.04
"""Of the width: a frame that lies farther from the last one than this shows too little of it."""
_SAME_PIXELS = 0.35
_CUT_LEVELS, _FADED_LEVELS = 30.0, 12.0
_RIM = 9
_SMALL_WIDE, _LEAST_LOOP, _AS_LIKE = 128, 4, 1.2
"""The width at which frames are compared, how many at least go over and over, and how much less

like the last frame the first of them may be than its neighbour is.
"""


@dataclass(frozen=True)
class Actor:
    """What moves over the ground by itself at the end, or is to.

    `front` and `behind` give it, and the frame without it, of each of the last frames. It goes on
    its `way`, and does an `action` of `ACTIONS`.
    """

    front: Callable[[int], Front | None]
    behind: Callable[[int], Frame]
    way: Way
    action: str = STILL


@dataclass(frozen=True)
class Ending:
    """Frames (H, W, 3) in the order in which they lead to the cut, and when each was seen, the last

    at 0; `here` takes pixels of each to those of the last. The camera goes its `camera_way`, unless
    `camera` says what it sees, from the last frame's pixels, so long after the cut. What is made to

    be played `backward` leads to the cut.
    """

    pictures: NDArray[np.uint8]
    times_s: Sequence[float]
    here: Sequence[Matrix]
    camera_way: Way
    actor: Actor | None
    length_s: float
    camera: Callable[[float], Matrix] | None = None
    backward: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pictures.shape[2], self.pictures.shape[1]

    @cached_property
    def alike(self) -> int:
        """The first frame from which on all lie where the last one does, in one shot with it."""
        last = len(self.pictures) - 1
        middle = np.array([self.size[0] / 2, self.size[1] / 2, 1.0])
        first, begins = last, shot_begins(self.pictures)
        for place in range(last - 1, begins - 1, -1):
            off = (self.here[place] @ middle - middle)[:2]
            if np.hypot(*off) > _FARTHEST * self.size[0]:
                break
            first = place
        return first

    def after(self, gone_s: float) -> Frame:
        """What is seen so long after the last frame."""
        place = self._shown(gone_s)
        seen = seen_onward(self.camera_way, gone_s, self.size)
        if self.camera is not None:
            seen = self.camera(gone_s)
        front = self.actor.front(place) if self.actor is not None else None
        if self.actor is None or front is None:
            return self._laid(place, seen, self.pictures.__getitem__)
        picture = self._laid(place, seen, self.actor.behind).copy()
        lay(picture, beyond_edges(front), seen @ self._gone(front, place, gone_s))
        if gone_s >= PARTING_S or self.actor.way != Way():  # who is on their way would be double
            return picture
        whole, share = self._laid(place, seen, self.pictures.__getitem__), gone_s / PARTING_S
        mixed = cv2.addWeighted(picture, share, whole, 1 - share, 0.0)
        return mixed.astype(np.uint8, copy=False)

    @cached_property
    def again(self) -> int | None:
        """The frame that is most like the last one, where any is as like it as neighbours are."""
        first, last = self.alike, len(self.pictures) - 1
        small = [self._small(place) for place in range(first, last + 1)]
        if len(small) <= _LEAST_LOOP + 1:
            return None
        steps = [_off(*pair) for pair in pairwise(small)]
        step = min(steps[-1], float(np.median(steps)))
        offs = [
            (_off(small[n], small[-1]) + _off(small[n - 1], small[-2])) / 2
            for n in range(1, len(small) - _LEAST_LOOP)
        ]
        best = int(np.argmin(offs))
        return first + 1 + best if offs[best] <= _AS_LIKE * step else None

    def _small(self, place: int) -> NDArray[np.float32]:
        """A frame where the last one lies, small."""
        scale = _SMALL_WIDE / self.size[0]
        size = _SMALL_WIDE, max(1, round(self.size[1] * scale))
        small = cv2.resize(self.pictures[place], size, interpolation=cv2.INTER_AREA)
        return _warped(small, scaled(self.here[place], scale, scale), size).astype(np.float32)

    def _shown(self, gone_s: float) -> int:
        """Which of the frames is shown."""
        first = self.alike
        if self.again is None:
            wanted = to_and_fro(gone_s, -self.times_s[first])
        else:
            wanted = over_and_over(gone_s, -self.times_s[self.again])
        return min(range(first, len(self.times_s)), key=lambda n: abs(self.times_s[n] - wanted))

    def _laid(self, place: int, seen: Matrix, of: Callable[[int], Frame]) -> Frame:
        """A frame where the camera sees it; what it does not show is the last frame's."""
        matrix = seen @ self.here[place]
        picture = of(place)
        if _is_still(matrix, self.size):
            return picture
        moved = _warped(picture, matrix, self.size)
        last = len(self.pictures) - 1
        if place == last or _is_still(self.here[place], self.size):
            return moved
        inside = np.zeros(picture.shape[:2], np.float32)
        inside[_RIM:-_RIM, _RIM:-_RIM] = 1.0
        cover = cv2.warpAffine(cv2.blur(inside, (_RIM, _RIM)), matrix[:2], self.size)[..., None]
        under = _warped(of(last), seen, self.size)
        return (moved * cover + under * (1 - cover)).round().astype(np.uint8)

    def _gone(self, front: Front, place: int, gone_s: float) -> Matrix:
        """From where the actor was seen to where it is, in the last frame's pixels."""
        assert self.actor is not None
        acted_s = -parted_s(gone_s) if self.backward else parted_s(gone_s)
        before, now = poses(
            front.pose(self.size), self.actor.action, acted_s, self.length_s, cropped=front.cropped
        )
        x, y, _ = self.here[place] @ np.array([*front.middle, 1.0])
        way = carried(self.actor.way, self.times_s[place], gone_s, (x, y), self.size)
        return way @ self.here[place] @ placed(front, self.size, before, now)


def _warped(picture: Frame, matrix: Matrix, size: tuple[int, int]) -> Frame:
    moved = cv2.warpAffine(picture, matrix[:2], size, borderMode=cv2.BORDER_REFLECT_101)
    return moved.astype(np.uint8, copy=False)


def _off(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """How unlike two small pictures are, in levels."""
    return float(np.abs(one - other).mean())


def _is_still(matrix: Matrix, size: tuple[int, int]) -> bool:
    """Whether a matrix moves no corner of a picture by as much as shows."""
    corners = np.array([[0, size[0], 0, size[0]], [0, 0, size[1], size[1]], [1, 1, 1, 1]])
    return bool(np.abs(matrix @ corners - corners).max() < _SAME_PIXELS)


def shot_begins(pictures: NDArray[np.uint8]) -> int:
    """The first frame from which on all are of one shot, and none fades."""
    small = [cv2.resize(each, (64, 36), interpolation=cv2.INTER_AREA) for each in pictures]
    light = float(small[-1].mean())
    for place in range(len(small) - 2, -1, -1):
        fades = abs(float(small[place].mean()) - light) > _FADED_LEVELS
        if fades or float(cv2.absdiff(small[place], small[place + 1]).mean()) > _CUT_LEVELS:
            return place + 1
    return 0
