"""Counts by source: which teacher's pictures are kept."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from studio.ui.controls import ElidedLabel, label
from studio.ui.rating.board import Count
from studio.ui.theme import numeric_font

_HEADS = ("Source", "Kept", "Rejected", "Left", "Accepted")


class SourceCounts(QWidget):
    """A line for each source, and nothing that moves while one rates."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        for place, text in enumerate(_HEADS):
            self._grid.addWidget(_cell(text, place, "section"), 0, place)
        self._cells: dict[str, list[QLabel]] = {}

    def show_counts(self, counts: Mapping[str, Count]) -> None:
        """Show these; a source keeps its line."""
        for source, count in counts.items():
            cells = self._cells.get(source) or self._add(source)
            values = (str(count.kept), str(count.rejected), str(count.left), count.accepted)
            for cell, value in zip(cells, values, strict=True):
                cell.setText(value)

    def texts(self, source: str) -> list[str]:
        """What a source's line says."""
        return [cell.text() for cell in self._cells[source]]

    def _add(self, source: str) -> list[QLabel]:
        line = self._grid.rowCount()
        self._grid.addWidget(ElidedLabel(source), line, 0)
        cells = [_cell("", place, "") for place in range(1, len(_HEADS))]
        for place, cell in enumerate(cells, 1):
            cell.setFont(numeric_font(12))
            self._grid.addWidget(cell, line, place)
        self._cells[source] = cells
        return cells


def _cell(text: str, place: int, role: str) -> QLabel:
    cell = label(text, role)
    side = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
    cell.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return cell
