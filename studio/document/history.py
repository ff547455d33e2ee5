"""History: the one gate through which a project changes, and the way back.

`apply` names an edit, runs it, has the journal write what changed, and only then takes the new
project: an edit that raises, or that cannot be written, leaves everything as it was. A gesture
previews as often as it likes and becomes one step. The last projects are kept whole (they share
all that did not change); older ones are put together again from the journal's rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from studio.document.assembly import applied
from studio.document.errors import EditError
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.rows import RowChange, differences

Edit: TypeAlias = Callable[[Project], Project]

KEPT_PROJECTS = 200
"""Projects held in memory to step back to at once."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What an edit did, by the ids of assets, sequences, tracks, items and markers.

    `parents` are the tracks and sequences (or "project") that hold what was added, removed or
    updated: their contents changed, though they did not.
    """

    added: frozenset[Id] = frozenset()
    removed: frozenset[Id] = frozenset()
    updated: frozenset[Id] = frozenset()
    parents: frozenset[Id] = frozenset()

    @property
    def touched(self) -> frozenset[Id]:
        """Every id that a view may have to look at again."""
        return self.added | self.removed | self.updated | self.parents

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.updated)

    @classmethod
    def of(cls, rows: Sequence[RowChange]) -> Changes:
        ends = [row for change in rows for row in (change.before, change.after) if row]
        return cls(
            added=frozenset(change.id for change in rows if change.before is None),
            removed=frozenset(change.id for change in rows if change.after is None),
            updated=frozenset(change.id for change in rows if change.before and change.after),
            parents=frozenset(row.parent for row in ends if row.parent),
        )


@dataclass(frozen=True, slots=True)
class StepName:
    """One undoable step, for the history panel."""

    number: int
    name: str


class Journal(Protocol):
    """Where steps are kept. Every call is one transaction: done when it returns, or not at all."""

    @property
    def position(self) -> int:
        """The number of the last step that is done; those after it can be redone."""
        ...

    def steps(self) -> list[StepName]:
        """All steps that are kept, oldest first."""
        ...

    def rows(self, number: int) -> list[RowChange]:
        """What a step changed."""
        ...

    def record(self, name: str, rows: Sequence[RowChange], next_id: int) -> None:
        """Write a new step after the current one; steps that could be redone are dropped."""
        ...

    def step_to(self, position: int, rows: Sequence[RowChange], next_id: int) -> None:
        """Write rows of an undo or redo, and the new position."""
        ...


class MemoryJournal:
    """A journal that is kept nowhere: for projects that are looked at or converted."""

    def __init__(self) -> None:
        self._steps: list[tuple[StepName, list[RowChange]]] = []
        self._position = 0

    @property
    def position(self) -> int:
        return self._position

    def steps(self) -> list[StepName]:
        return [name for name, _ in self._steps]

    def rows(self, number: int) -> list[RowChange]:
        return self._steps[number - 1][1]

    def record(self, name: str, rows: Sequence[RowChange], next_id: int) -> None:
        del next_id
        self._position += 1
        self._steps[self._position - 1 :] = [(StepName(self._position, name), list(rows))]

    def step_to(self, position: int, rows: Sequence[RowChange], next_id: int) -> None:
        del rows, next_id
        self._position = position


class History:
    """A project and the steps that led to it. Not for use from several threads at once."""

    def __init__(self, project: Project, journal: Journal | None = None) -> None:
        self._journal: Journal = MemoryJournal() if journal is None else journal
        self._project = project
        self._kept: dict[int, Project] = {self._journal.position: project}
        self._names = self._journal.steps()

    @property
    def project(self) -> Project:
        """The project as it now is."""
        return self._project

    def apply(self, name: str, edit: Edit) -> Changes:
        """Carry out an edit as one named step. One that changes nothing leaves no step.

        Raises: EditError when the edit cannot be made, FileError when it cannot be written; both
        leave everything as it was.
        """
        return self._take(name, edit(self._project))

    def _take(self, name: str, project: Project) -> Changes:
        rows = differences(self._project, project)
        if not rows:
            return Changes()
        self._journal.record(name, rows, project.next_id)
        position = self._journal.position
        self._kept = {at: kept for at, kept in self._kept.items() if at < position}
        del self._names[self._place_of(position) :]
        self._names.append(StepName(position, name))
        self._arrive(project)
        return Changes.of(rows)

    def _arrive(self, project: Project) -> None:
        self._project = project
        self._kept[self._journal.position] = project
        if len(self._kept) > KEPT_PROJECTS:
            here = self._journal.position
            del self._kept[max(self._kept, key=lambda at: abs(at - here))]

    def gesture(self, name: str) -> Gesture:
        """Begin a gesture: a drag, a slider, a word being typed. It becomes one step."""
        return Gesture(self, name)

    def commit(self, name: str, base: Project, project: Project) -> Changes:
        """Take what a gesture has come to.

        Raises: EditError when the project has changed under it, FileError as `apply` does.
        """
        if base is not self._project:
            raise EditError("Something else changed the project meanwhile. Try that again.")
        return self._take(name, project)

    @property
    def steps(self) -> list[StepName]:
        """Every step that is kept, oldest first, those that can be redone too."""
        return list(self._names)

    @property
    def position(self) -> int:
        """The number of the last step that is done."""
        return self._journal.position

    @property
    def undo_name(self) -> str | None:
        """The name of the step that `undo` takes back, None when there is none."""
        return self._name_of(self._journal.position)

    @property
    def redo_name(self) -> str | None:
        """The name of the step that `redo` makes again, None when there is none."""
        return self._name_of(self._journal.position + 1)

    def _place_of(self, number: int) -> int:
        """Where a step lies in the list: they are numbered without holes."""
        return number - self._names[0].number if self._names else 0

    def _name_of(self, number: int) -> str | None:
        place = self._place_of(number)
        return self._names[place].name if 0 <= place < len(self._names) else None

    def undo(self) -> Changes:
        """Take the last step back.

        Raises: EditError when there is none, FileError as `apply` does.
        """
        if self.undo_name is None:
            raise EditError("There is nothing to undo.")
        number = self._journal.position
        return self._step(number - 1, [row.undone for row in self._journal.rows(number)])

    def redo(self) -> Changes:
        """Make the step again that was taken back last.

        Raises: EditError when there is none, FileError as `apply` does.
        """
        if self.redo_name is None:
            raise EditError("There is nothing to redo.")
        number = self._journal.position + 1
        return self._step(number, self._journal.rows(number))

    def _step(self, position: int, rows: list[RowChange]) -> Changes:
        next_id = self._project.next_id
        known = self._kept.get(position)
        target = known if known is not None else applied(self._project, rows)
        self._journal.step_to(position, rows, next_id)
        self._arrive(replace(target, next_id=next_id))
        return Changes.of(rows)

    def go_to(self, number: int) -> Changes:
        """Undo or redo until a step is the last one done, as a click in the history panel does.

        Raises: EditError when there is no such step, FileError as `apply` does.
        """
        if self._name_of(number) is None and self._name_of(number + 1) is None:
            raise EditError("That step is no longer kept.")
        before = self._project
        while self._journal.position > number:
            self.undo()
        while self._journal.position < number:
            self.redo()
        return Changes.of(differences(before, self._project))


class Gesture:
    """An edit being tried out: previews replace one another, `commit` makes the last a step."""

    def __init__(self, history: History, name: str) -> None:
        self._history = history
        self._name = name
        self.base = history.project
        self.project = self.base

    def preview(self, edit: Edit) -> Project:
        """The project as the edit would leave it, always starting from where the gesture began.

        Raises: EditError when the edit cannot be made; the preview before it then stands.
        """
        self.project = edit(self.base)
        return self.project

    def commit(self) -> Changes:
        """Make the last preview one step.

        Raises: EditError when the project has changed meanwhile, FileError when it cannot be
        written.
        """
        return self._history.commit(self._name, self.base, self.project)
