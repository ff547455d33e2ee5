"""Moving the ends of clips: trim, ripple trim, roll, slip and slide.

Every verb takes linked clips along unless `linked` is false. `queries.limits` gives the same
limits beforehand, for a drag to stop at.
"""

from __future__ import annotations

from dataclasses import replace

from studio.document.edits.pieces import without_head, without_tail
from studio.document.edits.room import give_to_gap
from studio.document.edits.splicer import Splicer
from studio.document.errors import EditError
from studio.document.model.clip import Clip, Item
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Track
from studio.document.queries.limits import (
    Edge,
    Limits,
    media_limits,
    neighbour,
    roll_limits,
    slide_limits,
    slip_limits,
    trim_limits,
)
from studio.document.queries.media import available_range
from studio.document.queries.places import Place, clips_of, locate_clip
from studio.document.retime import source_range
from studio.document.time import Rate, Time


def _together(project: Project, clip_id: Id, *, linked: bool) -> list[Id]:
    """A clip and, when `linked`, the clips linked to it; groups are not trimmed as one."""
    place, clip = locate_clip(project, clip_id)
    if not linked or clip.link is None:
        return [clip_id]
    tied = [other.id for _, _, other in clips_of(place.sequence) if other.link == clip.link]
    return [clip_id, *(other for other in tied if other != clip_id)]


def _refuse_beyond(limits: Limits, frames: int, name: str) -> None:
    if limits.allows(frames):
        return
    room = limits.high if frames > 0 else limits.low
    raise EditError(
        f"{name or 'The clip'} can move {abs(room or 0)} frames that way, not {abs(frames)}: "
        "there is no more media, or another clip is in the way."
    )


def _ended(clip: Clip, edge: Edge, frames: int, rate: Rate) -> Clip:
    """The clip with one edge moved later by a number of frames."""
    if edge is Edge.HEAD:
        return without_head(clip, frames, rate)
    return without_tail(clip, -frames)


def trim(project: Project, clip_id: Id, edge: Edge, frames: int, *, linked: bool = True) -> Project:
    """Move one end of a clip; a gap gives or takes the room.

        |    A    | B |   ->   |  A  |gap| B |        tail, -4 frames
        | A |gap| B |     ->   | A |   B   |          head, -4 frames

    Stays: every other clip, and the length of the track unless its last clip was trimmed.
    Raises: EditError past the media there is, into another clip, or on a locked track.
    """
    for each in _together(project, clip_id, linked=linked):
        project = _trim_one(project, each, edge, frames)
    return project


def _trim_one(project: Project, clip_id: Id, edge: Edge, frames: int) -> Project:
    place, clip = locate_clip(project, clip_id)
    _refuse_beyond(trim_limits(project, clip_id, edge), frames, clip.name)
    splicer = Splicer(project, place.sequence.id)
    track = splicer.open(place.track.id)
    row = list(track.items)
    at = place.place
    row[at] = _ended(clip, edge, frames, splicer.rate)
    given = frames if edge is Edge.HEAD else -frames
    low, high = give_to_gap(splicer, row, at, edge, given)
    splicer.set_items(track, row, low, high)
    return splicer.finish()


def ripple_trim(
    project: Project, clip_id: Id, edge: Edge, frames: int, *, linked: bool = True
) -> Project:
    """Move one end of a clip; everything later follows.

        |    A    | B | C |   ->   |  A  | B | C |     tail, earlier
        |    A    | B | C |   ->   | A' | B | C |      head, later: A keeps its place

    Later clips and markers move on every synced, unlocked track.
    Stays: the media of every other clip; everything before the clip; no gap opens or closes on
    the clip's own track.
    Raises: EditError past the media there is, where another track's clips would collide, or on a
    locked track.
    """
    chosen = _together(project, clip_id, linked=linked)
    place, _ = locate_clip(project, clip_id)
    edge_frame = place.range.start if edge is Edge.HEAD else place.range.end
    delta = -frames if edge is Edge.HEAD else frames
    splicer = Splicer(project, place.sequence.id)
    own = {locate_clip(project, each)[0].track.id for each in chosen}
    for each in chosen:
        _refuse_beyond(
            media_limits(project, each, edge), frames, locate_clip(project, each)[1].name
        )
        _ripple_one(splicer, locate_clip(project, each), edge, frames)
    first = edge_frame if edge is Edge.TAIL or delta > 0 else edge_frame - delta
    splicer.ripple(first, delta, own)
    return splicer.finish()


def _ripple_one(splicer: Splicer, found: tuple[Place, Clip], edge: Edge, frames: int) -> None:
    place, clip = found
    track = splicer.open(place.track.id)
    at = track.index.by_id[clip.id]
    row = list(track.items)
    row[at] = _ended(clip, edge, frames, splicer.rate)
    splicer.set_items(track, row, at, at + 1)


def roll(
    project: Project, left_id: Id, right_id: Id, frames: int, *, linked: bool = True
) -> Project:
    """Move the cut between two clips that meet: one gives what the other takes.

        |   A   |  B  | C |   ->   |  A  |   B   | C |

    Stays: the outer ends of both, every other clip, and the length of the track.
    Raises: EditError when the two do not meet, past the media there is, or on a locked track.
    """
    for left, right in _rolled_pairs(project, left_id, right_id, linked=linked):
        project = _roll_one(project, left, right, frames)
    return project


def _rolled_pairs(
    project: Project, left_id: Id, right_id: Id, *, linked: bool
) -> list[tuple[Id, Id]]:
    """The cut asked for, and the cuts at the same frame between clips linked to both."""
    pairs = [(left_id, right_id)]
    cut = locate_clip(project, right_id)[0].range.start
    rights = set(_together(project, right_id, linked=linked)) - {right_id}
    for left in _together(project, left_id, linked=linked)[1:]:
        place = locate_clip(project, left)[0]
        after = neighbour(place.track, place.place, 1)
        if after is not None and place.track.items[after].id in rights and place.range.end == cut:
            pairs.append((left, place.track.items[after].id))
    return pairs


def _roll_one(project: Project, left_id: Id, right_id: Id, frames: int) -> Project:
    place, left = locate_clip(project, left_id)
    track = place.track
    after = neighbour(track, place.place, 1)
    right = track.items[after] if after is not None else None
    if after is None or not isinstance(right, Clip) or right.id != right_id:
        raise EditError("A cut can be rolled where two clips meet. Choose the cut between them.")
    _refuse_beyond(roll_limits(project, left_id, right_id), frames, "The cut")
    splicer = Splicer(project, place.sequence.id)
    row = list(splicer.open(track.id).items)
    row[place.place] = without_tail(left, -frames)
    row[after] = without_head(right, frames, splicer.rate)
    splicer.set_items(track, row, place.place, after + 1)
    return splicer.finish()


def slip(project: Project, clip_id: Id, by: Time, *, linked: bool = True) -> Project:
    """Play other media in a clip's place: later media for a positive time, to any exactness.

        |  A  [ 10..20 ]  |   ->   |  A  [ 14..24 ]  |

    Stays: every clip's place and length; keyframes stay where they are on the timeline.
    Raises: EditError past the media there is, or on a locked track.
    """
    for each in _together(project, clip_id, linked=linked):
        project = _slip_one(project, each, by)
    return project


def _slip_one(project: Project, clip_id: Id, by: Time) -> Project:
    place, clip = locate_clip(project, clip_id)
    splicer = Splicer(project, place.sequence.id)
    track = splicer.open(place.track.id)
    slipped = replace(clip, source_start=clip.source_start + by)
    media = available_range(project, clip)
    if media is not None and not media.covers(source_range(slipped, splicer.rate)):
        limits = slip_limits(project, clip_id)
        raise EditError(
            f"{clip.name or 'The clip'} can slip {-(limits.low or 0)} frames back and "
            f"{limits.high or 0} on: there is no more media."
        )
    row = list(track.items)
    row[place.place] = slipped
    splicer.set_items(track, row, place.place, place.place + 1)
    return splicer.finish()


def slide(project: Project, clip_id: Id, frames: int, *, linked: bool = True) -> Project:
    """Move a clip between its neighbours, which give and take the room.

        |  A  | B |   C   |   ->   |   A   | B |  C  |

    Stays: the clip's own media and length, the outer ends of its neighbours, and every other
    clip.
    Raises: EditError past the neighbours' media or length, or on a locked track.
    """
    for each in _together(project, clip_id, linked=linked):
        project = _slide_one(project, each, frames)
    return project


def _slide_one(project: Project, clip_id: Id, frames: int) -> Project:
    place, clip = locate_clip(project, clip_id)
    _refuse_beyond(slide_limits(project, clip_id), frames, clip.name)
    splicer = Splicer(project, place.sequence.id)
    track = splicer.open(place.track.id)
    row = list(track.items)
    low, high = _slid_sides(splicer, track, row, place.place, frames)
    splicer.set_items(track, row, low, high)
    return splicer.finish()


def _slid_sides(
    splicer: Splicer, track: Track, row: list[Item], at: int, frames: int
) -> tuple[int, int]:
    """Give a clip's neighbours what it leaves and takes; they are clips, gaps or nothing."""
    left, right = neighbour(track, at, -1), neighbour(track, at, 1)
    if right is not None:
        item = row[right]
        row[right] = (
            without_head(item, frames, splicer.rate)
            if isinstance(item, Clip)
            else replace(item, duration=item.duration - frames)
        )
    if left is None:
        row.insert(0, splicer.gap(frames))
        return 0, (right or at) + 2
    item = row[left]
    row[left] = (
        without_tail(item, -frames)
        if isinstance(item, Clip)
        else replace(item, duration=item.duration + frames)
    )
    return left, (right or at) + 1
