"""Sections for what is a clip's own: name and times, levels, fades."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from studio.document.edits import clips
from studio.document.edits.parameters import LEVELS, Knob, set_value, value_of
from studio.document.model.clip import (
    BlendMode,
    FadeShape,
    Fit,
)
from studio.document.model.effect import Value
from studio.document.model.label import Label
from studio.document.model.project import Project
from studio.document.queries.media import asset_of
from studio.document.queries.places import find_clip, locate_clip, with_linked
from studio.document.retime import source_range
from studio.document.time import Rounding
from studio.document.timecode import timecode
from studio.session.labelling import label_clips
from studio.session.session import Session
from studio.ui.controls import ElidedLabel, combo, label
from studio.ui.label_box import LabelBox
from studio.ui.number_field import NumberField
from studio.ui.panels.inspector.section import Section
from studio.ui.panels.parameter_row import ParameterRow
from studio.ui.theme import numeric_font
from studio.ui.timeline.looks import title_of


class ClipSection(Section):
    """Name, whether it is enabled, where it lies and what it plays."""

    def __init__(self, session: Session, clip_id: str) -> None:
        super().__init__("Clip", session)
        self._clip_id = clip_id
        self.name = QLineEdit()
        self.name.editingFinished.connect(self._rename)
        self.enabled = QCheckBox("Enabled")
        self.enabled.clicked.connect(self._enable)
        self.place = ElidedLabel()
        self.place.setFont(numeric_font(12))
        self.length = ElidedLabel()
        self.length.setFont(numeric_font(12))
        self.source = label(wrap=True)
        self.source.setFont(numeric_font(12))
        self.file = ElidedLabel(role="dim")
        self.note = QLineEdit()
        self.note.setPlaceholderText("For whoever cuts this next")
        self.note.editingFinished.connect(self._annotate)
        self.label = LabelBox(self._label)
        self.add_row("Name", self.name)
        self.add_row("Label", self.label)
        self.add_row("Starts", self.place)
        self.add_row("Length", self.length)
        self.add_row("Source", self.source)
        self.add_row("File", self.file)
        self.add_row("Note", self.note)
        self.add_row("", self.enabled)

    def refresh(self, project: Project, frame: int) -> None:
        """Show the clip's facts."""
        place, clip = locate_clip(project, self._clip_id)
        rate = place.sequence.rate
        if not self.name.hasFocus():
            self.name.setText(clip.name)
            self.name.setCursorPosition(0)
            self.name.setPlaceholderText(title_of(clip, project))
        if not self.note.hasFocus():
            self.note.setText(clip.note)
        self.place.setText(timecode(place.range.start + place.sequence.start_timecode, rate))
        self.length.setText(timecode(clip.duration, rate))
        asset = asset_of(project, clip)
        media_rate = asset.video[0].rate if asset is not None and asset.video else rate
        used = source_range(clip, rate)
        ends = (used.start, used.end_time_exclusive)
        marks = (timecode(end.ticks(media_rate, Rounding.NEAREST), media_rate) for end in ends)
        self.source.setText(" – ".join(marks) if asset is not None else "–")
        self.file.setText(asset.path if asset is not None else "No file")
        self.label.show_labels([clip.colour])
        self.enabled.setChecked(clip.enabled)

    def _label(self, label: Label | None) -> None:
        both = with_linked(self.session.project, [self._clip_id])
        label_clips(self.session, both, label)

    def _rename(self) -> None:
        clip = find_clip(self.session.project, self._clip_id)
        name = self.name.text().strip()
        if clip is not None and name != clip.name:
            self.session.apply(
                "Rename clip", partial(clips.rename, clip_id=self._clip_id, name=name)
            )

    def _annotate(self) -> None:
        clip = find_clip(self.session.project, self._clip_id)
        note = self.note.text().strip()
        if clip is not None and note != clip.note:
            self.session.apply("Note", partial(clips.annotate, clip_id=self._clip_id, note=note))

    def _enable(self, on: bool) -> None:
        edit = partial(clips.enable, clip_ids=[self._clip_id], enabled=on)
        self.session.apply("Enable clip" if on else "Disable clip", edit)


class LevelsSection(Section):
    """Opacity, blend and fit of a picture; gain and pan of a sound."""

    def __init__(self, session: Session, clip_id: str, *, sound: bool) -> None:
        super().__init__("Sound" if sound else "Picture", session)
        self._clip_id = clip_id
        self.rows: dict[str, ParameterRow] = {}
        for name in ("gain_db", "pan") if sound else ("opacity",):
            line = ParameterRow(LEVELS[name])
            line.changed.connect(partial(self._set, name))
            line.jump.connect(self._jump)
            self.rows[name] = line
            self.form.addWidget(line)
        self.blend = _choices([mode.value for mode in BlendMode])
        self.fit = _choices([fit.value for fit in Fit])
        if not sound:
            self.add_row("Blend", self.blend)
            self.add_row("Fit", self.fit)
        self.blend.activated.connect(lambda _p: self._set_blend())
        self.fit.activated.connect(lambda _p: self._set_fit())

    def refresh(self, project: Project, frame: int) -> None:
        """Show levels at a frame."""
        clip = find_clip(project, self._clip_id)
        if clip is None:
            return
        for name, line in self.rows.items():
            value = value_of(project, Knob(self._clip_id, name))
            line.show_value(value, frame, clip.duration)
        self.blend.setCurrentIndex(self.blend.findData(clip.blend.value))
        self.fit.setCurrentIndex(self.fit.findData(clip.fit.value))

    def _set(self, name: str, value: Value) -> None:
        knob = Knob(self._clip_id, name)
        label = LEVELS[name].label
        self.session.apply(f"Change {label.lower()}", partial(set_value, knob=knob, value=value))

    def _jump(self, frame: int) -> None:
        place, _ = locate_clip(self.session.project, self._clip_id)
        self.session.transport.seek(place.range.start + frame)

    def _set_blend(self) -> None:
        mode = BlendMode(self.blend.currentData())
        self.session.apply(
            "Change blend", partial(clips.set_blend, clip_ids=[self._clip_id], blend=mode)
        )

    def _set_fit(self) -> None:
        fit = Fit(self.fit.currentData())
        self.session.apply("Change fit", partial(clips.set_fit, clip_ids=[self._clip_id], fit=fit))


class FadesSection(Section):
    """Fades in and out, in seconds."""

    def __init__(self, session: Session, clip_id: str) -> None:
        super().__init__("Fades", session)
        self._clip_id = clip_id
        self.fade_in = NumberField(0, 600, 0, step=0.1, decimals=2, suffix=" s")
        self.fade_out = NumberField(0, 600, 0, step=0.1, decimals=2, suffix=" s")
        for name, field, side in (
            ("Fade in", self.fade_in, "in_frames"),
            ("Fade out", self.fade_out, "out_frames"),
        ):
            field.setFixedWidth(84)
            field.committed.connect(partial(self._set, side))
            self.add_row(name, field, stretch=False)
        self.shape = _choices([shape.value for shape in FadeShape])
        self.shape.activated.connect(lambda _p: self._set_shape())
        self.add_row("Shape", self.shape)

    def refresh(self, project: Project, frame: int) -> None:
        """Show the fades."""
        place, clip = locate_clip(project, self._clip_id)
        rate = place.sequence.rate.fraction
        self.fade_in.show_value(float(clip.fade_in_frames / rate))
        self.fade_out.show_value(float(clip.fade_out_frames / rate))
        self.shape.setCurrentIndex(self.shape.findData(clip.fade_shape.value))

    def _set_shape(self) -> None:
        shape = FadeShape(self.shape.currentData())
        edit = partial(clips.set_fades, clip_ids=[self._clip_id], shape=shape)
        self.session.apply("Change fade shape", edit)

    def _set(self, side: str, seconds: float) -> None:
        place, clip = locate_clip(self.session.project, self._clip_id)
        other = clip.fade_out_frames if side == "in_frames" else clip.fade_in_frames
        frames = min(round(seconds * place.sequence.rate.fraction), clip.duration - other)
        self.session.apply(
            "Fade", partial(clips.set_fades, clip_ids=[self._clip_id], **{side: frames})
        )


def _choices(words: list[str]) -> QComboBox:
    return combo(*((word.replace("_", " ").capitalize(), word) for word in words))
