"""What the source viewer's marks lay on the timeline: insert, overwrite, append, fit, replace.

    edits = SourceEdits(session, still_frames)
    edits.lay(marked, push=True)      three points, or as many as are marked
    edits.fit_to_fill(marked)         four points: the speed gives way

Each makes at most one named step, on the targeted tracks of the open sequence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from studio.document.edits.insert import append, insert, overwrite, replace_with_asset
from studio.document.edits.marked import Placing, SourceMarks, TargetMarks, fit_to_fill, three_point
from studio.document.edits.source import Piece, length_of
from studio.document.errors import EditError
from studio.document.model.asset import Asset
from studio.document.model.clip import Clip
from studio.document.model.project import Project
from studio.document.queries.places import find
from studio.document.time import FrameRange, Rounding, Time, TimeRange
from studio.session.matching import lay_matching
from studio.session.placing import Wanted, pieces_for, target_tracks, with_tracks_for
from studio.session.session import Session


@dataclass(frozen=True, slots=True)
class Marked:
    """A source with its in and out in media time, None where not marked, and where it stands."""

    asset: Asset
    in_: Time | None
    out: Time | None
    here: Time

    @property
    def used(self) -> TimeRange | None:
        """What lies between the marks, to the ends of the media; None for a still."""
        whole = self.asset.available_range
        if whole is None:
            return None
        return TimeRange.between(self.in_ or whole.start, self.out or whole.end_time_exclusive)


class SourceEdits:
    """`still_frames` tells how long a still lasts where no marks say it."""

    def __init__(self, session: Session, still_frames: Callable[[], int]) -> None:
        self._session = session
        self._still_frames = still_frames

    def lay(self, source: Marked, *, push: bool) -> None:
        """Insert or overwrite at the program's in point, before its out point, or at the playhead.

        Between an in and an out point of the program, the source gives as much as that takes, from
        its in point on, or up to its out point where that alone is marked.
        """
        lay_matching(self._session, [source.asset.id], lambda scale: self._lay(source, push, scale))

    def _lay(self, source: Marked, push: bool, scale: Fraction) -> bool:
        transport = self._session.transport
        name = "Insert" if push else "Overwrite"
        first, last = transport.in_frame, transport.out_frame
        both = source.in_ is not None and source.out is not None
        if first is not None and last is not None and not both:
            edit, end = partial(self._between, source, push, FrameRange(first, last)), last
        else:
            length = self._length(source)
            backtimed = first is None and last is not None
            start = last - length if backtimed and last is not None else first
            start = round(transport.position * scale) if start is None else start
            edit, end = partial(self._at, source, push, start), start + length
        done = self._session.apply(name, edit)
        if done:
            transport.seek(end)
        return done

    def append(self, source: Marked) -> None:
        """Put the source after the last clip of the tracks that take it."""
        lay_matching(self._session, [source.asset.id], lambda _scale: self._append(source))

    def _append(self, source: Marked) -> bool:
        ends: list[int] = []

        def edit(project: Project) -> Project:
            project, pieces = self._pieces(project, source)
            project = append(project, self._session.sequence_id, pieces)
            rows = project.sequence(self._session.sequence_id).tracks
            taken = {piece.track_id for piece in pieces}
            ends.append(max(row.duration for row in rows if row.id in taken))
            return project

        done = self._session.apply("Append", edit)
        if done:
            self._session.transport.seek(ends[-1])
        return done

    def fit_to_fill(self, source: Marked) -> None:
        """Lay the source between the program's in and out points, at the speed that takes."""
        transport = self._session.transport
        used = source.used
        if transport.in_frame is None or transport.out_frame is None or used is None:
            self._session.notices.warning(
                "Fit to fill needs an in and an out point in the program, and moving pictures or"
                " sound in the source. Mark them with I and O.",
                topic="edit",
            )
            return
        span = FrameRange(transport.in_frame, transport.out_frame)

        def edit(project: Project) -> Project:
            project, pieces = self._pieces(project, source)
            return fit_to_fill(project, self._session.sequence_id, span, pieces, used)

        if self._session.apply("Fit to fill", edit):
            transport.seek(span.end)

    def replace(self, source: Marked) -> None:
        """Show the source, from its in point or where it stands, in the selected clip's place."""
        places = [find(self._session.project, each) for each in self._session.selection.ids]
        chosen = [p.item.id for p in places if p is not None and isinstance(p.item, Clip)]
        if not chosen:
            self._session.notices.warning(
                "Select the clip on the timeline that the source shall replace.", topic="edit"
            )
            return
        start = source.here if source.in_ is None else source.in_
        edit = partial(
            replace_with_asset, clip_ids=chosen, asset_id=source.asset.id, source_start=start
        )
        self._session.apply("Replace clip", edit)

    def _pieces(self, project: Project, source: Marked) -> tuple[Project, list[Piece]]:
        sequence_id = self._session.sequence_id
        wanted = [Wanted(source.asset.id, source.used)]
        landing = target_tracks(project.sequence(sequence_id))
        project, tracks = with_tracks_for(project, sequence_id, landing, wanted)
        pieces = pieces_for(project, sequence_id, wanted, tracks, self._still_frames())
        return project, pieces

    def _length(self, source: Marked) -> int:
        used = source.used
        if used is None:
            return self._still_frames()
        return max(1, used.duration.ticks(self._session.sequence.rate, Rounding.FLOOR))

    def _at(self, source: Marked, push: bool, start: int, project: Project) -> Project:
        if start < 0:
            raise EditError("The source is longer than the film before the out point. Mark less.")
        project, pieces = self._pieces(project, source)
        verb = insert if push else overwrite
        assert length_of(pieces) == self._length(source)
        return verb(project, self._session.sequence_id, start, pieces)

    def _between(self, source: Marked, push: bool, span: FrameRange, project: Project) -> Project:
        """A stretch of the film is marked, and the source at one end at most."""
        project, pieces = self._pieces(project, source)
        whole = source.asset.available_range
        marks = SourceMarks(in_=source.in_ or (whole.start if whole else source.here))
        if source.in_ is None and source.out is not None:
            marks = SourceMarks(out=source.out)
        rate = self._session.sequence.rate
        if whole is not None and span.duration > _room(marks, whole).ticks(rate, Rounding.FLOOR):
            raise EditError(
                "The source is shorter than the marked stretch. Mark less of the film, or use Fit"
                " to fill."
            )
        placing = Placing.INSERT if push else Placing.OVERWRITE
        target = TargetMarks(span.start, span.end)
        return three_point(project, self._session.sequence_id, pieces, marks, target, placing)


def _room(marks: SourceMarks, whole: TimeRange) -> Time:
    """How much media there is from the in point on, or up to the out point."""
    if marks.in_ is not None:
        return whole.end_time_exclusive - marks.in_
    return (marks.out or whole.end_time_exclusive) - whole.start


SourceVerb: TypeAlias = Callable[[SourceEdits, Marked], object]
"""One of the verbs above, as a command asks for it."""
