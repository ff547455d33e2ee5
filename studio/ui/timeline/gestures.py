"""Gestures: a drag from press to release, shown while it lasts and one named edit when it ends.

A gesture works out the edit that the pointer asks for and shows the project it would give. What
the verbs refuse is never shown; the last good state stays, and the reason is the hint.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from PySide6.QtCore import QRectF

from studio.document.errors import EditError
from studio.document.model.project import Project
from studio.document.queries.limits import Limits
from studio.document.queries.trimming import Watched
from studio.ui.timeline.pointer import Pointer
from studio.ui.timeline.snapping import SNAP_RADIUS_PX, find_snap
from studio.ui.timeline.state import TimelineState

Edit: TypeAlias = Callable[[Project], Project]
DRAG_PX = 4.0


class Gesture(Protocol):
    """One drag. `cancel` leaves everything as it was."""

    def move(self, pointer: Pointer) -> None: ...
    def finish(self, pointer: Pointer) -> None: ...
    def cancel(self) -> None: ...


class EditGesture:
    """The drag of an edge, a cut or a clip by a number of frames, within limits.

    `verb` gives the edit for a shift; `edges` are the frames that snap; `limits` what the
    document allows. `words` turn a shift into the hint by the pointer, and `watched` are the
    pictures that tell where to stop.
    """

    def __init__(
        self,
        state: TimelineState,
        pressed: Pointer,
        name: str,
        verb: Callable[[int], Edit],
        *,
        edges: tuple[int, ...] = (),
        limits: Limits = Limits(None, None),  # noqa: B008
        points: tuple[int, ...] = (),
        words: Callable[[int], str] = str,
        watched: Watched | None = None,
    ) -> None:
        self._state = state
        self._pressed = pressed
        self._name = name
        self._verb = verb
        self._edges = edges
        self._limits = limits
        self._points = points
        self._words = words
        self._watched = watched
        self._shift = 0
        self._started = False

    def move(self, pointer: Pointer) -> None:
        """Follow the pointer once it has left the spot where it was pressed."""
        if not self._started and pointer.scale.width_of(self._travel(pointer)) < DRAG_PX:
            return
        self._started = True
        self._state.watch(self._watched)
        shift, guide = self._wanted(pointer)
        if shift == self._shift:
            self._state.show_guides((guide,) if guide is not None else ())
            return
        try:
            self._state.preview(self._verb(shift) if shift else None)
        except EditError as refusal:
            self._state.show_hint(str(refusal), refused=True)
            return
        self._shift = shift
        self._state.show_guides((guide,) if guide is not None else ())
        self._state.show_hint(self._words(shift))

    def finish(self, pointer: Pointer) -> None:
        """Make the edit that is shown."""
        shift = self._shift
        self.cancel()
        if shift:
            self._state.session.apply(self._name, self._verb(shift))

    def cancel(self) -> None:
        """Forget it."""
        self._state.clear_gesture()

    def _travel(self, pointer: Pointer) -> float:
        return abs(pointer.time - self._pressed.time)

    def _wanted(self, pointer: Pointer) -> tuple[int, int | None]:
        """The shift asked for, and the frame of the guide when it snapped."""
        shift = round(pointer.time - self._pressed.time)
        guide: int | None = None
        if self._state.snapping and not pointer.alt:
            radius = pointer.scale.frames_in(SNAP_RADIUS_PX)
            snap = find_snap(self._points, (edge + shift for edge in self._edges), radius)
            if snap is not None:
                shift, guide = shift + snap.shift_frames, snap.guide_frame
        clamped = self._limits.clamp(shift)
        return clamped, guide if clamped == shift else None


class RubberBand:
    """Selects every clip that a rectangle touches; with Shift or Ctrl it adds to the selection."""

    def __init__(
        self,
        state: TimelineState,
        pressed: Pointer,
        choose: Callable[[QRectF, bool], object],
    ) -> None:
        self._state = state
        self._pressed = pressed
        self._choose = choose

    def move(self, pointer: Pointer) -> None:
        """Draw the band and select what it touches."""
        band = _between(self._pressed, pointer)
        self._state.show_band(band)
        self._choose(band, pointer.shift or pointer.control)

    def finish(self, pointer: Pointer) -> None:
        """Keep what is selected."""
        band = _between(self._pressed, pointer)
        self._choose(band, pointer.shift or pointer.control)
        self._state.clear_gesture()

    def cancel(self) -> None:
        """Take the band away."""
        self._state.clear_gesture()


class PanGesture:
    """Drags the view itself."""

    def __init__(self, state: TimelineState, pressed: Pointer) -> None:
        self._state = state
        self._pressed = pressed
        self._scale = state.scale
        self._scroll_y = state.scroll_y

    def move(self, pointer: Pointer) -> None:
        """Follow the hand."""
        frames = self._scale.frames_in(pointer.x - self._pressed.x)
        self._state.set_scale(self._scale.scrolled_to(self._scale.origin_frame - frames))
        drift = (pointer.y - self._state.scroll_y) - (self._pressed.y - self._scroll_y)
        self._state.set_scroll_y(self._scroll_y - drift)

    def finish(self, pointer: Pointer) -> None:
        """Stay there."""

    def cancel(self) -> None:
        """Go back."""
        self._state.set_scale(self._scale)
        self._state.set_scroll_y(self._scroll_y)


def _between(first: Pointer, second: Pointer) -> QRectF:
    left, right = sorted((second.scale.x_of(first.time), second.x))
    top, bottom = sorted((first.y, second.y))
    return QRectF(left, top, right - left, bottom - top)
