"""TrackIndex: where the items of one track lie. Derived from the items, never stored."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from operator import attrgetter
from typing import Self

from studio.document.model.clip import Item
from studio.document.model.record import Id

_duration = attrgetter("duration")
_id = attrgetter("id")

_NEAR = 64
"""How far from where an item was it is looked for, before every item is."""


class TrackIndex:
    """The first frame of every item, and a way to find an item by its id.

    `starts[i]` is the first frame of `items[i]`, and `starts[len(items)]` the track's end. Places
    are remembered as hints, shared by a track's versions and checked on use: most items have not
    moved since the last edit, or not far.
    """

    __slots__ = ("_hints", "_items", "starts")

    def __init__(
        self,
        items: tuple[Item, ...],
        starts: Sequence[int] | None = None,
        hints: dict[Id, int] | None = None,
    ) -> None:
        self._items = items
        self._hints = hints
        self.starts: Sequence[int] = _starts(items, 0) if starts is None else starts

    def changed(self, items: tuple[Item, ...], low: int, high: int) -> Self:
        """The index of a later version, in which all outside `items[low:high]` are as they were."""
        old_high = len(self._items) - (len(items) - high)
        starts = array("q", self.starts[:low])
        middle = _starts(items[low:high], self.starts[low])
        delta = middle[-1] - self.starts[old_high]
        starts.extend(middle[:-1])
        rest = self.starts[old_high:]
        starts.extend(rest if delta == 0 else array("q", [start + delta for start in rest]))
        if self._hints is not None:
            self._hints.update(zip(map(_id, items[low:high]), range(low, high), strict=True))
        return type(self)(items, starts, self._hints)

    def place_of(self, item_id: Id) -> int | None:
        """The place of an item, None when the track has none of that id."""
        if self._hints is None:
            self._hints = self._places()
        hint = self._hints.get(item_id)
        if hint is None:
            return None
        for place in _outwards(hint, len(self._items)):
            if self._items[place].id == item_id:
                return place
        self._hints = self._places()
        return self._hints.get(item_id)

    @property
    def by_id(self) -> Mapping[Id, int]:
        """The place of every item by its id, looked up as it is asked for."""
        return _ById(self, self._items)

    def _places(self) -> dict[Id, int]:
        return dict(zip(map(_id, self._items), range(len(self._items)), strict=True))


class _ById(Mapping[Id, int]):
    """A track's places as a mapping."""

    __slots__ = ("_index", "_items")

    def __init__(self, index: TrackIndex, items: tuple[Item, ...]) -> None:
        self._index = index
        self._items = items

    def __getitem__(self, item_id: Id) -> int:
        place = self._index.place_of(item_id)
        if place is None:
            raise KeyError(item_id)
        return place

    def __iter__(self) -> Iterator[Id]:
        return map(_id, self._items)

    def __len__(self) -> int:
        return len(self._items)


def _starts(items: Sequence[Item], first: int) -> array[int]:
    return array("q", accumulate(map(_duration, items), initial=first))


def _outwards(hint: int, length: int) -> Iterator[int]:
    """Places about a hint, nearest first."""
    for distance in range(_NEAR):
        if hint + distance < length:
            yield hint + distance
        if 0 <= hint - distance < length:
            yield hint - distance
