"""The hand in the picture: handles that move, scale, turn and crop what is selected.

A drag is shown through the compositor while it lasts and is one named edit when it ends; Escape
gives it up. While the handles have the keyboard (after a press on what was selected), the arrow
keys nudge by a pixel, with Shift by ten; at any other time they are the transport's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication

from studio.document.affine import Point
from studio.document.errors import EditError
from studio.document.grips import Grip, Pull
from studio.document.guides import Guides, guides_of
from studio.document.model.clip import TitleMedia
from studio.document.model.project import Project
from studio.document.queries.places import with_linked
from studio.document.queries.stage import Pose, staged
from studio.document.title_parts import Parts
from studio.session.session import Session
from studio.ui.keyboard import give_keys_back
from studio.ui.viewer.canvas import PictureCanvas
from studio.ui.viewer.handle_painter import (
    cursor_of,
    grip_at,
    paint_guides,
    paint_hold,
    paint_words,
)
from studio.ui.viewer.holds import Hold, Outcome, PictureHold, TitleHold
from studio.ui.viewer.nudges import nudge_of
from studio.ui.viewer.taking import Handles, clip_under, hold_of, title_part_under
from studio.ui.viewer.text_in_place import TextInPlace

DRAG_PX = 4.0
SNAP_PX = 7.0
MARGIN_PX = 12
NO_GUIDES = Guides((), 0.0)
CHANGING_KEYS = (Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Control)


class Stage(Protocol):
    """What the hand needs of the viewer: its canvas, and showing what is not in the project."""

    canvas: PictureCanvas

    @property
    def on_whole_screen(self) -> bool: ...
    def preview(self, project: Project | None) -> None: ...


@dataclass(slots=True)
class _Drag:
    """A drag from its press on: what was held, where, and what it has come to."""

    hold: Hold
    grip: Grip
    pressed: QPointF
    start: Point
    here: QPointF
    begun: bool = False
    outcome: Outcome | None = None


class PictureHand(QObject):
    """`previewed` carries the project as a drag would leave it, None when there is none any more.
    A double click on a title's text types in it.
    """

    previewed = Signal(object)

    def __init__(self, session: Session, viewer: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._viewer = viewer
        self._canvas = viewer.canvas
        self.handles = Handles.OFF
        self.snapping: Callable[[], bool] = lambda: True
        self._drag: _Drag | None = None
        self._parts: tuple[str, Parts] | None = None
        self._preview: Project | None = None
        self._pressed: QPointF | None = None
        self._painted = False
        self.text = TextInPlace(session, self._canvas, self._show, self)
        self._canvas.take_hand(self)
        self._canvas.overlays.append(self._paint)
        redraw = self._canvas.update
        session.changed.connect(lambda _changes: redraw())
        session.opened.connect(self._start_afresh)
        session.selection.changed.connect(self._selected_other)
        session.transport.moved.connect(lambda _frame: self._playhead_moved())
        session.transport.state_changed.connect(self._played)

    def set_handles(self, handles: Handles) -> None:
        """Choose what the handles change."""
        self.text.finish(True)
        self.give_up()
        self.handles = handles
        self._canvas.set_margin(0 if handles is Handles.OFF else MARGIN_PX)
        self._canvas.update()

    @property
    def dragging(self) -> bool:
        return self._drag is not None

    def hold(self) -> Hold | None:
        """What the handles are on now, as it is shown."""
        session = self._session
        if self.handles is Handles.OFF or self.text.active or session.transport.playing:
            return None
        if session.read_only or self._viewer.on_whole_screen:
            return None
        project = self._preview if self._preview is not None else session.project
        held = self._parts[1] if self._parts is not None else None
        ids = session.selection.ids
        return hold_of(
            project,
            project.sequence(session.sequence_id),
            session.transport.position,
            ids,
            self.handles,
            held,
        )

    # The mouse

    def press(self, event: QMouseEvent) -> bool:
        """Take hold of a handle, or of the picture that is selected.

        Elsewhere a press is the canvas's, to drag a zoomed picture by; a click will select.
        """
        if self._drag is not None:
            return True  # another button, in the middle of a drag
        if event.button() != Qt.MouseButton.LeftButton or self._is_resting():
            return False
        if self.text.active and self.text.press(self._canvas.to_frame(event.position())):
            return True
        place, hold = event.position(), self.hold()
        grip = grip_at(hold, self._canvas.from_frame, place) if hold is not None else None
        if hold is None or grip is None:
            self._pressed = place
            return False
        self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        self._drag = _Drag(hold, grip, place, self._canvas.to_frame(place), place)
        return True

    def move(self, event: QMouseEvent) -> bool:
        """Go on with a drag, or show what a press would take hold of."""
        if self.text.active:
            self.text.drag(self._canvas.to_frame(event.position()))
            self._canvas.setCursor(Qt.CursorShape.IBeamCursor)
            return True
        if self._drag is None:
            self._hover(event.position())
            return False
        self._drag.here = event.position()
        self._follow(event.modifiers())
        return True

    def release(self, event: QMouseEvent) -> bool:
        """Make the edit that is shown; a press that went nowhere is a click."""
        drag, pressed = self._drag, self._pressed
        self._pressed = None
        self.text.let_go()
        if drag is None:
            if pressed is not None and _near(pressed, event.position()):
                self._select_at(pressed)
            return self.text.active
        if event.button() != Qt.MouseButton.LeftButton:
            return True
        drag.here = event.position()
        if drag.begun:
            self._follow(event.modifiers())
        self._drag = None
        if drag.begun:
            self._finish(drag.outcome)
        else:
            self._click(drag.pressed)
        self._hover(event.position())
        return True

    def double_click(self, event: QMouseEvent) -> bool:
        """Begin to type in the text under the pointer."""
        if event.button() != Qt.MouseButton.LeftButton or self._is_resting():
            return False
        if self.text.active:
            self.text.select_word(self._canvas.to_frame(event.position()))
            return True
        found = self._title_part_at(event.position())
        if found is None or found[1].block is None or self._session.read_only:
            return self.press(event)
        clip_id, part = found
        self._session.selection.set([clip_id])
        self._parts = (clip_id, part)
        hold = self.hold()
        if isinstance(hold, TitleHold):
            self.text.begin(clip_id, found[1].block, hold.frame, hold.map)
        return True

    def leave(self) -> None:
        """The pointer has left the picture."""
        if self._drag is None:
            self._canvas.unsetCursor()

    # The keyboard

    def claims(self, event: QKeyEvent) -> bool:
        """Arrow keys are the handles' own while they have the keyboard, Escape during a drag."""
        if event.key() == Qt.Key.Key_Escape and self._drag is not None:
            return True
        return nudge_of(event) is not None and self.hold() is not None

    def key(self, event: QKeyEvent) -> bool:
        """Nudge, give a drag up, or let it follow the keys that change what it does."""
        pressed = event.type() == event.Type.KeyPress
        if self._drag is not None:
            if event.key() == Qt.Key.Key_Escape and pressed:
                self.give_up()
                return True
            if event.key() in CHANGING_KEYS and self._drag.begun:
                self._follow(QApplication.queryKeyboardModifiers())
            return event.key() in CHANGING_KEYS
        if event.key() == Qt.Key.Key_Escape and pressed and self._parts is not None:
            self._parts = None
            self._canvas.update()
            return True
        way = nudge_of(event)
        hold = self.hold() if pressed and way is not None else None
        if hold is None or way is None:
            return False
        outcome = hold.drag(Grip.INSIDE, Pull((0.0, 0.0), way, NO_GUIDES))
        if outcome.edit is not None:
            self._session.apply(outcome.name, outcome.edit)
        return True

    def give_up(self) -> None:
        """Forget the drag and show things as they are."""
        if self._drag is not None:
            self._drag = None
            self._show(None)

    # What happens then

    def _is_resting(self) -> bool:
        away = self._session.transport.playing or self._viewer.on_whole_screen
        return self.handles is Handles.OFF or away

    def _follow(self, modifiers: Qt.KeyboardModifier) -> None:
        drag = self._drag
        assert drag is not None
        if not drag.begun and _near(drag.here, drag.pressed):
            return
        drag.begun = True
        free = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        centred = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        loose = bool(modifiers & Qt.KeyboardModifier.ControlModifier) or not self.snapping()
        guides = (
            NO_GUIDES if loose else guides_of(self._canvas.frame_size, SNAP_PX / self._canvas.scale)
        )
        now = self._canvas.to_frame(drag.here)
        outcome = drag.hold.drag(drag.grip, Pull(drag.start, now, guides, free, centred))
        try:
            shown = outcome.edit(self._session.project) if outcome.edit is not None else None
        except EditError as refusal:
            self.give_up()
            self._session.notices.warning(str(refusal), topic="edit")
            return
        drag.outcome = outcome
        self._show(shown)

    def _finish(self, outcome: Outcome | None) -> None:
        """Make the edit; the picture of the preview stays until that of the edit is there."""
        edit = outcome.edit if outcome is not None else None
        self._preview = None
        if outcome is None or edit is None or not self._session.apply(outcome.name, edit):
            self._viewer.preview(None)
        self.previewed.emit(None)
        self._canvas.update()

    def _show(self, project: Project | None) -> None:
        if project is None and self._preview is None:
            self._canvas.update()
            return
        self._preview = project
        self._viewer.preview(project)
        self.previewed.emit(project)
        self._canvas.update()

    def _click(self, place: QPointF) -> None:
        """A click on what is selected: a title's part is held, or what lies above is selected.

        A picture that was never moved gives the keys back: an arrow key after a click on the film
        is meant for the playhead.
        """
        found = self._title_part_at(place)
        if found is not None and found[0] in self._session.selection.ids:
            held = self._parts[1] if self._parts is not None else None
            self._parts = found if found[1] != held else self._parts
            self._canvas.update()
            return
        hold = self.hold()
        if isinstance(hold, PictureHold) and hold.stage.pose == Pose():
            give_keys_back(self._canvas)
        self._select_at(place)

    def _select_at(self, place: QPointF) -> None:
        """Select the uppermost picture there, if there is one."""
        session, point = self._session, self._canvas.to_frame(place)
        width, height = self._canvas.frame_size
        if not (0 <= point[0] <= width and 0 <= point[1] <= height):
            return
        layer = clip_under(session.project, session.sequence, session.transport.position, point)
        if layer is not None and layer.clip.id not in session.selection.ids:
            session.selection.set(with_linked(session.project, [layer.clip.id]))
            give_keys_back(self._canvas)

    def _title_part_at(self, place: QPointF) -> tuple[str, Parts] | None:
        """The title that is uppermost at a place, with its part there."""
        session, point = self._session, self._canvas.to_frame(place)
        layer = clip_under(session.project, session.sequence, session.transport.position, point)
        if layer is None or not isinstance(layer.clip.media, TitleMedia):
            return None
        stage = staged(session.project, session.sequence, layer.clip, layer.frame)
        part = title_part_under(layer.clip.media, stage, point)
        return (layer.clip.id, part) if part is not None else None

    def _hover(self, place: QPointF) -> None:
        hold = self.hold()
        if hold is None:
            self._canvas.unsetCursor()
            return
        onto = self._canvas.from_frame
        self._canvas.setCursor(cursor_of(hold, grip_at(hold, onto, place), onto))

    def _paint(self, painter: QPainter) -> None:
        self.text.paint(painter)
        hold = self.hold()
        self._painted = hold is not None
        if hold is None:
            return
        canvas, onto = self._canvas, self._canvas.from_frame
        paint_hold(painter, hold, onto, keyed=canvas.hasFocus())
        drag = self._drag
        if drag is not None and drag.outcome is not None:
            paint_guides(painter, drag.outcome.lines, canvas.picture_rect(), onto)
            paint_words(painter, drag.outcome.words, drag.here, QRectF(canvas.rect()))

    def _selected_other(self) -> None:
        if self._parts is not None and self._parts[0] not in self._session.selection.ids:
            self._parts = None
        self._canvas.update()

    def _playhead_moved(self) -> None:
        """Handles go along with keyframes; a picture without any is not painted for this."""
        if self._painted or self.hold() is not None:
            self._canvas.update()

    def _played(self) -> None:
        if self._session.transport.playing:
            self.give_up()
        self._canvas.update()

    def _start_afresh(self) -> None:
        self._parts = None
        self.text.finish(False)
        self.give_up()
        self._canvas.update()


def _near(one: QPointF, other: QPointF) -> bool:
    """Whether the pointer has gone too little for a drag."""
    way = one - other
    return max(abs(way.x()), abs(way.y())) < DRAG_PX
