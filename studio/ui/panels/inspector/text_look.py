"""How text looks: the controls that titles and caption tracks share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QColorDialog, QComboBox, QPushButton, QWidget

from studio.document.model.title import Align, TextStyle
from studio.ui.controls import combo
from studio.ui.number_field import NumberField
from studio.ui.panels.inspector.section import Section
from studio.ui.segments import Segments
from studio.ui.theme import current

ALIGNMENTS = (
    (Align.LEFT.value, "Left"),
    (Align.CENTRE.value, "Middle"),
    (Align.RIGHT.value, "Right"),
)
CLEAR = "00"


class FontBox(QComboBox):
    """The fonts of this machine, looked for when the list is first opened."""

    def __init__(self) -> None:
        super().__init__()
        narrow = combo()
        self.setSizeAdjustPolicy(narrow.sizeAdjustPolicy())
        self.setMinimumContentsLength(narrow.minimumContentsLength())
        self._looked = False

    def show_family(self, family: str) -> None:
        """Show the family in use, which this machine may not have."""
        if self.findText(family) < 0:
            self.insertItem(0, family)
        self.setCurrentIndex(self.findText(family))

    def showPopup(self) -> None:
        if not self._looked:
            from studio.media.fonts import families  # looks through every font installed

            self._looked = True
            chosen = self.currentText()
            self.clear()
            self.addItems(list(families()))
            self.show_family(chosen)
        super().showPopup()


class ColourButton(QPushButton):
    """A colour "#rrggbbaa"; `tell` gets the one that was chosen."""

    def __init__(self, title: str, tell: Callable[[str], object]) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setToolTip(title)
        self.setMinimumWidth(36)
        self._title, self._tell, self._shown = title, tell, "#ffffffff"
        self.clicked.connect(self._pick)

    def show_colour(self, value: str) -> None:
        """Show a colour; one that is clear is left empty."""
        self._shown = value
        fill = current().field if value[7:9] == CLEAR else value[:7]
        self.setStyleSheet(f"background: {fill}; border: 1px solid {current().border};")

    def _pick(self) -> None:
        shown = QColor(self._shown[:7])
        alpha = int(self._shown[7:9] or "ff", 16)
        shown.setAlpha(alpha or 160)
        options = QColorDialog.ColorDialogOption.ShowAlphaChannel
        chosen = QColorDialog.getColor(shown, self, self._title, options)
        if chosen.isValid():
            self._tell(f"{chosen.name()}{chosen.alpha():02x}")


class TextLook:
    """Rows for a TextStyle at the end of a section's form.

    `change` gets the fields that the user changed, by their names in TextStyle.
    """

    def __init__(self, section: Section, change: Callable[..., object]) -> None:
        self._change = change
        self.font = FontBox()
        self.font.textActivated.connect(lambda family: change(font=family))
        self.size = self._number("size", NumberField(1, 60, 7, step=0.5, decimals=1, suffix=" %"))
        self.weight = NumberField(100, 900, 600, step=100)
        self.weight.committed.connect(lambda value: change(weight=round(value)))
        self.italic = self._switch("italic", "Italic")
        self.underline = self._switch("underline", "Underline")
        self.align = Segments(ALIGNMENTS)
        self.align.chosen.connect(lambda key: change(align=Align(key)))
        self.colours = {
            name: ColourButton(title, partial(self._coloured, name))
            for name, title in (
                ("colour", "Text colour"),
                ("outline_colour", "Outline colour"),
                ("shadow_colour", "Shadow colour"),
                ("box_colour", "Box behind the text"),
            )
        }
        self.lines = self._number("line_height", NumberField(50, 400, 120, step=5, suffix=" %"))
        self.spacing = self._number(
            "letter_spacing", NumberField(-5, 20, 0, step=0.1, decimals=1, suffix=" %")
        )
        edge = {"step": 0.1, "decimals": 1, "suffix": " %"}
        self.outline = self._number("outline", NumberField(0, 5, 0, **edge))
        self.shadow = self._number("shadow", NumberField(0, 5, 0, **edge))
        self.padding = self._number("padding", NumberField(0, 10, 0, **edge))
        self._rows(section)

    def show(self, style: TextStyle) -> None:
        """Show a style."""
        self.font.show_family(style.font)
        self.weight.show_value(style.weight)
        self.italic.setChecked(style.italic)
        self.underline.setChecked(style.underline)
        self.align.choose(style.align.value)
        for field, share in (
            (self.size, style.size),
            (self.lines, style.line_height),
            (self.spacing, style.letter_spacing),
            (self.outline, style.outline),
            (self.shadow, style.shadow),
            (self.padding, style.padding),
        ):
            field.show_value(share * 100)
        for name, button in self.colours.items():
            button.show_colour(getattr(style, name))

    def _rows(self, section: Section) -> None:
        rows: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            ("Font", (self.font,)),
            ("Size, weight", (self.size, self.weight)),
            ("Style", (self.italic, self.underline)),
            ("Align", (self.align,)),
            ("Colour", (self.colours["colour"],)),
            ("Outline", (self.outline, self.colours["outline_colour"])),
            ("Shadow", (self.shadow, self.colours["shadow_colour"])),
            ("Box", (self.padding, self.colours["box_colour"])),
            ("Line, letter", (self.lines, self.spacing)),
        )
        for name, widgets in rows:
            section.add_row(name, *widgets)
        self.lines.setToolTip("Height of a line")
        self.spacing.setToolTip("Room between letters")
        self.padding.setToolTip("Room around the text in its box")

    def _number(self, name: str, field: NumberField) -> NumberField:
        field.committed.connect(lambda value: self._change(**{name: value / 100}))
        return field

    def _switch(self, name: str, words: str) -> QCheckBox:
        box = QCheckBox(words)
        box.clicked.connect(lambda on: self._change(**{name: on}))
        return box

    def _coloured(self, name: str, colour: str) -> None:
        changes: dict[str, Any] = {name: colour}
        shown = {"outline_colour": (self.outline, 0.004), "shadow_colour": (self.shadow, 0.004)}
        if name in shown and shown[name][0].value() == 0:
            changes[name.removesuffix("_colour")] = shown[name][1]
        self._change(**changes)
