"""Sections for several clips: what they share, changed in all of them by one step.

Keyframes belong to one clip's own time, so a value that is keyframed in any of them is greyed
here, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox

from studio.document.catalogue import EFFECTS
from studio.document.catalogue.entry import Parameter
from studio.document.edits import clips, effects, speed
from studio.document.edits.parameters import LEVELS, Knob, set_value, value_of
from studio.document.model.clip import BlendMode, Clip, ConstantSpeed, FadeShape, Fit
from studio.document.model.curve import Curve
from studio.document.model.effect import Value
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.queries.places import locate_clip
from studio.session.importing import Importing
from studio.session.labelling import label_clips
from studio.session.session import Session
from studio.ui.controls import combo, label
from studio.ui.file_dialogs import ask_look
from studio.ui.label_box import LabelBox
from studio.ui.number_field import NumberField
from studio.ui.panels.inspector.effect_section import choices_of
from studio.ui.panels.inspector.section import Section
from studio.ui.panels.inspector.several import SharedEffect
from studio.ui.panels.parameter_row import Choices, ParameterRow
from studio.ui.theme import themed_icon

OWN = (
    "A change here is made in all of them, in one step. Names, takes and the words of titles are "
    "each clip's own."
)
KEYFRAMED = "Keyframed in at least one of these clips. Select that clip alone to change it."
RAMPED = "At least one of these clips is frozen or has a ramp. Select it alone to change its speed."

NO_CHOICES = Choices()


class SharedSection(Section):
    """Rows whose values are those of several knobs."""

    def __init__(self, title: str, session: Session, ids: Sequence[Id]) -> None:
        super().__init__(title, session)
        self.ids = tuple(ids)
        self.rows: dict[str, ParameterRow] = {}
        self._knobs: dict[str, tuple[Knob, ...]] = {}

    def add_shared(
        self, parameter: Parameter, knobs: Sequence[Knob], choices: Choices = NO_CHOICES
    ) -> ParameterRow:
        """A row that shows and sets one value of all the clips."""
        line = ParameterRow(parameter, choices, keyed=False)
        line.changed.connect(partial(self.set_all, parameter))
        self.rows[parameter.name] = line
        self._knobs[parameter.name] = tuple(knobs)
        self.form.addWidget(line)
        return line

    def refresh(self, project: Project, frame: int) -> None:
        """Show what the clips have in common."""
        for name, line in self.rows.items():
            show_shared(line, [value_of(project, knob) for knob in self._knobs[name]])

    def set_all(self, parameter: Parameter, value: Value) -> None:
        """Set a value of every clip."""

        def edit(project: Project) -> Project:
            for knob in self._knobs[parameter.name]:
                project = set_value(project, knob, value)
            return project

        self.apply_to_all(f"Change {parameter.label.lower()}", edit)

    def apply_to_all(self, name: str, edit: Callable[[Project], Project]) -> bool:
        """One step for all of the section's clips, which its name counts."""
        return self.session.apply(f"{name} of {len(self.ids)} clips", edit)

    def found(self, project: Project) -> list[Clip]:
        """The clips as they are now."""
        return [locate_clip(project, each)[1] for each in self.ids]


class SeveralSection(SharedSection):
    """How many clips are selected, their label, and whether they are enabled."""

    def __init__(self, session: Session, ids: Sequence[Id], count: int) -> None:
        super().__init__(f"{count} clips selected", session, ids)
        self.enabled = QCheckBox("Enabled")
        self.enabled.clicked.connect(self._enable)
        self.label = LabelBox(partial(label_clips, session, self.ids))
        self.form.addWidget(label(OWN, "small", wrap=True))
        self.add_row("Label", self.label)
        self.add_row("", self.enabled)

    def refresh(self, project: Project, frame: int) -> None:
        """Show the label that they share, and whether all of them, some or none are enabled."""
        self.label.show_labels(clip.colour for clip in self.found(project))
        show_check(self.enabled, [clip.enabled for clip in self.found(project)])

    def _enable(self, on: bool) -> None:
        edit = partial(clips.enable, clip_ids=self.ids, enabled=on)
        self.session.apply("Enable clips" if on else "Disable clips", edit)


class SeveralLevels(SharedSection):
    """Opacity, blend and fit of pictures; gain and pan of sounds."""

    def __init__(self, session: Session, ids: Sequence[Id], *, sound: bool) -> None:
        super().__init__("Sound" if sound else "Picture", session, ids)
        for name in ("gain_db", "pan") if sound else ("opacity",):
            self.add_shared(LEVELS[name], [Knob(each, name) for each in ids])
        self.blend = _choices([mode.value for mode in BlendMode])
        self.fit = _choices([fit.value for fit in Fit])
        self.blend.activated.connect(lambda _p: self._set_blend())
        self.fit.activated.connect(lambda _p: self._set_fit())
        if not sound:
            self.add_row("Blend", self.blend)
            self.add_row("Fit", self.fit)

    def refresh(self, project: Project, frame: int) -> None:
        """Show the levels."""
        super().refresh(project, frame)
        found = self.found(project)
        show_choice(self.blend, [clip.blend.value for clip in found])
        show_choice(self.fit, [clip.fit.value for clip in found])

    def _set_blend(self) -> None:
        mode = BlendMode(self.blend.currentData())
        self.apply_to_all("Change blend", partial(clips.set_blend, clip_ids=self.ids, blend=mode))

    def _set_fit(self) -> None:
        fit = Fit(self.fit.currentData())
        self.apply_to_all("Change fit", partial(clips.set_fit, clip_ids=self.ids, fit=fit))


class SeveralSpeed(SharedSection):
    """One speed for all, each in its own direction; `ids` are one of each linked pair."""

    def __init__(self, session: Session, ids: Sequence[Id]) -> None:
        super().__init__("Speed", session, ids)
        self.percent = NumberField(1, 10_000, 100, step=5, decimals=1, suffix=" %")
        self.percent.setFixedWidth(84)
        self.percent.committed.connect(self._set)
        self.ripple = QCheckBox("Move later clips")
        self.add_row("Speed", self.percent, stretch=False)
        self.add_row("", self.ripple)

    def refresh(self, project: Project, frame: int) -> None:
        """Show the speed."""
        steady = [_percent(clip) for clip in self.found(project)]
        known = [each for each in steady if each]
        self.body.setEnabled(len(known) == len(steady))
        self.percent.setToolTip("" if len(known) == len(steady) else RAMPED)
        show_number(self.percent, known or [100.0])

    def _set(self, percent: float) -> None:
        factor = Fraction(str(round(percent, 1))) / 100

        def edit(project: Project) -> Project:
            for clip in reversed(self.found(project)):
                back = isinstance(clip.speed, ConstantSpeed) and clip.speed.factor < 0
                project = speed.set_speed(
                    project, clip.id, -factor if back else factor, ripple=self.ripple.isChecked()
                )
            return project

        if not self.apply_to_all("Change speed", edit):
            self.refresh(self.session.project, 0)


class SeveralFades(SharedSection):
    """Fades in and out, in seconds."""

    def __init__(self, session: Session, ids: Sequence[Id]) -> None:
        super().__init__("Fades", session, ids)
        self.fields = {
            side: NumberField(0, 600, 0, step=0.1, decimals=2, suffix=" s")
            for side in ("in_frames", "out_frames")
        }
        for side, field in self.fields.items():
            field.setFixedWidth(84)
            field.committed.connect(partial(self._set, side))
            self.add_row("Fade in" if side == "in_frames" else "Fade out", field, stretch=False)
        self.shape = _choices([shape.value for shape in FadeShape])
        self.shape.activated.connect(lambda _p: self._set_shape())
        self.add_row("Shape", self.shape)

    def refresh(self, project: Project, frame: int) -> None:
        """Show the fades."""
        found, rate = self.found(project), self.session.sequence.rate.fraction
        heads = [float(clip.fade_in_frames / rate) for clip in found]
        tails = [float(clip.fade_out_frames / rate) for clip in found]
        show_number(self.fields["in_frames"], heads)
        show_number(self.fields["out_frames"], tails)
        show_choice(self.shape, [clip.fade_shape.value for clip in found])

    def _set(self, side: str, seconds: float) -> None:
        """A fade takes at most what the other leaves of its clip, clip by clip."""
        frames = round(seconds * self.session.sequence.rate.fraction)

        def edit(project: Project) -> Project:
            for clip in self.found(project):
                head = side == "in_frames"
                other = clip.fade_out_frames if head else clip.fade_in_frames
                most = min(frames, clip.duration - other)
                project = clips.set_fades(
                    project,
                    [clip.id],
                    in_frames=most if head else None,
                    out_frames=None if head else most,
                )
            return project

        self.apply_to_all("Fade", edit)

    def _set_shape(self) -> None:
        shape = FadeShape(self.shape.currentData())
        edit = partial(clips.set_fades, clip_ids=self.ids, shape=shape)
        self.apply_to_all("Change fade shape", edit)


class SeveralEffects(SharedSection):
    """One effect that all of the clips have."""

    def __init__(self, session: Session, shared: SharedEffect) -> None:
        entry = EFFECTS.get(shared.kind)
        title = entry.label if entry is not None else shared.kind
        super().__init__(title, session, [owner for owner, _ in shared.members])
        self._members = shared.members
        self.power = self.add_head_button("eye", "Switch this effect off or on in all")
        self.power.clicked.connect(lambda _on: self._switch())
        self.remove = self.add_head_button("trash-2", "Remove this effect from all of these clips")
        self.remove.clicked.connect(lambda _on: self._remove())
        choices = choices_of(session.project, session.sequence)
        for parameter in entry.parameters if entry is not None else ():
            knobs = [Knob(owner, parameter.name, effect) for owner, effect in shared.members]
            line = self.add_shared(parameter, knobs, choices)
            line.file_wanted.connect(partial(self._load, parameter))

    def refresh(self, project: Project, frame: int) -> None:
        """Show the parameters."""
        choices = choices_of(project, self.session.sequence)
        for line in self.rows.values():
            line.show_choices(choices)
        on = self._on(project)
        self.power.setIcon(themed_icon("eye" if on else "eye-off", 13))
        self.body.setEnabled(on)
        super().refresh(project, frame)

    def _on(self, project: Project) -> bool:
        """Whether the effect works in at least one of the clips."""
        return any(
            each.enabled
            for owner, effect in self._members
            for each in effects.effects_of(project, owner)
            if each.id == effect
        )

    def _switch(self) -> None:
        on = not self._on(self.session.project)

        def edit(project: Project) -> Project:
            for owner, effect in self._members:
                project = effects.enable_effect(project, owner, effect, enabled=on)
            return project

        self.apply_to_all("Switch effect", edit)

    def _load(self, parameter: Parameter) -> None:
        """Ask for a .cube file, bring it into the project and use it."""
        path = ask_look(self, str(self.session.folder))
        if path is not None:
            Importing(self.session).import_files(
                [path], lambda ids: self.set_all(parameter, ids[-1])
            )

    def _remove(self) -> None:
        def edit(project: Project) -> Project:
            for owner, effect in self._members:
                project = effects.remove_effect(project, owner, effect)
            return project

        self.apply_to_all("Remove effect", edit)


def show_number(field: NumberField, values: Sequence[float]) -> None:
    """The number that all have, or a dash."""
    if len(set(values)) == 1:
        field.show_value(values[0])
    else:
        field.show_mixed(values[0])


def show_choice(box: QComboBox, values: Sequence[str]) -> None:
    """The choice that all have, or a word that they differ."""
    box.setPlaceholderText("Different")
    box.setCurrentIndex(box.findData(values[0]) if len(set(values)) == 1 else -1)


def show_check(box: QCheckBox, values: Sequence[bool]) -> None:
    """Ticked, not ticked, or in between, from which a click ticks all."""
    mixed = len(set(values)) > 1
    box.setTristate(mixed)
    box.setCheckState(
        Qt.CheckState.PartiallyChecked
        if mixed
        else Qt.CheckState.Checked
        if values[0]
        else Qt.CheckState.Unchecked
    )


def show_shared(line: ParameterRow, values: Sequence[Value]) -> None:
    """The value that all have, or that they differ; a keyframed one cannot be set here."""
    keyed = any(isinstance(value, Curve) for value in values)
    line.setEnabled(not keyed)
    line.setToolTip(KEYFRAMED if keyed else "")
    line.show_value(values[0], 0)
    if not keyed and any(value != values[0] for value in values):
        match line.control:
            case NumberField() as field:
                field.show_mixed(field.value())
            case QComboBox() as box:
                show_choice(box, [str(value) for value in values])
            case QCheckBox() as box:
                show_check(box, [bool(value) for value in values])
            case other:
                other.setToolTip("These clips differ. A change here goes to all of them.")


def _percent(clip: Clip) -> float:
    """The speed in per cent without its sign, 0 where it is frozen or not one speed."""
    return abs(float(clip.speed.factor * 100)) if isinstance(clip.speed, ConstantSpeed) else 0.0


def _choices(words: list[str]) -> QComboBox:
    return combo(*((word.replace("_", " ").capitalize(), word) for word in words))
