"""Where tracks and clips lie in the view, and what is under the pointer.

Pure functions from a sequence and a scale: nothing here paints or listens. Work is bounded by
what is visible, never by the length of the film.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from studio.document.model.clip import Clip, Gap, Item, Transition
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.ui.timeline.geometry import Row, Scale, row_at, stack_rows

EDGE_PX = 7.0
FADE_HANDLE_PX = 6.0
NAME_STRIP_PX = 16.0
LOW_ROW_PX = 30.0
"""A row lower than this is all name, or all body."""
MIN_GRAB_PX = 4.0
WIDE_PX = 40.0
CAPTION_SHARE = 0.55


class Part(Enum):
    """Which part of a clip is under the pointer."""

    BODY = "body"
    LEFT_EDGE = "left edge"
    RIGHT_EDGE = "right edge"
    FADE_IN = "fade in"
    FADE_OUT = "fade out"


@dataclass(frozen=True, slots=True)
class OnClip:
    """The pointer is on a clip; `edge_partner` is the clip that shares the edge, for rolls."""

    track_id: str
    clip: Clip
    start: int
    part: Part
    edge_partner: str | None = None


@dataclass(frozen=True, slots=True)
class OnTransition:
    """The pointer is on a transition; `edge` is -1 left, 1 right, 0 its body."""

    track_id: str
    transition: Transition
    cut: int
    edge: int


@dataclass(frozen=True, slots=True)
class OnGap:
    """The pointer is on an empty stretch between two clips."""

    track_id: str
    gap: Gap
    start: int


@dataclass(frozen=True, slots=True)
class OnTrack:
    """The pointer is on a track behind its last clip."""

    track_id: str


@dataclass(frozen=True, slots=True)
class OnNothing:
    """The pointer is beside all tracks."""


Hit: TypeAlias = OnClip | OnTransition | OnGap | OnTrack | OnNothing


def display_order(sequence: Sequence) -> list[Track]:
    """Tracks from top to bottom as editors expect: captions, V2, V1, then A1, A2."""
    of_kind = {kind: [t for t in sequence.tracks if t.kind is kind] for kind in TrackKind}
    captions, video = of_kind[TrackKind.CAPTION], of_kind[TrackKind.VIDEO]
    return [*reversed(captions), *reversed(video), *of_kind[TrackKind.AUDIO]]


def rows_for(sequence: Sequence, zoom: float = 1.0) -> tuple[Row, ...]:
    """One row a track, at the track's own height times the vertical zoom."""
    tracks = display_order(sequence)
    return stack_rows([(t.id, t.kind.value, round(_height(t) * zoom)) for t in tracks])


def _height(track: Track) -> float:
    return track.height * (CAPTION_SHARE if track.kind is TrackKind.CAPTION else 1.0)


def track_of(sequence: Sequence, track_id: str) -> Track:
    """The track of that id. Raises: KeyError when the sequence has none."""
    for track in sequence.tracks:
        if track.id == track_id:
            return track
    raise KeyError(track_id)


def visible_items(track: Track, first: int, last: int) -> Iterator[tuple[int, Item]]:
    """(start, item) of everything on a track that touches frames `first` to `last`.

    One item more on either side is given, because a transition on the border reaches over.
    """
    starts = track.index.starts
    begin = max(0, bisect_right(starts, first) - 2)
    end = min(len(track.items), bisect_left(starts, last + 1) + 1)
    for place in range(begin, end):
        yield starts[place], track.items[place]


def locate(sequence: Sequence, clip_id: str) -> tuple[Track, int, Clip] | None:
    """Track, first frame and clip of an id, or None when it is not in this sequence."""
    for track in sequence.tracks:
        place = track.index.by_id.get(clip_id)
        if place is not None and isinstance(item := track.items[place], Clip):
            return track, track.index.starts[place], item
    return None


def clips_between(track: Track, first: int, last: int) -> Iterator[tuple[int, Clip]]:
    """Clips that cover at least one of the frames `first` up to, not including, `last`."""
    for start, item in visible_items(track, first, last):
        if isinstance(item, Clip) and start < last and start + item.duration > first:
            yield start, item


def hit_test(sequence: Sequence, rows: tuple[Row, ...], scale: Scale, x: float, y: float) -> Hit:
    """What is under a point of the content."""
    row = row_at(rows, y)
    if row is None:
        return OnNothing()
    track = track_of(sequence, row.track_id)
    if (found := _transition_at(track, scale, x, (y - row.top) / row.height)) is not None:
        return found
    frame = scale.frame_at(x)
    if frame < 0 or frame >= track.duration:
        return _past_end(track, scale, x)
    place = track.place_at(frame)
    item, start = track.items[place], track.index.starts[place]
    if isinstance(item, Gap):
        return _gap_or_edge(track, place, scale, x)
    if isinstance(item, Clip):
        return _on_clip(track, place, start, scale, x, y - row.top, row.height)
    return OnTrack(track.id)


def _on_clip(
    track: Track, place: int, start: int, scale: Scale, x: float, y: float, height: float
) -> OnClip:
    clip = track.items[place]
    assert isinstance(clip, Clip)
    left, right = scale.x_of(start), scale.x_of(start + clip.duration)
    part = Part.BODY
    if right - left > WIDE_PX and y < fade_handle_y(height) + FADE_HANDLE_PX:
        part = _fade_part(clip, scale, left, right, x) or part
    if part is Part.BODY:
        part = _side(left, right, x)
    partner: str | None = None
    if part in (Part.LEFT_EDGE, Part.RIGHT_EDGE):
        partner = _neighbour(track, place, -1 if part is Part.LEFT_EDGE else 1)
    return OnClip(track.id, clip, start, part, partner)


def fade_handle_y(height: float) -> float:
    """How far below the top of a clip its fades are held: under the name, where fades begin."""
    return FADE_HANDLE_PX if height < LOW_ROW_PX else NAME_STRIP_PX + FADE_HANDLE_PX


def _side(left: float, right: float, x: float) -> Part:
    grab = min(EDGE_PX, max(0.0, (right - left - MIN_GRAB_PX) / 2))
    if x - left < grab:
        return Part.LEFT_EDGE
    return Part.RIGHT_EDGE if right - x <= grab else Part.BODY


def _fade_part(clip: Clip, scale: Scale, left: float, right: float, x: float) -> Part | None:
    """A fade's handle sits at its end; where there is no fade yet, just inside the clip's edge."""
    room = EDGE_PX + FADE_HANDLE_PX * 0.8
    fade_in = left + (scale.width_of(clip.fade_in_frames) or room)
    fade_out = right - (scale.width_of(clip.fade_out_frames) or room)
    if abs(x - fade_in) <= FADE_HANDLE_PX * (1.0 if clip.fade_in_frames else 0.8):
        return Part.FADE_IN
    if abs(x - fade_out) <= FADE_HANDLE_PX * (1.0 if clip.fade_out_frames else 0.8):
        return Part.FADE_OUT
    return None


def _neighbour(track: Track, place: int, step: int) -> str | None:
    """The id of the clip right beside one, looking past a transition; None for a gap or the end."""
    other = place + step
    while 0 <= other < len(track.items) and isinstance(track.items[other], Transition):
        other += step
    if 0 <= other < len(track.items) and isinstance(item := track.items[other], Clip):
        return item.id
    return None


def _transition_at(track: Track, scale: Scale, x: float, share: float) -> OnTransition | None:
    """A transition is grabbed in the lower part of the row, so that cuts stay reachable above."""
    if share < 0.45:
        return None
    near = scale.frame_at(x)
    reach = int(scale.frames_in(EDGE_PX)) + 1
    for start, item in visible_items(track, near - reach, near + reach):
        if not isinstance(item, Transition):
            continue
        left, right = scale.x_of(start - item.in_offset), scale.x_of(start + item.out_offset)
        if left - 2 <= x <= right + 2:
            edge = -1 if x - left < EDGE_PX else 1 if right - x < EDGE_PX else 0
            return OnTransition(track.id, item, start, edge if right - left > 18 else 0)
    return None


def _gap_or_edge(track: Track, place: int, scale: Scale, x: float) -> Hit:
    """Just outside a clip's edge still grabs it: a thin clip must not be hard to trim."""
    gap, start = track.items[place], track.index.starts[place]
    assert isinstance(gap, Gap)
    near = EDGE_PX / 2
    if x - scale.x_of(start) < near and (clip := _clip_at(track, place - 1)) is not None:
        return OnClip(track.id, clip, start - clip.duration, Part.RIGHT_EDGE)
    end = start + gap.duration
    if scale.x_of(end) - x < near and (clip := _clip_at(track, place + 1)) is not None:
        return OnClip(track.id, clip, end, Part.LEFT_EDGE)
    return OnGap(track.id, gap, start)


def _past_end(track: Track, scale: Scale, x: float) -> Hit:
    end = track.duration
    last = _clip_at(track, len(track.items) - 1)
    if last is not None and 0 <= x - scale.x_of(end) < EDGE_PX / 2:
        return OnClip(track.id, last, end - last.duration, Part.RIGHT_EDGE)
    return OnTrack(track.id)


def _clip_at(track: Track, place: int) -> Clip | None:
    if 0 <= place < len(track.items) and isinstance(item := track.items[place], Clip):
        return item
    return None
