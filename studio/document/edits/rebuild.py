"""Putting a changed object back in its place: the project around it is made anew, and shared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from studio.document.errors import EditError
from studio.document.model.clip import Clip, Item
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track
from studio.document.queries.places import locate_clip


def with_sequence(project: Project, sequence: Sequence) -> Project:
    """The project with a sequence of that id replaced."""
    return replace(
        project,
        sequences=tuple(sequence if s.id == sequence.id else s for s in project.sequences),
    )


def with_track(sequence: Sequence, track: Track) -> Sequence:
    """The sequence with a track of that id replaced."""
    return replace(
        sequence, tracks=tuple(track if t.id == track.id else t for t in sequence.tracks)
    )


def with_item(track: Track, place: int, item: Item) -> Track:
    """The track with one item replaced."""
    items = (*track.items[:place], item, *track.items[place + 1 :])
    return track.with_items(items, place, place + 1)


def check_unlocked(track: Track) -> None:
    """Refuse to change a locked track.

    Raises: EditError when it is locked.
    """
    if track.locked:
        raise EditError(f"{track.name or 'The track'} is locked. Unlock it to change it.")


def change_clip(project: Project, clip_id: Id, change: Callable[[Clip], Clip]) -> Project:
    """The project with one clip changed in place; its duration must stay.

    Raises: EditError when there is no such clip, or its track is locked.
    """
    place, clip = locate_clip(project, clip_id)
    check_unlocked(place.track)
    changed = change(clip)
    if changed is clip:
        return project
    track = with_item(place.track, place.place, changed)
    return with_sequence(project, with_track(place.sequence, track))


def change_clips(
    project: Project, clip_ids: Iterable[Id], change: Callable[[Clip], Clip]
) -> Project:
    """The project with several clips changed in place, each track made anew once.

    Raises: EditError when one of them is missing or on a locked track.
    """
    wanted: dict[Id, set[int]] = {}
    for clip_id in clip_ids:
        place, _ = locate_clip(project, clip_id)
        check_unlocked(place.track)
        wanted.setdefault(place.track.id, set()).add(place.place)
    sequences = tuple(_changed_in(sequence, wanted, change) for sequence in project.sequences)
    return replace(project, sequences=sequences)


def _changed_in(
    sequence: Sequence, wanted: dict[Id, set[int]], change: Callable[[Clip], Clip]
) -> Sequence:
    if not any(track.id in wanted for track in sequence.tracks):
        return sequence
    tracks = tuple(
        _changed_on(track, wanted[track.id], change) if track.id in wanted else track
        for track in sequence.tracks
    )
    return replace(sequence, tracks=tracks)


def _changed_on(track: Track, places: Collection[int], change: Callable[[Clip], Clip]) -> Track:
    items = list(track.items)
    for place in places:
        item = items[place]
        if isinstance(item, Clip):
            items[place] = change(item)
    return track.with_items(tuple(items), min(places), max(places) + 1)


def mint(project: Project, prefix: str, count: int = 1) -> tuple[Project, list[Id]]:
    """New ids, and the project that has handed them out."""
    first = project.next_id
    ids = [f"{prefix}{number}" for number in range(first, first + count)]
    return replace(project, next_id=first + count), ids
