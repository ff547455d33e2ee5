"""Transitions that come along when their clips go elsewhere together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from studio.document.edits.splicer import Splicer
from studio.document.model.clip import Clip, Transition
from studio.document.model.record import Id
from studio.document.model.sequence import Track
from studio.document.queries.limits import neighbour
from studio.document.queries.places import Place


@dataclass(frozen=True, slots=True)
class Tie:
    """A transition, and the clips before and after it; None for a gap or the track's end."""

    transition: Transition
    left: Id | None
    right: Id | None


def transitions_between(found: Iterable[tuple[Place, Clip]]) -> list[Tie]:
    """The transitions of clips that touch no clip but those."""
    places = [place for place, _ in found]
    clips = {place.item.id for place in places}
    ties: dict[Id, Tie] = {}
    for place in places:
        for at in (place.place - 1, place.place + 1):
            item = place.track.items[at] if 0 <= at < len(place.track.items) else None
            if isinstance(item, Transition):
                tie = _tie(place.track, at, item)
                if all(side in clips for side in (tie.left, tie.right) if side):
                    ties[item.id] = tie
    return list(ties.values())


def _tie(track: Track, place: int, transition: Transition) -> Tie:
    sides: list[Id | None] = []
    for step in (-1, 1):
        at = neighbour(track, place, step)
        item = track.items[at] if at is not None else None
        sides.append(item.id if isinstance(item, Clip) else None)
    return Tie(transition, sides[0], sides[1])


def retie(splicer: Splicer, track_of: Mapping[Id, Id], ties: Sequence[Tie]) -> None:
    """Put transitions back on cuts whose clips have met again as they were."""
    for tie in ties:
        anchor = tie.left or tie.right
        if anchor is None:
            continue
        track = splicer.track(track_of[anchor])
        at = track.index.by_id[anchor] + (1 if tie.left else 0)
        if (_clip_id(track, at - 1), _clip_id(track, at)) == (tie.left, tie.right):
            row = [*track.items[:at], tie.transition, *track.items[at:]]
            splicer.set_items(track, row, at, at + 1)


def _clip_id(track: Track, place: int) -> Id | None:
    item = track.items[place] if 0 <= place < len(track.items) else None
    return item.id if isinstance(item, Clip) else None
