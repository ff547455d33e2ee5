"""Boxes of the Generate panel: for words, a model, a seed, and the frames that a clip hides."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSpinBox

from studio.session.draft import SEED_LIMIT, random_seed

MOST_EXTRA_FRAMES = 48
_PROMPT_PX = 68


class PromptBox(QPlainTextEdit):
    """Where something is described; `wanted` is Ctrl+Return in it."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_PROMPT_PX)
        self.setTabChangesFocus(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.wanted.emit()
        else:
            super().keyPressEvent(event)


def model_box() -> QComboBox:
    """An empty one, which says so; narrow, however long the models' names are."""
    box = QComboBox()
    box.setPlaceholderText("None for this")
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    return box


def seed_box() -> QLineEdit:
    """A seed by chance, to be changed."""
    box = QLineEdit(str(random_seed()))
    box.setValidator(QIntValidator(0, SEED_LIMIT - 1, box))
    return box


def extra_box() -> QSpinBox:
    """How many frames are hidden on either side of a clip."""
    box = QSpinBox()
    box.setRange(0, MOST_EXTRA_FRAMES)
    box.setSpecialValueText("None")
    box.setSuffix(" frames on either side")
    box.lineEdit().setTextMargins(5, 0, 0, 0)
    box.setToolTip("Hidden picture before and after the clip, for trims and dissolves")
    return box
