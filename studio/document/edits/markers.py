"""Markers: add, change, move, remove, on a sequence or on a clip.

    v        v                v    v   v
    |   A   | B |      ->     |   A   | B |

A marker never changes what is seen or heard; every clip stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from studio.document.edits.rebuild import change_clip, mint, with_sequence
from studio.document.errors import EditError
from studio.document.model.marker import Marker, MarkerColour
from studio.document.model.project import Project
from studio.document.model.record import Id

Markers: TypeAlias = tuple[Marker, ...]


def _on_owner(project: Project, owner_id: Id, change: Callable[[Markers], Markers]) -> Project:
    """Change the markers of a sequence or of a clip."""
    for sequence in project.sequences:
        if sequence.id == owner_id:
            return with_sequence(project, replace(sequence, markers=change(sequence.markers)))
    return change_clip(project, owner_id, lambda clip: replace(clip, markers=change(clip.markers)))


def _ordered(markers: Markers) -> Markers:
    return tuple(sorted(markers, key=lambda marker: marker.at))


def add_marker(
    project: Project,
    owner_id: Id,
    at: int,
    *,
    name: str = "",
    note: str = "",
    colour: MarkerColour = MarkerColour.GREEN,
    duration: int = 0,
    chapter: bool = False,
) -> Project:
    """Put a marker on a sequence, or on a clip at a frame counted from its first.

    Raises: EditError for a place before the start, a missing owner or a locked track.
    """
    if at < 0 or duration < 0:
        raise EditError("A marker cannot lie before the start.")
    project, (marker_id,) = mint(project, "m")
    marker = Marker(
        id=marker_id,
        at=at,
        duration=duration,
        name=name,
        note=note,
        colour=colour,
        chapter=chapter,
    )
    return _on_owner(project, owner_id, lambda markers: _ordered((*markers, marker)))


def change_marker(
    project: Project, owner_id: Id, marker_id: Id, change: Callable[[Marker], Marker]
) -> Project:
    """Change a marker's name, note, colour, place or length: `change` returns it as it shall be.

    Raises: EditError when there is no such marker, or it would lie before the start.
    """

    def changed(markers: Markers) -> Markers:
        if all(marker.id != marker_id for marker in markers):
            raise EditError("That marker is no longer there.")
        return _ordered(tuple(change(m) if m.id == marker_id else m for m in markers))

    return _on_owner(project, owner_id, changed)


def move_marker(project: Project, owner_id: Id, marker_id: Id, at: int) -> Project:
    """Put a marker at another frame.

    Raises: EditError when there is no such marker, or the frame lies before the start.
    """
    if at < 0:
        raise EditError("A marker cannot lie before the start.")
    return change_marker(project, owner_id, marker_id, lambda marker: replace(marker, at=at))


def remove_marker(project: Project, owner_id: Id, marker_id: Id) -> Project:
    """Take a marker away.

    Raises: EditError for a missing owner or a locked track.
    """
    return _on_owner(
        project, owner_id, lambda markers: tuple(m for m in markers if m.id != marker_id)
    )
