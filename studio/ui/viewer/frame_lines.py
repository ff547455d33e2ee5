"""Lines over the picture that help to compose it: safe areas, thirds, and the middle.

They are the viewer's alone: no export has them. The safe areas are those of EBU R 95 and SMPTE
ST 2046-1, which agree: action within 93 % of the frame's width and height, titles within 90 %.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from studio.document.titles import ACTION_SAFE, TITLE_SAFE
from studio.ui.theme import ui_font

CROSS_SHARE = 0.03
LABEL_PX = 10
LABELLED_FROM_PX = 420
"""A picture that is less wide has no room for the names of its areas."""


class FrameLine(StrEnum):
    """What can be drawn over the picture; the value is what preferences keep."""

    SAFE = "safe"
    THIRDS = "thirds"
    CROSS = "cross"


def lines_of(names: Collection[str]) -> frozenset[FrameLine]:
    """What preferences ask for; names of a newer version are passed over."""
    return frozenset(line for line in FrameLine if line.value in names)


def paint_frame_lines(painter: QPainter, lines: Collection[FrameLine], frame: QRectF) -> None:
    """Draw lines over a frame that lies at a rectangle of the widget: light on a dark seam, so
    that they are seen on any picture."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for width, tint in ((3, QColor(0, 0, 0, 70)), (1, QColor(255, 255, 255, 150))):
        painter.setPen(QPen(tint, width))
        if FrameLine.SAFE in lines:
            for share in (ACTION_SAFE, TITLE_SAFE):
                painter.drawRect(_inner(frame, share))
        if FrameLine.THIRDS in lines:
            painter.drawLines(_thirds(frame))
        if FrameLine.CROSS in lines:
            painter.drawLines(_cross(frame))
    if FrameLine.SAFE in lines and frame.width() >= LABELLED_FROM_PX:
        _name_areas(painter, frame)


def _inner(frame: QRectF, share: float) -> QRectF:
    x, y = frame.width() * (1 - share) / 2, frame.height() * (1 - share) / 2
    return frame.adjusted(x, y, -x, -y)


def _thirds(frame: QRectF) -> list[QLineF]:
    found = list[QLineF]()
    for third in (1 / 3, 2 / 3):
        x, y = frame.left() + frame.width() * third, frame.top() + frame.height() * third
        found.append(QLineF(x, frame.top(), x, frame.bottom()))
        found.append(QLineF(frame.left(), y, frame.right(), y))
    return found


def _cross(frame: QRectF) -> list[QLineF]:
    middle, arm = frame.center(), min(frame.width(), frame.height()) * CROSS_SHARE
    return [
        QLineF(middle - QPointF(arm, 0), middle + QPointF(arm, 0)),
        QLineF(middle - QPointF(0, arm), middle + QPointF(0, arm)),
    ]


def _name_areas(painter: QPainter, frame: QRectF) -> None:
    """Which area is which, small, at its upper left corner: the outer one's name is outside."""
    painter.setFont(ui_font(LABEL_PX))
    for share, words, down in ((ACTION_SAFE, "Action", -3), (TITLE_SAFE, "Title", LABEL_PX + 2)):
        corner = _inner(frame, share).topLeft() + QPointF(0 if down < 0 else 4, down)
        painter.setPen(QColor(0, 0, 0, 160))
        painter.drawText(corner + QPointF(1, 1), words)
        painter.setPen(QColor(255, 255, 255, 190))
        painter.drawText(corner, words)
