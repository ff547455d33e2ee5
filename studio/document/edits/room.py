"""Room beside a clip: the gap that gives when it grows, and takes when it shrinks."""

from __future__ import annotations

from dataclasses import replace

from studio.document.edits.splicer import Splicer
from studio.document.model.clip import Clip, Gap, Item, Transition
from studio.document.queries.limits import Edge


def give_to_gap(
    splicer: Splicer, row: list[Item], at: int, edge: Edge, frames: int
) -> tuple[int, int]:
    """Lengthen (or shorten) the gap beside an edge, making one where a clip or the start is.

    A transition between the clip and the one it parts from goes. Returns what changed of the row.
    """
    step = -1 if edge is Edge.HEAD else 1
    beyond = at + step
    if 0 <= beyond < len(row) and isinstance(row[beyond], Transition):
        beyond += step
    other = row[beyond] if 0 <= beyond < len(row) else None
    match other, edge:
        case Gap(), _:
            row[beyond] = replace(other, duration=other.duration + frames)
        case None, Edge.HEAD if frames > 0:
            row.insert(0, splicer.gap(frames))
            return 0, at + 2
        case Clip(), _ if frames > 0:
            low, high = sorted((at, beyond))
            row[low + 1 : high] = [splicer.gap(frames)]
            return low, low + 3
        case _:
            return at, at + 1
    return min(at, beyond), max(at, beyond) + 1
