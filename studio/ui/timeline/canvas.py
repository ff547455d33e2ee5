"""The timeline's canvas: paints the scene once and the playhead over it, and hears the mouse.

What a press means is decided in `tools`; what a drag does in `gestures`. The canvas knows neither
verbs nor tracks.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from studio.session.transport import Transport
from studio.ui.asset_drag import clip_taker_at
from studio.ui.timeline.pointer import Pointer
from studio.ui.timeline.scene_painter import Scene, ScenePainter, paint_playhead
from studio.ui.timeline.state import TimelineState

AUTOSCROLL_PX = 28
AUTOSCROLL_MS = 30
ZOOM_PER_DEGREE = 1.0017


class Hand(Protocol):
    """What the canvas asks when the mouse does something. `carried` is the clip being dragged."""

    @property
    def carried(self) -> str: ...

    def press(self, pointer: Pointer, button: Qt.MouseButton) -> None: ...
    def move(self, pointer: Pointer) -> None: ...
    def release(self, pointer: Pointer) -> None: ...
    def hover(self, pointer: Pointer | None) -> Qt.CursorShape: ...
    def double_click(self, pointer: Pointer) -> None: ...
    def abandon(self) -> bool: ...
    def tooltip(self, pointer: Pointer) -> str: ...
    def scene(self, area: QRectF) -> Scene: ...


class DropTarget(Protocol):
    """What the canvas asks when something is dragged over it from elsewhere."""

    def drag(self, event: QDragMoveEvent, pointer: Pointer) -> bool: ...
    def leave(self) -> None: ...
    def drop(self, event: QDropEvent, pointer: Pointer) -> bool: ...


class TimelineCanvas(QWidget):
    """Draws what the state shows; gives mouse and drops to the hand and the drop target."""

    pressed = Signal()
    scrolled = Signal()
    menu_wanted = Signal(QPoint, object)

    def __init__(
        self,
        state: TimelineState,
        transport: Transport,
        painter: ScenePainter,
        hand: Hand,
        drops: DropTarget,
    ) -> None:
        super().__init__()
        self._state = state
        self._transport = transport
        self._painter = painter
        self._hand = hand
        self._drops = drops
        self._cache: QPixmap | None = None
        self._dirty = True
        self._pressed = False
        self._last: Pointer | None = None
        self._shown_playhead = transport.position
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Timeline")
        self._autoscroll = QTimer(self)
        self._autoscroll.setInterval(AUTOSCROLL_MS)
        self._autoscroll.timeout.connect(self._scroll_on)
        state.looked.connect(self.invalidate)
        transport.moved.connect(self._playhead_moved)

    def invalidate(self) -> None:
        """What is shown has changed: paint the scene anew."""
        self._dirty = True
        self.update()

    def set_painter(self, painter: ScenePainter) -> None:
        """Use another painter, after the theme has changed."""
        self._painter = painter
        self.invalidate()

    def pointer(self, event_position: QPoint, modifiers: Qt.KeyboardModifier) -> Pointer:
        """A point of the widget in the coordinates of the timeline's content."""
        x, y = float(event_position.x()), float(event_position.y()) + self._state.scroll_y
        return Pointer(x, y, modifiers, self._state.scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._dirty or self._cache is None:
            self._render()
        painter = QPainter(self)
        assert self._cache is not None
        ratio = self._cache.devicePixelRatio()
        area = QRectF(event.rect())
        source = QRectF(area.topLeft() * ratio, area.size() * ratio)
        painter.drawPixmap(area, self._cache, source)
        self._shown_playhead = self._transport.position
        x = self._state.scale.x_of(self._shown_playhead)
        paint_playhead(painter, x, 0, self.height(), cap=False)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._state.view_width = float(event.size().width())
        self._state.view_height = float(event.size().height())
        self._state.set_scroll_y(self._state.scroll_y)
        self._cache = None
        self.scrolled.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.pressed.emit()
        pointer = self._pointer_of(event)
        if event.button() == Qt.MouseButton.RightButton:
            self._hand.press(pointer, event.button())
            self.menu_wanted.emit(event.globalPosition().toPoint(), pointer)
            return
        self._pressed = True
        self._hand.press(pointer, event.button())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._last = self._pointer_of(event)
        if self._pressed:
            self._hand.move(self._last)
            self._watch_edges(event.position().x())
        else:
            self.setCursor(self._hand.hover(self._last))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed:
            self._pressed = False
            self._autoscroll.stop()
            taker = clip_taker_at(event.globalPosition().toPoint())
            carried = self._hand.carried
            if taker is not None and carried:
                self._hand.abandon()
                taker.take_clip(carried)
            else:
                self._hand.release(self._pointer_of(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._hand.double_click(self._pointer_of(event))

    def leaveEvent(self, event: QEvent) -> None:
        if not self._pressed:
            self._hand.hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._hand.abandon():
            self._pressed = False
            self._autoscroll.stop()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        modifiers = event.modifiers()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._state.zoom(ZOOM_PER_DEGREE ** turned.y(), event.position().x())
        elif modifiers & Qt.KeyboardModifier.AltModifier:
            self._state.set_row_zoom(self._state.row_zoom * 1.0012 ** (turned.x() or turned.y()))
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._state.set_scroll_y(self._state.scroll_y - turned.y() / 2)
        else:
            self._scroll_by(-(turned.x() or turned.y()) * 0.8)
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and not self._pressed:
            words = self._hand.tooltip(self.pointer(event.pos(), Qt.KeyboardModifier.NoModifier))
            QToolTip.showText(event.globalPos(), words, self) if words else QToolTip.hideText()
            return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        pointer = self.pointer(event.position().toPoint(), event.modifiers())
        if self._drops.drag(event, pointer):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drops.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        pointer = self.pointer(event.position().toPoint(), event.modifiers())
        if self._drops.drop(event, pointer):
            event.acceptProposedAction()
            self.pressed.emit()

    def _pointer_of(self, event: QMouseEvent) -> Pointer:
        return self.pointer(event.position().toPoint(), event.modifiers())

    def _render(self) -> None:
        ratio = self.devicePixelRatioF()
        if self._cache is None or self._cache.devicePixelRatio() != ratio:
            self._cache = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
            self._cache.setDevicePixelRatio(ratio)
        painter = QPainter(self._cache)
        painter.translate(0, -self._state.scroll_y)
        area = QRectF(0, self._state.scroll_y, self.width(), self.height())
        self._painter.paint(painter, self._hand.scene(area))
        painter.end()
        self._dirty = False

    def _playhead_moved(self, frame: int) -> None:
        """Repaint two slivers, not the window."""
        for shown in (self._shown_playhead, frame):
            x = round(self._state.scale.x_of(shown))
            self.update(x - 2, 0, 5, self.height())

    def _scroll_by(self, pixels: float) -> None:
        scale = self._state.scale
        self._state.set_scale(scale.scrolled_to(scale.origin_frame + scale.frames_in(pixels)))
        self.scrolled.emit()

    def _watch_edges(self, x: float) -> None:
        outside = x < AUTOSCROLL_PX or x > self.width() - AUTOSCROLL_PX
        if outside and not self._autoscroll.isActive():
            self._autoscroll.start()
        elif not outside:
            self._autoscroll.stop()

    def _scroll_on(self) -> None:
        if self._last is None:
            return
        x = self._last.x
        over = x - AUTOSCROLL_PX if x < AUTOSCROLL_PX else x - (self.width() - AUTOSCROLL_PX)
        self._scroll_by(max(-60.0, min(60.0, over * 0.6)))
        self._last = Pointer(x, self._last.y, self._last.modifiers, self._state.scale)
        self._hand.move(self._last)
