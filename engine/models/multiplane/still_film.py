"""A film of a still: what stands out moves over what is behind it, and a camera over both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from engine.models.animatic.movements import ACTIONS, Moment, Pose, View
from engine.models.multiplane.planes import Edge, Frame, Front, Planes, lay, placed

STILL = "stand"
_EASE_S = 0.4
"""How long a movement takes to come up to its pace."""
PARTING_S = 0.25
"""How long what was one picture takes to come apart: its edges are guessed, and must not jump."""
_TRAVELS = frozenset(("right", "left", "roll", "rise", "fall"))
_USUAL_SIZE = 0.57
"""Of a cut-out, in heights of the picture: movements were made to measure for it."""
_HELD, _HELD_TURN, _GOES_ON = 0.25, 0.2, 0.12
"""Of someone whom the still's edges cut: how much of a movement is left, how far it may lean in

radians, and how far beyond the edges it is taken to go on, of its own size.
"""


@dataclass(frozen=True)
class StillFilm:
    """The film: planes, what the camera sees in each frame, what the front does, and `anchor`, the

    frame that the still is.
    """

    planes: Planes
    views: Sequence[View]
    action: str
    rate_fps: float
    anchor: int

    def picture(self, index: int) -> Frame:
        """A frame (H, W, 3)."""
        view, front = self.views[index], self.planes.front
        apart_s = abs(index - self.anchor) / self.rate_fps
        if front is None or apart_s == 0:
            return self.planes.ground(self.planes.picture, view)
        seen = self.planes.ground(self.planes.behind, view)
        seen = seen.copy() if seen is self.planes.behind else seen
        before, now = self._poses(index, front)
        lay(seen, beyond_edges(front), placed(front, self.planes.size, before, now, view))
        if apart_s >= PARTING_S:
            return seen
        whole, share = self.planes.ground(self.planes.picture, view), apart_s / PARTING_S
        return cv2.addWeighted(seen, share, whole, 1 - share, 0).astype(np.uint8, copy=False)

    def _poses(self, index: int, front: Front) -> tuple[Pose, Pose]:
        """Where the front is in the still, and in a frame, as its action has both."""
        start, frames = front.pose(self.planes.size), len(self.views)
        return poses(
            start,
            self.action,
            parted_s((index - self.anchor) / self.rate_fps),
            frames / self.rate_fps,
            cropped=front.cropped,
        )


def poses(
    start: Pose, action: str, now_s: float, length_s: float, *, cropped: frozenset[Edge]
) -> tuple[Pose, Pose]:
    """Where an action of `ACTIONS` begins, and where it is some seconds later, or earlier.

    `length_s` is how long what does not repeat takes.
    """
    act, time_s = ACTIONS[action], _from_rest(now_s)
    before = act(start, Moment(0.0, 0.0))
    now = act(start, Moment(time_s / length_s, 2 * math.pi * time_s))
    now = in_proportion(action, before, now)
    return before, held_within(before, now, cropped) if cropped else now


def parted_s(now_s: float) -> float:
    """Time for what waits until the picture has come apart, either way from the still."""
    return math.copysign(max(0.0, abs(now_s) - PARTING_S), now_s)


def in_proportion(action: str, before: Pose, now: Pose) -> Pose:
    """A pose of somebody who may be small: what is done on the spot is in their own measure."""
    if action in _TRAVELS:
        return now
    share = min(1.0, before.size / _USUAL_SIZE)
    return replace(
        now,
        x=before.x + share * (now.x - before.x),
        y=before.y + share * (now.y - before.y),
    )


def beyond_edges(front: Front) -> Front:
    """A front that goes on beyond the edges that cut it, as it would in a mirror."""
    rows, columns = front.pixels.shape[:2]
    more = {
        "top": round(_GOES_ON * rows), "bottom": round(_GOES_ON * rows),
        "left": round(_GOES_ON * columns), "right": round(_GOES_ON * columns),
    }  # fmt: skip
    top, bottom, left, right = (more[edge] * (edge in front.cropped) for edge in more)
    if not front.cropped:
        return front
    pixels = cv2.copyMakeBorder(front.pixels, top, bottom, left, right, cv2.BORDER_REFLECT_101)
    return replace(
        front,
        pixels=pixels.astype(np.float32, copy=False),
        left=front.left - left,
        top=front.top - top,
    )


def _from_rest(now_s: float) -> float:
    """Time for something that comes up to its pace from rest, either way from the still."""
    past_s = abs(now_s)
    gone_s = past_s * past_s / (2 * _EASE_S) if past_s < _EASE_S else past_s - _EASE_S / 2
    return math.copysign(gone_s, now_s)


def held_within(before: Pose, now: Pose, cropped: frozenset[Edge]) -> Pose:
    """A movement that does not show where the still's edges cut who moves."""
    across = 1.0 if cropped == {"bottom"} else _HELD
    return replace(
        now,
        x=before.x + across * (now.x - before.x),
        y=before.y + _HELD * (now.y - before.y),
        turn=before.turn + _HELD_TURN * math.sin(now.turn - before.turn),
    )
