"""A stopwatch for a command of several steps, whose times are part of what it tells."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from studio.commands.console import Console


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done, and how long it took."""

    name: str
    seconds: float


@dataclass(slots=True)
class Stopwatch:
    """Steps as they end, shown as they begin."""

    console: Console
    steps: list[Step] = field(default_factory=list[Step])
    _began_s: float = field(default_factory=time.monotonic)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what the block does; one that fails is not a step."""
        self.console.progress(name)
        began_s = time.monotonic()
        yield
        self.steps.append(Step(name, time.monotonic() - began_s))

    @property
    def total_s(self) -> float:
        """Seconds since it was started, which is a little more than the steps together."""
        return time.monotonic() - self._began_s
