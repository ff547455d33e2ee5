"""The open sequence: its format, and what nothing-selected can tell."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from studio.document.edits import sequences
from studio.document.model.project import Project
from studio.document.queries.places import sequence_duration
from studio.document.time import Rate
from studio.document.timecode import can_drop_frames, parse_timecode, timecode
from studio.session.session import Session
from studio.ui.controls import ElidedLabel, combo, label, set_bad
from studio.ui.panels.inspector.section import Section

SIZES = (
    ("1920 × 1080", 1920, 1080),
    ("1280 × 720", 1280, 720),
    ("3840 × 2160", 3840, 2160),
    ("1080 × 1920", 1080, 1920),
    ("720 × 1280", 720, 1280),
    ("1080 × 1080", 1080, 1080),
    ("1080 × 1350, 4:5", 1080, 1350),
    ("1920 × 804, 2.39:1", 1920, 804),
    ("3840 × 1608, 2.39:1", 3840, 1608),
    ("2048 × 1080, DCI 2K", 2048, 1080),
    ("4096 × 2160, DCI 4K", 4096, 2160),
    ("2048 × 858, DCI 2K scope", 2048, 858),
    ("4096 × 1716, DCI 4K scope", 4096, 1716),
)
RATES = (
    "24000/1001", "24/1", "25/1", "30000/1001", "30/1", "48/1", "50/1", "60000/1001", "60/1",
    "100/1", "120/1",
)  # fmt: skip
MOST_FPS = 240
_SIZE = re.compile(r"\s*(\d{1,5})\s*[x×*,: ]\s*(\d{1,5})\s*(,.*)?$", re.IGNORECASE)


def rate_text(rate: Rate) -> str:
    """A rate as editors say it: "23.976 fps"."""
    return f"{float(rate.fraction):.5g} fps"


def size_of(text: str) -> tuple[int, int]:
    """A frame size as people type it: "1920x804", "1920 × 804, 2.39:1".

    Raises: ValueError.
    """
    found = _SIZE.match(text)
    if found is None:
        raise ValueError(f'"{text.strip()}" is not a frame size. Write one such as 1920 × 804.')
    return int(found[1]), int(found[2])


def rate_of(text: str) -> Rate:
    """A frame rate as people type it: "25", "23.976 fps", "24000/1001".

    Raises: ValueError.
    """
    rate = Rate.parse(text.lower().removesuffix("fps"))
    if not 1 <= rate.fraction <= MOST_FPS:
        raise ValueError(f"A frame rate is from 1 to {MOST_FPS} frames a second.")
    return rate


class SequenceSection(Section):
    """Name, frame size and rate, listed or typed. Only an empty sequence can change its rate."""

    def __init__(self, session: Session) -> None:
        super().__init__("Sequence", session)
        self.name = QLineEdit()
        self.name.editingFinished.connect(self._rename)
        self.frame_size = combo()
        for text, width, height in SIZES:
            self.frame_size.addItem(text, (width, height))
        self._let_type(self.frame_size, self._type_size, "Choose one, or type it: 1920 × 804")
        self.frame_size.activated.connect(lambda _p: self._set_size())
        self.frame_rate = combo()
        for text in RATES:
            self.frame_rate.addItem(rate_text(Rate.parse(text)), text)
        self._let_type(self.frame_rate, self._type_rate, "Choose one, or type it: 47.952")
        self.frame_rate.activated.connect(lambda _p: self._set_rate())
        self.start = QLineEdit()
        self.start.setToolTip("The timecode of the first frame, as deliveries ask for it")
        self.start.editingFinished.connect(self._set_start)
        self.drop = QCheckBox("Drop-frame timecode")
        self.drop.clicked.connect(self._set_drop)
        self.length = ElidedLabel()
        self.add_row("Name", self.name)
        self.add_row("Frame size", self.frame_size)
        self.add_row("Frame rate", self.frame_rate)
        self.add_row("Begins at", self.start)
        self.add_row("", self.drop)
        self.add_row("Length", self.length)
        words = "Select a clip or a transition to change it here."
        self.form.addSpacing(8)
        self.form.addWidget(label(words, "small", wrap=True))

    def refresh(self, project: Project, frame: int) -> None:
        """Show the sequence."""
        sequence = project.sequence(self.session.sequence_id)
        if not self.name.hasFocus():
            self.name.setText(sequence.name)
        size = (sequence.width, sequence.height)
        _show(self.frame_size, f"{sequence.width} × {sequence.height}", size)
        _show(self.frame_rate, rate_text(sequence.rate), str(sequence.rate))
        if not self.start.hasFocus():
            first, dropping = sequence.start_timecode, sequence.drop_frame
            self.start.setText(timecode(first, sequence.rate, drop_frame=dropping))
            set_bad(self.start, False)
        self.drop.setEnabled(can_drop_frames(sequence.rate))
        self.drop.setChecked(sequence.drop_frame)
        frames = sequence_duration(sequence)
        self.length.setText(timecode(frames, sequence.rate, drop_frame=sequence.drop_frame))

    def _rename(self) -> None:
        name = self.name.text().strip()
        if name and name != self.session.sequence.name:
            edit = partial(
                sequences.rename_sequence, sequence_id=self.session.sequence_id, name=name
            )
            self.session.apply("Rename sequence", edit)

    def _set_start(self) -> None:
        sequence = self.session.sequence
        try:
            frames = parse_timecode(
                self.start.text(), sequence.rate, drop_frame=sequence.drop_frame
            )
        except ValueError as problem:
            set_bad(self.start, True)
            self.session.notices.warning(str(problem), topic="edit")
            return
        if frames != sequence.start_timecode:
            self._timecode("Change start timecode", frames, drop_frame=sequence.drop_frame)

    def _set_drop(self, on: bool) -> None:
        """Keep what is written: it is the frame that changes."""
        sequence = self.session.sequence
        first, dropping = sequence.start_timecode, sequence.drop_frame
        written = timecode(first, sequence.rate, drop_frame=dropping)
        try:
            frames = parse_timecode(written, sequence.rate, drop_frame=on)
        except ValueError:  # that minute has no such frame
            frames = sequence.start_timecode
        self._timecode("Change timecode", frames, drop_frame=on)

    def _timecode(self, step: str, frames: int, *, drop_frame: bool) -> None:
        edit = partial(
            sequences.set_timecode,
            sequence_id=self.session.sequence_id,
            start_timecode=frames,
            drop_frame=drop_frame,
        )
        self.session.apply(step, edit)

    def _let_type(self, box: QComboBox, done: Callable[[], object], tip: str) -> None:
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setToolTip(tip)
        line = box.lineEdit()
        assert line is not None
        line.editingFinished.connect(done)

    def _set_size(self) -> None:
        self._change_size(*self.frame_size.currentData())

    def _change_size(self, width: int, height: int) -> None:
        self._change(partial(sequences.set_format, width=width, height=height))

    def _set_rate(self) -> None:
        rate = Rate.parse(self.frame_rate.currentData())
        self._change(partial(sequences.set_format, rate=rate))

    def _type_size(self) -> None:
        try:
            size = size_of(self.frame_size.currentText())
        except ValueError as problem:
            self._complain(self.frame_size, problem)
            return
        set_bad(self.frame_size, False)
        if size != (self.session.sequence.width, self.session.sequence.height):
            self._change_size(*size)

    def _type_rate(self) -> None:
        text = self.frame_rate.currentText()
        if text == rate_text(self.session.sequence.rate):
            return
        try:
            rate = rate_of(text)
        except ValueError as problem:
            self._complain(self.frame_rate, problem)
            return
        set_bad(self.frame_rate, False)
        if rate != self.session.sequence.rate:
            self._change(partial(sequences.set_format, rate=rate))

    def _complain(self, box: QComboBox, problem: ValueError) -> None:
        set_bad(box, True)
        self.session.notices.warning(str(problem), topic="edit")

    def _change(self, verb: Callable[..., Project]) -> None:
        edit = partial(verb, sequence_id=self.session.sequence_id)
        if not self.session.apply("Change sequence format", edit):
            self.refresh(self.session.project, 0)


def _show(box: QComboBox, text: str, value: object) -> None:
    """Show a value, one that is not listed too; what is being typed is left alone."""
    line = box.lineEdit()
    if line is not None and line.hasFocus() and line.isModified():
        return
    if box.findData(value) < 0:
        box.insertItem(0, text, value)
    box.setCurrentIndex(box.findData(value))
    box.setEditText(box.itemText(box.currentIndex()))
    set_bad(box, False)
    if line is not None:
        line.setCursorPosition(0)
