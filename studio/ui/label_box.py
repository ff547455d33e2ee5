"""A box to choose a label from: swatches with their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QComboBox, QMenu

from studio.document.model.label import Label
from studio.ui.labels import label_name, swatch

NO_LABEL = "None"


class LabelBox(QComboBox):
    """`choose` hears of a choice; None is no label."""

    def __init__(self, choose: Callable[[Label | None], object]) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(len(Label) + 1)
        self.setPlaceholderText("Different")
        self.addItem(swatch(""), NO_LABEL, "")
        for label in Label:
            self.addItem(swatch(label), label_name(label), label.value)
        self.activated.connect(lambda _row: choose(Label.read(self.currentData())))

    def show_labels(self, stored: Iterable[str]) -> None:
        """Show what things have in common; a colour of another program by its own name."""
        held = set(stored)
        only = held.pop() if len(held) == 1 else None
        if only and self.findData(only) < 0:
            self.addItem(swatch(only), only, only)
        self.setCurrentIndex(-1 if only is None else self.findData(only))


def fill_label_menu(
    menu: QMenu, held: Iterable[str], choose: Callable[[Label | None], object]
) -> None:
    """Every label with its swatch, and none; those that all things have in common are ticked."""
    common = set(held)
    for label in (*Label, None):
        stored = label.value if label is not None else ""
        if label is None:
            menu.addSeparator()
        name = label_name(stored) or NO_LABEL
        action = menu.addAction(swatch(stored), name, lambda label=label: choose(label))
        action.setCheckable(True)
        action.setChecked(common == {stored})
