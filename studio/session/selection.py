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
        self._track = ""

    @property
    def ids(self) -> frozenset[str]:
        return self._ids

    @property
    def track(self) -> str:
        """The track whose header was chosen, "" when none is; then no item is selected."""
        return self._track

    def choose_track(self, track_id: str) -> None:
        """Choose a track as a whole, and no item."""
        self._select(frozenset(), track_id)

    def set(self, ids: Iterable[str]) -> None:
        """Select these and nothing else."""
        self._select(frozenset(ids), "")

    def _select(self, ids: frozenset[str], track: str) -> None:
        if (ids, track) != (self._ids, self._track):
            self._ids, self._track = ids, track
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
