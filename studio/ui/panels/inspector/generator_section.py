"""A generator: colour, gradient, bars or tone, with its parameters from the catalogue."""

from __future__ import annotations

from functools import partial

from studio.document.catalogue import GENERATORS
from studio.document.edits.parameters import Knob, set_value, value_of
from studio.document.model.clip import GeneratorKind
from studio.document.model.effect import Value
from studio.document.model.project import Project
from studio.document.queries.places import find_clip
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
            line = ParameterRow(parameter)
            line.changed.connect(partial(self._set, parameter.name, parameter.label))
            self.rows[parameter.name] = line
            self.form.addWidget(line)

    def refresh(self, project: Project, frame: int) -> None:
        """Show the parameters at a frame."""
        if find_clip(project, self._clip_id) is None:
            return
        for name, line in self.rows.items():
            line.show_value(value_of(project, Knob(self._clip_id, name)), frame)

    def _set(self, name: str, words: str, value: Value) -> None:
        edit = partial(set_value, knob=Knob(self._clip_id, name), value=value)
        self.session.apply(f"Change {words.lower()}", edit)
