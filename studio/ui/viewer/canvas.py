"""The picture itself: fitted or at true size, on black, with what is drawn over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.document.affine import Point
from studio.ui.keyboard import give_keys_back
from studio.ui.theme import colour, ui_font
from studio.ui.viewer.frame_lines import FrameLine, paint_frame_lines

ZOOMS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)


class PressHandler(Protocol):
    """Who else wants to know of presses on the picture, such as the start of a drag."""

    def press(self, event: QMouseEvent) -> None: ...
    def move(self, event: QMouseEvent) -> None: ...
    def release(self) -> None: ...


class PictureHand(Protocol):
    """Who may take hold of what is in the picture; true says that an event was theirs."""

    def press(self, event: QMouseEvent) -> bool: ...
    def move(self, event: QMouseEvent) -> bool: ...
    def release(self, event: QMouseEvent) -> bool: ...
    def double_click(self, event: QMouseEvent) -> bool: ...
    def key(self, event: QKeyEvent) -> bool: ...
    def claims(self, event: QKeyEvent) -> bool: ...
    def leave(self) -> None: ...


class PictureCanvas(QWidget):
    """Shows one image of a given frame size; an image of another size is scaled to it.

    `zoom` is None to fit, else display pixels per picture pixel; a fitted picture keeps
    `margin_px` clear of the edge. Dragging pans a zoomed picture, unless the hand takes hold of
    something in it. What `overlays` draw lies over the picture, in order. `pointed` carries the
    pixel of the frame under the pointer, None once it has left.
    """

    zoom_changed = Signal()
    painted = Signal()
    double_clicked = Signal()
    pointed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.image: QImage | None = None
        self.frame_size = (1920, 1080)
        self.zoom: float | None = None
        self.margin_px = 0
        self.lines: frozenset[FrameLine] = frozenset()
        self.message = ""
        self.press_handler: PressHandler | None = None
        self.overlays: list[Callable[[QPainter], object]] = []
        self._hand: PictureHand | None = None
        self._offset = QPointF()
        self._grabbed: QPoint | None = None
        self.setMouseTracking(True)

    def take_hand(self, hand: PictureHand) -> None:
        """Let somebody take hold of what is in the picture."""
        self._hand = hand

    def show_image(self, image: QImage) -> None:
        """Show a new picture."""
        self.image = image
        self.update()

    def clear(self, message: str = "") -> None:
        """Show nothing, with an optional word why."""
        self.image = None
        self.message = message
        self.update()

    def set_frame_size(self, width: int, height: int) -> None:
        """Say how large a frame is, whatever size its images come in."""
        if (width, height) != self.frame_size:
            self.frame_size = (width, height)
            self.update()

    def set_zoom(self, zoom: float | None) -> None:
        """Fit (None) or a scale, with the picture centred again."""
        self.zoom = zoom
        self._offset = QPointF()
        self.zoom_changed.emit()
        self.update()

    def set_margin(self, margin_px: int) -> None:
        """Keep a fitted picture clear of the edge."""
        if margin_px != self.margin_px:
            self.margin_px = margin_px
            self.zoom_changed.emit()
            self.update()

    def set_lines(self, lines: frozenset[FrameLine]) -> None:
        """Choose the lines that are drawn over the picture."""
        self.lines = lines
        self.update()

    def picture_rect(self) -> QRectF:
        """Where the frame lies in the widget, in logical pixels."""
        width, height = self.frame_size
        scale = self.scale
        size = QSizeF(width * scale, height * scale)
        middle = QPointF(self.width() / 2, self.height() / 2) + self._offset
        return QRectF(middle - QPointF(size.width() / 2, size.height() / 2), size)

    @property
    def scale(self) -> float:
        """Logical pixels per pixel of the frame."""
        return self.zoom if self.zoom is not None else self._fit_scale()

    def to_frame(self, place: QPointF) -> Point:
        """The pixel of the frame, with fraction, under a place of the widget."""
        local = (place - self.picture_rect().topLeft()) / self.scale
        return local.x(), local.y()

    def from_frame(self, point: Point) -> QPointF:
        """The place of the widget where a pixel of the frame lies."""
        return self.picture_rect().topLeft() + QPointF(*point) * self.scale

    def wanted_pixels(self) -> tuple[int, int]:
        """The size at which a frame should be rendered: as shown, never more than the frame."""
        width, height = self.frame_size
        shown = self.picture_rect().width() * self.devicePixelRatioF()
        share = min(1.0, max(shown / width, 0.05))
        return _even(width * share), _even(height * share)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(0, 0, 0))
        target = self.picture_rect()
        if self.image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.zoom != 1.0)
            painter.drawImage(target, self.image)
        else:
            painter.fillRect(target, QColor(9, 9, 10))
        if self.message:
            painter.setFont(ui_font(12))
            painter.setPen(colour("dim"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(target.adjusted(20, 10, -20, -10), flags, self.message)
        paint_frame_lines(painter, self.lines, target)
        for overlay in self.overlays:
            overlay(painter)
        painter.end()
        self.painted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        now = self.scale
        steps = [z for z in ZOOMS if z > now * 1.01] if event.angleDelta().y() > 0 else None
        if steps is None:
            steps = [z for z in reversed(ZOOMS) if z < now * 0.99]
        if steps:
            self.set_zoom(steps[0])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._hand is not None and self._hand.press(event):
            return
        give_keys_back(self)
        pans = self.zoom is not None and event.button() == Qt.MouseButton.LeftButton
        if pans or event.button() == Qt.MouseButton.MiddleButton:
            self._grabbed = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self.press_handler is not None:
            self.press_handler.press(event)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointed.emit(self.to_frame(event.position()))
        if self._grabbed is None:
            if self._hand is not None and self._hand.move(event):
                return
            if self.press_handler is not None:
                self.press_handler.move(event)
        else:
            here = event.position().toPoint()
            self._offset += QPointF(here - self._grabbed)
            self._grabbed = here
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._hand is not None and self._hand.release(event):
            return
        self._grabbed = None
        if self.press_handler is not None:
            self.press_handler.release()
        self.unsetCursor()
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._hand is not None and self._hand.double_click(event):
            return
        self.double_clicked.emit()

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        if self._hand is not None:
            self._hand.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._hand is None or not self._hand.key(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self._hand is None or not self._hand.key(event):
            super().keyReleaseEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keys that the hand has a use for are no shortcuts while it has the keyboard."""
        override = event.type() == QEvent.Type.ShortcutOverride
        hand = self._hand
        if override and isinstance(event, QKeyEvent) and hand is not None and hand.claims(event):
            event.accept()
            return True
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()  # handles look otherwise while they have the keyboard
        return super().event(event)

    def _fit_scale(self) -> float:
        width, height = self.frame_size
        room = 2 * self.margin_px
        return min((self.width() - room) / width, (self.height() - room) / height)


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)
