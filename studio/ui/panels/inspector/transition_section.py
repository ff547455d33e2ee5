"""A selected transition: its kind, length, and parameters from the catalogue."""

from __future__ import annotations

from functools import partial

from studio.document.catalogue import TRANSITIONS
from studio.document.edits.transitions import change_transition
from studio.document.model.clip import Transition, TransitionKind
from studio.document.model.effect import Value
from studio.document.model.project import Project
from studio.document.queries.places import find
from studio.session.session import Session
from studio.ui.controls import combo
from studio.ui.number_field import NumberField
from studio.ui.panels.inspector.section import Section
from studio.ui.panels.parameter_row import ParameterRow


class TransitionSection(Section):
    """Changing the kind keeps the length; lengths grow to both sides of the cut."""

    def __init__(self, session: Session, transition: Transition) -> None:
        super().__init__("Transition", session)
        self._id = transition.id
        self.kind = combo()
        sound = transition.kind is TransitionKind.CROSSFADE
        for kind, entry in TRANSITIONS.items():
            if (kind is TransitionKind.CROSSFADE) == sound:
                self.kind.addItem(entry.label, kind.value)
        self.kind.activated.connect(lambda _place: self._set_kind())
        self.length = NumberField(2, 2000, 24, suffix=" frames")
        self.length.setFixedWidth(96)
        self.length.committed.connect(self._set_length)
        self.add_row("Kind", self.kind)
        self.add_row("Length", self.length, stretch=False)
        self.rows: dict[str, ParameterRow] = {}
        for parameter in TRANSITIONS[transition.kind].parameters:
            line = ParameterRow(parameter, keyed=False)
            line.changed.connect(partial(self._set, parameter.name))
            self.rows[parameter.name] = line
            self.form.addWidget(line)

    def refresh(self, project: Project, frame: int) -> None:
        """Show the transition."""
        item = self._transition(project)
        if item is None:
            return
        self.kind.setCurrentIndex(self.kind.findData(item.kind.value))
        self.length.show_value(item.in_offset + item.out_offset)
        for name, line in self.rows.items():
            line.show_value(TRANSITIONS[item.kind].value(item.params, name), frame)

    def _transition(self, project: Project) -> Transition | None:
        place = find(project, self._id)
        return place.item if place is not None and isinstance(place.item, Transition) else None

    def _set_kind(self) -> None:
        kind = TransitionKind(self.kind.currentData())
        edit = partial(change_transition, transition_id=self._id, kind=kind)
        self.session.apply("Change transition", edit)

    def _set_length(self, frames: float) -> None:
        item = self._transition(self.session.project)
        if item is None:
            return
        both = item.in_offset > 0 and item.out_offset > 0
        head = round(frames / 2) if both else round(frames) if item.in_offset else 0
        edit = partial(
            change_transition,
            transition_id=self._id,
            in_offset=head,
            out_offset=round(frames) - head,
        )
        self.session.apply("Change transition length", edit)

    def _set(self, name: str, value: Value) -> None:
        item = self._transition(self.session.project)
        if item is None:
            return
        params = tuple({**dict(item.params), name: value}.items())
        edit = partial(change_transition, transition_id=self._id, params=params)
        self.session.apply("Change transition", edit)
