"""Loaded models kept between jobs, within a bound of memory."""

from __future__ import annotations

import gc
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Model = TypeVar("Model")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    model: Any
    size_bytes: int


class WarmModels:
    """Keeps what jobs loaded; lets go of the longest unused when memory is wanted.

    Two bounds hold: all that is kept stays within `budget_bytes`, and what the job under way does
    not use leaves that job the memory its plan asked for.
    """

    def __init__(self, budget_bytes: int, free_device_cache: Callable[[], None]) -> None:
        self._budget_bytes = budget_bytes
        self._spare_bytes = budget_bytes
        self._free_device_cache = free_device_cache
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._in_use: set[str] = set()

    @property
    def held_bytes(self) -> int:
        """What the kept models were said to occupy."""
        return sum(held.size_bytes for held in self._held.values())

    def begin_job(self, peak_bytes: int, free_bytes: int) -> None:
        """A job of that peak begins, on a device that could give it so many bytes."""
        self._in_use.clear()
        self._spare_bytes = max(0, free_bytes - peak_bytes)

    def get(self, key: str, size_bytes: int, load: Callable[[], Model]) -> Model:
        """The model of this key, loaded now if it is not warm."""
        self._in_use.add(key)
        if key not in self._held:
            self._make_room(size_bytes)
            self._held[key] = _Held(load(), size_bytes)
        self._held.move_to_end(key)
        return self._held[key].model

    def clear(self) -> None:
        """Let go of everything, as after running out of memory."""
        self._held.clear()
        self._free()

    def _make_room(self, size_bytes: int) -> None:
        idle = [key for key in self._held if key not in self._in_use]
        let_go = [key for key in idle if self._is_short(size_bytes) and self._drop(key)]
        if let_go:
            log.info("let go of %s", ", ".join(let_go))
            self._free()

    def _is_short(self, size_bytes: int) -> bool:
        idle_bytes = sum(h.size_bytes for key, h in self._held.items() if key not in self._in_use)
        over_budget = self.held_bytes + size_bytes > self._budget_bytes
        return over_budget or idle_bytes > self._spare_bytes

    def _drop(self, key: str) -> bool:
        del self._held[key]
        return True

    def _free(self) -> None:
        gc.collect()
        self._free_device_cache()
