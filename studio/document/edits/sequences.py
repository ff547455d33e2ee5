"""Sequences: add, duplicate, remove, rename, change their format.

Project [ S1 ]   ->   Project [ S1, S2 ]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from studio.document.edits.rebuild import mint, with_sequence
from studio.document.errors import EditError
from studio.document.model.clip import Clip, Gap, Item, SequenceMedia
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.queries.places import clips_of, sequence_of
from studio.document.time import Rate
from studio.document.timecode import can_drop_frames


def add_sequence(
    project: Project,
    name: str,
    rate: Rate,
    width: int,
    height: int,
    *,
    video_tracks: int = 2,
    audio_tracks: int = 2,
) -> Project:
    """Add an empty sequence at the end, with tracks V1… and A1….

    Stays: every other sequence.
    Raises: EditError for a size outside 16 to 16384.
    """
    check_size(width, height)
    count = video_tracks + audio_tracks
    project, (sequence_id, *track_ids) = mint(project, "s", 1 + count)
    kinds = [TrackKind.VIDEO] * video_tracks + [TrackKind.AUDIO] * audio_tracks
    names = [f"V{n + 1}" for n in range(video_tracks)] + [f"A{n + 1}" for n in range(audio_tracks)]
    tracks = tuple(
        Track(id=track_id, kind=kind, name=each)
        for track_id, kind, each in zip(track_ids, kinds, names, strict=True)
    )
    sequence = Sequence(
        id=sequence_id,
        name=name,
        rate=rate,
        width=width,
        height=height,
        drop_frame=can_drop_frames(rate),
        tracks=tracks,
    )
    return replace(project, sequences=(*project.sequences, sequence))


def check_size(width: int, height: int) -> None:
    """Refuse a frame size that nothing can render.

    Raises: EditError for a side outside 16 to 16384, or odd.
    """
    if not all(16 <= side <= 16384 and side % 2 == 0 for side in (width, height)):
        raise EditError("A frame's sides are even numbers from 16 to 16384 pixels.")


def duplicate_sequence(project: Project, sequence_id: Id, name: str) -> Project:
    """Copy a sequence with everything on it, as a new version of the cut.

    Stays: the sequence copied.
    Raises: EditError when there is no such sequence.
    """
    original = sequence_of(project, sequence_id)
    ids: dict[Id, Id] = {}
    number = project.next_id

    def fresh(old: Id) -> Id:
        nonlocal number
        if old not in ids:
            ids[old] = f"{old[:1]}{number}"
            number += 1
        return ids[old]

    copy = _copied(original, name, fresh)
    return replace(project, sequences=(*project.sequences, copy), next_id=number)


def _copied(original: Sequence, name: str, fresh: Callable[[Id], Id]) -> Sequence:
    def item_copy(item: Item) -> Item:
        if not isinstance(item, Clip):
            return replace(item, id=fresh(item.id))
        link = fresh(item.link) if item.link else None
        group = fresh(item.group) if item.group else None
        return replace(item, id=fresh(item.id), link=link, group=group)

    tracks = tuple(
        replace(track, id=fresh(track.id), items=tuple(item_copy(item) for item in track.items))
        for track in original.tracks
    )
    markers = tuple(replace(marker, id=fresh(marker.id)) for marker in original.markers)
    return replace(original, id=fresh(original.id), name=name, tracks=tracks, markers=markers)


def remove_sequence(project: Project, sequence_id: Id) -> Project:
    """Remove a sequence.

    Stays: every other sequence, and all assets.
    Raises: EditError for the last one, or one that is nested in another.
    """
    gone = sequence_of(project, sequence_id)
    if len(project.sequences) == 1:
        raise EditError("A project keeps at least one sequence.")
    for sequence in project.sequences:
        for _, _, clip in clips_of(sequence):
            media = clip.media
            if isinstance(media, SequenceMedia) and media.sequence_id == sequence_id:
                raise EditError(f"{gone.name} is nested in {sequence.name}. Remove it there first.")
    left = tuple(each for each in project.sequences if each.id != sequence_id)
    return replace(project, sequences=left)


def rename_sequence(project: Project, sequence_id: Id, name: str) -> Project:
    """Give a sequence another name."""
    sequence = sequence_of(project, sequence_id)
    return with_sequence(project, replace(sequence, name=name))


def rename_project(project: Project, name: str) -> Project:
    """Give the project another name."""
    return replace(project, name=name)


def set_format(
    project: Project,
    sequence_id: Id,
    *,
    rate: Rate | None = None,
    width: int | None = None,
    height: int | None = None,
    sample_rate_hz: int | None = None,
    background: str | None = None,
) -> Project:
    """Change a sequence's format; what is None stays.

    Stays: every clip. Only an empty sequence can take another frame rate, since frames of one
    rate do not fall on those of another.
    Raises: EditError for another rate on a sequence with clips, or a size that cannot be.
    """
    old = sequence_of(project, sequence_id)
    if rate is not None and rate != old.rate and not is_empty(old):
        raise EditError(
            "A sequence with clips keeps its frame rate. Make a new sequence at the other rate."
        )
    new_rate = rate or old.rate
    changed = replace(
        old,
        rate=new_rate,
        width=width or old.width,
        height=height or old.height,
        sample_rate_hz=sample_rate_hz or old.sample_rate_hz,
        background=background or old.background,
        drop_frame=old.drop_frame and can_drop_frames(new_rate),
    )
    check_size(changed.width, changed.height)
    return with_sequence(project, changed)


def is_empty(sequence: Sequence) -> bool:
    """Whether nothing lies on any track."""
    return all(isinstance(item, Gap) for track in sequence.tracks for item in track.items)


def set_timecode(
    project: Project, sequence_id: Id, start_timecode: int, *, drop_frame: bool
) -> Project:
    """Set the timecode of frame 0, in frames, and whether it is written in drop-frame.

    Stays: every clip.
    Raises: EditError for drop-frame at a rate that has none.
    """
    sequence = sequence_of(project, sequence_id)
    if drop_frame and not can_drop_frames(sequence.rate):
        raise EditError("Drop-frame timecode exists at 29.97 and 59.94 frames a second only.")
    changed = replace(sequence, start_timecode=start_timecode, drop_frame=drop_frame)
    return with_sequence(project, changed)
