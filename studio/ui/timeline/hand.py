"""The hand: what pressing, dragging and hovering mean for the tool that is held."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QRectF, Qt, Signal

from studio.document.edits.cut import razor
from studio.document.model.clip import Clip
from studio.document.model.sequence import Sequence
from studio.document.queries.places import with_linked
from studio.document.timecode import timecode
from studio.session.footage import MissingFootage
from studio.session.jobs import JobBoard
from studio.ui.labels import label_name
from studio.ui.timeline.drags import MoveGesture
from studio.ui.timeline.gestures import Gesture, PanGesture, RubberBand
from studio.ui.timeline.layout import (
    Hit,
    OnClip,
    OnGap,
    OnNothing,
    OnTrack,
    OnTransition,
    Part,
    clips_between,
    hit_test,
    track_of,
)
from studio.ui.timeline.looks import Broken, look_of
from studio.ui.timeline.pointer import Pointer
from studio.ui.timeline.scene_painter import Scene
from studio.ui.timeline.snapping import SNAP_RADIUS_PX, find_snap
from studio.ui.timeline.state import TimelineState, Tool
from studio.ui.timeline.trims import (
    body_gesture,
    edge_gesture,
    fade_gesture,
    snap_points_for,
    transition_gesture,
)


class TimelineHand(QObject):
    """`opened` carries the id of an item that was double-clicked."""

    opened = Signal(str)

    def __init__(
        self,
        state: TimelineState,
        board: JobBoard,
        missing: MissingFootage,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._selection = state.session.selection
        self._board = board
        self._missing = missing
        self._gesture: Gesture | None = None
        self._on_click: frozenset[str] | None = None
        self._hovered = ""
        self._held = ""
        self._blade: tuple[int, str] | None = None
        self._pressed_at = (0.0, 0.0)

    @property
    def dragging(self) -> bool:
        return self._gesture is not None

    @property
    def carried(self) -> str:
        """The clip that is being dragged as a whole, "" when none is."""
        return self._held if isinstance(self._gesture, MoveGesture) else ""

    def press(self, pointer: Pointer, button: Qt.MouseButton) -> None:
        """Begin a gesture, or do what the tool does at once."""
        self._pressed_at = (pointer.x, pointer.y)
        self._on_click = None
        hit = self._hit(pointer)
        self._held = hit.clip.id if isinstance(hit, OnClip) else ""
        if button == Qt.MouseButton.RightButton:
            self._select_for_menu(hit)
            return
        if button == Qt.MouseButton.MiddleButton or self._state.tool is Tool.HAND:
            self._gesture = PanGesture(self._state, pointer)
            return
        if self._state.tool is Tool.RAZOR:
            self._cut(pointer, hit)
            return
        self._gesture = self._gesture_for(pointer, hit)

    def move(self, pointer: Pointer) -> None:
        """Go on with the gesture."""
        if self._gesture is not None:
            self._gesture.move(pointer)

    def release(self, pointer: Pointer) -> None:
        """End the gesture; a press that went nowhere is a click."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.finish(pointer)
        x, y = self._pressed_at
        if self._on_click is not None and abs(pointer.x - x) + abs(pointer.y - y) < 4:
            self._selection.set(self._on_click)

    def abandon(self) -> bool:
        """Escape: forget the gesture, or let go of the selection."""
        if self._gesture is not None:
            self._gesture.cancel()
            self._gesture = None
            return True
        had = bool(self._selection.ids)
        self._selection.clear()
        return had

    def hover(self, pointer: Pointer | None) -> Qt.CursorShape:
        """Light up what is under the pointer, and say what a press would do by its shape."""
        hit = self._hit(pointer) if pointer is not None else OnNothing()
        hovered = hit.clip.id if isinstance(hit, OnClip) else ""
        blade = self._blade_at(pointer, hit) if pointer is not None else None
        if hovered != self._hovered or blade != self._blade:
            self._hovered, self._blade = hovered, blade
            self._state.looked.emit()
        return self._cursor(hit)

    def double_click(self, pointer: Pointer) -> None:
        """Open what is under the pointer."""
        match self._hit(pointer):
            case OnClip(clip=clip):
                self.opened.emit(clip.id)
            case OnTransition(transition=transition):
                self.opened.emit(transition.id)
            case _:
                pass  # empty room has nothing to open

    def tooltip(self, pointer: Pointer) -> str:
        """The whole name and the reason of a failure, which a narrow clip cannot show."""
        hit = self._hit(pointer)
        if not isinstance(hit, OnClip):
            return ""
        sequence = self._state.sequence
        track, project = track_of(sequence, hit.track_id), self._state.project
        missing = self._missing.missing
        look = look_of(hit.clip, track.kind, project, self._board, missing, track.colour)
        length = timecode(hit.clip.duration, sequence.rate)
        words = f"{look.title}\n{length}"
        if look.label:
            words += f"\nLabel: {label_name(look.label)}"
        if isinstance(look.state, Broken):
            words += f"\n{look.state.reason}"
        return f"{words}\nThe recipe has changed since this take." if look.stale else words

    def scene(self, area: QRectF) -> Scene:
        """What a repaint shows."""
        state = self._state
        return Scene(
            project=state.project,
            sequence=state.sequence,
            rows=state.rows,
            scale=state.scale,
            area=area,
            board=self._board,
            missing=self._missing.missing,
            selected=self._selection.ids,
            hovered=self._hovered,
            marked=state.marked_range(),
            guides=state.guides,
            ghosts=state.ghosts,
            band=state.band,
            blade=self._blade,
        )

    def _hit(self, pointer: Pointer) -> Hit:
        return hit_test(self._state.sequence, self._state.rows, pointer.scale, pointer.x, pointer.y)

    def _gesture_for(self, pointer: Pointer, hit: Hit) -> Gesture | None:
        state = self._state
        match hit:
            case OnClip(part=Part.LEFT_EDGE | Part.RIGHT_EDGE):
                self._select_clip(hit.clip, pointer, keep=True)
                return edge_gesture(state, pointer, hit, state.tool)
            case OnClip(part=Part.FADE_IN | Part.FADE_OUT) if state.tool is Tool.SELECT:
                self._select_clip(hit.clip, pointer, keep=True)
                return fade_gesture(state, pointer, hit)
            case OnClip():
                self._select_clip(hit.clip, pointer, keep=False)
                if state.tool in (Tool.SLIP, Tool.SLIDE):
                    return body_gesture(state, pointer, hit, state.tool)
                return self._drag(pointer)
            case OnTransition(transition=transition, edge=edge):
                self._selection.set([transition.id])
                return transition_gesture(state, pointer, hit) if edge else None
            case OnGap(gap=gap):
                self._on_click = frozenset([gap.id])
            case OnTrack() | OnNothing():
                self._on_click = frozenset()
        if not (pointer.shift or pointer.control):
            self._selection.clear()
        return RubberBand(state, pointer, partial(self._choose, self._selection.ids))

    def _drag(self, pointer: Pointer) -> Gesture | None:
        ids = self._selected_clips()
        if not ids:
            return None
        points = snap_points_for(self._state, set(ids))
        return MoveGesture(self._state, pointer, ids, points, copies=pointer.alt)

    def _selected_clips(self) -> frozenset[str]:
        found = (track.index.by_id for track in self._state.session.sequence.tracks)
        clips: set[str] = set()
        for track, by_id in zip(self._state.session.sequence.tracks, found, strict=True):
            clips.update(
                each
                for each in self._selection.ids
                if each in by_id and isinstance(track.items[by_id[each]], Clip)
            )
        return frozenset(clips)

    def _select_clip(self, clip: Clip, pointer: Pointer, *, keep: bool) -> None:
        """Clicks select with what is linked; Ctrl or Shift adds and takes away."""
        ids = with_linked(self._state.session.project, [clip.id])
        if pointer.shift or pointer.control:
            if clip.id in self._selection.ids and not keep:
                self._on_click = self._selection.ids - ids
            else:
                self._selection.add(ids)
        elif clip.id in self._selection.ids:
            self._on_click = None if keep else ids
        else:
            self._selection.set(ids)

    def _select_for_menu(self, hit: Hit) -> None:
        match hit:
            case OnClip(clip=clip) if clip.id not in self._selection.ids:
                self._selection.set(with_linked(self._state.session.project, [clip.id]))
            case OnTransition(transition=transition):
                self._selection.set([transition.id])
            case OnGap(gap=gap):
                self._selection.set([gap.id])
            case OnTrack() | OnNothing():
                self._selection.clear()
            case _:
                pass  # a clip of the selection: the menu is about all of it

    def _choose(self, before: frozenset[str], band: QRectF, add: bool) -> None:
        found = _clips_in_band(self._state, self._state.session.sequence, band)
        self._selection.set(before | found if add else found)

    def _cut(self, pointer: Pointer, hit: Hit) -> None:
        frame = self._blade_frame(pointer)
        if pointer.shift:
            tracks = None
        elif isinstance(hit, OnClip):
            tracks = self._linked_tracks(hit.clip)
        else:
            return
        sequence_id = self._state.session.sequence_id
        self._state.session.apply(
            "Cut", partial(razor, sequence_id=sequence_id, frame=frame, track_ids=tracks)
        )

    def _linked_tracks(self, clip: Clip) -> frozenset[str]:
        ids = with_linked(self._state.session.project, [clip.id])
        tracks = self._state.session.sequence.tracks
        return frozenset(
            track.id for track in tracks if any(each in track.index.by_id for each in ids)
        )

    def _blade_frame(self, pointer: Pointer) -> int:
        frame = pointer.edge
        if self._state.snapping:
            points = self._state.extra_snap_points()
            radius = pointer.scale.frames_in(SNAP_RADIUS_PX)
            snap = find_snap(sorted(points), (frame,), radius)
            frame += snap.shift_frames if snap is not None else 0
        return frame

    def _blade_at(self, pointer: Pointer, hit: Hit) -> tuple[int, str] | None:
        if self._state.tool is not Tool.RAZOR or not isinstance(hit, OnClip):
            return None
        return self._blade_frame(pointer), "" if pointer.shift else hit.track_id

    def _cursor(self, hit: Hit) -> Qt.CursorShape:
        tool, shape = self._state.tool, Qt.CursorShape.ArrowCursor
        match hit:
            case _ if tool is Tool.HAND:
                shape = Qt.CursorShape.OpenHandCursor
            case OnClip() if tool is Tool.RAZOR:
                shape = Qt.CursorShape.SplitHCursor
            case OnClip(part=Part.LEFT_EDGE | Part.RIGHT_EDGE):
                shape = Qt.CursorShape.SizeHorCursor
            case OnClip(part=Part.FADE_IN | Part.FADE_OUT) if tool is Tool.SELECT:
                shape = Qt.CursorShape.PointingHandCursor
            case OnClip() if tool in (Tool.SLIP, Tool.SLIDE):
                shape = Qt.CursorShape.SizeHorCursor
            case OnTransition(edge=edge) if edge:
                shape = Qt.CursorShape.SizeHorCursor
            case _:
                pass  # nothing to take hold of
        return shape


def _clips_in_band(state: TimelineState, sequence: Sequence, band: QRectF) -> frozenset[str]:
    """Every clip that a rectangle of the content touches."""
    first = state.scale.frame_at(band.left())
    last = state.scale.frame_at(band.right()) + 1
    found: set[str] = set()
    for row in state.rows:
        if row.bottom > band.top() and row.top < band.bottom():
            track = track_of(sequence, row.track_id)
            found.update(clip.id for _start, clip in clips_between(track, first, last))
    return frozenset(found)
