"""The shortcut list, as a page: searchable, every command's keys can be changed or cleared."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from studio.session.preferences import Preferences
from studio.ui.actions.book import MENU_ORDER, CommandBook
from studio.ui.actions.command import Command, matches
from studio.ui.controls import column, label, push_button, row, set_role

_ID = Qt.ItemDataRole.UserRole


class ShortcutList(QWidget):
    """Commands by menu. A change is in force and saved at once."""

    def __init__(self, book: CommandBook, preferences: Preferences) -> None:
        super().__init__()
        self._book = book
        self._preferences = preferences
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search commands or keys")
        self.search.setClearButtonEnabled(True)
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels(["Command", "Keys"])
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(12)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.tree.header().resizeSection(1, 150)
        self.tree.header().setStretchLastSection(False)
        self.keys = QKeySequenceEdit()
        self.keys.setMaximumSequenceLength(1)
        self.keys.setClearButtonEnabled(True)
        self.keys.setMinimumWidth(150)
        self.hint = label("Choose a command, then press the keys for it.", "small", wrap=True)
        self.set_keys = push_button("Set", self._set)
        self.default = push_button("Default", self._restore)
        self.all_default = push_button("All to default", self._restore_all)
        buttons = row(self.keys, self.set_keys, self.default, None, self.all_default, spacing=6)
        layout = column(self.search, self.tree, spacing=8)
        layout.addLayout(buttons)
        layout.addWidget(self.hint)
        self.setLayout(layout)
        self.search.textChanged.connect(lambda _text: self._fill())
        self.tree.currentItemChanged.connect(lambda *_: self._show_chosen())
        self._fill()
        self._show_chosen()

    def _fill(self) -> None:
        chosen = self._chosen()
        self.tree.clear()
        for menu in MENU_ORDER:
            shown = [
                c for c in self._book.commands if c.menu.split("/")[0] == menu and self._fits(c)
            ]
            if shown:
                self._add_group(menu, shown, chosen)
        self.tree.expandAll()

    def _add_group(self, menu: str, shown: list[Command], chosen: Command | None) -> None:
        group = QTreeWidgetItem([menu, ""])
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = group.font(0)
        font.setWeight(QFont.Weight.DemiBold)
        group.setFont(0, font)
        self.tree.addTopLevelItem(group)
        for command in shown:
            item = QTreeWidgetItem([command.title.removesuffix("…"), self._keys_text(command)])
            item.setData(0, _ID, command.id)
            group.addChild(item)
            if chosen is not None and chosen.id == command.id:
                self.tree.setCurrentItem(item)

    def _fits(self, command: Command) -> bool:
        text = self.search.text().strip()
        by_keys = bool(text) and text.lower() in self._keys_text(command).lower()
        return by_keys or matches(command, text) is not None

    def _keys_text(self, command: Command) -> str:
        native = QKeySequence.SequenceFormat.NativeText
        return ", ".join(QKeySequence(k).toString(native) for k in self._book.keys_of(command))

    def _chosen(self) -> Command | None:
        item = self.tree.currentItem()
        command_id = item.data(0, _ID) if item is not None else None
        return next((c for c in self._book.commands if c.id == command_id), None)

    def _show_chosen(self) -> None:
        command = self._chosen()
        for widget in (self.keys, self.set_keys, self.default):
            widget.setEnabled(command is not None)
        keys = self._book.keys_of(command) if command is not None else ()
        self.keys.setKeySequence(QKeySequence(keys[0] if keys else ""))

    def _set(self) -> None:
        command = self._chosen()
        if command is None:
            return
        keys = self.keys.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        owner = self._book.owner_of(keys, besides=command.id) if keys else None
        if owner is not None:
            set_role(self.hint, "warning")
            self.hint.setText(
                f"{self.keys.keySequence().toString()} already belongs to “{owner.title}”."
            )
            return
        self._store({**self._preferences.settings.shortcuts, command.id: keys})

    def _restore(self) -> None:
        command = self._chosen()
        if command is not None:
            kept = dict(self._preferences.settings.shortcuts)
            kept.pop(command.id, None)
            self._store(kept)

    def _restore_all(self) -> None:
        self._store({})

    def _store(self, overrides: dict[str, str]) -> None:
        self._preferences.update(shortcuts=overrides)
        self._book.set_overrides(overrides)
        set_role(self.hint, "small")
        self.hint.setText("Saved.")
        self._fill()
