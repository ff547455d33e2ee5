"""Candidates' pictures: still or animated, with their transparency, and what lies behind it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PIL import Image, ImageSequence
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

FRAME_MS = 125
_LARGEST_PX = 1024
_MOST_BYTES = 64 * 2**20
"""A film is read so far; no candidate is near it, and a window is not to fail for one that is."""
_MOST_PIXELS = 2**27
"""Pillow's own limit is one for the whole process, and its readers of footage raise it."""
_LEAST_FRAME_MS = 20
_CHECK_PX = 9
_LIGHT, _DARK = QColor(205, 205, 205), QColor(160, 160, 160)


class Background(Enum):
    """What stands behind a transparent picture."""

    CHECKER = "Checker"
    WHITE = "White"
    GREY = "Grey"
    BLACK = "Black"


_PLAIN = {
    Background.WHITE: QColor(255, 255, 255),
    Background.GREY: QColor(128, 128, 128),
    Background.BLACK: QColor(0, 0, 0),
}


@dataclass(frozen=True, slots=True)
class Film:
    """Pictures and how long each is shown; none where the file could not be read."""

    frames: tuple[QPixmap, ...]
    milliseconds: tuple[int, ...]

    @property
    def moves(self) -> bool:
        """Whether there is more than one picture."""
        return len(self.frames) > 1


_UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)


def read_poster(path: Path) -> tuple[QPixmap | None, bool]:
    """The first picture of a file, None where it cannot be read, and whether others follow."""
    try:
        with Image.open(path) as image:
            if image.width * image.height > _MOST_PIXELS:
                return None, False
            return _pixmap(image), bool(getattr(image, "is_animated", False))
    except _UNREADABLE:
        return None, False


def read_film(path: Path) -> Film:
    """All pictures of a PNG, APNG, WebP, GIF or any other still, 1024 pixels a side at most."""
    pixmaps, milliseconds, held_bytes = list[QPixmap](), list[int](), 0
    try:
        with Image.open(path) as image:
            if image.width * image.height > _MOST_PIXELS:
                return Film((), ())
            for frame in ImageSequence.Iterator(image):
                pixmaps.append(_pixmap(frame))
                milliseconds.append(_duration_ms(frame))
                held_bytes += 4 * pixmaps[-1].width() * pixmaps[-1].height()
                if held_bytes > _MOST_BYTES:
                    break
    except _UNREADABLE:
        return Film((), ())
    return Film(tuple(pixmaps), tuple(milliseconds))


def _duration_ms(image: Image.Image) -> int:
    return max(_LEAST_FRAME_MS, round(image.info.get("duration") or FRAME_MS))


def _pixmap(image: Image.Image) -> QPixmap:
    rgba = image.convert("RGBA")
    rgba.thumbnail((_LARGEST_PX, _LARGEST_PX))
    picture = QImage(
        rgba.tobytes(), rgba.width, rgba.height, 4 * rgba.width, QImage.Format.Format_RGBA8888
    )
    return QPixmap.fromImage(picture)  # which copies: the bytes may go


class FilmShelf:
    """Films read lately, and the first picture of many more in the size they were asked for."""

    def __init__(self, films: int = 24, posters: int = 3000) -> None:
        self._films: OrderedDict[Path, Film] = OrderedDict()
        self._posters: OrderedDict[tuple[Path, int], tuple[QPixmap | None, bool]] = OrderedDict()
        self._most_films, self._most_posters = films, posters

    def film(self, path: Path) -> Film:
        """A whole film."""
        if path not in self._films:
            self._films[path] = read_film(path)
        self._films.move_to_end(path)
        while len(self._films) > self._most_films:
            self._films.popitem(last=False)
        return self._films[path]

    def poster(self, path: Path, side: int) -> tuple[QPixmap | None, bool]:
        """The first picture within a square, in device pixels, and whether it moves."""
        key = path, side
        if key not in self._posters:
            first, moves = read_poster(path)
            self._posters[key] = first and fitted(first, side), moves
        self._posters.move_to_end(key)
        while len(self._posters) > self._most_posters:
            self._posters.popitem(last=False)
        return self._posters[key]


def fitted(picture: QPixmap, side: int) -> QPixmap:
    """The picture as large as a square allows."""
    return picture.scaled(
        QSize(side, side),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def paint_background(painter: QPainter, area: QRect, background: Background) -> None:
    """Fill an area."""
    if background in _PLAIN:
        painter.fillRect(area, _PLAIN[background])
        return
    painter.fillRect(area, _LIGHT)
    for row, top in enumerate(range(area.top(), area.bottom() + 1, _CHECK_PX)):
        for left in range(area.left() + row % 2 * _CHECK_PX, area.right() + 1, 2 * _CHECK_PX):
            painter.fillRect(QRect(left, top, _CHECK_PX, _CHECK_PX) & area, _DARK)
