"""Settling a track after a change: the rules that every row of items keeps.

- Two gaps never touch, no gap is empty, and a track does not end in a gap.
- A transition has a clip on at least one side, and two transitions never touch.
- A transition reaches no further into a clip than the clip is long, less what the transition at
  its other end takes; beside a gap it does not reach at all.

Only the neighbourhood of the change is looked at, so that settling costs the same on any track.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.document.model.clip import Clip, Gap, Item, Transition


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled row, of which all outside `items[low:high]` is as it was given."""

    items: list[Item]
    low: int
    high: int


def settle(items: list[Item], low: int, high: int) -> Settled:
    """The row with `items[low:high]` and what touches it settled. `items` is left as it is."""
    low, high = max(0, low - 2), min(len(items), high + 2)
    window = _joined(_with_sense(items, low, high))
    rest = items[high:]
    row = items[:low] + window + rest
    end = low + len(window)
    if not rest:
        while row and isinstance(row[-1], Gap):
            row.pop()
        end = len(row)
        low = min(low, end)
    return _fitted(row, low, end)


def _with_sense(items: list[Item], low: int, high: int) -> list[Item]:
    """Items of the window, without empty gaps and transitions that join nothing."""
    window = [item for item in items[low:high] if not (isinstance(item, Gap) and not item.duration)]
    kept: list[Item] = items[low - 1 : low] if low else []
    context = len(kept)
    for place, item in enumerate(window):
        if isinstance(item, Transition):
            before = kept[-1] if kept else None
            following = window[place + 1 :] or items[high : high + 1]
            joins = isinstance(before, Clip) or isinstance(next(iter(following), None), Clip)
            if not joins or isinstance(before, Transition):
                continue
        kept.append(item)
    return kept[context:]


def _joined(items: list[Item]) -> list[Item]:
    """Neighbouring gaps made one, under the first one's id."""
    kept: list[Item] = []
    for item in items:
        last = kept[-1] if kept else None
        if isinstance(item, Gap) and isinstance(last, Gap):
            kept[-1] = replace(last, duration=last.duration + item.duration)
        else:
            kept.append(item)
    return kept


def _fitted(items: list[Item], low: int, high: int) -> Settled:
    """The row with the transitions of the window cut down to what their clips can give."""
    low, high = max(0, low - 1), min(len(items), high + 1)
    dropped: list[int] = []
    for place in range(low, high):
        item = items[place]
        if not isinstance(item, Transition):
            continue
        before = _room(items, place, -1)
        after = _room(items, place, 1)
        reach = min(item.in_offset, before), min(item.out_offset, after)
        if reach == (0, 0):
            dropped.append(place)
        elif reach != (item.in_offset, item.out_offset):
            items[place] = replace(item, in_offset=reach[0], out_offset=reach[1])
    for place in reversed(dropped):
        del items[place]
    return Settled(items, low, high - len(dropped))


def _room(items: list[Item], place: int, step: int) -> int:
    """Frames that the clip on one side of a transition can give to it."""
    at, beyond = place + step, place + 2 * step
    if not 0 <= at < len(items):
        return 0
    clip = items[at]
    if not isinstance(clip, Clip):
        return 0
    other = items[beyond] if 0 <= beyond < len(items) else None
    taken = 0
    if isinstance(other, Transition):
        taken = other.out_offset if step < 0 else other.in_offset
    return max(0, clip.duration - taken)
