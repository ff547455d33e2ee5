"""The open sequence: its format, and what nothing-selected can tell."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QCheckBox, QLineEdit

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
)
RATES = ("24000/1001", "24/1", "25/1", "30000/1001", "30/1", "50/1", "60000/1001", "60/1")


def rate_text(rate: Rate) -> str:
    """A rate as editors say it: "23.976 fps"."""
    return f"{float(rate.fraction):.5g} fps"


class SequenceSection(Section):
    """Name, frame size and rate. The rate can change only while the sequence is empty."""

    def __init__(self, session: Session) -> None:
        super().__init__("Sequence", session)
        self.name = QLineEdit()
        self.name.editingFinished.connect(self._rename)
        self.frame_size = combo()
        for text, width, height in SIZES:
            self.frame_size.addItem(text, (width, height))
        self.frame_size.activated.connect(lambda _p: self._set_size())
        self.frame_rate = combo()
        for text in RATES:
            self.frame_rate.addItem(rate_text(Rate.parse(text)), text)
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
        place = next((i for i, (_t, w, h) in enumerate(SIZES) if (w, h) == size), -1)
        if place < 0 and self.frame_size.itemData(0) != size:
            self.frame_size.insertItem(0, f"{sequence.width} × {sequence.height}", size)
        self.frame_size.setCurrentIndex(max(0, self.frame_size.findData(size)))
        rate = str(sequence.rate)
        if self.frame_rate.findData(rate) < 0:
            self.frame_rate.insertItem(0, rate_text(sequence.rate), rate)
        self.frame_rate.setCurrentIndex(self.frame_rate.findData(rate))
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

    def _set_size(self) -> None:
        width, height = self.frame_size.currentData()
        self._change(partial(sequences.set_format, width=width, height=height))

    def _set_rate(self) -> None:
        rate = Rate.parse(self.frame_rate.currentData())
        self._change(partial(sequences.set_format, rate=rate))

    def _change(self, verb: Callable[..., Project]) -> None:
        edit = partial(verb, sequence_id=self.session.sequence_id)
        if not self.session.apply("Change sequence format", edit):
            self.refresh(self.session.project, 0)
