"""A row of buttons of which one is chosen: a small set of choices that are all in view."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from studio.ui.theme import current


class Segments(QWidget):
    """`chosen` is emitted with the key when the user picks another."""

    chosen = Signal(str)

    def __init__(self, choices: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2, 2, 2, 2)
        self._row.setSpacing(2)
        self.setObjectName("Segments")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.restyle()
        self.set_choices(choices)

    @property
    def key(self) -> str:
        """The chosen key, "" while there are no choices."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self._buttons)

    def set_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer other choices, as (key, text); the old choice stays if it is still there."""
        wanted, before = list(choices), self.key
        if [(key, b.text()) for key, b in self._buttons.items()] == wanted:
            return
        for button in self._buttons.values():
            self._group.removeButton(button)
            button.deleteLater()
        self._buttons = {key: self._button(key, text) for key, text in wanted}
        if self._buttons:
            self.choose(before if before in self._buttons else next(iter(self._buttons)))

    def choose(self, key: str) -> None:
        """Show a choice without saying that the user made it."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def set_tip(self, key: str, tip: str) -> None:
        """Explain one choice on hover."""
        self._buttons[key].setToolTip(tip)

    def restyle(self) -> None:
        """Take on the theme's colours."""
        theme = current()
        self.setStyleSheet(
            f"#Segments {{ background: {theme.field}; border: 1px solid {theme.border};"
            " border-radius: 6px; }"
            "QPushButton { border: none; background: transparent; padding: 2px 8px;"
            f" border-radius: 4px; color: {theme.dim}; min-height: 18px; }}"
            f"QPushButton:hover {{ color: {theme.text}; }}"
            f"QPushButton:checked {{ background: {theme.hover}; color: {theme.text};"
            " font-weight: 600; }"
            f"QPushButton:focus {{ border: 1px solid {theme.accent}; }}"
        )

    def _button(self, key: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _on=False: self.chosen.emit(key))
        self._group.addButton(button)
        self._row.addWidget(button, 1)
        return button
