"""Clips that come from the library: titles, generators and adjustment layers; effects applied."""

from __future__ import annotations

from studio.document.catalogue import GENERATORS
from studio.document.edits.insert import overwrite
from studio.document.edits.source import NEW, Piece
from studio.document.edits.tracks import add_track
from studio.document.model.clip import (
    AdjustmentMedia,
    Clip,
    GeneratorKind,
    GeneratorMedia,
    TitleMedia,
    TransitionKind,
)
from studio.document.model.project import Project
from studio.document.model.sequence import Track, TrackKind
from studio.document.queries.places import is_free
from studio.document.time import FrameRange
from studio.document.titles import title_from
from studio.session.dressing import Dressing
from studio.session.session import Session
from studio.ui.asset_drag import LibraryDrag
from studio.ui.panels.library import LibraryEntry

CLIP_S = 4


class ShelfClips:
    """Lays library entries on the timeline."""

    def __init__(self, session: Session, dressing: Dressing) -> None:
        self._session = session
        self._dressing = dressing

    def apply(self, entry: LibraryEntry) -> None:
        """An entry was double-clicked: it goes to the selection, or to the playhead."""
        if entry.shelf == "effect":
            self._dressing.add_effect(entry.kind)
        elif entry.shelf == "transition":
            self._dressing.add_transition(TransitionKind(entry.kind))
        else:
            self.lay(LibraryDrag(entry.shelf, entry.kind), self._session.transport.position, "")

    def lay(self, drag: LibraryDrag, start: int, track_id: str) -> None:
        """Lay a new clip at a frame, on a track or on the first that has room above the picture."""
        clip = self._clip(drag)
        kind = TrackKind.AUDIO if _is_sound(drag) else TrackKind.VIDEO
        before = {item.id for track in self._session.sequence.tracks for item in track.items}

        def edit(project: Project) -> Project:
            sequence_id = self._session.sequence_id
            chosen = self._track(project, kind, track_id, FrameRange(start, start + clip.duration))
            if chosen is None:
                project = add_track(project, sequence_id, kind)
                chosen = project.sequence(sequence_id).tracks[-1]
            return overwrite(project, sequence_id, start, [Piece(chosen.id, clip)])

        if self._session.apply(f"Add {clip.name.lower()}", edit):
            tracks = self._session.sequence.tracks
            new = [
                i.id for t in tracks for i in t.items if i.id not in before and isinstance(i, Clip)
            ]
            self._session.selection.set(new)

    def _clip(self, drag: LibraryDrag) -> Clip:
        frames = CLIP_S * self._session.sequence.rate.nominal
        match drag.shelf:
            case "title":
                media = TitleMedia(title=title_from(drag.kind))
                return Clip(id=NEW, name=drag.kind.capitalize(), duration=frames, media=media)
            case "adjustment":
                return Clip(id=NEW, name="Adjustment", duration=frames, media=AdjustmentMedia())
            case _:
                kind = GeneratorKind(drag.kind)
                media = GeneratorMedia(kind=kind)
                return Clip(id=NEW, name=GENERATORS[kind].label, duration=frames, media=media)

    def _track(
        self, project: Project, kind: TrackKind, track_id: str, span: FrameRange
    ) -> Track | None:
        """The track asked for, if it is of the right kind; else the lowest one with room."""
        usable = [
            track
            for track in project.sequence(self._session.sequence_id).tracks
            if track.kind is kind and not track.locked
        ]
        asked = next((track for track in usable if track.id == track_id), None)
        return asked or next((track for track in usable if is_free(track, span)), None)


def _is_sound(drag: LibraryDrag) -> bool:
    return drag.shelf == "generator" and drag.kind == GeneratorKind.TONE.value
