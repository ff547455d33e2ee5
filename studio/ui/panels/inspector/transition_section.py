"""The selected transitions: kind, length, and parameters from the catalogue, for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from studio.document.catalogue import TRANSITIONS
from studio.document.edits.transitions import change_transition
from studio.document.model.clip import Transition, TransitionKind
from studio.document.model.effect import Value
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.queries.places import find
from studio.session.session import Session
from studio.ui.controls import combo, label
from studio.ui.number_field import NumberField
from studio.ui.panels.inspector.section import Section
from studio.ui.panels.inspector.several_sections import show_choice, show_number, show_shared
from studio.ui.panels.parameter_row import ParameterRow

BOTH = "Pictures and sounds have kinds of their own. Select one sort of them to change it."


class TransitionSection(Section):
    """A change is made in all of them, in one step.

    Changing the kind keeps the length; lengths grow to both sides of the cut. Parameters are shown
    where all are of one kind, kinds where all are on pictures or all on sound.
    """

    def __init__(self, session: Session, transitions: Sequence[Transition]) -> None:
        several = len(transitions) > 1
        words = f"{len(transitions)} transitions selected" if several else "Transition"
        super().__init__(words, session)
        self._ids = tuple(each.id for each in transitions)
        kinds = {each.kind for each in transitions}
        sounds = {kind is TransitionKind.CROSSFADE for kind in kinds}
        self.kind = combo()
        for kind, entry in TRANSITIONS.items():
            if sounds == {kind is TransitionKind.CROSSFADE}:
                self.kind.addItem(entry.label, kind.value)
        self.kind.activated.connect(lambda _place: self._set_kind())
        self.length = NumberField(2, 2000, 24, suffix=" frames")
        self.length.setFixedWidth(96)
        self.length.committed.connect(self._set_length)
        if len(sounds) == 1:
            self.add_row("Kind", self.kind)
        else:
            self.form.addWidget(label(BOTH, "small", wrap=True))
        self.add_row("Length", self.length, stretch=False)
        self.rows: dict[str, ParameterRow] = {}
        for parameter in TRANSITIONS[transitions[0].kind].parameters if len(kinds) == 1 else ():
            line = ParameterRow(parameter, keyed=False)
            line.changed.connect(partial(self._set, parameter.name))
            self.rows[parameter.name] = line
            self.form.addWidget(line)

    def refresh(self, project: Project, frame: int) -> None:
        """Show what the transitions have in common."""
        found = self._found(project)
        if not found:
            return
        show_choice(self.kind, [each.kind.value for each in found])
        show_number(self.length, [each.in_offset + each.out_offset for each in found])
        for name, line in self.rows.items():
            values = [TRANSITIONS[each.kind].value(each.params, name) for each in found]
            show_shared(line, values)

    def _found(self, project: Project) -> list[Transition]:
        places = (find(project, each) for each in self._ids)
        items = (place.item for place in places if place is not None)
        return [item for item in items if isinstance(item, Transition)]

    def _change(self, name: str, edit: Callable[[Project, Transition], Project]) -> None:
        """One step that changes every one of them."""

        def change_all(project: Project) -> Project:
            for each in self._found(project):
                project = edit(project, each)
            return project

        many = f" of {len(self._ids)}" if len(self._ids) > 1 else ""
        self.session.apply(f"{name}{many}", change_all)

    def _set_kind(self) -> None:
        kind = TransitionKind(self.kind.currentData())
        self._change("Change transition", lambda p, each: change_transition(p, each.id, kind=kind))

    def _set_length(self, frames: float) -> None:
        wanted = round(frames)

        def longer(project: Project, each: Transition) -> Project:
            both = each.in_offset > 0 and each.out_offset > 0
            head = round(frames / 2) if both else wanted if each.in_offset else 0
            return change_transition(project, each.id, in_offset=head, out_offset=wanted - head)

        self._change("Change transition length", longer)

    def _set(self, name: str, value: Value) -> None:
        def set_one(project: Project, each: Transition) -> Project:
            params = tuple({**dict(each.params), name: value}.items())
            return change_transition(project, each.id, params=params)

        self._change("Change transition", set_one)


def selected_transitions(project: Project, selected: Sequence[Id]) -> tuple[Transition, ...]:
    """The transitions of a selection that has two at least and no clip; else none."""
    places = [find(project, each) for each in selected]
    found = [place for place in places if place is not None]
    found.sort(key=lambda place: (place.range.start, place.item.id))
    items = [place.item for place in found]
    alone = len(items) > 1 and all(isinstance(item, Transition) for item in items)
    return tuple(item for item in items if isinstance(item, Transition)) if alone else ()
