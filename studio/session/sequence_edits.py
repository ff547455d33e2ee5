"""Verbs on whole sequences: versions of the cut, sequences within sequences, marker to marker."""

from __future__ import annotations

from functools import partial

from studio.document.edits import insert, sequences
from studio.document.edits.source import NEW, Piece
from studio.document.edits.tracks import add_track
from studio.document.errors import EditError
from studio.document.model.clip import Clip, SequenceMedia
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, TrackKind
from studio.document.queries.places import reaches, sequence_duration
from studio.session.placing import target_tracks
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
        session.open_sequence(next(s.id for s in session.project.sequences if s.id not in known))


def remove(session: Session) -> None:
    """Remove the open sequence; another is opened."""
    edit = partial(sequences.remove_sequence, sequence_id=session.sequence_id)
    session.apply("Remove sequence", edit)


def insert_sequence(session: Session, sequence_id: str) -> None:
    """Nest another sequence at the playhead: its picture, and its sound linked to it."""
    inner, start = session.project.sequence(sequence_id), session.transport.position
    outer = session.sequence

    def edit(project: Project) -> Project:
        if reaches(project, sequence_id, outer.id):
            raise EditError(f"{inner.name} holds {outer.name}; neither can hold the other twice.")
        kinds = [k for k in (TrackKind.VIDEO, TrackKind.AUDIO) if _has(inner, k)]
        if not kinds:
            raise EditError(f"{inner.name} is empty. Cut something in it first.")
        link = "pair" if len(kinds) > 1 else None
        pieces: list[Piece] = []
        for kind in kinds:
            landing = target_tracks(project.sequence(outer.id))
            home = landing.video if kind is TrackKind.VIDEO else landing.audio
            if home is None:
                project = add_track(project, outer.id, kind)
                home = project.sequence(outer.id).tracks[-1].id
            pieces.append(Piece(home, _nested(inner, outer, link)))
        return insert.insert(project, outer.id, start, pieces)

    session.apply(f"Insert {inner.name}", edit)


def go_to_marker(session: Session, direction: int) -> None:
    """Move the playhead to the next (1) or previous (-1) marker."""
    here = session.transport.position
    places = [marker.at for marker in session.sequence.markers]
    onward = [at for at in places if (at > here if direction > 0 else at < here)]
    if onward:
        session.transport.pause()
        session.transport.seek(min(onward) if direction > 0 else max(onward))


def _has(sequence: Sequence, kind: TrackKind) -> bool:
    return any(track.items for track in sequence.tracks if track.kind is kind)


def _nested(inner: Sequence, outer: Sequence, link: str | None) -> Clip:
    """A clip that plays all of a sequence, in whole frames of the one it goes into."""
    seconds = sequence_duration(inner) / inner.rate.fraction
    frames = max(1, int(seconds * outer.rate.fraction))
    media = SequenceMedia(sequence_id=inner.id)
    return Clip(
        id=NEW, name=inner.name, duration=frames, media=media, link=link, colour=inner.colour
    )
