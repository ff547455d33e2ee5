"""Alignment: where two rows of objects differ, when most of the objects are the very same.

Objects are compared by identity, in blocks, because rows of 20,000 clips are compared after every
edit. What is found need not be the smallest difference; it is never wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import is_
from typing import Any, NamedTuple, TypeAlias

Row: TypeAlias = tuple[Any, ...]

_BLOCKS = (512, 16, 1)
_NEAR = 32
"""How many objects may have come or gone at one place, before the rest is taken as different."""


class Stretch(NamedTuple):
    """`old[old_start:old_end]` has become `new[new_start:new_end]`."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def stretches(old: Row, new: Row) -> Iterator[Stretch]:
    """Where two rows differ, first to last."""
    tail = _same_tail(old, new)
    old_end, new_end = len(old) - tail, len(new) - tail
    at = here = 0
    while at < old_end or here < new_end:
        same = _same_run(old[at:old_end], new[here:new_end])
        at, here = at + same, here + same
        if at == old_end and here == new_end:
            return
        gone, come = _meeting(old[at:old_end], new[here:new_end])
        yield Stretch(at, at + gone, here, here + come)
        at, here = at + gone, here + come


def _same_run(old: Row, new: Row) -> int:
    """How many objects two rows begin with alike."""
    shorter = min(len(old), len(new))
    done = 0
    for block in _BLOCKS:
        while done < shorter:
            more = min(done + block, shorter)
            if not all(map(is_, old[done:more], new[done:more])):
                break
            done = more
    return done


def _same_tail(old: Row, new: Row) -> int:
    """How many objects two rows end with alike."""
    shorter = min(len(old), len(new))
    done = 0
    for block in _BLOCKS:
        while done < shorter:
            more = min(done + block, shorter)
            before = old[len(old) - more : len(old) - done]
            after = new[len(new) - more : len(new) - done]
            if not all(map(is_, before, after)):
                break
            done = more
    return done


def _meeting(old: Row, new: Row) -> tuple[int, int]:
    """How far on in each row the next object that both have is; their ends when it is not near."""
    near = {id(each): place for place, each in enumerate(new[:_NEAR])}
    for place, each in enumerate(old[:_NEAR]):
        if id(each) in near:
            return place, near[id(each)]
    return len(old), len(new)
