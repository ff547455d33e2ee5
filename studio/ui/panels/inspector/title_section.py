"""The text of a title or a caption, and how it looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from studio.document.edits.captions import join_captions, set_caption, split_caption
from studio.document.edits.titles import (
    move_title_block,
    set_title,
    set_title_style,
    set_title_text,
)
from studio.document.edits.tracks import set_caption_style
from studio.document.model.clip import CaptionMedia, TitleMedia
from studio.document.model.project import Project
from studio.document.model.title import TextBlock, Title
from studio.document.queries.places import find_clip, locate_track
from studio.document.titles import TEMPLATES, title_from
from studio.session.session import Session
from studio.ui.controls import boxed, combo, label, push_button, row, tool_button
from studio.ui.number_field import NumberField
from studio.ui.panels.inspector.section import Section
from studio.ui.panels.inspector.text_look import ColourButton, TextLook

TYPING_PAUSE_MS = 500


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
        self.x = NumberField(-100, 200, 50, decimals=1, suffix=" %")
        self.y = NumberField(-100, 200, 50, decimals=1, suffix=" %")
        section.form.addWidget(self.text)
        self.look = TextLook(section, partial(section.set_style, place))
        section.add_row("Place X, Y", self.x, self.y)
        for field in (self.x, self.y):
            field.committed.connect(lambda _v: self._move())

    def show(self, block: TextBlock) -> None:
        self.text.show_text(block.text)
        self.look.show(block.style)
        self.x.show_value(block.x * 100)
        self.y.show_value(block.y * 100)

    def _move(self) -> None:
        self._section.move_block(self._place, self.x.value() / 100, self.y.value() / 100)


class TitleSection(Section):
    """A title's blocks and the bars behind them, and another template for both."""

    def __init__(self, session: Session, clip_id: str, title: Title) -> None:
        super().__init__("Title", session)
        self._clip_id = clip_id
        self.template = combo(*((name.capitalize(), name) for name in TEMPLATES))
        self.template.activated.connect(lambda _place: self._use_template())
        self.add_row("Template", self.template)
        self.blocks: list[_Block] = []
        for place in range(len(title.blocks)):
            self._head(place, several=len(title.blocks) > 1)
            self.blocks.append(_Block(self, place))
        self.bars = [
            ColourButton(f"Bar {place + 1}", partial(self._colour_bar, place))
            for place in range(len(title.bars))
        ]
        if self.bars:
            self.add_row("Bars", *self.bars)
        self.add = push_button("Add text", self._add_block, icon="plus")
        self.form.addWidget(boxed(row(self.add, None)))

    def refresh(self, project: Project, frame: int) -> None:
        """Show the title."""
        title = self._words_of(project)
        if title is None:
            return
        self.template.setCurrentIndex(self.template.findData(title.template))
        for controls, block in zip(self.blocks, title.blocks, strict=False):
            controls.show(block)
        for button, bar in zip(self.bars, title.bars, strict=False):
            button.show_colour(bar.colour)

    def set_text(self, place: int, text: str) -> None:
        """Change a block's text."""
        edit = partial(set_title_text, clip_id=self._clip_id, block=place, text=text)
        self.session.apply("Change title text", edit)

    def set_style(self, place: int, **values: object) -> None:
        """Change parts of a block's style."""
        title = self._words_of(self.session.project)
        if title is not None:
            style = replace(title.blocks[place].style, **values)
            edit = partial(set_title_style, clip_id=self._clip_id, block=place, style=style)
            self.session.apply("Change title style", edit)

    def move_block(self, place: int, x: float, y: float) -> None:
        """Put a block elsewhere."""
        edit = partial(move_title_block, clip_id=self._clip_id, block=place, x=x, y=y)
        self.session.apply("Move title text", edit)

    def remove_block(self, place: int) -> None:
        """Take a block of text away."""
        title = self._words_of(self.session.project)
        if title is not None:
            left = (*title.blocks[:place], *title.blocks[place + 1 :])
            self._show_title("Remove title text", replace(title, blocks=left))

    def _head(self, place: int, *, several: bool) -> None:
        if not several:
            return
        remove = tool_button(
            "trash-2", "Remove this text", partial(self.remove_block, place), size=13
        )
        self.form.addWidget(boxed(row(label(f"Text {place + 1}", "small"), None, remove)))

    def _add_block(self) -> None:
        title = self._words_of(self.session.project)
        if title is None:
            return
        last = title.blocks[-1] if title.blocks else TextBlock(text="")
        below = min(0.95, last.y + last.style.size * last.style.line_height * 1.2)
        added = replace(last, text="Text", y=below)
        self._show_title("Add title text", replace(title, blocks=(*title.blocks, added)))

    def _colour_bar(self, place: int, colour: str) -> None:
        title = self._words_of(self.session.project)
        if title is not None:
            changed = replace(title.bars[place], colour=colour)
            bars = (*title.bars[:place], changed, *title.bars[place + 1 :])
            self._show_title("Colour title bar", replace(title, bars=bars))

    def _use_template(self) -> None:
        """Lay the words out by another template."""
        title = self._words_of(self.session.project)
        if title is not None:
            lines = [line for block in title.blocks for line in block.text.split("\n")]
            self._show_title("Change template", title_from(self.template.currentData(), *lines))

    def _show_title(self, step: str, title: Title) -> None:
        self.session.apply(step, partial(set_title, clip_id=self._clip_id, title=title))

    def _words_of(self, project: Project) -> Title | None:
        clip = find_clip(project, self._clip_id)
        media = clip.media if clip is not None else None
        return media.title if isinstance(media, TitleMedia) else None


class CaptionSection(Section):
    """A caption: its words and who says them, and how all captions of its track look."""

    def __init__(self, session: Session, clip_id: str) -> None:
        super().__init__("Caption", session)
        self._clip_id = clip_id
        self.text = TypedText(70, lambda text: self._set(text=text))
        self.form.addWidget(self.text)
        self.speaker = QLineEdit()
        self.speaker.setPlaceholderText("Who says it")
        self.speaker.editingFinished.connect(self._name_speaker)
        self.add_row("Speaker", self.speaker)
        self.cut = push_button("Split at cursor", self._split)
        self.cut.setToolTip("Cut the words at the cursor and the time at the playhead")
        self.join = push_button("Join with next", self._join)
        self.form.addWidget(boxed(row(self.cut, self.join, None)))

    def refresh(self, project: Project, frame: int) -> None:
        """Show the caption."""
        clip = find_clip(project, self._clip_id)
        if clip is None or not isinstance(clip.media, CaptionMedia):
            return
        self._frame = frame
        self.text.show_text(clip.media.text)
        if not self.speaker.hasFocus():
            self.speaker.setText(clip.media.speaker)

    def _set(self, **values: str) -> None:
        edit = partial(set_caption, clip_id=self._clip_id, **values)
        self.session.apply("Change caption", edit)

    def _name_speaker(self) -> None:
        clip = find_clip(self.session.project, self._clip_id)
        name = self.speaker.text().strip()
        media = clip.media if clip is not None else None
        if isinstance(media, CaptionMedia) and name != media.speaker:
            self._set(speaker=name)

    def _split(self) -> None:
        letter = self.text.textCursor().position()
        self.text.flush()
        edit = partial(split_caption, clip_id=self._clip_id, frame=self._frame, at_letter=letter)
        self.session.apply("Split caption", edit)

    def _join(self) -> None:
        self.text.flush()
        self.session.apply("Join captions", partial(join_captions, clip_id=self._clip_id))


class CaptionLookSection(Section):
    """How the captions of a track look."""

    def __init__(self, session: Session, track_id: str) -> None:
        super().__init__("All captions of this track", session)
        self._track_id = track_id
        self.look = TextLook(self, self._change)

    def refresh(self, project: Project, frame: int) -> None:
        """Show the style."""
        self.look.show(locate_track(project, self._track_id)[1].caption_style)

    def _change(self, **values: object) -> None:
        before = locate_track(self.session.project, self._track_id)[1].caption_style
        style = replace(before, **values)
        edit = partial(set_caption_style, track_id=self._track_id, style=style)
        self.session.apply("Change caption style", edit)
