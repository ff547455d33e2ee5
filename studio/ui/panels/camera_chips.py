"""The camera moves that a model knows, as chips of which at most one is chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from engine.protocol.recipes import CAMERA_MOVES
from studio.ui.controls import push_button
from studio.ui.flow import FlowLayout


class CameraChips(QWidget):
    """`chosen` follows every change; a second click takes the choice back."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._chips = [self._chip(word) for word in CAMERA_MOVES]
        self.setLayout(FlowLayout(*self._chips, spacing=4))

    @property
    def word(self) -> str:
        """The chosen move, "" when the camera is left to the prompt."""
        return next((chip.text() for chip in self._chips if chip.isChecked()), "")

    def choose(self, word: str) -> None:
        """Show a choice without saying that the user made it; "" is none."""
        for chip in self._chips:
            chip.setChecked(chip.text() == word)

    def _chip(self, word: str) -> QPushButton:
        chip = push_button(word, lambda: None, "chip")
        chip.setCheckable(True)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.clicked.connect(lambda on: self._clicked(word if on else ""))
        return chip

    def _clicked(self, word: str) -> None:
        self.choose(word)
        self.chosen.emit()
