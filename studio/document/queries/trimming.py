"""What is looked at while a cut is trimmed: the last picture before it and the first after it.

|  left  |  right  |            |  before  |  clip  |  after  |
        ^^                               ^^        ^^
a cut: two pictures              a clip: its two, and its neighbours'
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from studio.document.model.clip import Clip
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.queries.limits import Edge, neighbour
from studio.document.queries.media import asset_of
from studio.document.queries.places import Place, find, locate_clip, with_linked
from studio.document.retime import shown_source_time
from studio.document.time import Rounding
from studio.document.timecode import timecode


@dataclass(frozen=True, slots=True)
class WatchedCut:
    """The cut between two clips; None is a gap, or the end of the film."""

    left: Id | None
    right: Id | None


@dataclass(frozen=True, slots=True)
class WatchedClip:
    """Both ends of a clip and what lies beside them, for slips and slides."""

    clip: Id
    before: Id | None
    after: Id | None


Watched: TypeAlias = WatchedCut | WatchedClip


@dataclass(frozen=True, slots=True)
class Look:
    """One frame of one clip, counted from its first."""

    clip: Clip
    frame: int


def watched_edge(project: Project, clip_id: Id, edge: Edge, *, linked: bool) -> WatchedCut | None:
    """What to look at while one end of a clip is moved; None for a sound without a picture."""
    picture = _picture_of(project, clip_id, linked=linked)
    if picture is None:
        return None
    before, after = _beside(project, picture)
    return WatchedCut(before, picture) if edge is Edge.HEAD else WatchedCut(picture, after)


def watched_cut(project: Project, left: Id, right: Id, *, linked: bool) -> WatchedCut | None:
    """What to look at while a cut is rolled; None between sounds without pictures."""
    sides = (_picture_of(project, each, linked=linked) for each in (left, right))
    first, second = sides
    return None if first is None and second is None else WatchedCut(first, second)


def watched_clip(project: Project, clip_id: Id, *, linked: bool) -> WatchedClip | None:
    """What to look at while a clip is slipped or slid; None for a sound without a picture."""
    picture = _picture_of(project, clip_id, linked=linked)
    return None if picture is None else WatchedClip(picture, *_beside(project, picture))


def looks(project: Project, watched: Watched) -> tuple[Look | None, ...]:
    """The frames to show, in time order: two of a cut, four of a clip; None where nothing is."""
    match watched:
        case WatchedCut(left=left, right=right):
            return _last(project, left), _first(project, right)
        case WatchedClip(clip=clip, before=before, after=after):
            return (
                _last(project, before),
                _first(project, clip),
                _last(project, clip),
                _first(project, after),
            )


def alone(project: Project, sequence: Sequence, clip: Clip) -> Project:
    """The project with a sequence that holds one clip and nothing else, without its fades.

    So its frames are seen as they are, whatever lies over them or dissolves into them.
    """
    bare = replace(clip, fade_in_frames=0, fade_out_frames=0, enabled=True)
    track = Track(id="alone", kind=TrackKind.VIDEO, items=(bare,))
    only = replace(sequence, tracks=(track,), effects=())
    sequences = tuple(only if each.id == sequence.id else each for each in project.sequences)
    return replace(project, sequences=sequences)


def source_words(project: Project, sequence: Sequence, look: Look) -> str:
    """The moment of its media that a frame shows, as timecode; without a file, of its clip."""
    asset = asset_of(project, look.clip)
    if asset is None or not asset.video:
        return timecode(look.frame, sequence.rate)
    rate = asset.video[0].rate
    time = shown_source_time(look.clip, look.frame, sequence.rate)
    return timecode(time.ticks(rate, Rounding.FLOOR), rate)


def _first(project: Project, clip_id: Id | None) -> Look | None:
    place = find(project, clip_id) if clip_id is not None else None
    return Look(place.item, 0) if place is not None and isinstance(place.item, Clip) else None


def _last(project: Project, clip_id: Id | None) -> Look | None:
    look = _first(project, clip_id)
    return None if look is None else Look(look.clip, look.clip.duration - 1)


def _picture_of(project: Project, clip_id: Id, *, linked: bool) -> Id | None:
    """The clip itself where it is a picture, else the picture that it is the sound of."""
    ties = with_linked(project, [clip_id]) if linked else (clip_id,)
    for each in sorted(ties, key=lambda tied: tied != clip_id):
        if locate_clip(project, each)[0].track.kind is TrackKind.VIDEO:
            return each
    return None


def _beside(project: Project, clip_id: Id) -> tuple[Id | None, Id | None]:
    place, _ = locate_clip(project, clip_id)
    before, after = (_clip_beside(place, step) for step in (-1, 1))
    return before, after


def _clip_beside(place: Place, step: int) -> Id | None:
    at = neighbour(place.track, place.place, step)
    item = place.track.items[at] if at is not None else None
    return item.id if isinstance(item, Clip) else None
