"""Drawing sound: peaks to columns to a tile of pixels. Pure but for the pixmap it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

if TYPE_CHECKING:
    import numpy as np

    from studio.media.waveform import Peaks

TILE_PX = 256


def columns(
    peaks: Peaks, start_s: float, end_s: float, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest, -1 to 1, of `count` equal stretches: float32 (count,) each.

    The stretch may run backwards, as sound in reverse does. Outside the file there is silence.
    """
    import numpy as np

    from studio.media.waveform import FULL_SCALE

    if end_s < start_s:
        low, high = columns(peaks, end_s, start_s, count)
        return low[::-1], high[::-1]
    edges = np.linspace(start_s, end_s, count + 1) * float(peaks.per_second)
    first = np.floor(edges).astype(np.int64)
    inside = (first[:-1] >= 0) & (first[:-1] < len(peaks.low))
    low, high = (np.zeros(count, np.float32) for _ in range(2))
    if inside.any():
        begin, stop = max(0, int(first[0])), min(len(peaks.low), int(first[-1]) + 1)
        starts = (first[:-1][inside] - begin).clip(0, stop - begin - 1)
        low[inside] = np.minimum.reduceat(peaks.low[begin:stop], starts)
        high[inside] = np.maximum.reduceat(peaks.high[begin:stop], starts)
    return low / FULL_SCALE, high / FULL_SCALE


def draw_tile(
    peaks: Peaks, start_s: float, end_s: float, width: int, height: int, ink: QColor, gain: float
) -> QPixmap:
    """A stretch of sound as a transparent tile, its middle line at half the height."""
    import numpy as np

    low, high = columns(peaks, start_s, end_s, width)
    pixmap = QPixmap(width, height)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    middle, reach = height / 2, height / 2 - 1
    tops = middle - np.clip(high * gain, -1, 1) * reach
    bottoms = np.maximum(middle - np.clip(low * gain, -1, 1) * reach, tops + 1)
    painter.setPen(QPen(ink, 1))
    lines = [
        QLineF(x + 0.5, top, x + 0.5, bottom)
        for x, (top, bottom) in enumerate(zip(tops, bottoms, strict=True))
    ]
    painter.drawLines(lines)
    painter.end()
    return pixmap
