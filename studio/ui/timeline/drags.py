"""Drags of whole clips: moved, inserted or copied, in time and from track to track."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from studio.document.edits.move import Move, MoveMode, duplicate, move
from studio.document.errors import EditError
from studio.document.model.project import Project
from studio.document.queries.places import locate_clip, with_linked
from studio.ui.timeline.geometry import row_at
from studio.ui.timeline.gestures import DRAG_PX, Edit
from studio.ui.timeline.layout import track_of
from studio.ui.timeline.pointer import Pointer
from studio.ui.timeline.snapping import SNAP_RADIUS_PX, find_snap
from studio.ui.timeline.spans import shift_words
from studio.ui.timeline.state import TimelineState


class MoveGesture:
    """Drags the selected clips. Ctrl pushes others aside, Alt leaves the originals in place,
    Shift turns snapping off while held.

    Clips linked to those dragged follow in time, but keep to their tracks.
    """

    def __init__(
        self,
        state: TimelineState,
        pressed: Pointer,
        clip_ids: Collection[str],
        points: tuple[int, ...],
        *,
        copies: bool,
    ) -> None:
        self._state = state
        self._pressed = pressed
        self._points = points
        self._copies = copies
        self._started = False
        self._shown: tuple[int, int, MoveMode] = (0, 0, MoveMode.OVERWRITE)
        self._start_row = row_at(state.rows, pressed.y)
        kind = self._start_row.kind if self._start_row is not None else ""
        self._bases = _bases(state.session.project, clip_ids, kind)
        self._edges = tuple(
            edge for base in self._bases for edge in (base.start, base.start + base.duration)
        )

    def move(self, pointer: Pointer) -> None:
        """Show the clips where they would land."""
        travel = pointer.scale.width_of(abs(pointer.time - self._pressed.time))
        if not self._started and max(travel, abs(pointer.y - self._pressed.y)) < DRAG_PX:
            return
        self._started = True
        shift, guide = self._shift(pointer)
        mode = MoveMode.INSERT if pointer.control else MoveMode.OVERWRITE
        wanted = (shift, self._steps(pointer), mode)
        self._state.show_guides((guide,) if guide is not None else ())
        if wanted == self._shown and self._state.previewing:
            return
        try:
            self._state.preview(self._edit(*wanted) if self._moves_anything(wanted) else None)
        except EditError as refusal:
            self._state.show_hint(str(refusal), refused=True)
            return
        self._shown = wanted
        self._state.show_hint(self._words(*wanted))

    def finish(self, pointer: Pointer) -> None:
        """Make the move that is shown."""
        self.cancel()
        if not self._moves_anything(self._shown):
            return
        verb = "Copy" if self._copies else "Move"
        noun = "clip" if sum(base.dragged for base in self._bases) == 1 else "clips"
        self._state.session.apply(f"{verb} {noun}", self._edit(*self._shown))

    def cancel(self) -> None:
        """Put everything back."""
        self._state.clear_gesture()

    def _moves_anything(self, wanted: tuple[int, int, MoveMode]) -> bool:
        return wanted[0] != 0 or wanted[1] != 0

    def _shift(self, pointer: Pointer) -> tuple[int, int | None]:
        earliest = min(base.start for base in self._bases)
        shift = round(pointer.time - self._pressed.time)
        if self._state.snapping and not pointer.shift:
            radius = pointer.scale.frames_in(SNAP_RADIUS_PX)
            snap = find_snap(self._points, (edge + shift for edge in self._edges), radius)
            if snap is not None and shift + snap.shift_frames >= -earliest:
                return shift + snap.shift_frames, snap.guide_frame
        return max(shift, -earliest), None

    def _steps(self, pointer: Pointer) -> int:
        """How many tracks of the same kind lie between the press and the pointer."""
        row = row_at(self._state.rows, pointer.y)
        start = self._start_row
        if row is None or start is None or row.kind != start.kind:
            return self._shown[1]
        sequence = self._state.session.sequence
        kind = track_of(sequence, row.track_id).kind
        order = [track.id for track in sequence.tracks if track.kind is kind]
        return order.index(row.track_id) - order.index(start.track_id)

    def _edit(self, shift: int, steps: int, mode: MoveMode) -> Edit:
        sequence = self._state.session.sequence
        moves: list[Move] = []
        for base in self._bases:
            kind = track_of(sequence, base.track_id).kind
            order = [track.id for track in sequence.tracks if track.kind is kind]
            at = order.index(base.track_id) + (steps if base.dragged else 0)
            if not 0 <= at < len(order):
                raise EditError("There is no track there. Add one first, or drop on a track.")
            moves.append(Move(base.clip_id, order[at], base.start + shift))
        if self._copies:
            return lambda project: duplicate(project, moves)
        return lambda project: move(project, moves, mode)

    def _words(self, shift: int, steps: int, mode: MoveMode) -> str:
        words = shift_words(shift, self._state.sequence) if shift else ""
        if steps:
            words = f"{words}  {abs(steps)} track{'s' if abs(steps) > 1 else ''}".strip()
        if mode is MoveMode.INSERT and not self._copies:
            words = f"Insert  {words}"
        return f"Copy  {words}" if self._copies else words


@dataclass(frozen=True, slots=True)
class _Base:
    """Where one clip was at the press. Only those `dragged` change tracks."""

    clip_id: str
    track_id: str
    start: int
    duration: int
    dragged: bool


def _bases(project: Project, clip_ids: Collection[str], kind: str) -> list[_Base]:
    """The clips dragged and those that come along in time: other kinds, and linked ones."""
    chosen = set(clip_ids)
    bases: list[_Base] = []
    for clip_id in sorted(with_linked(project, chosen)):
        place, clip = locate_clip(project, clip_id)
        dragged = clip_id in chosen and place.track.kind.value == kind
        bases.append(_Base(clip_id, place.track.id, place.range.start, clip.duration, dragged))
    return bases
