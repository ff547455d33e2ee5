"""Snapping: which boundary a dragged edge jumps to. Pure functions over sorted frames."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SNAP_RADIUS_PX = 9.0


@dataclass(frozen=True, slots=True)
class Snap:
    """A found snap: move by `shift_frames`, draw the guide at `guide_frame`."""

    shift_frames: int
    guide_frame: int


def nearest(points: Sequence[int], frame: int) -> int | None:
    """The point nearest to a frame; the earlier of two equally near. None if there are none."""
    if not points:
        return None
    index = bisect_left(points, frame)
    around = points[max(0, index - 1) : index + 1]
    return min(around, key=lambda point: (abs(point - frame), point))


def find_snap(points: Sequence[int], edges: Iterable[int], radius_frames: float) -> Snap | None:
    """The smallest shift that brings any edge onto a point within the radius.

    `points` is sorted. Several edges (both ends of a dragged selection) compete; the nearest
    pair wins, and the first edge wins a tie.
    """
    best: Snap | None = None
    for edge in edges:
        point = nearest(points, edge)
        if point is None or abs(point - edge) > radius_frames:
            continue
        if best is None or abs(point - edge) < abs(best.shift_frames):
            best = Snap(point - edge, point)
    return best
