"""A clip's speed: one for all of it, or a ramp drawn as a curve."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from PySide6.QtWidgets import QCheckBox, QMenu

from studio.document.edits import clips, speed
from studio.document.model.clip import AssetMedia, Clip, ConstantSpeed, SequenceMedia, SpeedRamp
from studio.document.model.curve import Curve
from studio.document.model.generated import GeneratedMedia
from studio.document.model.project import Project
from studio.document.queries.media import available_range
from studio.document.queries.places import locate_clip
from studio.document.retime import source_range, speed_at
from studio.document.time import Rate
from studio.session.ramps import SHAPES, curve_of, points_of, ramp_points
from studio.session.session import Session
from studio.ui.controls import label, push_button, set_role
from studio.ui.number_field import NumberField
from studio.ui.panels.curve_strip import CurveStrip
from studio.ui.panels.inspector.section import Section

FASTEST_SHOWN = 10.0


def can_change_speed(clip: Clip) -> bool:
    """Only what runs through media has a speed."""
    return isinstance(clip.media, AssetMedia | GeneratedMedia | SequenceMedia)


class SpeedSection(Section):
    """Speed in per cent, reverse, what it does to pitch, and ramps."""

    def __init__(self, session: Session, clip_id: str) -> None:
        super().__init__("Speed", session)
        self._clip_id = clip_id
        self.percent = NumberField(1, 10_000, 100, step=5, decimals=1, suffix=" %")
        self.percent.setFixedWidth(84)
        self.percent.committed.connect(self._set)
        self.ripple = QCheckBox("Move later clips")
        self.backwards = QCheckBox("Backwards")
        self.backwards.clicked.connect(self._reverse)
        self.pitch = QCheckBox("Keep the pitch")
        self.pitch.clicked.connect(self._keep_pitch)
        self.ramp = push_button("Ramp", lambda: None)
        self.ramp.setMenu(self._ramp_menu())
        self.strip = CurveStrip(-FASTEST_SHOWN, FASTEST_SHOWN, eased=False, scale=100, unit=" %")
        self.strip.changed.connect(self._ramped)
        self.strip.jump.connect(self._jump)
        self.words = label("", "small", wrap=True)
        self.add_row("Speed", self.percent, stretch=False)
        self.add_row("", self.ripple)
        self.add_row("", self.backwards)
        self.add_row("", self.pitch)
        self.add_row("Ramp", self.ramp, stretch=False)
        self.form.addWidget(self.strip)
        self.form.addWidget(self.words)

    def refresh(self, project: Project, frame: int) -> None:
        """Show the speed."""
        place, clip = locate_clip(project, self._clip_id)
        ramp = clip.speed if isinstance(clip.speed, SpeedRamp) else None
        match clip.speed:
            case ConstantSpeed(factor=factor):
                self.percent.show_value(abs(float(factor * 100)) or 100)
                self.backwards.setChecked(factor < 0)
                self.steady.setText("Unfreeze" if factor == 0 else "None")
            case SpeedRamp() as found:
                self.percent.show_value(abs(float(speed_at(found, frame) * 100)) or 100)
                self.strip.show_curve(curve_of(found), frame, clip.duration)
                self.steady.setText("None: one speed")
        one_speed = ramp is None and clip.speed != ConstantSpeed(Fraction(0))
        self.percent.setEnabled(one_speed)
        self.ripple.setEnabled(one_speed)
        self.steady.setEnabled(not one_speed)
        self.ramp.setText("Drawn below" if ramp else "Frozen" if not one_speed else "None")
        self.strip.setVisible(ramp is not None)
        self.pitch.setChecked(clip.preserve_pitch)
        self._show_words(project, clip, place.sequence.rate)

    def _show_words(self, project: Project, clip: Clip, rate: Rate) -> None:
        """How much media a ramp runs through, and whether there is so much."""
        self.words.setVisible(isinstance(clip.speed, SpeedRamp))
        if not isinstance(clip.speed, SpeedRamp):
            return
        used, media = source_range(clip, rate), available_range(project, clip)
        words, role = f"Plays {_seconds(used.duration.seconds)} of its media.", "small"
        beyond = media is not None and (
            used.start < media.start or used.end_time_exclusive > media.end_time_exclusive
        )
        if beyond:
            words += " There is less: the picture stops where the media ends."
            role = "warning"
        self.words.setText(words)
        set_role(self.words, role)

    def _ramp_menu(self) -> QMenu:
        menu = QMenu(self)
        self.steady = menu.addAction("None", self._steady)
        menu.addSeparator()
        for shape in SHAPES:
            menu.addAction(shape, partial(self._shape, shape))
        return menu

    def _clip(self) -> Clip:
        return locate_clip(self.session.project, self._clip_id)[1]

    def _set(self, percent: float) -> None:
        clip = self._clip()
        if not isinstance(clip.speed, ConstantSpeed):
            return
        factor = Fraction(str(round(percent, 1))) / 100
        factor = -factor if clip.speed.factor < 0 else factor
        edit = partial(
            speed.set_speed, clip_id=self._clip_id, factor=factor, ripple=self.ripple.isChecked()
        )
        if not self.session.apply("Change speed", edit):
            self.refresh(self.session.project, 0)

    def _shape(self, shape: str) -> None:
        clip = self._clip()
        points = ramp_points(shape, clip.duration, clip.speed)
        edit = partial(speed.set_ramp, clip_id=self._clip_id, points=points)
        self.session.apply("Speed ramp", edit)

    def _ramped(self, curve: object) -> None:
        ramp = self._clip().speed
        if isinstance(curve, Curve) and isinstance(ramp, SpeedRamp):
            points = points_of(curve, ramp)
            edit = partial(speed.set_ramp, clip_id=self._clip_id, points=points)
            self.session.apply("Change speed ramp", edit)

    def _steady(self) -> None:
        self.session.apply("One speed", partial(speed.steady, clip_id=self._clip_id))

    def _jump(self, frame: int) -> None:
        place, _ = locate_clip(self.session.project, self._clip_id)
        self.session.transport.seek(place.range.start + frame)

    def _reverse(self) -> None:
        self.session.apply("Reverse", partial(speed.reverse, clip_id=self._clip_id))

    def _keep_pitch(self, on: bool) -> None:
        edit = partial(clips.preserve_pitch, clip_ids=[self._clip_id], preserve=on)
        self.session.apply("Keep pitch" if on else "Let pitch follow", edit)


def _seconds(time: Fraction) -> str:
    return f"{float(time):.2f} s"
