"""A marker's name, note, colour, length and whether it is a chapter."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLineEdit, QPlainTextEdit, QWidget

from studio.document.model.marker import Marker, MarkerColour
from studio.ui.controls import boxed, column, label, push_button, row
from studio.ui.number_field import NumberField

REMOVED = 2
"""The dialog's result when the marker shall go."""


class MarkerDialog(QDialog):
    """`changed(marker)` gives the marker as the fields say."""

    def __init__(self, marker: Marker, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Marker")
        self.setMinimumWidth(360)
        self.name = QLineEdit(marker.name)
        self.name.setPlaceholderText("Name")
        self.note = QPlainTextEdit(marker.note)
        self.note.setPlaceholderText("Note")
        self.note.setFixedHeight(80)
        self.colour = QComboBox()
        for each in MarkerColour:
            self.colour.addItem(each.value.capitalize(), each.value)
        self.colour.setCurrentIndex(self.colour.findData(marker.colour.value))
        self.length = NumberField(0, 10_000_000, marker.duration, suffix=" frames")
        self.length.setValue(marker.duration)
        self.chapter = QCheckBox("Chapter in the exported film")
        self.chapter.setChecked(marker.chapter)
        done = push_button("Done", self.accept, "primary")
        buttons = row(
            push_button("Remove", lambda: self.done(REMOVED)),
            None,
            push_button("Cancel", self.reject),
            done,
        )
        colour_row = row(label("Colour", "dim"), self.colour, None, spacing=10)
        length_row = row(label("Length", "dim"), self.length, None, spacing=10)
        self.setLayout(
            column(
                self.name,
                self.note,
                boxed(colour_row),
                boxed(length_row),
                self.chapter,
                boxed(buttons),
                spacing=9,
                margins=(14, 14, 14, 12),
            )
        )
        done.setDefault(True)

    def changed(self, marker: Marker) -> Marker:
        """The marker with what the fields say."""
        return replace(
            marker,
            name=self.name.text().strip(),
            note=self.note.toPlainText().strip(),
            colour=MarkerColour(self.colour.currentData()),
            duration=round(self.length.value()),
            chapter=self.chapter.isChecked(),
        )
