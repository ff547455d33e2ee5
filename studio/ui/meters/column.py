"""A column of a sound meter, and the small one in a track's header."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.media.peak_meter import (
    ALIGNMENT_DBFS,
    FLOOR_DBFS,
    PERMITTED_DBFS,
    Needle,
    Zone,
    deflection,
    moved_by,
    zone_of,
)
from studio.ui.theme import colour

ROLES = {Zone.QUIET: "good", Zone.PROGRAMME: "warning", Zone.HOT: "danger"}
SPANS = (
    (Zone.QUIET, FLOOR_DBFS, ALIGNMENT_DBFS),
    (Zone.PROGRAMME, ALIGNMENT_DBFS, PERMITTED_DBFS),
    (Zone.HOT, PERMITTED_DBFS, 0.0),
)
UNLIT, LIT = 46, 255


class TrackMeter(QWidget):
    """The level of one track, its channels together; it takes no press from what is below it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.needle = Needle()

    def hear(self, peak: float, passed_s: float) -> None:
        """`passed_s` seconds have passed, whose highest sample was `peak`."""
        before = self._stands()
        self.needle = moved_by(peak, self.needle, passed_s)
        if self._stands() != before:
            self.update()

    def _stands(self) -> tuple[int, int]:
        """The pixels that the level and the held peak reach."""
        level, peak = (
            round(deflection(each) * self.height())
            for each in (self.needle.level_dbfs, self.needle.peak_dbfs)
        )
        return level, peak

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_column(painter, QRectF(self.rect()), self.needle)
        painter.end()


def paint_column(painter: QPainter, room: QRectF, needle: Needle) -> None:
    """The zones, unlit, lit as far as the level stands; and a line for the peak that is held."""
    for zone, low, high in SPANS:
        _fill(painter, room, low, high, ROLES[zone], UNLIT)
        if needle.level_dbfs > low:
            _fill(painter, room, low, min(high, needle.level_dbfs), ROLES[zone], LIT)
    if isfinite(needle.peak_dbfs):
        y = round(room.bottom() - deflection(min(0.0, needle.peak_dbfs)) * room.height())
        line = QRectF(room.left(), max(room.top(), y - 1), room.width(), 2)
        painter.fillRect(line, colour(ROLES[zone_of(needle.peak_dbfs)]))


def _fill(
    painter: QPainter, room: QRectF, low_dbfs: float, high_dbfs: float, role: str, alpha: int
) -> None:
    top = room.bottom() - deflection(high_dbfs) * room.height()
    bottom = room.bottom() - deflection(low_dbfs) * room.height()
    painter.fillRect(QRectF(room.left(), top, room.width(), bottom - top), colour(role, alpha))
