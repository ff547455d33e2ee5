"""Arrow keys as pixels: how far one moves what is held in the picture."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from studio.document.affine import Point

NUDGE_PX, LONG_NUDGE_PX = 1, 10
ARROWS: dict[int, Point] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def nudge_of(event: QKeyEvent) -> Point | None:
    """How far an arrow key moves something, with Shift ten times that; None for other keys."""
    way = ARROWS.get(event.key())
    shift = Qt.KeyboardModifier.ShiftModifier
    if way is None or event.modifiers() & ~(shift | Qt.KeyboardModifier.KeypadModifier):
        return None
    step = LONG_NUDGE_PX if event.modifiers() & shift else NUDGE_PX
    return way[0] * step, way[1] * step
