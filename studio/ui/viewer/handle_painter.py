"""Drawing of handles: outline, corners and sides, anchor, guides, and the words by the pointer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from math import atan2, cos, degrees, hypot, pi, sin

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPen, QPixmap, QPolygonF

from studio.document.affine import Point
from studio.document.grips import CORNERS, Grip
from studio.document.guides import Axis, Line
from studio.ui.resources import icon_pixmap
from studio.ui.theme import colour, numeric_font
from studio.ui.viewer.holds import Hold

HANDLE_PX = 8.0
REACH_PX = 9.0
OUTSIDE_PX = 30.0
"""How far outside a corner the picture can be turned by."""
ANCHOR_PX = 6.0
KNOB_PX = 46.0
"""How far from the anchor the knob is that turns a picture which fills the frame."""
CURSOR_PX = 22
ROOM_FOR_SIDES_PX = 44.0
ROOM_FOR_KNOB_PX = 150.0

Onto = Callable[[Point], QPointF]
"""From the frame's pixels to the widget's."""


def grip_at(hold: Hold, onto: Onto, place: QPointF) -> Grip | None:
    """What a press at a place of the widget takes hold of, None for nothing."""
    handles = shown_handles(hold, onto)
    near = [(_distance(point, place), grip) for grip, point in handles.items()]
    distance, grip = min(near, key=lambda each: each[0], default=(REACH_PX + 1, Grip.INSIDE))
    if distance <= REACH_PX:
        return grip
    knob = knob_of(hold, onto)
    if knob is not None and _distance(knob, place) <= REACH_PX:
        return Grip.TURN
    if hold.anchor is not None and _distance(onto(hold.anchor), place) <= REACH_PX:
        return Grip.ANCHOR
    if polygon_of(hold.outline, onto).containsPoint(place, Qt.FillRule.OddEvenFill):
        return Grip.INSIDE
    corners = [_distance(handles[corner], place) for corner in CORNERS if corner in handles]
    turns = hold.turns and min(corners, default=OUTSIDE_PX + 1) <= OUTSIDE_PX
    return Grip.TURN if turns else None


def shown_handles(hold: Hold, onto: Onto) -> dict[Grip, QPointF]:
    """Where handles are drawn; a small picture has those of its corners only."""
    points = {grip: onto(point) for grip, point in hold.handles().items()}
    corners = [onto(point) for point in hold.outline]
    across, along = _distance(corners[0], corners[1]), _distance(corners[1], corners[2])
    hidden = set[Grip]()
    if not hold.room or len(hold.handles()) > len(CORNERS) + 2:  # a block's say where lines break
        hidden |= {Grip.TOP, Grip.BOTTOM} if across < ROOM_FOR_SIDES_PX else set()
        hidden |= {Grip.LEFT, Grip.RIGHT} if along < ROOM_FOR_SIDES_PX else set()
    return {grip: point for grip, point in points.items() if grip not in hidden}


def knob_of(hold: Hold, onto: Onto) -> QPointF | None:
    """Where the knob is that turns a picture: above its anchor, where there is room for it."""
    if hold.anchor is None:
        return None
    corners = [onto(point) for point in hold.outline]
    sides = _distance(corners[0], corners[1]), _distance(corners[1], corners[2])
    if min(sides) < ROOM_FOR_KNOB_PX:
        return None
    up = corners[0] - corners[3]
    length = hypot(up.x(), up.y())
    return onto(hold.anchor) + up / length * KNOB_PX


def polygon_of(points: Iterable[Point], onto: Onto) -> QPolygonF:
    """An outline on the widget."""
    return QPolygonF([onto(point) for point in points])


def cursor_of(hold: Hold, grip: Grip | None, onto: Onto) -> QCursor:
    """What the pointer looks like over a grip."""
    match grip:
        case None:
            return QCursor(Qt.CursorShape.ArrowCursor)
        case Grip.INSIDE:
            return QCursor(Qt.CursorShape.SizeAllCursor)
        case Grip.TURN:
            return _turn_cursor()
        case Grip.ANCHOR:
            return QCursor(Qt.CursorShape.CrossCursor)
        case _:
            return QCursor(_arrow_along(hold, grip, onto))


@lru_cache(maxsize=1)
def _turn_cursor() -> QCursor:
    """An arrow that goes round: white on a dark rim, so that it is seen on any picture."""
    whole = QPixmap(CURSOR_PX, CURSOR_PX)
    whole.fill(Qt.GlobalColor.transparent)
    painter = QPainter(whole)
    inner = CURSOR_PX - 2
    for x, y in ((0, 1), (2, 1), (1, 0), (1, 2)):
        painter.drawPixmap(x, y, icon_pixmap("rotate-ccw", "#101010", inner, 1.0))
    painter.drawPixmap(1, 1, icon_pixmap("rotate-ccw", "#ffffff", inner, 1.0))
    painter.end()
    return QCursor(whole)


def _arrow_along(hold: Hold, grip: Grip, onto: Onto) -> Qt.CursorShape:
    """The double arrow nearest to the way from the middle of the outline to a handle."""
    corners = [onto(point) for point in hold.outline]
    centre = (corners[0] + corners[2]) / 2
    way = onto(hold.handles()[grip]) - centre
    eighth = round(degrees(atan2(way.y(), way.x())) / 45) % 4
    return (
        Qt.CursorShape.SizeHorCursor,
        Qt.CursorShape.SizeFDiagCursor,
        Qt.CursorShape.SizeVerCursor,
        Qt.CursorShape.SizeBDiagCursor,
    )[eighth]


def paint_hold(painter: QPainter, hold: Hold, onto: Onto, *, keyed: bool) -> None:
    """Draw what can be taken hold of; `keyed` handles, which have the keyboard, are filled."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if hold.room and hold.room != hold.outline:
        _draw_outline(painter, polygon_of(hold.room, onto), colour("accent", 150), dashed=True)
    _draw_outline(painter, polygon_of(hold.outline, onto), colour("accent"))
    _draw_anchor(painter, hold, onto)
    fill = colour("accent") if keyed else QColor(250, 250, 250)
    edge = QColor(20, 20, 22) if keyed else colour("accent")
    for grip, point in shown_handles(hold, onto).items():
        size = HANDLE_PX if grip.is_corner else HANDLE_PX - 2
        painter.setPen(QPen(QColor(0, 0, 0, 150), 3))
        box = QRectF(point.x() - size / 2, point.y() - size / 2, size, size)
        painter.drawRect(box)
        painter.setPen(QPen(edge, 1.2))
        painter.setBrush(fill)
        painter.drawRect(box)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _draw_outline(
    painter: QPainter, outline: QPolygonF, tint: QColor, *, dashed: bool = False
) -> None:
    painter.setPen(QPen(QColor(0, 0, 0, 110), 3))
    painter.drawPolygon(outline)
    pen = QPen(tint, 1.2)
    if dashed:
        pen.setDashPattern([4, 4])
    painter.setPen(pen)
    painter.drawPolygon(outline)


def _draw_anchor(painter: QPainter, hold: Hold, onto: Onto) -> None:
    if hold.anchor is None:
        return
    anchor, knob = onto(hold.anchor), knob_of(hold, onto)
    for width, tint in ((3.0, QColor(0, 0, 0, 130)), (1.2, colour("accent"))):
        painter.setPen(QPen(tint, width))
        painter.drawEllipse(anchor, ANCHOR_PX, ANCHOR_PX)
        for turn in range(4):
            way = QPointF(cos(turn * pi / 2), sin(turn * pi / 2))
            painter.drawLine(anchor + way * ANCHOR_PX * 0.4, anchor + way * ANCHOR_PX * 1.6)
        if knob is not None:
            stem = QLineF(anchor, knob)
            painter.drawLine(stem.pointAt(ANCHOR_PX * 1.7 / KNOB_PX), stem.pointAt(1 - 5 / KNOB_PX))
    if knob is not None:
        painter.setBrush(QColor(250, 250, 250))
        painter.drawEllipse(knob, 4.5, 4.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_guides(painter: QPainter, lines: Iterable[Line], frame: QRectF, onto: Onto) -> None:
    """Draw the lines that a drag lies on, from edge to edge of the frame."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(colour("info"), 1))
    for line in lines:
        if line.axis is Axis.X:
            x = onto((line.at, 0.0)).x()
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
        else:
            y = onto((0.0, line.at)).y()
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))


def paint_words(painter: QPainter, words: str, place: QPointF, room: QRectF) -> None:
    """Say by the pointer what a drag does, within the widget."""
    painter.setFont(numeric_font(11))
    size = painter.fontMetrics().size(0, words)
    box = QRectF(place.x() + 16, place.y() + 18, size.width() + 14, size.height() + 8)
    if box.right() > room.right() - 4:
        box.moveRight(place.x() - 12)
    if box.bottom() > room.bottom() - 4:
        box.moveBottom(place.y() - 12)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour("border"), 1))
    painter.setBrush(colour("raised", 235))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(colour("text"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _distance(one: QPointF, other: QPointF) -> float:
    return hypot(one.x() - other.x(), one.y() - other.y())
