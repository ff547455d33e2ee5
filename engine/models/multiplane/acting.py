"""Somebody in a film who does something else for a while, and is back in place at its end."""

from __future__ import annotations

import math
from dataclasses import replace

from engine.models.animatic.movements import ACTIONS, Moment, Pose
from engine.models.multiplane.camera import eased
from engine.models.multiplane.planes import Frame, Front, lay, placed
from engine.models.multiplane.still_film import beyond_edges, held_within, in_proportion

_EASE_S = 0.3
"""How long an action takes to come up from what was seen, and to go back to it."""
_THERE = 0.6
"""How far of a way across the picture somebody goes who has to come back."""


def acted(behind: Frame, front: Front, action: str, now_s: float, length_s: float) -> Frame:
    """A frame (H, W, 3) whose front does an action of `ACTIONS` for `length_s` in all."""
    picture = behind.copy()
    size = picture.shape[1], picture.shape[0]
    start = front.pose(size)
    before, now = ACTIONS[action](start, Moment(0.0, 0.0)), _pose(start, action, now_s, length_s)
    if front.cropped:
        now = held_within(before, now, front.cropped)
    lay(picture, beyond_edges(front), placed(front, size, before, now))
    return picture


def _pose(start: Pose, action: str, now_s: float, length_s: float) -> Pose:
    """A pose on the way there and back, the less of it the nearer the ends are."""
    there = _THERE * math.sin(math.pi * now_s / length_s) ** 2
    turns = 2 * math.pi * now_s
    before = ACTIONS[action](start, Moment(0.0, 0.0))
    now = in_proportion(action, before, ACTIONS[action](start, Moment(there, turns)))
    share = eased(max(0.0, min(1.0, now_s / _EASE_S, (length_s - now_s) / _EASE_S)))
    return replace(
        now,
        x=before.x + share * (now.x - before.x),
        y=before.y + share * (now.y - before.y),
        size=before.size * (now.size / before.size) ** share,
        turn=before.turn + share * (now.turn - before.turn),
        stretch=before.stretch * (now.stretch / before.stretch) ** share,
    )
