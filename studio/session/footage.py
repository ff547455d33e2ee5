"""Which footage is missing from this disk. It looks; what is done about it is elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.document.model.asset import Asset
from studio.session.background import Background
from studio.session.numbered import is_row


class MissingFootage(QObject):
    """The ids of assets whose files are not where the project says.

    `suspected` is emitted, on any thread, when a file was wanted and is no longer there.
    """

    changed = Signal()
    suspected = Signal()

    def __init__(self, work: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._missing: frozenset[str] = frozenset()
        self._asked = 0

    @property
    def missing(self) -> frozenset[str]:
        return self._missing

    def suspect(self, asset_id: str) -> None:
        """A file could not be opened, on whatever thread: is that news?"""
        if asset_id not in self._missing:
            self.suspected.emit()

    def look(self, assets: Iterable[Asset], folder: Path) -> None:
        """Look for every file, on another thread: a network drive may take its time."""
        wanted = [(asset.id, folder / asset.path) for asset in assets]
        self._asked += 1
        number = self._asked
        self._work.run(lambda: _absent(wanted), lambda found: self._found(number, found))

    def _found(self, number: int, missing: frozenset[str]) -> None:
        if number == self._asked and missing != self._missing:
            self._missing = missing
            self.changed.emit()


def _absent(wanted: list[tuple[str, Path]]) -> frozenset[str]:
    return frozenset(asset_id for asset_id, path in wanted if not _is_there(path))


def _is_there(path: Path) -> bool:
    if not is_row(path):
        return path.exists()
    from studio.media.decode.pictures import sequence_files
    from studio.media.errors import FileUnreadable

    try:
        return bool(sequence_files(path))
    except (FileUnreadable, OSError):
        return False
