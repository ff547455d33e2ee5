"""One effect of a clip, a track or a sequence: its parameters, on and off, up, and away."""

from __future__ import annotations

from functools import partial

from studio.document.catalogue import EFFECTS
from studio.document.edits import effects
from studio.document.edits.parameters import Knob, set_value, value_of
from studio.document.model.asset import AssetKind
from studio.document.model.effect import Effect, Value
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, TrackKind
from studio.document.queries.places import find, find_clip, sequence_duration
from studio.session.importing import Importing
from studio.session.session import Session
from studio.ui.controls import label
from studio.ui.file_dialogs import ask_look
from studio.ui.panels.inspector.section import Section
from studio.ui.panels.parameter_row import Choices, ParameterRow
from studio.ui.theme import themed_icon


class EffectSection(Section):
    """The rows follow the catalogue's entry; an effect of a newer version has none."""

    def __init__(self, session: Session, owner_id: str, effect: Effect) -> None:
        entry = EFFECTS.get(effect.kind)
        super().__init__(entry.label if entry is not None else effect.kind, session)
        self._owner_id = owner_id
        self._effect_id = effect.id
        self.earlier = self.add_head_button("chevron-up", "Apply this effect earlier")
        self.earlier.clicked.connect(lambda _on: self._earlier())
        self.power = self.add_head_button("eye", "Switch this effect off or on")
        self.power.clicked.connect(lambda _on: self._switch())
        self.remove = self.add_head_button("trash-2", "Remove this effect")
        self.remove.clicked.connect(lambda _on: self._remove())
        self.rows: dict[str, ParameterRow] = {}
        choices = choices_of(session.project, session.sequence)
        for parameter in entry.parameters if entry is not None else ():
            line = ParameterRow(parameter, choices)
            line.changed.connect(partial(self._set, parameter.name, parameter.label))
            line.jump.connect(self._jump)
            line.file_wanted.connect(partial(self._load, parameter.name, parameter.label))
            self.rows[parameter.name] = line
            self.form.addWidget(line)
        if entry is None:
            words = "A newer version of the studio made this effect; it is kept as it is."
            self.form.addWidget(label(words, "small", wrap=True))

    def refresh(self, project: Project, frame: int) -> None:
        """Show the parameters at a frame."""
        effect = self._effect(project)
        if effect is None:
            return
        self.power.setIcon(themed_icon("eye" if effect.enabled else "eye-off", 13))
        self.body.setEnabled(effect.enabled)
        self.earlier.setEnabled(effects.effects_of(project, self._owner_id)[0].id != effect.id)
        clip = find_clip(project, self._owner_id)
        frames = clip.duration if clip is not None else sequence_duration(self.session.sequence)
        choices = choices_of(project, self.session.sequence)
        for name, line in self.rows.items():
            line.show_choices(choices)
            line.show_value(value_of(project, self._knob(name)), frame, frames)

    def _effect(self, project: Project) -> Effect | None:
        found = effects.effects_of(project, self._owner_id)
        return next((effect for effect in found if effect.id == self._effect_id), None)

    def _knob(self, name: str) -> Knob:
        return Knob(self._owner_id, name, self._effect_id)

    def _set(self, name: str, words: str, value: Value) -> None:
        edit = partial(set_value, knob=self._knob(name), value=value)
        self.session.apply(f"Change {words.lower()}", edit)

    def _load(self, name: str, words: str) -> None:
        """Ask for a .cube file, bring it into the project and use it."""
        path = ask_look(self, str(self.session.folder))
        if path is not None:
            Importing(self.session).import_files(
                [path], lambda ids: self._set(name, words, ids[-1])
            )

    def _switch(self) -> None:
        effect = self._effect(self.session.project)
        if effect is not None:
            edit = partial(
                effects.enable_effect,
                owner_id=self._owner_id,
                effect_id=self._effect_id,
                enabled=not effect.enabled,
            )
            self.session.apply("Switch effect", edit)

    def _remove(self) -> None:
        edit = partial(effects.remove_effect, owner_id=self._owner_id, effect_id=self._effect_id)
        self.session.apply("Remove effect", edit)

    def _earlier(self) -> None:
        found = effects.effects_of(self.session.project, self._owner_id)
        place = next(i for i, effect in enumerate(found) if effect.id == self._effect_id)
        edit = partial(
            effects.move_effect,
            owner_id=self._owner_id,
            effect_id=self._effect_id,
            place=max(0, place - 1),
        )
        self.session.apply("Move effect", edit)

    def _jump(self, frame: int) -> None:
        clip = find(self.session.project, self._owner_id)
        start = clip.range.start if clip is not None else 0
        self.session.transport.seek(start + frame)


def choices_of(project: Project, sequence: Sequence) -> Choices:
    """What asset and track parameters can name, and the frame that outlines are drawn on."""
    luts = [a for a in project.assets if a.kind is AssetKind.LUT]
    sounds = [t for t in sequence.tracks if t.kind is TrackKind.AUDIO]
    return Choices(
        assets=tuple((asset.id, asset.name) for asset in luts),
        tracks=tuple((track.id, track.name) for track in sounds),
        frame_shape=sequence.width / sequence.height,
    )
