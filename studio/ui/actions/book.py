"""The book of commands: turns command data into QActions, menus and current shortcuts."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Generic

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from studio.ui.actions.command import Command, Target
from studio.ui.theme import themed_icon

log = logging.getLogger(__name__)

MENU_ORDER = ("File", "Edit", "Clip", "Sequence", "Mark", "Playback", "View", "Tools", "Help")


class CommandBook(QObject, Generic[Target]):
    """All commands of a window with one QAction each."""

    shortcuts_changed = Signal()

    def __init__(
        self,
        commands: Iterable[Command[Target]],
        target: Target,
        window: QWidget,
        overrides: Mapping[str, str],
    ) -> None:
        super().__init__(window)
        self._target = target
        self.commands = tuple(commands)
        self._by_id = {command.id: command for command in self.commands}
        self._actions = {command.id: self._action(command, window) for command in self.commands}
        self.set_overrides(overrides)

    def action(self, command_id: str) -> QAction:
        """The action of a command, for buttons and menus. Raises: KeyError."""
        return self._actions[command_id]

    def trigger(self, command_id: str) -> None:
        """Do a command as if its menu item had been clicked."""
        self._actions[command_id].trigger()

    def set_overrides(self, overrides: Mapping[str, str]) -> None:
        """Give commands their shortcuts: the user's where set ("" removes), else the default."""
        self._overrides = dict(overrides)
        for command in self.commands:
            keys = self.keys_of(command)
            self._actions[command.id].setShortcuts([QKeySequence(key) for key in keys])
            self._actions[command.id].setToolTip(self.tip(command.id))
        self.shortcuts_changed.emit()

    def keys_of(self, command: Command[Target]) -> tuple[str, ...]:
        """The shortcuts in force for a command, as portable text."""
        chosen = self._overrides.get(command.id)
        if chosen is None:
            return command.shortcuts
        return (chosen,) if chosen else ()

    def owner_of(self, keys: str, besides: str = "") -> Command[Target] | None:
        """The command that a key combination belongs to already, for conflicts."""
        wanted = QKeySequence(keys)
        for command in self.commands:
            if command.id != besides and any(
                QKeySequence(key) == wanted for key in self.keys_of(command)
            ):
                return command
        return None

    def tip(self, command_id: str) -> str:
        """A command's title with its first shortcut, for a button."""
        command = self._by_id[command_id]
        keys = self.keys_of(command)
        title = command.title.removesuffix("…")
        shown = (
            QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        )
        return f"{title}  ({shown})" if shown else title

    def refresh(self) -> None:
        """Ask every command whether it can be done now and whether it is switched on."""
        for command in self.commands:
            action = self._actions[command.id]
            action.setEnabled(command.enabled(self._target))
            if command.checked is not None:
                action.setChecked(command.checked(self._target))

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Build the menus; returned by path, so that a window can add lists of its own."""
        menus: dict[str, QMenu] = {}
        for name in MENU_ORDER:
            menus[name] = bar.addMenu(f"&{name}")  # each begins with a letter of its own: Alt+F
        last_section: dict[str, int] = {}
        for command in self.commands:
            if not command.menu:
                continue
            menu = self._menu(menus, command.menu)
            if last_section.get(command.menu, command.section) != command.section:
                menu.addSeparator()
            last_section[command.menu] = command.section
            menu.addAction(self._actions[command.id])
        return menus

    def _menu(self, menus: dict[str, QMenu], path: str) -> QMenu:
        if path not in menus:
            parent, _, name = path.rpartition("/")
            menus[path] = self._menu(menus, parent).addMenu(name)
        return menus[path]

    def _action(self, command: Command[Target], window: QWidget) -> QAction:
        action = QAction(command.title, window)
        action.setObjectName(command.id)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(command.checked is not None)
        if command.icon:
            action.setIcon(themed_icon(command.icon, 16))
            action.setIconVisibleInMenu(False)
        action.triggered.connect(lambda _checked=False: self._run(command))
        window.addAction(action)
        return action

    def _run(self, command: Command[Target]) -> None:
        if not command.enabled(self._target):
            self.refresh()
            return
        log.info("command %s", command.id)
        command.run(self._target)
        self.refresh()
