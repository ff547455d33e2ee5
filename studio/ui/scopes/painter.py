"""Scopes painted: the trace, the graticule over it, and what its lines mean.

The same for the panel and for a picture in a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import hypot

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from studio.media.scopes.graticule import BOX, skin_line, targets
from studio.media.scopes.scale import CENTRE, LEVELS, RADIUS, Scope, Units, marks, written
from studio.ui.scopes.colours import FAINT_INK, GROUND, INK, LINE, PARTS, SKIN, STRONG
from studio.ui.theme import numeric_font, ui_font

NAMES = {
    Scope.WAVEFORM: "Waveform",
    Scope.PARADE: "RGB parade",
    Scope.VECTORSCOPE: "Vectorscope",
    Scope.HISTOGRAM: "Histogram",
}
GAP = 4.0
TITLE_PX, SCALE_PX, EDGE_PX = 22.0, 34.0, 8.0
LABEL_ROOM_PX = 13.0
NAME_PX = 11.0
"""From a target's box to the middle of its name."""
SHAPE = 1.4
"""Wider than high by so much, a scope is read best."""


def cells(room: QRectF, count: int) -> list[QRectF]:
    """The places of so many scopes, in rows, as large as their shape lets them be."""

    def readable(columns: int) -> float:
        rows = -(-count // columns)
        return min(room.width() / columns / SHAPE, room.height() / rows)

    columns = max((1, 2, 3, 4)[:count], key=readable, default=1)
    rows = max(1, -(-count // columns))
    width = (room.width() - GAP * (columns - 1)) / columns
    height = (room.height() - GAP * (rows - 1)) / rows
    return [
        QRectF(
            room.left() + (number % columns) * (width + GAP),
            room.top() + (number // columns) * (height + GAP),
            width,
            height,
        )
        for number in range(count)
    ]


def paint_scopes(
    painter: QPainter,
    room: QRectF,
    scopes: Sequence[Scope],
    images: Mapping[Scope, QImage],
    units: Units,
) -> None:
    """Scopes beside and below each other; one without an image shows its graticule alone."""
    for scope, cell in zip(scopes, cells(room, len(scopes)), strict=True):
        painter.save()
        painter.setClipRect(cell)
        painter.fillRect(cell, GROUND)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        _write_title(painter, cell, scope, units)
        _paint_one(painter, cell, scope, images.get(scope), units)
        painter.restore()


def _paint_one(
    painter: QPainter, cell: QRectF, scope: Scope, image: QImage | None, units: Units
) -> None:
    plot = plot_of(cell, scope)
    if plot.width() < 8 or plot.height() < 8:
        return
    if image is not None:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
        painter.drawImage(plot, _no_larger(image, plot))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    match scope:
        case Scope.WAVEFORM:
            _level_lines(painter, plot, units)
        case Scope.PARADE:
            _level_lines(painter, plot, units)
            _name_parts(painter, plot)
        case Scope.VECTORSCOPE:
            _vector_lines(painter, plot)
        case Scope.HISTOGRAM:
            _level_columns(painter, plot, units)


def _no_larger(image: QImage, plot: QRectF) -> QImage:
    """A trace for a small plot: all of its hits count, where a painter would pass some over."""
    width = min(image.width(), max(1, round(plot.width())))
    height = min(image.height(), max(1, round(plot.height())))
    ignore, smooth = (
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    return image.scaled(width, height, ignore, smooth)


def plot_of(cell: QRectF, scope: Scope) -> QRectF:
    """Where the trace itself lies in a cell."""
    match scope:
        case Scope.VECTORSCOPE:
            inner = cell.adjusted(EDGE_PX, TITLE_PX - 2, -EDGE_PX, -2)
            side = min(inner.width(), inner.height())
            left = inner.center().x() - side / 2
            return QRectF(left, inner.center().y() - side / 2, side, side)
        case Scope.HISTOGRAM:
            return cell.adjusted(EDGE_PX + 4, TITLE_PX, -EDGE_PX - 4, -LABEL_ROOM_PX - 6)
        case _:
            return cell.adjusted(SCALE_PX, TITLE_PX + 3, -EDGE_PX, -EDGE_PX)


def _write_title(painter: QPainter, cell: QRectF, scope: Scope, units: Units) -> None:
    written_in = "%" if units is Units.PERCENT else "10 bit"
    aside = {Scope.VECTORSCOPE: "75 %", Scope.WAVEFORM: f"Y′ {written_in}"}.get(scope, written_in)
    line = QRectF(cell.left() + 8, cell.top() + 3, cell.width() - 16, TITLE_PX - 4)
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.setFont(ui_font(11))
    painter.setPen(INK)
    painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, NAMES[scope])
    painter.setPen(FAINT_INK)
    painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, aside)


def _written_marks(units: Units, room: float, each: float) -> list[tuple[float, str]]:
    """The marks of a scale; every second of them, or fewer, has its text where room is short."""
    at = marks(units)
    last = len(at) - 1

    def apart(step: int) -> float:
        shown = at[::step]
        return room * min(right - left for left, right in pairwise(shown))

    steps = [step for step in range(1, last + 1) if last % step == 0]
    step = next((step for step in steps if apart(step) >= each), last)
    return [
        (level, written(level, units) if number % step == 0 else "")
        for number, level in enumerate(at)
    ]


def _level_lines(painter: QPainter, plot: QRectF, units: Units) -> None:
    painter.setFont(numeric_font(10))
    for share, text in _written_marks(units, plot.height(), LABEL_ROOM_PX + 2):
        y = round(plot.bottom() - share * plot.height()) + 0.5
        painter.setPen(QPen(STRONG if share in (0.0, 1.0) else LINE, 1))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        place = QRectF(plot.left() - SCALE_PX, y - 8, SCALE_PX - 5, 16)
        painter.setPen(FAINT_INK)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, flags, text)


def _name_parts(painter: QPainter, plot: QRectF) -> None:
    width = plot.width() / 3
    painter.setFont(ui_font(10))
    for number, (name, part) in enumerate(zip("RGB", PARTS, strict=True)):
        left = plot.left() + number * width
        if number:
            painter.setPen(QPen(LINE, 1))
            x = round(left) + 0.5
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setPen(QColor(*part))
        painter.drawText(QPointF(left + 5, plot.top() + 12), name)


def _level_columns(painter: QPainter, plot: QRectF, units: Units) -> None:
    painter.setFont(numeric_font(10))
    for share, text in _written_marks(units, plot.width(), 30):
        x = round(plot.left() + share * plot.width()) + 0.5
        painter.setPen(QPen(STRONG if share in (0.0, 1.0) else LINE, 1))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        place = QRectF(x - 16, plot.bottom() + 2, 32, LABEL_ROOM_PX)
        painter.setPen(FAINT_INK)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def vector_point(plot: QRectF, blue: float, red: float) -> QPointF:
    """Where a place of a vectorscope, in codes, lies in its plot: the middle of its pixel."""
    scale = plot.width() / LEVELS
    return QPointF(plot.left() + (blue + 0.5) * scale, plot.bottom() - (red + 0.5) * scale)


def _vector_lines(painter: QPainter, plot: QRectF) -> None:
    scale = plot.width() / LEVELS
    middle = vector_point(plot, CENTRE, CENTRE)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(STRONG, 1))
    painter.drawEllipse(middle, RADIUS * scale, RADIUS * scale)
    painter.setPen(QPen(LINE, 1))
    reach = RADIUS * scale
    painter.drawLine(middle - QPointF(reach, 0), middle + QPointF(reach, 0))
    painter.drawLine(middle - QPointF(0, reach), middle + QPointF(0, reach))
    painter.setPen(QPen(SKIN, 1))
    painter.drawLine(middle, vector_point(plot, *skin_line()))
    painter.setFont(ui_font(10))
    for target in targets():
        at, half = vector_point(plot, target.blue, target.red), BOX * scale
        painter.setPen(QPen(STRONG, 1))
        painter.drawRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))
        painter.setPen(INK)
        away = at - middle
        away *= (half + NAME_PX) / max(1.0, hypot(away.x(), away.y()))
        place = QRectF(at.x() + away.x() - 12, at.y() + away.y() - 8, 24, 16)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, target.name)
