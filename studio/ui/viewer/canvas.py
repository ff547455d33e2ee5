"""The picture itself: fitted or at true size, with safe areas, on black."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.ui.keyboard import give_keys_back
from studio.ui.theme import colour, ui_font

ZOOMS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)
ACTION_SAFE = 0.93
TITLE_SAFE = 0.90


class PressHandler(Protocol):
    """Who else wants to know of presses on the picture, such as the start of a drag."""

    def press(self, event: QMouseEvent) -> None: ...
    def move(self, event: QMouseEvent) -> None: ...
    def release(self) -> None: ...


class PictureCanvas(QWidget):
    """Shows one image of a given frame size; an image of another size is scaled to it.

    `zoom` is None to fit, else display pixels per picture pixel. Dragging pans a zoomed picture.
    """

    zoom_changed = Signal()
    painted = Signal()
    double_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.image: QImage | None = None
        self.frame_size = (1920, 1080)
        self.zoom: float | None = None
        self.safe_areas = False
        self.message = ""
        self.press_handler: PressHandler | None = None
        self._offset = QPointF()
        self._grabbed: QPoint | None = None

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

    def set_safe_areas(self, shown: bool) -> None:
        """Show or hide the action-safe and title-safe frames."""
        self.safe_areas = shown
        self.update()

    def picture_rect(self) -> QRectF:
        """Where the frame lies in the widget, in logical pixels."""
        width, height = self.frame_size
        scale = self.zoom if self.zoom is not None else self._fit_scale()
        size = QSizeF(width * scale, height * scale)
        middle = QPointF(self.width() / 2, self.height() / 2) + self._offset
        return QRectF(middle - QPointF(size.width() / 2, size.height() / 2), size)

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
        if self.safe_areas:
            self._paint_safe_areas(painter, target)
        painter.end()
        self.painted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        now = self.zoom if self.zoom is not None else self._fit_scale()
        steps = [z for z in ZOOMS if z > now * 1.01] if event.angleDelta().y() > 0 else None
        if steps is None:
            steps = [z for z in reversed(ZOOMS) if z < now * 0.99]
        if steps:
            self.set_zoom(steps[0])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        give_keys_back(self)
        pans = self.zoom is not None and event.button() == Qt.MouseButton.LeftButton
        if pans or event.button() == Qt.MouseButton.MiddleButton:
            self._grabbed = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self.press_handler is not None:
            self.press_handler.press(event)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is None and self.press_handler is not None:
            self.press_handler.move(event)
        if self._grabbed is not None:
            here = event.position().toPoint()
            self._offset += QPointF(here - self._grabbed)
            self._grabbed = here
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        if self.press_handler is not None:
            self.press_handler.release()
        self.unsetCursor()
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()

    def _fit_scale(self) -> float:
        width, height = self.frame_size
        return min(self.width() / width, self.height() / height)

    def _paint_safe_areas(self, painter: QPainter, target: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255, 120), 1))
        for share in (ACTION_SAFE, TITLE_SAFE):
            inset_x = target.width() * (1 - share) / 2
            inset_y = target.height() * (1 - share) / 2
            painter.drawRect(target.adjusted(inset_x, inset_y, -inset_x, -inset_y))
        middle = target.center()
        arm = min(target.width(), target.height()) * 0.03
        painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
        painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)
