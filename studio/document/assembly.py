"""Assembly: a project put together from rows, and an old one brought up to date by changed rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import TypeVar

from studio.document.codec import Unreadable
from studio.document.model.asset import Asset
from studio.document.model.clip import Clip, Gap, Transition
from studio.document.model.marker import Marker
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track
from studio.document.rows import PROJECT_ID, Child, Row, RowChange, Stored, decoded, is_known

ChildT = TypeVar("ChildT", bound=Child)

_id = attrgetter("id")


def assemble(rows: Mapping[Id, Row]) -> Project:
    """The project that a full set of rows describes.

    Raises: Unreadable when a row makes no sense, or order has a hole or a loop.
    """
    made = [RowChange(object_id, None, row) for object_id, row in rows.items()]
    return applied(Project(), made)


def applied(project: Project, changes: Iterable[RowChange]) -> Project:
    """The project after rows have changed; parts without changes are shared.

    Raises: Unreadable when a row makes no sense, or order has a hole or a loop.
    """
    return _Assembly(changes).project(project)


class _Assembly:
    """Changed rows by the parents they left and joined, each with the sibling that was before it.

    Order is a chain: what follows a child that moves moves with it, without a row of its own.
    """

    def __init__(self, changes: Iterable[RowChange]) -> None:
        self.own: dict[Id, Stored] = {}
        self.left: defaultdict[Id, dict[Id, Id]] = defaultdict(dict)
        self.joined: defaultdict[Id, list[tuple[Id, Child]]] = defaultdict(list)
        for change in changes:
            if not is_known(change):
                continue
            if change.before is not None:
                self.left[change.before.parent][change.id] = change.before.previous
            if change.after is not None:
                made = decoded(change.after, change.id)
                self.own[change.id] = made
                if not isinstance(made, Project):
                    self.joined[change.after.parent].append((change.after.previous, made))

    def project(self, old: Project) -> Project:
        own = self.own.get(PROJECT_ID)
        base = old
        if isinstance(own, Project):
            base = replace(own, sequences=old.sequences, assets=old.assets, next_id=old.next_id)
        sequences = self._children(PROJECT_ID, old.sequences, Sequence)
        return replace(
            base,
            sequences=tuple(self._sequence(each, old) for each in sequences),
            assets=self._children(PROJECT_ID, old.assets, Asset),
        )

    def _sequence(self, sequence: Sequence, project: Project) -> Sequence:
        """A sequence with its children: those it had, when its own row is what changed."""
        old = next((each for each in project.sequences if each.id == sequence.id), None)
        tracks = self._children(sequence.id, old.tracks if old else (), Track)
        markers = self._children(sequence.id, old.markers if old else (), Marker)
        whole = tuple(self._track(track, old) for track in tracks)
        if whole == sequence.tracks and markers == sequence.markers:
            return sequence
        return replace(sequence, tracks=whole, markers=markers)

    def _track(self, track: Track, sequence: Sequence | None) -> Track:
        tracks = sequence.tracks if sequence else ()
        old = next((each for each in tracks if each.id == track.id), None)
        before = old.items if old else ()
        items = self._children(track.id, before, Clip, Gap, Transition)
        return track if items is track.items else replace(track, items=items)

    def _children(
        self, parent: Id, old: tuple[ChildT, ...], *kinds: type[ChildT]
    ) -> tuple[ChildT, ...]:
        """The children of some kinds that a parent now has, in order."""
        left, joined = self.left[parent], self.joined[parent]
        arriving = [(before, made) for before, made in joined if isinstance(made, kinds)]
        if not left and not arriving:
            return old
        before = ("", *map(_id, old))
        following: dict[Id, ChildT] = dict(zip(before, old, strict=False))
        for object_id, previous in left.items():
            child = following.get(previous)
            if child is not None and child.id == object_id:
                del following[previous]
        count = len(following) + len(arriving)
        following.update(arriving)
        return _in_order(following, count, parent)


def _in_order(following: Mapping[Id, ChildT], count: int, parent: Id) -> tuple[ChildT, ...]:
    """Children walked along their chain, from the one that follows none.

    Raises: Unreadable when that does not come to the number there should be: the chain has a hole
    or a loop, or two children want one place.
    """
    row: list[ChildT] = []
    child = following.get("")
    while child is not None and len(row) <= count:
        row.append(child)
        child = following.get(child.id)
    if len(row) != count:
        raise Unreadable(f"The order of what belongs to {parent} is broken.")
    return tuple(row)
