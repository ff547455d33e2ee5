"""The colours of scopes. They are the same in every theme: a light room would lie about darks."""

from __future__ import annotations

from PySide6.QtGui import QColor

GROUND = QColor(10, 11, 13)
LINE = QColor(214, 190, 130, 54)
STRONG = QColor(214, 190, 130, 120)
INK = QColor(206, 192, 158)
FAINT_INK = QColor(150, 146, 136)
SKIN = QColor(240, 170, 120, 150)
BEAM = (208, 232, 214)
PARTS = ((255, 96, 88), (104, 222, 122), (104, 156, 255))
"""Red, green and blue as they can be told apart on black."""
