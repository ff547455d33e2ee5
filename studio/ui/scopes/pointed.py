"""What lies under the pointer in the picture: its place, its levels, and where scopes have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from studio.document.affine import Point
from studio.media.scopes.scale import BLUE, GREEN, RED, Scope, Units, chroma_place, written
from studio.ui.scopes.colours import PARTS
from studio.ui.scopes.painter import cells, plot_of, vector_point

WHITE = 255
RING_PX = 4.0


@dataclass(frozen=True, slots=True)
class Pointed:
    """A pixel of the frame, counted from 0 at the upper left, and its R'G'B' in codes of 8 bits.

    `across` says how far to the right of the picture its middle lies, 0 to 1.
    """

    place: tuple[int, int]
    rgb: tuple[int, int, int]
    across: float

    @property
    def levels(self) -> tuple[float, float, float]:
        """Red, green and blue, 0 to 1."""
        red, green, blue = self.rgb
        return red / WHITE, green / WHITE, blue / WHITE

    @property
    def luma(self) -> float:
        """Y' of BT.709, 0 to 1."""
        red, green, blue = self.levels
        return RED * red + GREEN * green + BLUE * blue


def pointed_at(image: QImage, frame: tuple[int, int], point: Point) -> Pointed | None:
    """What an image of a frame, shown at any size, has at a point of the frame; None beside it."""
    (x, y), (width, height) = point, frame
    if not (0 <= x < width and 0 <= y < height):
        return None
    middle_x, middle_y = int(x) + 0.5, int(y) + 0.5
    column, line = int(middle_x * image.width() / width), int(middle_y * image.height() / height)
    colour = image.pixelColor(column, line)
    rgb = (colour.red(), colour.green(), colour.blue())
    return Pointed((int(x), int(y)), rgb, (int(x) + 0.5) / width)


def words_of(pointed: Pointed, units: Units) -> str:
    """Place and levels in a line."""
    (x, y), (red, green, blue) = pointed.place, pointed.rgb
    sign = " %" if units is Units.PERCENT else ""
    luma = f"Y′ {written(pointed.luma, units)}{sign}"
    return f"{x}, {y}   R {red}  G {green}  B {blue}   {luma}"


def paint_pointed(
    painter: QPainter, room: QRectF, scopes: Sequence[Scope], pointed: Pointed
) -> None:
    """Ring the pixel's place in each scope; in a histogram it is a line at its luma."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for scope, cell in zip(scopes, cells(room, len(scopes)), strict=True):
        plot = plot_of(cell, scope)
        if scope is Scope.HISTOGRAM:
            x = plot.left() + pointed.luma * plot.width()
            painter.setPen(QPen(QColor(255, 255, 255, 200), 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            continue
        for at, ink in rings(plot, scope, pointed):
            painter.setPen(QPen(QColor(0, 0, 0, 180), 3))
            painter.drawEllipse(at, RING_PX, RING_PX)
            painter.setPen(QPen(ink, 1.5))
            painter.drawEllipse(at, RING_PX, RING_PX)


def rings(plot: QRectF, scope: Scope, pointed: Pointed) -> Iterator[tuple[QPointF, QColor]]:
    """Where a waveform, a parade or a vectorscope has the pixel, and in which colour."""
    white = QColor(255, 255, 255)
    match scope:
        case Scope.WAVEFORM:
            yield _at(plot, pointed.across, pointed.luma), white
        case Scope.PARADE:
            for number, (level, part) in enumerate(zip(pointed.levels, PARTS, strict=True)):
                yield _at(plot, (number + pointed.across) / 3, level), QColor(*part)
        case Scope.VECTORSCOPE:
            yield vector_point(plot, *chroma_place(*pointed.levels)), white
        case Scope.HISTOGRAM:
            pass  # a line, not a place


def _at(plot: QRectF, across: float, level: float) -> QPointF:
    return QPointF(plot.left() + across * plot.width(), plot.bottom() - level * plot.height())
