"""A slim bar under a picture: the whole length, the marked range, and the playhead to drag."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.session.transport import Transport
from studio.ui.keyboard import give_keys_back
from studio.ui.theme import colour

EDGE_PX = 8.0


class ScrubBar(QWidget):
    """Press and drag to scrub through what a viewer shows."""

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self._transport = transport
        self.setFixedHeight(16)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Scrub bar")
        transport.moved.connect(lambda _frame: self.update())
        transport.state_changed.connect(self.update)
        transport.range_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, width = self.height() / 2, self.width() - 2 * EDGE_PX
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("border"))
        painter.drawRoundedRect(QRectF(EDGE_PX, middle - 2, width, 4), 2, 2)
        self._paint_range(painter, middle)
        if self._transport.length_frames:
            x = self._x_of(self._transport.position)
            painter.setPen(QPen(QColor(0, 0, 0, 120), 1))
            painter.setBrush(colour("playhead"))
            painter.drawEllipse(QPointF(x, middle), 5, 5)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._transport.length_frames:
            give_keys_back(self)
            self._transport.set_scrubbing(True)
            self._scrub(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._transport.scrubbing:
            self._scrub(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._transport.scrubbing:
            self._transport.set_scrubbing(False)
            self._transport.seek(self._transport.position)

    def _scrub(self, event: QMouseEvent) -> None:
        share = (event.position().x() - EDGE_PX) / max(1.0, self.width() - 2 * EDGE_PX)
        last = max(0, self._transport.length_frames - 1)
        frame = round(min(1.0, max(0.0, share)) * last)
        if frame != self._transport.position:
            self._transport.seek(frame)

    def _x_of(self, frame: int) -> float:
        last = max(1, self._transport.length_frames - 1)
        share = min(1.0, frame / last)
        return EDGE_PX + share * (self.width() - 2 * EDGE_PX)

    def _paint_range(self, painter: QPainter, middle: float) -> None:
        transport = self._transport
        if transport.in_frame is None and transport.out_frame is None:
            return
        start, end = transport.range_frames
        left, right = self._x_of(start), self._x_of(end)
        painter.setBrush(colour("info", 200))
        painter.drawRoundedRect(QRectF(left, middle - 2, max(2.0, right - left), 4), 2, 2)
