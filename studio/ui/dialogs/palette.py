"""The command palette: type a few letters, press Return."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from studio.ui.actions.book import CommandBook
from studio.ui.actions.command import Command, matches
from studio.ui.controls import column, label, row
from studio.ui.theme import current

WIDTH_PX = 520
ROWS_SHOWN = 12


class CommandPalette(QDialog):
    """Lists the commands that can be done now, best match first."""

    def __init__(self, book: CommandBook, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._book = book
        self.setObjectName("Palette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search commands")
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayout(column(self.search, self.list, spacing=6, margins=(8, 8, 8, 8)))
        self.setStyleSheet(
            f"#Palette {{ background: {current().raised}; border: 1px solid {current().border};"
            f" border-radius: 8px; }} QListWidget {{ background: transparent; }}"
        )
        self.search.textChanged.connect(self._fill)
        self.list.itemActivated.connect(lambda _item: self._run())
        self.list.itemClicked.connect(lambda _item: self._run())
        self._fill("")
        self._place(parent)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: 8,
                Qt.Key.Key_PageUp: -8,
            }
            if event.key() in steps:
                last = self.list.count() - 1
                place = self.list.currentRow() + steps[Qt.Key(event.key())]
                self.list.setCurrentRow(max(0, min(last, place)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
        return super().eventFilter(watched, event)

    def _place(self, parent: QWidget) -> None:
        height = 52 + ROWS_SHOWN * 32
        corner = parent.mapToGlobal(parent.rect().topLeft())
        self.resize(QSize(WIDTH_PX, height))
        self.move(corner.x() + (parent.width() - WIDTH_PX) // 2, corner.y() + 70)

    def _fill(self, query: str) -> None:
        self._book.refresh()
        ranked = [
            (rank, place, command)
            for place, command in enumerate(self._book.commands)
            if (rank := matches(command, query)) is not None
            and self._book.action(command.id).isEnabled()
            and command.id != "help.palette"
        ]
        self.list.clear()
        for _rank, _place, command in sorted(ranked, key=lambda entry: entry[:2]):
            self._add(command)
        self.list.setCurrentRow(0)

    def _add(self, command: Command) -> None:
        item = QListWidgetItem()
        item.setData(Qt.ItemDataRole.UserRole, command.id)
        item.setSizeHint(QSize(10, 32))
        line = QWidget()
        parts: list[QWidget | int | None] = [
            label(command.title.removesuffix("…")),
            label(command.menu.replace("/", " › "), "faint"),
            None,
        ]
        for keys in self._book.keys_of(command)[:1]:
            native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
            parts.append(label(native, "key"))
        line.setLayout(row(*parts, spacing=9, margins=(8, 0, 8, 0)))
        line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.list.addItem(item)
        self.list.setItemWidget(item, line)

    def _run(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        command_id = item.data(Qt.ItemDataRole.UserRole)
        self.close()
        self._book.trigger(command_id)
