"""Typing in the picture: a title's text changed where it stands, in its own letters.

The compositor draws the text while it is typed; over it lie a cursor and what is selected. What
is typed goes through a field that nobody sees, so that every key, the clipboard, undo and input
methods do what they do in any field. Ctrl+Return or a click elsewhere makes one edit of it,
Escape gives it up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPen, QPolygonF, QTextCursor
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from studio.document.affine import Affine, Point
from studio.document.edits.titles import set_title_text
from studio.document.model.clip import TitleMedia
from studio.document.model.project import Project
from studio.document.model.title import TextBlock
from studio.document.queries.places import find_clip
from studio.session.session import Session
from studio.ui.keyboard import give_keys_back
from studio.ui.theme import colour
from studio.ui.viewer.canvas import PictureCanvas

if TYPE_CHECKING:
    from studio.media.compositor.text import CaretPlace

BLINK_MS = 530
LINE_KEYS: dict[int, tuple[bool, int]] = {
    Qt.Key.Key_Up: (True, -1),
    Qt.Key.Key_Down: (True, 1),
    Qt.Key.Key_Home: (False, 0),
    Qt.Key.Key_End: (False, -1),
}
"""Keys that mean a line as it is drawn, which the field does not know."""
ROOM_SHARE = 0.35
"""Of a line's height: how far beside the text a click still means the text."""


class HiddenField(QPlainTextEdit):
    """Takes the keys. `finish` is told that typing is over, and whether it is to be kept."""

    def __init__(self, parent: QWidget, finish: Callable[[bool], object]) -> None:
        super().__init__(parent)
        self._finish = finish
        self.step_line: Callable[[int, bool], object] = lambda _step, _select: None
        self.go_to_end: Callable[[int, bool], object] = lambda _end, _select: None
        self.setFixedSize(1, 1)
        self.setStyleSheet("background: transparent; border: 0; color: transparent;")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleName("Title text")
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self._finish(False)
        elif control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish(True)
        elif event.key() in LINE_KEYS and not control:
            up_or_down, way = LINE_KEYS[event.key()]
            go = self.step_line if up_or_down else self.go_to_end
            go(way, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keys that end the typing are not the window's while it lasts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
            if event.key() in keys:
                event.accept()
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._finish(True)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is typed in: a block of a title, as it was, and where the title lies in the frame."""

    clip_id: str
    place: int
    block: TextBlock
    frame: tuple[int, int]
    map: Affine


class TextInPlace(QObject):
    """Owned by the hand in the picture, which passes presses on while `active`."""

    def __init__(
        self,
        session: Session,
        canvas: PictureCanvas,
        show: Callable[[Project | None], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._canvas = canvas
        self._show = show
        self._work: _Work | None = None
        self._lit = True
        self._selecting = False
        self.field = HiddenField(canvas, self.finish)
        self.field.step_line = self._step_line
        self.field.go_to_end = self._go_to_end
        self.field.textChanged.connect(self._typed)
        self.field.cursorPositionChanged.connect(self._moved)
        self.field.selectionChanged.connect(canvas.update)
        self._blink = QTimer(self)
        self._blink.setInterval(max(200, QApplication.cursorFlashTime() // 2 or BLINK_MS))
        self._blink.timeout.connect(self._flash)
        session.selection.changed.connect(lambda: self.finish(True))
        session.transport.moved.connect(lambda _frame: self.finish(True))
        session.transport.state_changed.connect(lambda: self.finish(True))

    @property
    def active(self) -> bool:
        return self._work is not None

    def begin(self, clip_id: str, place: int, frame: tuple[int, int], onto: Affine) -> None:
        """Type in a block of a title, all of it selected, as after a double click."""
        clip = find_clip(self._session.project, clip_id)
        assert clip is not None
        assert isinstance(clip.media, TitleMedia)
        self._work = _Work(clip_id, place, clip.media.title.blocks[place], frame, onto)
        self.field.blockSignals(True)
        self.field.setPlainText(self._work.block.text)
        self.field.selectAll()
        self.field.blockSignals(False)
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._blink.start()
        self._moved()

    def finish(self, keep: bool) -> None:
        """Stop typing, and make the edit unless it is not to be kept."""
        work, self._work = self._work, None
        if work is None:
            return
        self._blink.stop()
        text, keyed = self.field.toPlainText(), self.field.hasFocus()
        self.field.hide()
        edit = partial(set_title_text, clip_id=work.clip_id, block=work.place, text=text)
        if keep and text != work.block.text:
            self._session.apply("Change title text", edit)
        self._show(None)
        self._canvas.update()
        if keyed:  # not when another field was clicked, which has the keyboard now
            give_keys_back(self._canvas)

    def press(self, point: Point) -> bool:
        """Put the cursor where the text was pressed; elsewhere it ends the typing."""
        if not self._holds(point):
            self.finish(True)
            return False
        self._selecting = True
        self._put(self._nearest(point), select=False)
        return True

    def drag(self, point: Point) -> None:
        """Select up to where the pointer is."""
        if self._selecting:
            self._put(self._nearest(point), select=True)

    def let_go(self) -> None:
        """The pointer was let go."""
        self._selecting = False

    def select_word(self, point: Point) -> None:
        """A double click selects a word."""
        self._put(self._nearest(point), select=False)
        cursor = self.field.textCursor()
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        self.field.setTextCursor(cursor)

    def paint(self, painter: QPainter) -> None:
        """Draw what is selected, and the cursor."""
        if self._work is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places, cursor = self._places(), self.field.textCursor()
        first, last = self._letters(cursor.selectionStart()), self._letters(cursor.selectionEnd())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent", 110))
        for _, line in groupby(places[first : last + 1], key=lambda each: each.top):
            row = tuple(line)
            painter.drawPolygon(self._quad(row[0], row[-1]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        place = places[self._letters(cursor.position())]
        if self._lit:
            ends = [self._on_widget((place.x, y)) for y in (place.top, place.bottom)]
            for width, tint in ((4.0, colour("window")), (2.0, colour("accent"))):
                painter.setPen(QPen(tint, width))
                painter.drawLine(*ends)

    def _quad(self, left: CaretPlace, right: CaretPlace) -> QPolygonF:
        corners = ((left.x, left.top), (right.x, left.top), (right.x, left.bottom))
        return QPolygonF([self._on_widget(each) for each in (*corners, (left.x, left.bottom))])

    def _on_widget(self, point: Point) -> QPointF:
        assert self._work is not None
        return self._canvas.from_frame(self._work.map(point))

    def _places(self) -> tuple[CaretPlace, ...]:
        from studio.media.compositor.text import caret_places  # a window opens without it

        assert self._work is not None
        block = replace(self._work.block, text=self.field.toPlainText())
        return caret_places(block, self._work.frame)

    def _holds(self, point: Point) -> bool:
        assert self._work is not None
        x, y = self._work.map.inverse()(point)
        places = self._places()
        room = (places[0].bottom - places[0].top) * ROOM_SHARE
        across = min(p.x for p in places) - room <= x <= max(p.x for p in places) + room
        return across and places[0].top - room <= y <= places[-1].bottom + room

    def _nearest(self, point: Point) -> int:
        """The place in the text nearest to a point of the frame: its line first."""
        assert self._work is not None
        x, y = self._work.map.inverse()(point)
        gaps = [
            (max(place.top - y, y - place.bottom, 0.0), abs(place.x - x), number)
            for number, place in enumerate(self._places())
        ]
        return min(gaps)[2]

    def _step_line(self, step: int, select: bool) -> None:
        """Up or down by a line as it is drawn."""
        assert self._work is not None
        places = self._places()
        here = places[self._letters(self.field.textCursor().position())]
        height = here.bottom - here.top
        there = here.x, (here.top + here.bottom) / 2 + step * height
        self._put(self._nearest(self._work.map(there)), select=select)

    def _go_to_end(self, end: int, select: bool) -> None:
        """To the first (0) or the last (-1) place of a line as it is drawn."""
        places = self._places()
        here = places[self._letters(self.field.textCursor().position())]
        line = [number for number, place in enumerate(places) if place.top == here.top]
        self._put(line[end], select=select)

    def _letters(self, position: int) -> int:
        """How many letters lie before a position of the field, which counts UTF-16 units."""
        units = self.field.toPlainText().encode("utf-16-le")
        return len(units[: 2 * position].decode("utf-16-le", "ignore"))

    def _put(self, place: int, *, select: bool) -> None:
        cursor = self.field.textCursor()
        mode = QTextCursor.MoveMode.KeepAnchor if select else QTextCursor.MoveMode.MoveAnchor
        before = self.field.toPlainText()[:place]
        cursor.setPosition(len(before.encode("utf-16-le")) // 2, mode)
        self.field.setTextCursor(cursor)

    def _typed(self) -> None:
        work = self._work
        if work is None:
            return
        text = self.field.toPlainText()
        clip = find_clip(self._session.project, work.clip_id)
        if clip is None:
            self.finish(False)
            return
        edit = partial(set_title_text, clip_id=work.clip_id, block=work.place, text=text)
        self._show(edit(self._session.project))
        self._moved()

    def _moved(self) -> None:
        """The cursor stands elsewhere: it is seen at once, and input methods open beside it."""
        if self._work is None:
            return
        place = self._places()[self._letters(self.field.textCursor().position())]
        self.field.move(self._on_widget((place.x, place.bottom)).toPoint())
        self._lit = True
        self._canvas.update()

    def _flash(self) -> None:
        self._lit = not self._lit
        self._canvas.update()
