"""Points drawn with the mouse: a tone curve from dark to light, or the outline of a mask.

A click adds a point, a drag moves one, a double click takes one away. `changed` carries the points
as text, once, when the mouse lets go.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TypeAlias

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.document.catalogue.entry import parse_points
from studio.ui.theme import colour

Points: TypeAlias = list[tuple[float, float]]

TONE_PX = 104
OUTLINE_PX = 150
MARGIN_PX = 7.0
REACH_PX = 9.0
HANDLE_SHARE = 1 / 6
"""A new corner's handles reach this far towards its neighbours."""


class PointsPad(QWidget):
    """What both kinds share: points to take hold of, in a square from (0, 0) to (1, 1)."""

    changed = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.points: Points = []
        self._held: int | None = None
        self._before: Points = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.setToolTip("Click to add a point, drag to move, double-click to remove")
        self.setCursor(Qt.CursorShape.CrossCursor)

    def show_points(self, text: str) -> None:
        """Show points, unless one is being dragged."""
        if self._held is None:
            self.points = list(parse_points(text) or ())
            self.update()

    def place(self, point: tuple[float, float]) -> QPointF:
        """The pixel of a point."""
        area = self._area()
        return QPointF(
            area.left() + point[0] * area.width(), area.top() + self._down(point[1]) * area.height()
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("border"), 1))
        painter.setBrush(colour("field"))
        painter.drawRoundedRect(self._area().adjusted(-4, -4, 4, 4), 4, 4)
        self._paint(painter)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._before = list(self.points)
        self._held = self._nearest(event.position())
        if self._held is None:
            self._held = self._add(self._point(event.position()))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._drag(self._held, self._point(event.position()))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._held = None
            self._tell()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self._nearest(event.position())
        if found is not None:
            self._before = list(self.points)
            self._remove(found)
            self._tell()
            self.update()

    def _tell(self) -> None:
        if self.points != self._before:
            self.changed.emit(" ".join(f"{x:.4g},{y:.4g}" for x, y in self.points))

    def _area(self) -> QRectF:
        edge = MARGIN_PX
        return QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)

    def _point(self, where: QPointF) -> tuple[float, float]:
        area = self._area()
        x = (where.x() - area.left()) / area.width()
        y = self._down((where.y() - area.top()) / area.height())
        return min(max(0.0, x), 1.0), min(max(0.0, y), 1.0)

    def _nearest(self, where: QPointF) -> int | None:
        gaps = [(self.place(point) - where) for point in self.points]
        near = [(abs(gap.x()) + abs(gap.y()), number) for number, gap in enumerate(gaps)]
        distance, number = min(near, default=(REACH_PX + 1, 0))
        return number if distance <= REACH_PX else None

    def _dot(self, painter: QPainter, place: QPointF, size: float, tint: QColor) -> None:
        painter.setPen(QPen(colour("window"), 1))
        painter.setBrush(tint)
        painter.drawEllipse(place, size, size)

    @abstractmethod
    def _down(self, y: float) -> float:
        """A point's y as a share of the way down, and back."""

    @abstractmethod
    def _paint(self, painter: QPainter) -> None:
        """Draw the shape and its points."""

    @abstractmethod
    def _add(self, point: tuple[float, float]) -> int:
        """Put a point where there is none; -> its number."""

    @abstractmethod
    def _drag(self, number: int, point: tuple[float, float]) -> None:
        """Put a point elsewhere."""

    @abstractmethod
    def _remove(self, number: int) -> None:
        """Take a point away, where the shape can do without."""


class TonePad(PointsPad):
    """A curve over the tones, dark at the left; it is drawn as the picture is graded by it."""

    def __init__(self, name: str, tint: QColor) -> None:
        super().__init__(name)
        self._tint = tint
        self.setFixedHeight(TONE_PX)

    def sizeHint(self) -> QSize:
        return QSize(120, TONE_PX)

    def show_points(self, text: str) -> None:
        super().show_points(text)
        if self._held is None:
            self.points.sort()

    def _down(self, y: float) -> float:
        return 1.0 - y

    def _paint(self, painter: QPainter) -> None:
        from studio.media.compositor.effects.colour import curve_table  # brings OpenCV along

        painter.setPen(QPen(colour("border"), 1))
        for share in (0.25, 0.5, 0.75):
            painter.drawLine(self.place((share, 0)), self.place((share, 1)))
            painter.drawLine(self.place((0, share)), self.place((1, share)))
        text = " ".join(f"{x},{y}" for x, y in self.points)
        table = curve_table(text)
        steps = len(table) - 1
        path = QPainterPath(self.place((0.0, float(table[0]))))
        for step in range(1, steps + 1):
            path.lineTo(self.place((step / steps, float(table[step]))))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._tint, 1.6))
        painter.drawPath(path)
        for point in self.points:
            self._dot(painter, self.place(point), 4, colour("text"))

    def _add(self, point: tuple[float, float]) -> int:
        self.points = sorted([*self.points, point])
        return self.points.index(point)

    def _drag(self, number: int, point: tuple[float, float]) -> None:
        """Points keep their order, a hair apart."""
        low = self.points[number - 1][0] + 0.005 if number else 0.0
        high = self.points[number + 1][0] - 0.005 if number + 1 < len(self.points) else 1.0
        self.points[number] = (min(max(low, point[0]), max(low, high)), point[1])

    def _remove(self, number: int) -> None:
        if len(self.points) > 2:
            del self.points[number]


class OutlinePad(PointsPad):
    """A closed outline over the frame: for each corner its point and its two handles."""

    def __init__(self, name: str, frame_shape: float) -> None:
        """`frame_shape` is the frame's width over its height."""
        super().__init__(name)
        self._frame_shape = frame_shape
        self.setFixedHeight(OUTLINE_PX)

    def show_shape(self, frame_shape: float) -> None:
        """Draw over a frame of another shape."""
        if frame_shape != self._frame_shape:
            self._frame_shape = frame_shape
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, OUTLINE_PX)

    def _area(self) -> QRectF:
        """The frame, as large as there is room for."""
        room = super()._area()
        width = min(room.width(), room.height() * self._frame_shape)
        frame = QRectF(0, 0, width, width / self._frame_shape)
        frame.moveCenter(room.center())
        return frame

    def _down(self, y: float) -> float:
        return y

    def _paint(self, painter: QPainter) -> None:
        corners = len(self.points) // 3
        if not corners:
            painter.setPen(colour("dim"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Click to set corners")
            return
        painter.setPen(QPen(colour("accent"), 1.4))
        painter.setBrush(colour("accent", 40) if corners > 1 else Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path(corners))
        for corner in range(corners):
            middle = self.place(self.points[corner * 3])
            for handle in (corner * 3 + 1, corner * 3 + 2):
                place = self.place(self.points[handle])
                painter.setPen(QPen(colour("dim"), 1))
                painter.drawLine(middle, place)
                self._dot(painter, place, 3, colour("dim"))
            self._dot(painter, middle, 4, colour("text"))

    def _path(self, corners: int) -> QPainterPath:
        path = QPainterPath(self.place(self.points[0]))
        for corner in range(corners):
            following = (corner + 1) % corners * 3
            path.cubicTo(
                self.place(self.points[corner * 3 + 2]),
                self.place(self.points[following + 1]),
                self.place(self.points[following]),
            )
        return path

    def _add(self, point: tuple[float, float]) -> int:
        """A new corner between the two it lies nearest to, eased towards both."""
        corners = [self.points[at] for at in range(0, len(self.points), 3)]
        detours = [
            _apart(one, point) + _apart(point, corners[(at + 1) % len(corners)])
            - _apart(one, corners[(at + 1) % len(corners)])
            for at, one in enumerate(corners)
        ]  # fmt: skip
        after = detours.index(min(detours)) if len(corners) > 2 else len(corners) - 1
        before = corners[after] if corners else point
        behind = corners[(after + 1) % len(corners)] if corners else point
        reach = (
            (behind[0] - before[0]) * HANDLE_SHARE,
            (behind[1] - before[1]) * HANDLE_SHARE,
        )
        arriving = (point[0] - reach[0], point[1] - reach[1])
        leaving = (point[0] + reach[0], point[1] + reach[1])
        at = (after + 1) * 3
        self.points[at:at] = [point, arriving, leaving]
        return at

    def _drag(self, number: int, point: tuple[float, float]) -> None:
        """A corner takes its handles along; a handle moves alone."""
        if number % 3:
            self.points[number] = point
            return
        old = self.points[number]
        for each in (number, number + 1, number + 2):
            x, y = self.points[each]
            self.points[each] = (x + point[0] - old[0], y + point[1] - old[1])

    def _remove(self, number: int) -> None:
        first = number - number % 3
        del self.points[first : first + 3]


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5
