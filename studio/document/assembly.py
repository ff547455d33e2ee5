"""Assembly: a project put together from rows, and an old one brought up to date by changed rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias, TypeVar

from studio.document.codec import Unreadable
from studio.document.model.asset import Asset
from studio.document.model.clip import Clip, Gap, Transition
from studio.document.model.marker import Marker
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track
from studio.document.rows import PROJECT_ID, Child, Row, RowChange, Stored, decoded, is_known

ChildT = TypeVar("ChildT", bound=Child)

_Siblings: TypeAlias = dict[Id, tuple[Id, Child]]
"""Children of one parent by id, each with the id of the sibling before it."""


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
    """Changed rows, sorted by the parents they left and joined."""

    def __init__(self, changes: Iterable[RowChange]) -> None:
        self.own: dict[Id, Stored] = {}
        self.left: defaultdict[Id, set[Id]] = defaultdict(set)
        self.joined: defaultdict[Id, _Siblings] = defaultdict(dict)
        for change in changes:
            if not is_known(change):
                continue
            if change.before is not None:
                self.left[change.before.parent].add(change.id)
            if change.after is not None:
                made = decoded(change.after, change.id)
                self.own[change.id] = made
                if not isinstance(made, Project):
                    self.joined[change.after.parent][change.id] = (change.after.previous, made)

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
        left, joined = self.left.get(parent, set()), self.joined.get(parent, {})
        arriving = {
            object_id: (before, made)
            for object_id, (before, made) in joined.items()
            if isinstance(made, kinds)
        }
        if not left and not arriving:
            return old
        if not old:
            return _in_order(arriving, parent)
        return _woven(old, left, arriving, parent)


def _woven(
    old: tuple[ChildT, ...],
    left: Collection[Id],
    arriving: dict[Id, tuple[Id, ChildT]],
    parent: Id,
) -> tuple[ChildT, ...]:
    """Children without those that left, and with those that arrive after the one each names."""
    places = {child.id: place for place, child in enumerate(old)}
    gone = {places[each] for each in left if each in places}
    runs = {
        _anchor(before, places, gone, parent): _run(before, arriving)
        for before, _ in arriving.values()
        if before not in arriving
    }
    row: list[ChildT] = []
    done = 0
    for place in sorted(gone | runs.keys()):
        row.extend(old[done : max(place, 0)])
        if place >= 0 and place not in gone:
            row.append(old[place])
        row.extend(runs.get(place, ()))
        done = place + 1
    row.extend(old[done:])
    if len(row) != len(old) - len(gone) + len(arriving):
        raise Unreadable(f"The order of what belongs to {parent} is broken.")
    return tuple(row)


def _anchor(before: Id, places: Mapping[Id, int], gone: Collection[int], parent: Id) -> int:
    """The place after which a run of arriving children belongs; -1 for the very first."""
    if before == "":
        return -1
    place = places.get(before)
    if place is None or place in gone:
        raise Unreadable(f"The order of what belongs to {parent} is broken.")
    return place


def _run(before: Id, arriving: dict[Id, tuple[Id, ChildT]]) -> list[ChildT]:
    """Arriving children that follow one another, from the one after `before` on."""
    following = dict(arriving.values())
    row: list[ChildT] = []
    while before in following and len(row) < len(arriving):
        row.append(following[before])
        before = row[-1].id
    return row


def _in_order(siblings: dict[Id, tuple[Id, ChildT]], parent: Id) -> tuple[ChildT, ...]:
    """Siblings walked from the first along their chain."""
    following = dict(siblings.values())
    row: list[ChildT] = []
    at = ""
    while at in following and len(row) < len(siblings):
        child = following[at]
        row.append(child)
        at = child.id
    if len(row) != len(siblings):
        raise Unreadable(f"The order of what belongs to {parent} is broken.")
    return tuple(row)
