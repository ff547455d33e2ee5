"""The sound meters beside the timeline: columns with over lights, and loudness in figures."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

import numpy as np
from PySide6.QtCore import QElapsedTimer, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QMouseEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from studio.media.peak_meter import Needle, deflection
from studio.media.sound_meter import SoundMeter
from studio.ui.meters.column import UNLIT, paint_column
from studio.ui.theme import colour, current, numeric_font, ui_font

WIDTH_PX = 84
EDGE_PX, TOP_PX = 8, 10
OVER_PX, BAR_PX, BAR_GAP_PX = 8, 20, 3
SCALE_PX = 25
FIGURE_PX = 17
REDRAW_MS = 33
LONG_S = 60.0
"""By when every needle is at rest."""
MARKS = (0, -18, -9, -30, -6, -12, -50, -3, -24, -40, -60)
"""What matters most comes first: where there is no room for all, the last are left out."""
MARK_ROOM_PX = 12
MINUS = "\N{MINUS SIGN}"
TIP = (
    "Sample peaks in dBFS: they fall 20 dB in 1.7 s and are held 2 s.\n"
    f"Green to {MINUS}18 dBFS, the alignment level of EBU R 68; yellow to {MINUS}9 dBFS, its most;"
    " red above.\n"
    "The lights on top say that full scale was reached; a click puts them out.\n\n"
    "Peak: the highest since playing began, in dBFS.\n"
    "M, S, I: loudness over 0.4 s, over 3 s, and since playing began, in LUFS (EBU R 128).\n"
    "A click on the figures begins again. The monitor's volume changes none of this."
)

TakeHeard = Callable[[], np.ndarray]
"""Gives what was heard since it was last asked: float32 (count, 2)."""


class SoundMeters(QWidget):
    """Asks `take_heard` for samples while something plays; hidden, it asks for nothing.

    `looked` is emitted every time it has, with the seconds that have passed.
    """

    looked = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("Panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH_PX)
        self.setToolTip(TIP)
        self.setAccessibleName("Sound meters")
        self.meter = SoundMeter()
        self._take_heard: TakeHeard | None = None
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self._look)
        self._playing = False

    def listen_to(self, take_heard: TakeHeard) -> None:
        """Say where samples come from."""
        self._take_heard = take_heard

    def show_playing(self, playing: bool) -> None:
        """Playing has begun, which begins a new measurement, or has stopped."""
        if playing and not self._playing:
            self._forget_what_was_heard()
            self.meter.begin()
            self.update()
        self._playing = playing
        self._follow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._forget_what_was_heard()
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _forget_what_was_heard(self) -> None:
        if self._take_heard is not None:
            self._take_heard()

    def _follow(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._since.start()
            self._timer.start()

    def _look(self) -> None:
        """Take in what was heard; rest when all is still."""
        assert self._take_heard is not None
        passed_s = self._since.restart() / 1000
        figures = self._figures()
        self.meter.hear(self._take_heard(), passed_s)
        self.update(self.over_rect().united(self.bars_rect()).toAlignedRect())
        if self._figures() != figures:
            self.update(self.figures_rect().toAlignedRect())
        if not self._playing and self.meter.at_rest:
            self._timer.stop()
            passed_s = LONG_S
        self.looked.emit(passed_s)

    # Drawing

    def over_rect(self) -> QRectF:
        """Where the over lights are."""
        wide = 2 * BAR_PX + BAR_GAP_PX
        return QRectF(EDGE_PX + SCALE_PX, TOP_PX, wide, OVER_PX)

    def bars_rect(self) -> QRectF:
        """Where the columns are."""
        over, below = self.over_rect(), self.figures_rect().top() - EDGE_PX
        return QRectF(over.left(), over.bottom() + 4, over.width(), below - over.bottom() - 4)

    def figures_rect(self) -> QRectF:
        """Where loudness is written."""
        high = len(self._figures()) * FIGURE_PX
        return QRectF(EDGE_PX, self.height() - EDGE_PX - high, self.width() - 2 * EDGE_PX, high)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.figures_rect().contains(event.position()):
            self.meter.begin()
        else:
            self.meter.clear_over()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        bars, due = self.bars_rect(), QRectF(event.rect())
        if due.left() < bars.left() - 1:
            self._paint_scale(painter, bars)
        for number, needle in enumerate(self.meter.needles):
            left = bars.left() + number * (BAR_PX + BAR_GAP_PX)
            self._paint_over(painter, left, needle)
            paint_column(painter, QRectF(left, bars.top(), BAR_PX, bars.height()), needle)
        if due.intersects(self.figures_rect()):
            self._paint_figures(painter)
        painter.end()

    def _paint_over(self, painter: QPainter, left: float, needle: Needle) -> None:
        lit = colour("danger") if needle.over else colour("danger", UNLIT)
        painter.fillRect(QRectF(left, TOP_PX, BAR_PX, OVER_PX), lit)

    def _paint_scale(self, painter: QPainter, bars: QRectF) -> None:
        painter.setFont(numeric_font(10))
        painter.setPen(colour("dim"))
        taken: list[float] = []
        for mark in MARKS:
            y = bars.bottom() - deflection(mark) * bars.height()
            if any(abs(y - other) < MARK_ROOM_PX for other in taken):
                continue
            taken.append(y)
            place = QRectF(2, y - 7, bars.left() - 7, 14)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, flags, f"{MINUS}{-mark}" if mark else "0")

    def _paint_figures(self, painter: QPainter) -> None:
        room = self.figures_rect()
        for number, (name, text) in enumerate(self._figures()):
            line = QRectF(room.left(), room.top() + number * FIGURE_PX, room.width(), FIGURE_PX)
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.setFont(ui_font(10))
            painter.setPen(colour("dim"))
            painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, name)
            painter.setFont(numeric_font(11))
            painter.setPen(current().text)
            painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, text)

    def _figures(self) -> tuple[tuple[str, str], ...]:
        now = self.meter.loudness
        return (
            ("Peak", _written(self.meter.highest_dbfs)),
            ("LUFS", ""),
            ("M", _written(now.momentary_lufs)),
            ("S", _written(now.short_term_lufs)),
            ("I", _written(now.integrated_lufs)),
        )


def _written(level: float) -> str:
    """A level to a tenth, a dash for none."""
    return f"{level:.1f}".replace("-", MINUS) if isfinite(level) else "\N{EN DASH}"
