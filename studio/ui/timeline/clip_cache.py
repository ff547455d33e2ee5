"""Painted clips, kept: scrolling and dragging draw most clips as they were a moment ago."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from studio.document.model.clip import Clip
from studio.ui.timeline.looks import ClipLook

LIMIT_BYTES = 64 * 2**20
WIDEST_PX = 1200


@dataclass(frozen=True, slots=True)
class Appearance:
    """Everything that decides how a clip looks, besides the clip itself.

    `pixels_per_frame` is the zoom, `pictures` how many of its asset's pictures have come so far.
    """

    look: ClipLook
    selected: bool
    hovered: bool
    locked: bool
    pixels_per_frame: float
    pictures: int


class ClipCache:
    """Pixmaps of whole clips, the ones used longest ago let go first."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._used_bytes = 0
        self._kept: OrderedDict[tuple[int, int, int], tuple[Clip, Appearance, QPixmap]]
        self._kept = OrderedDict()

    def draw(
        self,
        painter: QPainter,
        rect: QRectF,
        clip: Clip,
        appearance: Appearance,
        paint: Callable[[QPainter, QRectF], None],
    ) -> None:
        """Draw a clip at whole pixels; `paint` paints it at the origin when it is not kept."""
        width, height = round(rect.width()), round(rect.height())
        key = (id(clip), width, height)
        kept = self._kept.get(key)
        if kept is None or kept[0] is not clip or kept[1] != appearance:
            pixmap = self._painted(width, height, painter.device().devicePixelRatioF(), paint)
            self._keep(key, (clip, appearance, pixmap))
        else:
            self._kept.move_to_end(key)
            pixmap = kept[2]
        painter.drawPixmap(QPointF(round(rect.left()), round(rect.top())), pixmap)

    def _painted(
        self, width: int, height: int, ratio: float, paint: Callable[[QPainter, QRectF], None]
    ) -> QPixmap:
        pixmap = QPixmap(max(1, round(width * ratio)), max(1, round(height * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint(painter, QRectF(0, 0, width, height))
        painter.end()
        return pixmap

    def _keep(self, key: tuple[int, int, int], entry: tuple[Clip, Appearance, QPixmap]) -> None:
        before = self._kept.pop(key, None)
        if before is not None:
            self._used_bytes -= _bytes_of(before[2])
        self._kept[key] = entry
        self._used_bytes += _bytes_of(entry[2])
        while self._used_bytes > self._limit_bytes and len(self._kept) > 1:
            _key, (_clip, _appearance, pixmap) = self._kept.popitem(last=False)
            self._used_bytes -= _bytes_of(pixmap)


def _bytes_of(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
