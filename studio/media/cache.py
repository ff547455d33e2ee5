"""FrameCache: pictures kept by key, bounded in bytes, the least recently used going first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class FrameCache(Generic[Value]):
    """A cache for any number of threads. A value larger than the whole cache is not kept."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._held_bytes = 0
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    @property
    def held_bytes(self) -> int:
        """How much is held now, as counted by what was put in."""
        return self._held_bytes

    def get(self, key: Hashable) -> Value | None:
        """The value of a key, now the most recently used, or None."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: Value, size_bytes: int) -> None:
        """Keep a value, letting go of the oldest until all fit."""
        with self._lock:
            before = self._values.pop(key, None)
            self._held_bytes -= before[1] if before else 0
            if size_bytes > self._limit_bytes:
                return
            self._values[key] = (value, size_bytes)
            self._held_bytes += size_bytes
            while self._held_bytes > self._limit_bytes:
                _, (_, freed) = self._values.popitem(last=False)
                self._held_bytes -= freed

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._values.clear()
            self._held_bytes = 0
