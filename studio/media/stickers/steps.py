"""Steps of quality, best first, and the search for the best one that fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One setting of a coder; `words` say what it gives up, "" for nothing that can be seen."""

    value: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A whole file in memory, and the step that made it."""

    data: bytes
    step: Step


def best_fit(
    encode: Callable[[Step], bytes], steps: Sequence[Step], max_bytes: int | None
) -> Encoded | None:
    """The best step whose file is at most `max_bytes` long; None where even the last is longer.

    Steps are tried as in a search through a sorted list, and what is returned was really made
    and measured, so a coder whose sizes are not quite in order costs quality, never the limit.
    """
    best = Encoded(encode(steps[0]), steps[0])
    if max_bytes is None or len(best.data) <= max_bytes:
        return best
    found: Encoded | None = None
    low, high = 1, len(steps) - 1
    while low <= high:
        middle = high if found is None and high == len(steps) - 1 else (low + high) // 2
        tried = Encoded(encode(steps[middle]), steps[middle])
        if len(tried.data) <= max_bytes:
            found, high = tried, middle - 1
        elif middle == len(steps) - 1:
            return None
        else:
            low = middle + 1
    return found
