"""Preferences: the settings in force while the window is open, and word of their changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.session.settings import (
    cache_folder_of,
    default_path,
    read_settings,
    write_settings,
)

RECENT_LIMIT = 12


class Preferences(QObject):
    """The settings in force. `changed` tells the names of the fields that are new."""

    changed = Signal(frozenset)

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path or default_path()
        self.settings = read_settings(self.path)

    @property
    def cache_folder(self) -> Path:
        """Where thumbnails, waveforms and proxies are kept; safe to delete at any time."""
        return cache_folder_of(self.settings)

    def update(self, **values: Any) -> None:
        """Change fields by name and write the file."""
        before = self.settings
        self.settings = replace(before, **values)
        names = frozenset(n for n in values if getattr(before, n) != getattr(self.settings, n))
        if names:
            write_settings(self.path, self.settings)
            self.changed.emit(names)

    def remember(self, project: Path) -> None:
        """Put a project at the head of the recent ones."""
        name = str(project.resolve())
        others = tuple(item for item in self.settings.recent if item != name)
        self.update(recent=(name, *others)[:RECENT_LIMIT])

    def recent_projects(self) -> tuple[Path, ...]:
        """Recent projects that still exist, newest first."""
        return tuple(path for item in self.settings.recent if (path := Path(item)).is_file())
