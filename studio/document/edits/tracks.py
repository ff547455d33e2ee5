"""Tracks: add, remove, reorder, name, lock, mute, solo, hide, target and sync.

    V2 |  B  |        V3 |     |
    V1 |  A  |   ->   V2 |  B  |
                      V1 |  A  |

Switches and names leave every clip as it was. They work on locked tracks too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from studio.document.edits.rebuild import check_unlocked, mint, with_sequence, with_track
from studio.document.errors import EditError
from studio.document.model.curve import Number
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.model.title import TextStyle
from studio.document.queries.places import locate_track, sequence_of

_LETTERS = {TrackKind.VIDEO: "V", TrackKind.AUDIO: "A", TrackKind.CAPTION: "C"}


def next_name(sequence: Sequence, kind: TrackKind) -> str:
    """The name of the next track of a kind: V1, V2, A1…"""
    taken = {track.name for track in sequence.tracks}
    number = 1 + sum(track.kind is kind for track in sequence.tracks)
    while f"{_LETTERS[kind]}{number}" in taken:
        number += 1
    return f"{_LETTERS[kind]}{number}"


def add_track(
    project: Project, sequence_id: Id, kind: TrackKind, *, name: str = "", place: int | None = None
) -> Project:
    """Add an empty track: last of all (topmost for pictures), or at a place among the tracks.

    Stays: every clip.
    Raises: EditError when there is no such sequence.
    """
    sequence = sequence_of(project, sequence_id)
    project, (track_id,) = mint(project, "t")
    track = Track(id=track_id, kind=kind, name=name or next_name(sequence, kind))
    tracks = list(sequence.tracks)
    tracks.insert(len(tracks) if place is None else place, track)
    return with_sequence(project, replace(sequence, tracks=tuple(tracks)))


def remove_track(project: Project, track_id: Id) -> Project:
    """Remove a track and the clips on it.

    Stays: every other track.
    Raises: EditError when there is no such track, or it is locked.
    """
    sequence, track = locate_track(project, track_id)
    check_unlocked(track)
    left = tuple(each for each in sequence.tracks if each.id != track_id)
    return with_sequence(project, replace(sequence, tracks=left))


def move_track(project: Project, track_id: Id, place: int) -> Project:
    """Move a track to a place among the tracks; for pictures, later covers earlier.

    Stays: every clip on its track.
    Raises: EditError when there is no such track or place.
    """
    sequence, track = locate_track(project, track_id)
    if not 0 <= place < len(sequence.tracks):
        raise EditError("There is no such place among the tracks.")
    tracks = [each for each in sequence.tracks if each.id != track_id]
    tracks.insert(place, track)
    return with_sequence(project, replace(sequence, tracks=tuple(tracks)))


def _change(project: Project, track_id: Id, change: Callable[[Track], Track]) -> Project:
    sequence, track = locate_track(project, track_id)
    return with_sequence(project, with_track(sequence, change(track)))


def rename_track(project: Project, track_id: Id, name: str) -> Project:
    """Give a track another name."""
    return _change(project, track_id, lambda track: replace(track, name=name))


def lock_track(project: Project, track_id: Id, *, locked: bool) -> Project:
    """Refuse edits on a track, or allow them again."""
    return _change(project, track_id, lambda track: replace(track, locked=locked))


def mute_track(project: Project, track_id: Id, *, mute: bool) -> Project:
    """Silence a track, or let it sound again."""
    return _change(project, track_id, lambda track: replace(track, mute=mute))


def solo_track(project: Project, track_id: Id, *, solo: bool) -> Project:
    """Hear only this track, with others that are soloed."""
    return _change(project, track_id, lambda track: replace(track, solo=solo))


def hide_track(project: Project, track_id: Id, *, hidden: bool) -> Project:
    """Take a track's pictures or captions out of the result, or put them back."""
    return _change(project, track_id, lambda track: replace(track, hidden=hidden))


def target_track(project: Project, track_id: Id, *, targeted: bool) -> Project:
    """Choose whether a track receives what is inserted."""
    return _change(project, track_id, lambda track: replace(track, targeted=targeted))


def sync_track(project: Project, track_id: Id, *, synced: bool) -> Project:
    """Choose whether a track keeps step with ripples on others."""
    return _change(project, track_id, lambda track: replace(track, synced=synced))


def set_track_height(project: Project, track_id: Id, height: int) -> Project:
    """Set a track's height in the timeline, in pixels at 100 %."""
    return _change(project, track_id, lambda track: replace(track, height=max(16, height)))


def colour_track(project: Project, track_id: Id, colour: str) -> Project:
    """Label a track, and with it the clips on it that have no label of their own."""
    return _change(project, track_id, lambda track: replace(track, colour=colour))


def set_track_gain(project: Project, track_id: Id, gain_db: Number) -> Project:
    """Set a track's fader, in decibels."""
    return _change(project, track_id, lambda track: replace(track, gain_db=gain_db))


def set_track_pan(project: Project, track_id: Id, pan: Number) -> Project:
    """Set where a track sits from left (-1) to right (1)."""
    return _change(project, track_id, lambda track: replace(track, pan=pan))


def set_caption_style(project: Project, track_id: Id, style: TextStyle) -> Project:
    """Set how the captions of a track look."""
    return _change(project, track_id, lambda track: replace(track, caption_style=style))
