"""A sticker as it will be seen: playing round and round, over the backgrounds it may land on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.ui.controls import column
from studio.ui.segments import Segments
from studio.ui.theme import colour

BACKGROUNDS = (("checker", "Checker"), ("white", "White"), ("grey", "Grey"), ("black", "Black"))
_PLAIN = {"white": "#ffffff", "grey": "#808080", "black": "#000000"}
_LIGHT, _DARK = "#c8c8c8", "#9a9a9a"
_SQUARE_PX = 10
SIDE_PX = 288


class StickerScreen(QWidget):
    """Plays pictures in a loop, never larger than they are."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(SIDE_PX, SIDE_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("The sticker, playing")
        self.background = "checker"
        self.place = 0
        self._images: tuple[QImage, ...] = ()
        self._shown_ms: tuple[int, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._next)

    def play(self, images: Sequence[QImage], shown_ms: Sequence[int]) -> None:
        """Show other pictures, each for so many milliseconds; from the first one."""
        self._images, self._shown_ms = tuple(images), tuple(shown_ms)
        self.place = 0
        self._timer.stop()
        if len(self._images) > 1:
            self._timer.start(self._shown_ms[0])
        self.update()

    def set_background(self, name: str) -> None:
        """Put something else behind it: one of BACKGROUNDS."""
        self.background = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_background(painter)
        if self._images:
            image = self._images[self.place]
            painter.drawImage(self._fitted(image.size()), image)
        painter.setPen(colour("border"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _next(self) -> None:
        self.place = (self.place + 1) % len(self._images)
        self._timer.start(self._shown_ms[self.place])
        self.update()

    def _paint_background(self, painter: QPainter) -> None:
        if self.background in _PLAIN:
            painter.fillRect(self.rect(), QColor(_PLAIN[self.background]))
            return
        painter.fillRect(self.rect(), QColor(_LIGHT))
        for top in range(0, self.height(), _SQUARE_PX):
            for left in range(top // _SQUARE_PX % 2 * _SQUARE_PX, self.width(), 2 * _SQUARE_PX):
                painter.fillRect(left, top, _SQUARE_PX, _SQUARE_PX, QColor(_DARK))

    def _fitted(self, size: QSize) -> QRect:
        room = self.size() - QSize(16, 16)
        if size.width() > room.width() or size.height() > room.height():
            size = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        box = QRect(0, 0, size.width(), size.height())
        box.moveCenter(self.rect().center())
        return box


class StickerPreview(QWidget):
    """The screen and what can be put behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.film = StickerScreen()
        self.background = Segments(BACKGROUNDS)
        self.background.choose("checker")
        self.background.chosen.connect(self.film.set_background)
        whole = column(self.film, self.background, spacing=8)
        whole.setStretch(0, 1)
        self.setLayout(whole)
