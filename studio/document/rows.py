"""Rows: a project taken apart into small objects that can be stored, compared and put together.

Each track, clip, gap, transition, marker, asset and sequence is one row: its kind, its parent, the
one before it among its siblings, and the rest of it as JSON. An edit changes the few rows that it
touches, found by object identity; since order is a chain of predecessors, an insertion among
20,000 clips changes two rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

from studio.document.alignment import stretches
from studio.document.codec import Unreadable, decode, dumps, encode
from studio.document.model.asset import Asset
from studio.document.model.clip import Clip, Gap, Item, Transition
from studio.document.model.marker import Marker
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track

PROJECT_ID: Id = "project"

Child: TypeAlias = Sequence | Asset | Track | Marker | Item
Stored: TypeAlias = Project | Sequence | Asset | Track | Marker | Item

_KINDS: dict[str, type[Stored]] = {
    cls.__name__: cls for cls in (Project, Sequence, Asset, Track, Marker, Clip, Gap, Transition)
}

_CHILDREN: dict[type, frozenset[str]] = {
    Project: frozenset({"sequences", "assets", "next_id"}),
    Sequence: frozenset({"tracks", "markers"}),
    Track: frozenset({"items"}),
}
"""Fields that are rows of their own, or kept elsewhere (`next_id`), by class."""

_NONE: frozenset[str] = frozenset()

ParentT = TypeVar("ParentT", Sequence, Track)


class Row(NamedTuple):
    """One stored object. `previous` is the sibling before it, "" for the first."""

    kind: str
    parent: Id
    previous: Id
    body: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """What became of one row; None before it was made, or after it was removed."""

    id: Id
    before: Row | None
    after: Row | None

    @property
    def undone(self) -> RowChange:
        return RowChange(self.id, self.after, self.before)


class _Node(NamedTuple):
    """An object in its place, not yet turned into text."""

    object: Stored
    parent: Id
    previous: Id


def _row(node: _Node) -> Row:
    cls = type(node.object)
    body = dumps(encode(node.object, _CHILDREN.get(cls, _NONE)))
    return Row(cls.__name__, node.parent, node.previous, body)


def differences(old: Project, new: Project) -> list[RowChange]:
    """The rows that differ between two projects which share most of their objects."""
    before: dict[Id, _Node] = {}
    after: dict[Id, _Node] = {}
    _compare_project(old, new, before, after)
    changes: list[RowChange] = []
    for object_id in {**before, **after}:
        was, now = before.get(object_id), after.get(object_id)
        if was and now and was.object is now.object and was[1:] == now[1:]:
            continue
        change = RowChange(object_id, was and _row(was), now and _row(now))
        if change.before != change.after:
            changes.append(change)
    return changes


def all_rows(project: Project) -> list[RowChange]:
    """Every row of a project, as made."""
    empty = Project(name=project.name)
    made = [change for change in differences(empty, project) if change.id != PROJECT_ID]
    return [RowChange(PROJECT_ID, None, _row(_Node(project, "", ""))), *made]


_Nodes: TypeAlias = dict[Id, _Node]


def _compare_project(old: Project, new: Project, before: _Nodes, after: _Nodes) -> None:
    if old is new:
        return
    before[PROJECT_ID], after[PROJECT_ID] = _Node(old, "", ""), _Node(new, "", "")
    _compare_rows(old.assets, new.assets, PROJECT_ID, before, after)
    _compare_rows(old.sequences, new.sequences, PROJECT_ID, before, after)
    for was, now in _pairs(old.sequences, new.sequences):
        _compare_sequence(was, now, before, after)


def _compare_sequence(
    old: Sequence | None, new: Sequence | None, before: _Nodes, after: _Nodes
) -> None:
    owner = (old or new or Sequence(id="", name="")).id
    _compare_rows(old.markers if old else (), new.markers if new else (), owner, before, after)
    tracks = old.tracks if old else (), new.tracks if new else ()
    _compare_rows(*tracks, owner, before, after)
    for was, now in _pairs(*tracks):
        track_id = was.id if was else now.id if now else ""
        _compare_rows(was.items if was else (), now.items if now else (), track_id, before, after)


def _pairs(
    old: tuple[ParentT, ...], new: tuple[ParentT, ...]
) -> Iterator[tuple[ParentT | None, ParentT | None]]:
    """Objects of two rows that are not the same, matched by id."""
    was = {each.id: each for each in old}
    now = {each.id: each for each in new}
    for object_id in {**was, **now}:
        if was.get(object_id) is not now.get(object_id):
            yield was.get(object_id), now.get(object_id)


def _compare_rows(
    old: tuple[Child, ...], new: tuple[Child, ...], parent: Id, before: _Nodes, after: _Nodes
) -> None:
    """Note the objects of two rows that came, went, changed or have another one before them."""
    if old is new:
        return
    for part in stretches(old, new):
        _note(old, range(part.old_start, part.old_end + 1), parent, before)
        _note(new, range(part.new_start, part.new_end + 1), parent, after)


def _note(row: tuple[Child, ...], places: range, parent: Id, nodes: _Nodes) -> None:
    """Note the objects of a stretch, and the one after it, whose predecessor has changed."""
    for place in places[: len(row) - places.start]:
        previous = row[place - 1].id if place else ""
        nodes[row[place].id] = _Node(row[place], parent, previous)


def is_known(change: RowChange) -> bool:
    """Whether a row is of a kind that this version reads; others are kept as they are."""
    row = change.after or change.before
    return row is not None and row.kind in _KINDS


def decoded(row: Row, object_id: Id) -> Stored:
    """The object of a row, without the objects that are rows of their own.

    Raises: Unreadable when the row makes no sense to this version.
    """
    cls = _KINDS[row.kind]
    try:
        body = json.loads(row.body)
    except ValueError as error:
        raise Unreadable(f"The row of {object_id} is no JSON.") from error
    if not isinstance(body, dict):
        raise Unreadable(f"The row of {object_id} is no object.")
    made = decode(cls, cast("dict[str, Any]", body), _CHILDREN.get(cls, _NONE))
    if not isinstance(made, Project) and made.id != object_id:
        raise Unreadable(f"The row of {object_id} says it is {made.id}.")
    return made
