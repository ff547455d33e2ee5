"""How far a drag may go: the same answers by which the trim verbs refuse.

A gesture clamps to these while it previews, so that the edit on release is always possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from studio.document.model.clip import Clip, Gap, Transition
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Track
from studio.document.queries.media import available_range, handles
from studio.document.queries.places import locate_clip
from studio.document.retime import source_range
from studio.document.time import Rounding


class Edge(Enum):
    """One end of a clip."""

    HEAD = "head"
    TAIL = "tail"


@dataclass(frozen=True, slots=True)
class Limits:
    """Frames that something may move, from `low` to `high`, both allowed; None is no limit."""

    low: int | None
    high: int | None

    def clamp(self, frames: int) -> int:
        """The nearest move that is allowed."""
        if self.low is not None:
            frames = max(frames, self.low)
        return frames if self.high is None else min(frames, self.high)

    def allows(self, frames: int) -> bool:
        return self.clamp(frames) == frames

    def within(self, other: Limits) -> Limits:
        """What both allow."""
        lows = [low for low in (self.low, other.low) if low is not None]
        highs = [high for high in (self.high, other.high) if high is not None]
        return Limits(max(lows, default=None), min(highs, default=None))


def _negated(frames: int | None) -> int | None:
    return None if frames is None else -frames


def neighbour(track: Track, place: int, step: int) -> int | None:
    """The place of the next clip or gap in a direction (1 or -1), past a transition."""
    at = place + step
    if 0 <= at < len(track.items) and isinstance(track.items[at], Transition):
        at += step
    return at if 0 <= at < len(track.items) else None


def free_before(track: Track, place: int) -> int:
    """Empty frames before an item of a track."""
    at = neighbour(track, place, -1)
    return track.items[at].duration if at is not None and _is_gap(track, at) else 0


def free_after(track: Track, place: int) -> int | None:
    """Empty frames after an item of a track; None when nothing comes later."""
    at = neighbour(track, place, 1)
    if at is None:
        return None
    return track.items[at].duration if _is_gap(track, at) else 0


def _is_gap(track: Track, place: int) -> bool:
    return isinstance(track.items[place], Gap)


def media_limits(project: Project, clip_id: Id, edge: Edge) -> Limits:
    """How far an edge may move for the media there is and a frame that must remain."""
    place, clip = locate_clip(project, clip_id)
    room = handles(project, clip, place.sequence.rate)
    if edge is Edge.HEAD:
        return Limits(_negated(room.head), clip.duration - 1)
    return Limits(1 - clip.duration, room.tail)


def trim_limits(project: Project, clip_id: Id, edge: Edge) -> Limits:
    """How far an edge may move without touching another clip; later is positive."""
    place, _ = locate_clip(project, clip_id)
    if edge is Edge.HEAD:
        free = Limits(-free_before(place.track, place.place), None)
    else:
        free = Limits(None, free_after(place.track, place.place))
    return media_limits(project, clip_id, edge).within(free)


def roll_limits(project: Project, left_id: Id, right_id: Id) -> Limits:
    """How far the cut between two clips may move; later is positive."""
    tail = media_limits(project, left_id, Edge.TAIL)
    return tail.within(media_limits(project, right_id, Edge.HEAD))


def slip_limits(project: Project, clip_id: Id) -> Limits:
    """How many sequence frames later or earlier in its media a clip may play."""
    place, clip = locate_clip(project, clip_id)
    media = available_range(project, clip)
    if media is None:
        return Limits(None, None)
    rate = place.sequence.rate
    used = source_range(clip, rate)
    before = (used.start - media.start).ticks(rate, Rounding.FLOOR)
    after = (media.end_time_exclusive - used.end_time_exclusive).ticks(rate, Rounding.FLOOR)
    return Limits(min(0, -before), max(0, after))


def slide_limits(project: Project, clip_id: Id) -> Limits:
    """How far a clip may slide over its neighbours, which give and take the room."""
    place, _ = locate_clip(project, clip_id)
    track = place.track
    left, right = neighbour(track, place.place, -1), neighbour(track, place.place, 1)
    low = _side_limits(project, track, left, Edge.TAIL)
    high = _side_limits(project, track, right, Edge.HEAD)
    return low.within(high)


def _side_limits(project: Project, track: Track, place: int | None, edge: Edge) -> Limits:
    """How far a neighbour's edge gives way: to nothing for a gap, to one frame for a clip."""
    if place is None:
        return Limits(0, None) if edge is Edge.TAIL else Limits(None, None)
    item = track.items[place]
    if isinstance(item, Clip):
        return media_limits(project, item.id, edge)
    return Limits(-item.duration, None) if edge is Edge.TAIL else Limits(None, item.duration)
