"""The text of a title or a caption, block by block, with its size, weight, colour and place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QFocusEvent
from PySide6.QtWidgets import QColorDialog, QPlainTextEdit, QPushButton

from studio.document.edits.captions import set_caption
from studio.document.edits.titles import move_title_block, set_title_style, set_title_text
from studio.document.model.clip import CaptionMedia, TitleMedia
from studio.document.model.project import Project
from studio.document.model.title import Align, TextBlock
from studio.document.queries.places import find_clip
from studio.session.session import Session
from studio.ui.controls import label
from studio.ui.number_field import NumberField
from studio.ui.panels.inspector.section import Section
from studio.ui.segments import Segments
from studio.ui.theme import current

TYPING_PAUSE_MS = 500
ALIGNMENTS = (
    (Align.LEFT.value, "Left"),
    (Align.CENTRE.value, "Middle"),
    (Align.RIGHT.value, "Right"),
)


class TypedText(QPlainTextEdit):
    """A text box that tells of its text when typing pauses, or when it loses the focus."""

    def __init__(self, height_px: int, tell: Callable[[str], object]) -> None:
        super().__init__()
        self.setFixedHeight(height_px)
        self.setTabChangesFocus(True)
        self._tell = tell
        self._told = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        self.textChanged.connect(self._pause.start)

    def show_text(self, text: str) -> None:
        """Show the model's text, unless something newer is being typed."""
        self._told = text
        if not self._pause.isActive() and text != self.toPlainText():
            self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(False)

    def flush(self) -> None:
        """Tell of the text now."""
        self._pause.stop()
        if self.toPlainText() != self._told:
            self._told = self.toPlainText()
            self._tell(self._told)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.flush()


class _Block:
    """The controls of one block of text."""

    def __init__(self, section: TitleSection, place: int) -> None:
        self._section = section
        self._place = place
        self.text = TypedText(52, partial(section.set_text, place))
        self.size = NumberField(1, 60, 7, step=0.5, decimals=1, suffix=" %")
        self.weight = NumberField(100, 900, 600, step=100)
        self.colour = QPushButton()
        self.align = Segments(ALIGNMENTS)
        self.x = NumberField(-100, 200, 50, decimals=1, suffix=" %")
        self.y = NumberField(-100, 200, 50, decimals=1, suffix=" %")
        section.form.addWidget(self.text)
        section.add_row("Size, weight", self.size, self.weight)
        section.add_row("Colour", self.colour)
        section.add_row("Align", self.align)
        section.add_row("Place X, Y", self.x, self.y)
        self.size.committed.connect(lambda v: section.set_style(place, size=v / 100))
        self.weight.committed.connect(lambda v: section.set_style(place, weight=round(v)))
        self.align.chosen.connect(lambda key: section.set_style(place, align=Align(key)))
        self.colour.clicked.connect(self._pick)
        for field in (self.x, self.y):
            field.committed.connect(lambda _v: self._move())

    def show(self, block: TextBlock) -> None:
        self._shown = block
        self.text.show_text(block.text)
        self.size.show_value(block.style.size * 100)
        self.weight.show_value(block.style.weight)
        self.align.choose(block.style.align.value)
        self.x.show_value(block.x * 100)
        self.y.show_value(block.y * 100)
        self.colour.setStyleSheet(
            f"background: {block.style.colour[:7]}; border: 1px solid {current().border};"
        )

    def _pick(self) -> None:
        before = QColor(self._shown.style.colour[:7])
        chosen = QColorDialog.getColor(before, self._section, "Text colour")
        if chosen.isValid():
            alpha = self._shown.style.colour[7:9]
            self._section.set_style(self._place, colour=f"{chosen.name()}{alpha}")

    def _move(self) -> None:
        self._section.move_block(self._place, self.x.value() / 100, self.y.value() / 100)


class TitleSection(Section):
    """A title's blocks."""

    def __init__(self, session: Session, clip_id: str, blocks: int) -> None:
        super().__init__("Title", session)
        self._clip_id = clip_id
        self.blocks: list[_Block] = []
        for place in range(blocks):
            if place:
                self.form.addSpacing(6)
                self.form.addWidget(label(f"Line {place + 1}", "small"))
            self.blocks.append(_Block(self, place))

    def refresh(self, project: Project, frame: int) -> None:
        """Show the title."""
        clip = find_clip(project, self._clip_id)
        if clip is not None and isinstance(clip.media, TitleMedia):
            for controls, block in zip(self.blocks, clip.media.title.blocks, strict=False):
                controls.show(block)

    def set_text(self, place: int, text: str) -> None:
        """Change a block's text."""
        edit = partial(set_title_text, clip_id=self._clip_id, block=place, text=text)
        self.session.apply("Change title text", edit)

    def set_style(self, place: int, **values: object) -> None:
        """Change parts of a block's style."""
        clip = find_clip(self.session.project, self._clip_id)
        if clip is not None and isinstance(clip.media, TitleMedia):
            style = replace(clip.media.title.blocks[place].style, **values)
            edit = partial(set_title_style, clip_id=self._clip_id, block=place, style=style)
            self.session.apply("Change title style", edit)

    def move_block(self, place: int, x: float, y: float) -> None:
        """Put a block elsewhere."""
        edit = partial(move_title_block, clip_id=self._clip_id, block=place, x=x, y=y)
        self.session.apply("Move title text", edit)


class CaptionSection(Section):
    """A caption's text."""

    def __init__(self, session: Session, clip_id: str) -> None:
        super().__init__("Caption", session)
        self._clip_id = clip_id
        self.text = TypedText(70, self._set)
        self.form.addWidget(self.text)

    def refresh(self, project: Project, frame: int) -> None:
        """Show the caption."""
        clip = find_clip(project, self._clip_id)
        if clip is not None and isinstance(clip.media, CaptionMedia):
            self.text.show_text(clip.media.text)

    def _set(self, text: str) -> None:
        edit = partial(set_caption, clip_id=self._clip_id, text=text)
        self.session.apply("Change caption", edit)
