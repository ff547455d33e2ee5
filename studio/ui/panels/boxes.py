"""Boxes of the Generate panel: for words, a model, a seed, and the frames that a clip hides."""

from __future__ import annotations

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSpinBox

from studio.session.draft import SEED_LIMIT, random_seed
from studio.ui.keyboard import StepBox

MOST_EXTRA_FRAMES = 48
_PROMPT_PX = 68


def prompt_box() -> QPlainTextEdit:
    """Where something is described; Tab goes on to the next field."""
    box = QPlainTextEdit()
    box.setFixedHeight(_PROMPT_PX)
    box.setTabChangesFocus(True)
    return box


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
    box = StepBox()
    box.setRange(0, MOST_EXTRA_FRAMES)
    box.setSpecialValueText("None")
    box.setSuffix(" frames on either side")
    box.lineEdit().setTextMargins(5, 0, 0, 0)
    box.setToolTip("Hidden picture before and after the clip, for trims and dissolves")
    return box
