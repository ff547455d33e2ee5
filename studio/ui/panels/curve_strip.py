"""A curve over a clip, drawn under its parameter: keyframes to drag, and how each is left.

Drag a keyframe in time and value; double-click adds one or takes it away; a right click says how
the value travels to the next. The handles of an eased keyframe are dragged too. The strip changes
nothing itself: `changed` carries the curve that was made, once, when the mouse lets go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from studio.document.keyframes import (
    moved_keyframe,
    value_at,
    with_keyframe,
    with_leave,
    without_keyframe,
)
from studio.document.model.curve import Bezier, Curve, Hold, Interpolation, Keyframe, Linear
from studio.ui.theme import colour, numeric_font

HEIGHT_PX = 76
MARGIN_PX = 9
REACH_PX = 8
KEY_PX = 4.5
LEAST_SHARE = 0.02

WAYS: tuple[tuple[str, Interpolation], ...] = (
    ("Linear", Linear()),
    ("Hold", Hold()),
    ("Smooth", Bezier(x1=0.42, y1=0.0, x2=0.58, y2=1.0)),
    ("Start slowly", Bezier(x1=0.42, y1=0.0, x2=1.0, y2=1.0)),
    ("End slowly", Bezier(x1=0.0, y1=0.0, x2=0.58, y2=1.0)),
)
"""How a keyframe may be left, in editors' words."""


@dataclass(frozen=True, slots=True)
class CurveMap:
    """Frames and values to pixels and back: `frames` wide, from `low` to `high` upwards."""

    frames: int
    low: float
    high: float
    width: float
    height: float

    def x(self, frame: float) -> float:
        """The pixel of a frame."""
        return MARGIN_PX + frame / max(1, self.frames) * (self.width - 2 * MARGIN_PX)

    def y(self, value: float) -> float:
        """The pixel of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.height - MARGIN_PX - share * (self.height - 2 * MARGIN_PX)

    def frame(self, x: float) -> int:
        """The nearest frame to a pixel."""
        return round((x - MARGIN_PX) / (self.width - 2 * MARGIN_PX) * self.frames)

    def value(self, y: float) -> float:
        """The value at a pixel."""
        share = (self.height - MARGIN_PX - y) / (self.height - 2 * MARGIN_PX)
        return self.low + share * (self.high - self.low)


@dataclass(frozen=True, slots=True)
class _Held:
    """What is being dragged: a keyframe by its frame, or one of its two handles."""

    at: int
    handle: int = 0


class CurveStrip(QWidget):
    """`changed` carries a Curve or, once its last keyframe went, a number; `jump` a frame.

    Values go from `low` to `high`; they are written times `scale`, with `unit`. Without `eased`
    the curve is straight from keyframe to keyframe.
    """

    changed = Signal(object)
    jump = Signal(int)

    def __init__(
        self,
        low: float,
        high: float,
        *,
        eased: bool = True,
        scale: float = 1.0,
        unit: str = "",
    ) -> None:
        super().__init__()
        self._bounds = (low, high)
        self._eased = eased
        self._scale, self._unit = scale, unit
        self._curve: Curve | None = None
        self._shown: Curve | None = None
        self._frames, self._frame = 1, 0
        self._held: _Held | None = None
        self._chosen: int | None = None
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Keyframes")
        self.setToolTip(
            "Drag keyframes; double-click adds or removes one"
            + ("; right-click for the way it is left" if eased else "")
        )

    def sizeHint(self) -> QSize:
        return QSize(160, HEIGHT_PX)

    def show_curve(self, curve: Curve, frame: int, frames: int) -> None:
        """Show a curve over a clip of a number of frames, with the playhead at one of them."""
        self._curve, self._frame, self._frames = curve, frame, max(1, frames)
        if self._held is None:
            self._shown = curve
        self.update()

    @property
    def map(self) -> CurveMap:
        """How the curve lies on the strip: its values and some air, within what is allowed."""
        curve = self._curve
        keys = curve.keyframes if curve is not None else ()
        values = [key.value for key in keys] or [0.0]
        low, high = min(values), max(values)
        air = max((high - low) * 0.25, (self._bounds[1] - self._bounds[0]) * LEAST_SHARE, 1e-6)
        low, high = max(self._bounds[0], low - air), min(self._bounds[1], high + air)
        return CurveMap(self._frames, low, high, self.width(), self.height())

    def point_of(self, at: int) -> QPoint:
        """The pixel of the keyframe at a frame."""
        curve = self._shown
        assert curve is not None
        return QPointF(self.map.x(at), self.map.y(value_at(curve, at))).toPoint()

    def menu_for(self, at: int) -> QMenu:
        """What can be done with the keyframe at a frame."""
        menu = QMenu(self)
        key = self._key(at)
        if self._eased and key is not None:
            for words, way in WAYS:
                action = menu.addAction(words, lambda way=way: self._leave(at, way))
                action.setCheckable(True)
                action.setChecked(key.leave == way)
            menu.addSeparator()
        menu.addAction("Remove keyframe", lambda: self._remove(at))
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("border"), 1))
        painter.setBrush(colour("field"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if self._shown is not None:
            self._paint_curve(painter, self._shown, self.map)
        painter.end()

    def _paint_curve(self, painter: QPainter, curve: Curve, view: CurveMap) -> None:
        if 0 <= self._frame <= self._frames:
            painter.setPen(QPen(colour("playhead"), 1))
            x = view.x(self._frame)
            painter.drawLine(QPointF(x, 2), QPointF(x, self.height() - 2))
        painter.setPen(QPen(colour("accent"), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path(curve, view))
        for key in curve.keyframes:
            if key.at == self._chosen:
                self._paint_handles(painter, key, view)
            self._paint_key(painter, key, view)
        if self._held is not None and not self._held.handle and self._chosen is not None:
            self._paint_value(painter, self._chosen, value_at(curve, self._chosen), view)

    def _paint_value(self, painter: QPainter, at: int, value: float, view: CurveMap) -> None:
        """The value that is being dragged, beside its keyframe and away from the nearer edge."""
        painter.setFont(numeric_font(11))
        painter.setPen(colour("text"))
        words = f"{value * self._scale:.4g}{self._unit}"
        width = painter.fontMetrics().horizontalAdvance(words)
        x = view.x(at)
        left = x + 9 if x + 9 + width < self.width() - 4 else x - 9 - width
        y = min(max(14.0, view.y(value) + 4), self.height() - 5.0)
        painter.drawText(QPointF(left, y), words)

    def _path(self, curve: Curve, view: CurveMap) -> QPainterPath:
        path = QPainterPath(QPointF(view.x(0), view.y(value_at(curve, 0))))
        left, right = int(view.x(0)), int(view.x(self._frames))
        for x in range(left + 1, right + 1):
            frame = (x - MARGIN_PX) / (view.width - 2 * MARGIN_PX) * self._frames
            path.lineTo(QPointF(x, view.y(value_at(curve, frame))))
        return path

    def _paint_key(self, painter: QPainter, key: Keyframe, view: CurveMap) -> None:
        at = QPointF(view.x(key.at), view.y(key.value))
        painter.setPen(QPen(colour("window"), 1))
        painter.setBrush(colour("text" if key.at == self._chosen else "accent"))
        match key.leave:
            case Hold():
                painter.drawRect(QRectF(at.x() - 4, at.y() - 4, 8, 8))
            case Bezier():
                painter.drawEllipse(at, KEY_PX, KEY_PX)
            case _:
                corners = ((0, -KEY_PX), (KEY_PX, 0), (0, KEY_PX), (-KEY_PX, 0))
                painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))

    def _paint_handles(self, painter: QPainter, key: Keyframe, view: CurveMap) -> None:
        places = self._handles(key, view)
        if places is None:
            return
        following = self._after(key.at)
        assert following is not None
        ends = (key, following)
        for place, end in zip(places, ends, strict=True):
            painter.setPen(QPen(colour("dim"), 1))
            painter.drawLine(QPointF(view.x(end.at), view.y(end.value)), place)
            painter.setBrush(colour("panel"))
            painter.drawEllipse(place, 3.5, 3.5)

    def _handles(self, key: Keyframe, view: CurveMap) -> tuple[QPointF, QPointF] | None:
        """The pixels of the two handles of an eased keyframe; None where it has none."""
        following = self._after(key.at)
        if not isinstance(key.leave, Bezier) or following is None:
            return None
        span, rise = following.at - key.at, following.value - key.value
        way = key.leave
        return (
            QPointF(view.x(key.at + way.x1 * span), view.y(key.value + way.y1 * rise)),
            QPointF(view.x(key.at + way.x2 * span), view.y(key.value + way.y2 * rise)),
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._curve is None:
            return
        self._held = self._hit(event.position())
        if self._held is not None:
            self._chosen = self._held.at
            self.jump.emit(self._held.at)
        else:
            self._chosen = None
            self.jump.emit(min(max(0, self.map.frame(event.position().x())), self._frames - 1))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None or self._curve is None:
            over = self._hit(event.position()) is not None
            shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.CrossCursor
            self.setCursor(shape)
            return
        self._shown = (
            self._dragged_handle(self._curve, self._held, event.position())
            if self._held.handle
            else self._dragged_key(self._curve, self._held, event.position())
        )
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        held, self._held = self._held, None
        if held is not None and self._shown is not None and self._shown != self._curve:
            self.changed.emit(self._shown)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._curve is None:
            return
        held, self._held = self._hit(event.position()), None
        if held is not None and not held.handle:
            self._remove(held.at)
            return
        at = min(max(0, self.map.frame(event.position().x())), self._frames)
        self._chosen = at
        value = self._allowed(self.map.value(event.position().y()))
        self.changed.emit(with_keyframe(self._curve, at, value))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        held = self._hit(QPointF(event.pos()))
        if held is not None:
            self._chosen = held.at
            self.menu_for(held.at).exec(event.globalPos())

    def _hit(self, where: QPointF) -> _Held | None:
        """The keyframe or handle under the pointer; handles of the chosen keyframe come first."""
        curve, view = self._shown, self.map
        if curve is None:
            return None
        chosen = self._key(self._chosen) if self._chosen is not None else None
        places = self._handles(chosen, view) if chosen is not None else None
        for number, place in enumerate(places or (), 1):
            if chosen is not None and _near(where, place):
                return _Held(chosen.at, number)
        for key in curve.keyframes:
            if _near(where, QPointF(view.x(key.at), view.y(key.value))):
                return _Held(key.at)
        return None

    def _dragged_key(self, curve: Curve, held: _Held, where: QPointF) -> Curve:
        others = [key.at for key in curve.keyframes if key.at != held.at]
        low = max((at + 1 for at in others if at < held.at), default=min(0, held.at))
        high = min((at - 1 for at in others if at > held.at), default=max(self._frames, held.at))
        to = min(max(low, self.map.frame(where.x())), high)
        moved = moved_keyframe(curve, held.at, to)
        self._chosen = to
        return with_keyframe(moved, to, self._allowed(self.map.value(where.y())))

    def _dragged_handle(self, curve: Curve, held: _Held, where: QPointF) -> Curve:
        key, following = self._key(held.at), self._after(held.at)
        if key is None or following is None or not isinstance(key.leave, Bezier):
            return curve
        view, rise = self.map, following.value - key.value
        span = view.x(following.at) - view.x(key.at)
        x = min(max(0.0, (where.x() - view.x(key.at)) / span), 1.0)
        y = (view.value(where.y()) - key.value) / rise if rise else 0.0
        way = replace(key.leave, x1=x, y1=y) if held.handle == 1 else replace(key.leave, x2=x, y2=y)
        return with_leave(curve, held.at, way)

    def _allowed(self, value: float) -> float:
        return min(max(self._bounds[0], value), self._bounds[1])

    def _key(self, at: int) -> Keyframe | None:
        keys = self._curve.keyframes if self._curve is not None else ()
        return next((key for key in keys if key.at == at), None)

    def _after(self, at: int) -> Keyframe | None:
        keys = self._shown.keyframes if self._shown is not None else ()
        return next((key for key in keys if key.at > at), None)

    def _leave(self, at: int, way: Interpolation) -> None:
        if self._curve is not None:
            self.changed.emit(with_leave(self._curve, at, way))

    def _remove(self, at: int) -> None:
        if self._curve is not None:
            self._chosen = None
            self.changed.emit(without_keyframe(self._curve, at))


def _near(one: QPointF, other: QPointF) -> bool:
    gap = one - other
    return abs(gap.x()) <= REACH_PX and abs(gap.y()) <= REACH_PX
