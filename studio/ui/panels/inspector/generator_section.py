"""A generator: colour, gradient, bars or tone, with its parameters from the catalogue."""

from __future__ import annotations

from functools import partial

from studio.document.catalogue import GENERATORS, Target
from studio.document.edits.parameters import Knob, set_value, value_of
from studio.document.model.clip import GeneratorKind
from studio.document.model.effect import Value
from studio.document.model.project import Project
from studio.document.queries.places import find_clip, locate_clip
from studio.session.session import Session
from studio.ui.panels.inspector.section import Section
from studio.ui.panels.parameter_row import ParameterRow


class GeneratorSection(Section):
    """One row for each parameter."""

    def __init__(self, session: Session, clip_id: str, kind: GeneratorKind) -> None:
        entry = GENERATORS[kind]
        super().__init__(entry.label, session)
        self._clip_id = clip_id
        self.rows: dict[str, ParameterRow] = {}
        for parameter in entry.parameters:
            line = ParameterRow(parameter, keyed=entry.target is Target.PICTURE)
            line.changed.connect(partial(self._set, parameter.name, parameter.label))
            line.jump.connect(self._jump)
            self.rows[parameter.name] = line
            self.form.addWidget(line)

    def refresh(self, project: Project, frame: int) -> None:
        """Show the parameters at a frame."""
        clip = find_clip(project, self._clip_id)
        if clip is None:
            return
        for name, line in self.rows.items():
            value = value_of(project, Knob(self._clip_id, name))
            line.show_value(value, frame, clip.duration)

    def _jump(self, frame: int) -> None:
        place, _ = locate_clip(self.session.project, self._clip_id)
        self.session.transport.seek(place.range.start + frame)

    def _set(self, name: str, words: str, value: Value) -> None:
        edit = partial(set_value, knob=Knob(self._clip_id, name), value=value)
        self.session.apply(f"Change {words.lower()}", edit)
