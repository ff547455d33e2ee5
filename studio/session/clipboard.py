"""The clipboard: clips that were copied, kept as pieces that can be laid down again."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from studio.document.edits.source import Piece
from studio.document.model.sequence import TrackKind


@dataclass(frozen=True, slots=True)
class Copied:
    """A piece with the kind and number of its track, so that it can go to another sequence."""

    piece: Piece
    kind: TrackKind
    number: int


class Clipboard(QObject):
    """What was cut or copied last."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._content: tuple[Copied, ...] = ()

    @property
    def content(self) -> tuple[Copied, ...]:
        return self._content

    def put(self, content: tuple[Copied, ...]) -> None:
        """Keep these in place of what was there."""
        self._content = content
        self.changed.emit()
