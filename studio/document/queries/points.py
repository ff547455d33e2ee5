"""Where a playhead or a drag should stop: edit points, markers and snapping."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable

from studio.document.model.clip import Clip
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track


def _tracks(sequence: Sequence, track_ids: Collection[Id] | None) -> Iterable[Track]:
    if track_ids is None:
        return sequence.tracks
    return (track for track in sequence.tracks if track.id in track_ids)


def next_edit_point(
    sequence: Sequence, frame: int, track_ids: Collection[Id] | None = None
) -> int | None:
    """The first start or end of a clip after a frame, on the tracks given or on all."""
    found: list[int] = []
    for track in _tracks(sequence, track_ids):
        starts = track.index.starts
        place = bisect_right(starts, frame)
        if place < len(starts):
            found.append(starts[place])
    return min(found, default=None)


def previous_edit_point(
    sequence: Sequence, frame: int, track_ids: Collection[Id] | None = None
) -> int | None:
    """The last start or end of a clip before a frame, on the tracks given or on all."""
    found: list[int] = []
    for track in _tracks(sequence, track_ids):
        starts = track.index.starts
        place = bisect_left(starts, frame)
        if place > 0 and track.items:
            found.append(starts[place - 1])
    return max(found, default=None)


def next_marker(sequence: Sequence, frame: int) -> int | None:
    """The first marker of a sequence after a frame."""
    return min((marker.at for marker in sequence.markers if marker.at > frame), default=None)


def previous_marker(sequence: Sequence, frame: int) -> int | None:
    """The last marker of a sequence before a frame."""
    return max((marker.at for marker in sequence.markers if marker.at < frame), default=None)


def snap_points(sequence: Sequence, ignoring: Collection[Id] = ()) -> tuple[int, ...]:
    """Frames that a drag is drawn to, in order: 0, ends of clips, markers of both kinds.

    `ignoring` are the clips being dragged, whose own places do not count.
    """
    points = {0, *(marker.at for marker in sequence.markers)}
    for track in sequence.tracks:
        starts = track.index.starts
        for place, item in enumerate(track.items):
            if isinstance(item, Clip) and item.id not in ignoring:
                points.add(starts[place])
                points.add(starts[place + 1])
                points.update(starts[place] + marker.at for marker in item.markers)
    return tuple(sorted(points))


def nearest_snap(points: tuple[int, ...], frame: int, within: int) -> int | None:
    """The point nearest to a frame, None when none is within that many frames."""
    place = bisect_left(points, frame)
    near = [
        point for point in points[max(0, place - 1) : place + 1] if abs(point - frame) <= within
    ]
    return min(near, key=lambda point: abs(point - frame), default=None)
