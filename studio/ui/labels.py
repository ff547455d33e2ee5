"""How labels look: one colour for each in every theme, and a swatch of it for menus."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from studio.document.model.label import Label
from studio.ui.theme import colour

SWATCH_PX = 12

COLOURS: dict[Label, str] = {
    Label.ROSE: "#e0687a",
    Label.MANGO: "#e8963a",
    Label.YELLOW: "#e2c53f",
    Label.TAN: "#c9ad86",
    Label.BROWN: "#8d6039",
    Label.GREEN: "#6fae47",
    Label.FOREST: "#2f7448",
    Label.TEAL: "#17827f",
    Label.CARIBBEAN: "#3fbfae",
    Label.CERULEAN: "#43a3d8",
    Label.BLUE: "#2f62c4",
    Label.IRIS: "#6f83e6",
    Label.LAVENDER: "#bba6e6",
    Label.VIOLET: "#8d5fd3",
    Label.PURPLE: "#7c3d8c",
    Label.MAGENTA: "#cf57b4",
}
"""Neighbours in hue differ in lightness, so that they are told apart without it; names are always

beside them where one is chosen.
"""


def label_name(stored: str) -> str:
    """What a stored label is called, "" for none."""
    label = Label.read(stored)
    return label.value.capitalize() if label is not None else stored


def label_colour(stored: str) -> QColor | None:
    """The colour of a stored label, None for none or a word that is no colour."""
    label = Label.read(stored)
    if label is not None:
        return QColor(COLOURS[label])
    made = QColor(stored) if stored.startswith("#") else QColor()
    return made if made.isValid() else None


def ink_on(base: QColor) -> QColor:
    """White where it is readable on a colour (WCAG contrast of 4), else near black."""
    return QColor("#ffffff") if 1.05 / (_luminance(base) + 0.05) >= 4 else QColor("#15161a")


def _luminance(base: QColor) -> float:
    """Relative luminance as WCAG 2 defines it, 0 for black to 1 for white."""
    parts = (base.redF(), base.greenF(), base.blueF())
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@lru_cache(maxsize=64)
def swatch(stored: str) -> QIcon:
    """A square of a label's colour; for none an empty one."""
    ratio = 2
    pixmap = QPixmap(SWATCH_PX * ratio, SWATCH_PX * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_swatch(painter, QRectF(0.5, 0.5, SWATCH_PX - 1, SWATCH_PX - 1), stored)
    painter.end()
    return QIcon(pixmap)


def paint_swatch(painter: QPainter, area: QRectF, stored: str) -> None:
    """Paint a label's swatch into an area."""
    fill = label_colour(stored)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour("faint") if fill is None else fill.darker(140), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush if fill is None else fill)
    painter.drawRoundedRect(area, 3, 3)
    painter.restore()
