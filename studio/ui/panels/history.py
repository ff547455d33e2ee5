"""The history panel: every step, the ones taken back dimmed; a click goes there."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from studio.session.session import Session
from studio.ui.controls import column
from studio.ui.theme import colour

_NUMBER = Qt.ItemDataRole.UserRole
SHOWN = 500


class HistoryPanel(QWidget):
    """Newest at the bottom, as the steps were made."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName("History")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayout(column(self.list, margins=(6, 6, 6, 6)))
        self.list.itemClicked.connect(self._go)
        session.changed.connect(lambda _changes: self.refresh())
        session.opened.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """List the steps."""
        steps, position = self._session.steps[-SHOWN:], self._session.position
        self.list.clear()
        first = steps[0].number - 1 if steps else position
        entries = [(first, "Opened"), *((step.number, step.name) for step in steps)]
        for number, name in entries:
            item = QListWidgetItem(name)
            item.setToolTip(name)
            item.setSizeHint(QSize(0, self.list.fontMetrics().height() + 8))  # as wide as the list
            item.setData(_NUMBER, number)
            if number > position:
                item.setForeground(colour("faint"))
            self.list.addItem(item)
            if number == position:
                self.list.setCurrentItem(item)
        self.list.scrollToItem(self.list.currentItem())

    def _go(self, item: QListWidgetItem) -> None:
        number = item.data(_NUMBER)
        if number != self._session.position:
            self._session.go_to_step(number)
