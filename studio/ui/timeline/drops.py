"""What is dragged onto the timeline from elsewhere: assets, files, effects, transitions, titles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from PySide6.QtGui import QDragMoveEvent, QDropEvent

from studio.document.edits.insert import insert, overwrite
from studio.document.errors import EditError
from studio.document.model.asset import Asset
from studio.document.model.clip import TransitionKind
from studio.document.model.project import Project
from studio.document.queries.limits import Edge
from studio.document.time import Rounding, Time, TimeRange
from studio.session.dressing import Dressing
from studio.session.matching import lay_matching
from studio.session.placing import (
    Landing,
    Wanted,
    pieces_for,
    source_rate,
    target_tracks,
    tracks_for_row,
    with_tracks_for,
)
from studio.ui.asset_drag import AssetDrag, LibraryDrag
from studio.ui.timeline.geometry import row_at
from studio.ui.timeline.layout import Hit, OnClip, OnTransition, hit_test
from studio.ui.timeline.pointer import Pointer
from studio.ui.timeline.snapping import SNAP_RADIUS_PX, find_snap
from studio.ui.timeline.state import TimelineState
from studio.ui.timeline.trims import snap_points_for


@dataclass(frozen=True, slots=True)
class DropVerbs:
    """What a drop leads to outside the timeline."""

    import_at: Callable[[list[Path], int, Landing], object]
    add_library_clip: Callable[[LibraryDrag, int, str], object]


class TimelineDrops:
    """Shows where assets would land and lays them there: over what is there, or with Ctrl between.

    Assets are previewed by making the edit, as gestures are.
    """

    def __init__(
        self, state: TimelineState, dressing: Dressing, verbs: DropVerbs, still_seconds: int
    ) -> None:
        self._state = state
        self._dressing = dressing
        self._verbs = verbs
        self._still_seconds = still_seconds
        self._points: tuple[int, ...] | None = None

    def drag(self, event: QDragMoveEvent, pointer: Pointer) -> bool:
        """Show what a drop here would do; whether it can be dropped here."""
        data = event.mimeData()
        assets = AssetDrag.read(data)
        if assets is not None:
            return self._preview_assets(assets, pointer)
        library = LibraryDrag.read(data)
        if library is not None:
            return self._can_take(library, self._hit(pointer))
        return data.hasUrls()

    def leave(self) -> None:
        """The drag went elsewhere."""
        self._points = None
        self._state.clear_gesture()

    def drop(self, event: QDropEvent, pointer: Pointer) -> bool:
        """Lay down what was dragged."""
        data = event.mimeData()
        assets, library = AssetDrag.read(data), LibraryDrag.read(data)
        start = self._start(pointer)[0]
        self.leave()
        if assets is not None:
            name = "Insert clip" if pointer.control else "Add clip"

            def laid(scale: Fraction) -> bool:
                edit = self._edit(assets, pointer, round(start * scale))
                return self._state.session.apply(name, edit)

            return lay_matching(self._state.session, assets.laid, laid)
        if library is not None:
            self._drop_library(library, pointer, start)
            return True
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if paths:
            self._verbs.import_at(paths, start, self._landing(pointer))
        return bool(paths)

    def _preview_assets(self, drag: AssetDrag, pointer: Pointer) -> bool:
        start, guide = self._start(pointer)
        self._state.show_guides((guide,) if guide is not None else ())
        try:
            self._state.preview(self._edit(drag, pointer, start))
        except EditError as refusal:
            self._state.show_hint(str(refusal), refused=True)
            return False
        self._state.show_hint("Insert" if pointer.control else "")
        return True

    def _edit(self, drag: AssetDrag, pointer: Pointer, start: int) -> Callable[[Project], Project]:
        session = self._state.session
        landing = self._landing(pointer)
        wanted = wanted_of(session.project, drag)
        rate = session.sequence.rate
        still = round(self._still_seconds * rate.fraction)
        verb = insert if pointer.control else overwrite

        def edit(project: Project) -> Project:
            project, tracks = with_tracks_for(project, session.sequence_id, landing, wanted)
            pieces = pieces_for(project, session.sequence_id, wanted, tracks, still)
            return verb(project, session.sequence_id, start, pieces)

        return edit

    def _start(self, pointer: Pointer) -> tuple[int, int | None]:
        frame = max(0, pointer.edge)
        if not self._state.snapping or pointer.shift:
            return frame, None
        if self._points is None:
            self._points = snap_points_for(self._state, set())
        radius = pointer.scale.frames_in(SNAP_RADIUS_PX)
        snap = find_snap(self._points, (frame,), radius)
        return (frame, None) if snap is None else (frame + snap.shift_frames, snap.guide_frame)

    def _landing(self, pointer: Pointer) -> Landing:
        sequence = self._state.session.sequence
        row = row_at(self._state.rows, pointer.y)
        if row is None:
            return target_tracks(sequence)
        return tracks_for_row(sequence, row.track_id)

    def _hit(self, pointer: Pointer) -> Hit:
        sequence = self._state.session.sequence
        return hit_test(sequence, self._state.rows, pointer.scale, pointer.x, pointer.y)

    def _can_take(self, library: LibraryDrag, hit: Hit) -> bool:
        if library.shelf in ("effect", "transition"):
            return isinstance(hit, OnClip | OnTransition)
        return True

    def _drop_library(self, library: LibraryDrag, pointer: Pointer, start: int) -> None:
        hit = self._hit(pointer)
        if library.shelf == "effect" and isinstance(hit, OnClip):
            self._dressing.add_effect(library.kind, [hit.clip.id])
        elif library.shelf == "transition" and isinstance(hit, OnClip):
            middle = hit.start + hit.clip.duration / 2
            edge = Edge.HEAD if pointer.time < middle else Edge.TAIL
            self._dressing.put_transition(hit.clip.id, edge, TransitionKind(library.kind))
        elif library.shelf not in ("effect", "transition"):
            row = row_at(self._state.rows, pointer.y)
            self._verbs.add_library_clip(library, start, row.track_id if row is not None else "")


def wanted_of(project: Project, drag: AssetDrag) -> list[Wanted]:
    """The material that is dragged, with its in and out points as media time."""
    if drag.in_frame is None and drag.out_frame is None:
        return [Wanted(each) for each in drag.laid]
    asset = project.assets_by_id[drag.asset_ids[0]]
    return [Wanted(asset.id, marked_range(asset, drag.in_frame, drag.out_frame))]


def marked_range(asset: Asset, in_frame: int | None, out_frame: int | None) -> TimeRange | None:
    """The part of an asset between marks, which count frames at its own rate; None for all."""
    available = asset.available_range
    if available is None or (in_frame is None and out_frame is None):
        return None
    rate = source_rate(asset)
    first = Time(in_frame or 0, rate)
    last = (
        available.duration.at(rate, Rounding.FLOOR) if out_frame is None else Time(out_frame, rate)
    )
    return TimeRange.between(available.start + first, available.start + last)
