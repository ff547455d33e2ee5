"""The ruler: timecode, markers, the marked range, and the playhead's cap to drag."""

from __future__ import annotations

from enum import Enum
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from studio.document.edits.markers import move_marker
from studio.document.model.marker import Marker
from studio.document.timecode import timecode
from studio.session.transport import Transport
from studio.ui.theme import colour, numeric_font
from studio.ui.timeline.geometry import ticks
from studio.ui.timeline.scene_painter import paint_playhead
from studio.ui.timeline.state import RULER_PX, TimelineState

RANGE_PX = 5.0
HANDLE_PX = 6.0
MARKER_PX = 15.0
"""How far down the ruler its markers reach; below them, every press scrubs."""

MARKER_COLOURS = {
    "red": "#f2695c", "orange": "#f08c3c", "yellow": "#f0d04c", "green": "#5fc28b",
    "cyan": "#4cc8d8", "blue": "#64a8ff", "purple": "#a588f0", "magenta": "#e06ad0",
    "pink": "#f29cc0", "white": "#e7e9ed", "black": "#50555f",
}  # fmt: skip


class _Grip(Enum):
    PLAYHEAD = "playhead"
    IN = "in"
    OUT = "out"
    MARKER = "marker"


class Ruler(QWidget):
    """Press and drag to scrub, or to move a marker; a double click on one asks to edit it."""

    pressed = Signal()
    marker_opened = Signal(str)
    menu_wanted = Signal(QPoint, int)

    def __init__(self, state: TimelineState, transport: Transport) -> None:
        super().__init__()
        self._state = state
        self._transport = transport
        self._grip: _Grip | None = None
        self._held: Marker | None = None
        self._moved: int | None = None
        self._font = numeric_font(10)
        self.setFixedHeight(RULER_PX)
        self.setMouseTracking(True)
        self.setToolTip("")
        state.looked.connect(self.update)
        transport.moved.connect(lambda _frame: self.update())
        transport.range_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("panel"))
        self._paint_range(painter)
        self._paint_ticks(painter)
        self._paint_markers(painter)
        painter.setPen(colour("border"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        x = self._state.scale.x_of(self._transport.position)
        if -8 <= x <= self.width() + 8:
            paint_playhead(painter, x, self.height() - 2, self.height() - 1, cap=True)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        self.pressed.emit()
        if event.button() == Qt.MouseButton.RightButton:
            frame = self._state.scale.frame_at(x)
            self.menu_wanted.emit(event.globalPosition().toPoint(), max(0, frame))
            return
        self._grip = self._grip_at(x, event.position().y())
        self._moved = None
        if self._grip is _Grip.MARKER:
            self._held = self._marker_at(x)
        if self._grip is _Grip.PLAYHEAD:
            self._transport.set_scrubbing(True)
            self._scrub(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        match self._grip:
            case _Grip.PLAYHEAD:
                self._scrub(x)
            case _Grip.MARKER:
                self._moved = max(0, self._state.scale.nearest_edge(x))
                self.update()
            case _Grip.IN:
                self._transport.mark_in(max(0, self._state.scale.nearest_edge(x)))
            case _Grip.OUT:
                self._transport.mark_out(max(1, self._state.scale.nearest_edge(x)))
            case None:
                grip = self._grip_at(x, event.position().y())
                over_edge = grip in (_Grip.IN, _Grip.OUT)
                shape = Qt.CursorShape.SizeHorCursor if over_edge else Qt.CursorShape.ArrowCursor
                self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grip is _Grip.PLAYHEAD:
            self._transport.set_scrubbing(False)
            self._transport.seek(self._transport.position)
        elif self._grip is _Grip.MARKER:
            self._drop_marker()
        self._grip = None

    def _drop_marker(self) -> None:
        """A marker was let go: where it was dragged to, or, after a click, to go there."""
        marker, frame = self._held, self._moved
        self._held = self._moved = None
        if marker is None:
            return
        if frame is None or frame == marker.at:
            self._transport.seek(marker.at)
            return
        session = self._state.session
        edit = partial(move_marker, owner_id=session.sequence_id, marker_id=marker.id, at=frame)
        session.apply("Move marker", edit)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        marker = self._marker_at(event.position().x())
        if marker is not None:
            self.marker_opened.emit(marker.id)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = event.angleDelta().y() or event.angleDelta().x()
        self._state.zoom(1.0015**turns, event.position().x())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            marker = self._marker_at(event.pos().x())
            if marker is not None:
                words = "\n".join(filter(None, (marker.name, marker.note))) or "Marker"
                QToolTip.showText(event.globalPos(), words, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _scrub(self, x: float) -> None:
        frame = max(0, self._state.scale.frame_at(x))
        if frame != self._transport.position:
            self._transport.seek(frame)

    def _grip_at(self, x: float, y: float) -> _Grip:
        if y <= RANGE_PX + 3:
            for frame, grip in (
                (self._transport.in_frame, _Grip.IN),
                (self._transport.out_frame, _Grip.OUT),
            ):
                if frame is not None and abs(self._state.scale.x_of(frame) - x) <= HANDLE_PX:
                    return grip
        if y <= MARKER_PX and self._marker_at(x) is not None:
            return _Grip.MARKER
        return _Grip.PLAYHEAD

    def _marker_at(self, x: float) -> Marker | None:
        for marker in reversed(self._state.sequence.markers):
            if abs(self._state.scale.x_of(marker.at) - x) <= HANDLE_PX:
                return marker
        return None

    def _paint_range(self, painter: QPainter) -> None:
        if self._transport.in_frame is None and self._transport.out_frame is None:
            return
        start, end = self._transport.range_frames
        left, right = self._state.scale.x_of(start), self._state.scale.x_of(end)
        painter.fillRect(QRectF(left, 0, right - left, self.height()), colour("info", 30))
        painter.fillRect(QRectF(left, 0, right - left, RANGE_PX), colour("info", 170))
        for x in (left, right):
            painter.fillRect(QRectF(x - 1.5, 0, 3, RANGE_PX + 5), colour("info"))

    def _paint_ticks(self, painter: QPainter) -> None:
        sequence, height = self._state.sequence, self.height()
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        faint, dim = colour("faint", 150), colour("dim")
        for tick in ticks(self._state.scale, self.width(), sequence.rate.nominal):
            x = round(self._state.scale.x_of(tick.frame)) + 0.5
            painter.setPen(dim if tick.major else faint)
            top = height - (9 if tick.major else 5)
            painter.drawLine(QPointF(x, top), QPointF(x, height - 2))
            if tick.major:
                shown = tick.frame + sequence.start_timecode
                label = timecode(shown, sequence.rate, drop_frame=sequence.drop_frame)
                painter.drawText(QPointF(x + 4, height - 9 - metrics.descent()), label)

    def _paint_markers(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for marker in self._state.sequence.markers:
            dragged = self._held is not None and marker.id == self._held.id
            at = self._moved if dragged and self._moved is not None else marker.at
            x = self._state.scale.x_of(at)
            right = self._state.scale.x_of(at + marker.duration)
            if right < -8 or x > self.width() + 8:
                continue
            tint = QColor(MARKER_COLOURS[marker.colour.value])
            if marker.duration:
                soft = QColor(tint)
                soft.setAlpha(70)
                painter.fillRect(QRectF(x, self.height() - 8, right - x, 7), soft)
            painter.setPen(QPen(QColor(0, 0, 0, 140), 1))
            painter.setBrush(tint)
            points = [(-4.5, 3), (4.5, 3), (4.5, 10), (0, 14), (-4.5, 10)]
            painter.drawPolygon(QPolygonF([QPointF(x + 0.5 + dx, dy) for dx, dy in points]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
