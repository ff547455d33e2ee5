"""Selection: the clips, transitions or the gap that the next command is about."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """Ids of items of the open sequence. The project may have lost some of them since."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: frozenset[str] = frozenset()

    @property
    def ids(self) -> frozenset[str]:
        return self._ids

    def set(self, ids: Iterable[str]) -> None:
        """Select these and nothing else."""
        wanted = frozenset(ids)
        if wanted != self._ids:
            self._ids = wanted
            self.changed.emit()

    def add(self, ids: Iterable[str]) -> None:
        """Select these as well."""
        self.set(self._ids | frozenset(ids))

    def remove(self, ids: Iterable[str]) -> None:
        """Select these no more."""
        self.set(self._ids - frozenset(ids))

    def clear(self) -> None:
        """Select nothing."""
        self.set(())
