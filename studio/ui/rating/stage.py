"""The stage: the candidate in hand, large, moving when asked to."""

from __future__ import annotations

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.ui.rating.films import Background, Film, fitted, paint_background
from studio.ui.theme import colour


class Stage(QWidget):
    """Shows one film in a square. Playing goes on from one candidate to the next."""

    advanced = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.background = Background.CHECKER
        self.frame = 0
        self.playing = False
        self._film = Film((), ())
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self._advance)
        self.setMinimumSize(320, 320)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Candidate")

    def show_film(self, film: Film) -> None:
        """Take a film, from its first picture."""
        self._film = film
        self.frame = 0
        self._run()
        self.update()

    def set_playing(self, playing: bool) -> None:
        """Play, or stand on the first picture."""
        self.playing = playing
        if not playing:
            self.frame = 0
        self._run()
        self.update()

    def _run(self) -> None:
        if self.playing and self._film.moves:
            self._clock.start(self._film.milliseconds[self.frame])
        else:
            self._clock.stop()

    def _advance(self) -> None:
        self.frame = (self.frame + 1) % len(self._film.frames)
        self._run()
        self.update()
        self.advanced.emit(self.frame)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = min(self.width(), self.height())
        area = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
        if not self._film.frames:
            painter.fillRect(area, colour("field"))
            painter.setPen(colour("danger"))
            words = "This file cannot be read as a picture.\nReject it, or make it again."
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
        else:
            paint_background(painter, area, self.background)
            ratio = self.devicePixelRatioF()
            picture = fitted(self._film.frames[self.frame], round(side * ratio))
            target = QRect(area.topLeft(), picture.size() / ratio)
            target.moveCenter(area.center())
            painter.drawPixmap(target, picture)
        painter.end()
