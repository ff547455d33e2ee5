"""Verbs on whole sequences: versions of the cut, sequences within sequences, marker to marker."""

from __future__ import annotations

from functools import partial

from studio.document.edits import insert, sequences
from studio.document.model.project import Project
from studio.session.placing import Wanted, pieces_for, target_tracks, with_tracks_for
from studio.session.session import Session


def duplicate(session: Session) -> None:
    """Copy the open sequence as a new version of the cut, and open that."""
    known = {sequence.id for sequence in session.project.sequences}
    names = {sequence.name for sequence in session.project.sequences}
    number = 2
    while (name := f"{session.sequence.name} {number}") in names:
        number += 1
    edit = partial(sequences.duplicate_sequence, sequence_id=session.sequence_id, name=name)
    if session.apply("Duplicate sequence", edit):
        copy = next(s.id for s in session.project.sequences if s.id not in known)
        session.open_sequence(copy, at=session.transport.position)


def remove(session: Session) -> None:
    """Remove the open sequence; another is opened."""
    edit = partial(sequences.remove_sequence, sequence_id=session.sequence_id)
    session.apply("Remove sequence", edit)


def insert_sequence(session: Session, sequence_id: str) -> None:
    """Nest another sequence at the playhead: its picture, and its sound linked to it."""
    inner, start = session.project.sequence(sequence_id), session.transport.position
    outer_id, wanted = session.sequence_id, [Wanted(sequence_id)]

    def edit(project: Project) -> Project:
        landing = target_tracks(project.sequence(outer_id))
        project, tracks = with_tracks_for(project, outer_id, landing, wanted)
        pieces = pieces_for(project, outer_id, wanted, tracks, still_frames=1)
        return insert.insert(project, outer_id, start, pieces)

    session.apply(f"Insert {inner.name}", edit)


def go_to_marker(session: Session, direction: int) -> None:
    """Move the playhead to the next (1) or previous (-1) marker."""
    here = session.transport.position
    places = [marker.at for marker in session.sequence.markers]
    onward = [at for at in places if (at > here if direction > 0 else at < here)]
    if onward:
        session.transport.pause()
        session.transport.seek(min(onward) if direction > 0 else max(onward))
