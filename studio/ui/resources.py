"""Where the files that ship with the studio lie: fonts and icons."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFontDatabase, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


def load_fonts() -> None:
    """Register the bundled fonts, so that no machine shows the window with boxes for letters."""
    for path in sorted((RESOURCES / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(path))


@lru_cache(maxsize=1024)
def icon_pixmap(name: str, colour: str, size: int, scale: float = 2.0) -> QPixmap:
    """One icon as a pixmap of `size` logical pixels, drawn in `colour` ("#rrggbb")."""
    svg = (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(svg.replace("currentColor", colour).encode()))
    pixmap = QPixmap(round(size * scale), round(size * scale))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size * scale, size * scale))
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def icon(name: str, colour: QColor | str, disabled: QColor | str, size: int = 18) -> QIcon:
    """An icon with a dimmed look for disabled buttons."""
    result = QIcon(icon_pixmap(name, QColor(colour).name(), size))
    result.addPixmap(icon_pixmap(name, QColor(disabled).name(), size), QIcon.Mode.Disabled)
    return result
