"""Shelf: open readers kept for reuse, a few per file, the least recently used closed first.

A reader that stands a little before the time wanted is taken first, since reading on is cheaper
than a seek; and one in use is never handed out twice.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from threading import Condition
from typing import Generic, Protocol, TypeVar

NEAR_S = Fraction(3)
READERS_PER_KEY = 2


class Closable(Protocol):
    """Something that holds a file."""

    def close(self) -> None:
        """Let go of it."""
        ...


Reader = TypeVar("Reader", bound=Closable)


@dataclass(slots=True)
class _Held(Generic[Reader]):
    key: Hashable
    reader: Reader
    at: Fraction
    used: int
    busy: bool = True


class Shelf(Generic[Reader]):
    """Open readers by key, at most `limit` unless all of them are in use.

    With `patience`, one that was not wanted for that many loans is closed: a decoder holds tens of
    megabytes of pictures, which an export that has left a file behind has no more use for.
    """

    def __init__(self, limit: int, patience: int | None = None) -> None:
        self._limit = limit
        self._patience = patience
        self._held: list[_Held[Reader]] = []
        self._changed = Condition()
        self._clock = count()

    @contextmanager
    def borrowed(
        self, key: Hashable, time: Fraction, open_reader: Callable[[], Reader]
    ) -> Iterator[Reader]:
        """A reader for nobody else, standing as near before `time` as there is."""
        held = self._take(key, time)
        if held is None:
            reader = open_reader()
            held = _Held(key, reader, time, next(self._clock))
            with self._changed:
                self._held.append(held)
        try:
            yield held.reader
        finally:
            self._put_back(held, time)

    def close(self) -> None:
        """Close every reader that is not in use."""
        with self._changed:
            for held in [held for held in self._held if not held.busy]:
                self._drop(held)

    def _take(self, key: Hashable, time: Fraction) -> _Held[Reader] | None:
        with self._changed:
            while True:
                mine = [held for held in self._held if held.key == key]
                idle = [held for held in mine if not held.busy]
                near = [held for held in idle if 0 <= time - held.at <= NEAR_S]
                if near:
                    chosen = max(near, key=lambda held: held.at)
                elif len(mine) < READERS_PER_KEY:
                    return None
                elif idle:
                    chosen = min(idle, key=lambda held: held.used)
                else:
                    self._changed.wait()
                    continue
                chosen.busy = True
                return chosen

    def _put_back(self, held: _Held[Reader], time: Fraction) -> None:
        with self._changed:
            held.busy, held.at, held.used = False, time, next(self._clock)
            self._drop_forgotten(held.used)
            while len(self._held) > self._limit:
                idle = [each for each in self._held if not each.busy]
                if not idle:
                    break
                self._drop(min(idle, key=lambda each: each.used))
            self._changed.notify_all()

    def _drop_forgotten(self, now: int) -> None:
        if self._patience is None:
            return
        for each in [each for each in self._held if not each.busy]:
            if now - each.used > self._patience:
                self._drop(each)

    def _drop(self, held: _Held[Reader]) -> None:
        self._held.remove(held)
        held.reader.close()
