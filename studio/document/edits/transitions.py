"""Transitions: add to a cut, change, remove.

    |   A   |   B   |   ->   |   A  [x]  B   |

A transition takes no time: it shows the end of one clip's spare media with the start of the
next's, so every clip keeps its place and length.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from studio.document.catalogue import TRANSITIONS
from studio.document.catalogue.entry import complaint
from studio.document.edits.splicer import Splicer
from studio.document.errors import EditError
from studio.document.model.clip import Clip, Transition, TransitionKind
from studio.document.model.effect import Value
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Track, TrackKind
from studio.document.queries.limits import Edge
from studio.document.queries.places import locate, locate_clip


class Alignment(Enum):
    """Where a transition lies about its cut."""

    CENTRE = "centre"
    BEFORE = "before"
    AFTER = "after"


def add_transition(
    project: Project,
    clip_id: Id,
    edge: Edge,
    kind: TransitionKind,
    duration: int,
    alignment: Alignment = Alignment.CENTRE,
    params: tuple[tuple[str, Value], ...] = (),
) -> Project:
    """Put a transition on the cut at one end of a clip, in place of one that is there.

    At a gap or the end of a track it fades from or to nothing, and lies inside the clip. It is
    made shorter where a clip is too short for it. Where a clip has no spare media, its last
    picture is held.
    Stays: every clip's place, length and media.
    Raises: EditError for a kind that does not suit the track, a length below 2 or a locked track.
    """
    place, _ = locate_clip(project, clip_id)
    _check_kind(place.track, kind)
    if duration < 2:
        raise EditError("A transition is at least two frames long.")
    splicer = Splicer(project, place.sequence.id)
    track = splicer.open(place.track.id)
    cut = place.place if edge is Edge.HEAD else place.place + 1
    low, high = _cut_without_transition(track, cut)
    before = _is_clip(track, low - 1)
    after = _is_clip(track, high)
    reach_in, reach_out = _reaches(duration, alignment, before=before, after=after)
    transition = Transition(
        id=splicer.new_id("x"),
        kind=kind,
        in_offset=reach_in,
        out_offset=reach_out,
        params=_checked(kind, params),
    )
    row = [*track.items[:low], transition, *track.items[high:]]
    splicer.set_items(track, row, low, low + 1)
    return splicer.finish()


def _check_kind(track: Track, kind: TransitionKind) -> None:
    wanted = TrackKind.AUDIO if kind is TransitionKind.CROSSFADE else TrackKind.VIDEO
    if track.kind is not wanted:
        label = TRANSITIONS[kind].label
        raise EditError(f"{label} is for {wanted.value} tracks, not {track.name or 'this one'}.")


def _cut_without_transition(track: Track, cut: int) -> tuple[int, int]:
    """The places either side of a cut, leaving out a transition on it."""
    low = cut - 1 if cut > 0 and isinstance(track.items[cut - 1], Transition) else cut
    here = cut < len(track.items) and isinstance(track.items[cut], Transition)
    return low, cut + 1 if here else cut


def _is_clip(track: Track, place: int) -> bool:
    return 0 <= place < len(track.items) and isinstance(track.items[place], Clip)


def _reaches(duration: int, alignment: Alignment, *, before: bool, after: bool) -> tuple[int, int]:
    if not before:
        return 0, duration
    if not after or alignment is Alignment.BEFORE:
        return duration, 0
    if alignment is Alignment.AFTER:
        return 0, duration
    return duration // 2, duration - duration // 2


def _checked(
    kind: TransitionKind, params: tuple[tuple[str, Value], ...]
) -> tuple[tuple[str, Value], ...]:
    """Parameters in name order, without those at their default."""
    entry = TRANSITIONS[kind]
    kept: dict[str, Value] = {}
    for name, value in params:
        parameter = entry.parameter(name)
        if parameter is None:
            raise EditError(f"{entry.label} has no setting called {name}.")
        trouble = complaint(parameter, value)
        if trouble:
            raise EditError(trouble)
        if value != parameter.default:
            kept[name] = value
    return tuple(sorted(kept.items()))


def change_transition(
    project: Project,
    transition_id: Id,
    *,
    kind: TransitionKind | None = None,
    in_offset: int | None = None,
    out_offset: int | None = None,
    params: tuple[tuple[str, Value], ...] | None = None,
) -> Project:
    """Change a transition's kind, its reach either side of the cut, or its parameters.

    Changing the kind alone drops parameters that the new kind does not have.
    Stays: every clip's place, length and media.
    Raises: EditError when there is none, for a kind that does not suit, or a locked track.
    """
    place = locate(project, transition_id)
    old = place.item
    if not isinstance(old, Transition):
        raise EditError("That is not a transition.")
    new_kind = kind or old.kind
    _check_kind(place.track, new_kind)
    given = old.params if params is None else params
    if params is None and new_kind is not old.kind:
        entry = TRANSITIONS[new_kind]
        given = tuple(pair for pair in old.params if entry.parameter(pair[0]))
    changed = replace(
        old,
        kind=new_kind,
        in_offset=old.in_offset if in_offset is None else in_offset,
        out_offset=old.out_offset if out_offset is None else out_offset,
        params=_checked(new_kind, given),
    )
    if min(changed.in_offset, changed.out_offset) < 0:
        raise EditError("A transition cannot reach back past its cut.")
    splicer = Splicer(project, place.sequence.id)
    track = splicer.open(place.track.id)
    row = [*track.items[: place.place], changed, *track.items[place.place + 1 :]]
    splicer.set_items(track, row, place.place, place.place + 1)
    return splicer.finish()


def remove_transition(project: Project, transition_id: Id) -> Project:
    """Take a transition off its cut.

        |   A  [x]  B   |   ->   |   A   |   B   |

    Stays: every clip.
    Raises: EditError when there is none, or on a locked track.
    """
    place = locate(project, transition_id)
    if not isinstance(place.item, Transition):
        raise EditError("That is not a transition.")
    splicer = Splicer(project, place.sequence.id)
    track = splicer.open(place.track.id)
    row = [*track.items[: place.place], *track.items[place.place + 1 :]]
    splicer.set_items(track, row, place.place, place.place)
    return splicer.finish()
