"""Where things are: an item by its id, a track's clips by frame, links and groups."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from studio.document.errors import EditError
from studio.document.model.asset import Asset
from studio.document.model.clip import Clip, Gap, Item, SequenceMedia
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track
from studio.document.time import FrameRange


@dataclass(frozen=True, slots=True)
class Place:
    """An item where it lies: `track.items[place]`, on a track of a sequence."""

    sequence: Sequence
    track: Track
    place: int

    @property
    def item(self) -> Item:
        return self.track.items[self.place]

    @property
    def range(self) -> FrameRange:
        """The frames it covers on its sequence: OpenTimelineIO's trimmed range in parent."""
        starts = self.track.index.starts
        return FrameRange(starts[self.place], starts[self.place + 1])


def find(project: Project, item_id: Id) -> Place | None:
    """An item by its id, None when the project has none."""
    for sequence in project.sequences:
        for track in sequence.tracks:
            place = track.index.place_of(item_id)
            if place is not None:
                return Place(sequence, track, place)
    return None


def locate(project: Project, item_id: Id) -> Place:
    """An item by its id.

    Raises: EditError when the project has none.
    """
    place = find(project, item_id)
    if place is None:
        raise EditError("That clip is no longer on the timeline.")
    return place


def locate_clip(project: Project, clip_id: Id) -> tuple[Place, Clip]:
    """A clip by its id, with its place.

    Raises: EditError when there is none, or it is a gap or a transition.
    """
    place = locate(project, clip_id)
    if not isinstance(place.item, Clip):
        raise EditError("That is not a clip.")
    return place, place.item


def find_clip(project: Project, clip_id: Id) -> Clip | None:
    """A clip by its id, None when the project has none."""
    place = find(project, clip_id)
    return place.item if place is not None and isinstance(place.item, Clip) else None


def sequence_of(project: Project, sequence_id: Id) -> Sequence:
    """A sequence by its id.

    Raises: EditError when the project has none.
    """
    for sequence in project.sequences:
        if sequence.id == sequence_id:
            return sequence
    raise EditError("That sequence is no longer in the project.")


def locate_track(project: Project, track_id: Id) -> tuple[Sequence, Track]:
    """A track by its id, with its sequence.

    Raises: EditError when the project has none.
    """
    for sequence in project.sequences:
        for track in sequence.tracks:
            if track.id == track_id:
                return sequence, track
    raise EditError("That track is no longer in the sequence.")


def asset_by_id(project: Project, asset_id: Id) -> Asset:
    """An asset by its id.

    Raises: EditError when the project has none.
    """
    asset = project.assets_by_id.get(asset_id)
    if asset is None:
        raise EditError("That file is no longer in the media bin.")
    return asset


def items_in(track: Track, span: FrameRange) -> Iterator[tuple[int, Item]]:
    """The clips, gaps and transitions that touch a stretch, each with its first frame."""
    starts = track.index.starts
    place = max(0, track.place_at(span.start))
    while place > 0 and starts[place - 1] == starts[place]:
        place -= 1
    while place < len(track.items) and starts[place] < span.end:
        yield starts[place], track.items[place]
        place += 1


def clips_in(track: Track, span: FrameRange) -> Iterator[tuple[int, Clip]]:
    """The clips that touch a stretch, each with its first frame."""
    for start, item in items_in(track, span):
        if isinstance(item, Clip) and start + item.duration > span.start:
            yield start, item


def clip_at(track: Track, frame: int) -> Clip | None:
    """The clip that covers a frame, None over a gap and past the end."""
    place = track.place_at(frame)
    if frame < 0 or place >= len(track.items):
        return None
    item = track.items[place]
    return item if isinstance(item, Clip) else None


def clips_of(sequence: Sequence) -> Iterator[tuple[Track, int, Clip]]:
    """Every clip of a sequence with its track and first frame, tracks bottom to top."""
    for track in sequence.tracks:
        for start, item in zip(track.index.starts, track.items, strict=False):
            if isinstance(item, Clip):
                yield track, start, item


def is_free(track: Track, span: FrameRange, ignoring: Collection[Id] = ()) -> bool:
    """Whether a stretch of a track holds no clip but those of `ignoring`."""
    return all(clip.id in ignoring for _, clip in clips_in(track, span))


def sequence_duration(sequence: Sequence) -> int:
    """Frames from 0 to the end of the longest track."""
    return max((track.duration for track in sequence.tracks), default=0)


def gap_at(track: Track, frame: int) -> FrameRange | None:
    """The gap that covers a frame, None over a clip and past the end."""
    place = track.place_at(frame)
    if not 0 <= place < len(track.items) or not isinstance(track.items[place], Gap):
        return None
    starts = track.index.starts
    return FrameRange(starts[place], starts[place + 1])


def with_linked(project: Project, clip_ids: Collection[Id]) -> frozenset[Id]:
    """The clips asked for, and those linked or grouped with them, as one click selects them."""
    wanted = set(clip_ids)
    ties: set[Id] = set()
    for clip_id in wanted:
        clip = find_clip(project, clip_id)
        if clip is not None:
            ties.update(tie for tie in (clip.link, clip.group) if tie)
    if not ties:
        return frozenset(wanted)
    for sequence in project.sequences:
        for _, _, clip in clips_of(sequence):
            if clip.link in ties or clip.group in ties:
                wanted.add(clip.id)
    return frozenset(wanted)


def reaches(project: Project, sequence_id: Id, target_id: Id) -> bool:
    """Whether a sequence is, or holds at any depth, another: nesting must not go round."""
    return any(sequence.id == target_id for sequence in nested_in(project, sequence_id))


def nested_in(project: Project, sequence_id: Id) -> Iterator[Sequence]:
    """A sequence, and all that it holds at any depth, none twice.

    Raises: EditError when the project has none of that id.
    """
    waiting, seen = [sequence_id], {sequence_id}
    while waiting:
        sequence = sequence_of(project, waiting.pop())
        yield sequence
        for _track, _start, clip in clips_of(sequence):
            if isinstance(clip.media, SequenceMedia) and clip.media.sequence_id not in seen:
                seen.add(clip.media.sequence_id)
                waiting.append(clip.media.sequence_id)
