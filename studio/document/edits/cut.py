"""Cutting and taking out: razor, lift, extract, delete, ripple delete, closing gaps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise

from studio.document.edits.splicer import Splicer
from studio.document.errors import EditError
from studio.document.model.clip import Gap, Item, Transition
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.queries.places import Place, locate, with_linked
from studio.document.time import FrameRange


def _unlocked(splicer: Splicer, track_ids: Collection[Id] | None) -> list[Id]:
    """The tracks named, or every track that is not locked."""
    if track_ids is None:
        return [track.id for track in splicer.tracks if not track.locked]
    for track_id in sorted(track_ids):
        splicer.open(track_id)
    return [track.id for track in splicer.tracks if track.id in track_ids]


def razor(
    project: Project, sequence_id: Id, frame: int, track_ids: Collection[Id] | None = None
) -> Project:
    """Cut the clips that cross a frame in two, on the tracks named or on all that are unlocked.

        |    A    |   ->   | A | A' |

    Later halves of linked clips are linked to each other, as the earlier ones remain.
    Stays: what is seen and heard, frame for frame.
    Raises: EditError when there is nothing to cut, or a track named is locked.
    """
    splicer = Splicer(project, sequence_id)
    cuts = [splicer.cut(track_id, frame) for track_id in _unlocked(splicer, track_ids)]
    if not any(cuts):
        raise EditError("No clip crosses this frame. Put the playhead inside a clip to cut it.")
    return splicer.finish()


def lift(
    project: Project,
    sequence_id: Id,
    span: FrameRange,
    track_ids: Collection[Id] | None = None,
) -> Project:
    """Take a stretch out and leave a gap, on the tracks named or on all that are unlocked.

        |   A   |  B  |  C |   ->   | A |gap| B|  C |

    Stays: the place of everything outside the stretch.
    Raises: EditError for an empty stretch, or when a track named is locked.
    """
    splicer = Splicer(project, sequence_id)
    _check_span(span)
    for track_id in _unlocked(splicer, track_ids):
        splicer.lift(track_id, span)
    return splicer.finish()


def extract(
    project: Project,
    sequence_id: Id,
    span: FrameRange,
    track_ids: Collection[Id] | None = None,
) -> Project:
    """Take a stretch out and close up, on the tracks named or on all that are unlocked.

        |   A   |  B  |  C |   ->   | A | B|  C |

    Tracks not named that are synced move up what comes later, into empty room only.
    Stays: everything before the stretch; the media of everything outside it.
    Raises: EditError for an empty stretch, a locked track, or clips that would collide.
    """
    splicer = Splicer(project, sequence_id)
    _check_span(span)
    splicer.close_time(span, set(_unlocked(splicer, track_ids)))
    return splicer.finish()


def _check_span(span: FrameRange) -> None:
    if span.duration < 1 or span.start < 0:
        raise EditError("Mark an in point and a later out point first.")


def delete(project: Project, item_ids: Collection[Id], *, linked: bool = True) -> Project:
    """Take clips or transitions away, leaving gaps where clips were.

        | A | B | C |   ->   | A |gap| C |

    Stays: the place of everything else. Transitions at the deleted clips' ends go with them.
    Raises: EditError when one is missing or on a locked track.
    """
    places = _places(project, item_ids, linked=linked)
    splicer = Splicer(project, places[0].sequence.id)
    _lift_all(splicer, places)
    return splicer.finish()


def _places(project: Project, item_ids: Collection[Id], *, linked: bool) -> list[Place]:
    """The items, and what is linked to them, later ones first; all in one sequence."""
    ids = with_linked(project, item_ids) if linked else frozenset(item_ids)
    places = [locate(project, item_id) for item_id in ids]
    if not places:
        raise EditError("Nothing is selected. Select the clips to delete first.")
    if len({place.sequence.id for place in places}) > 1:
        raise EditError("Those clips lie in different sequences. Delete them in one at a time.")
    return sorted(places, key=lambda p: (p.range.start, p.place, p.track.id), reverse=True)


def _lift_all(splicer: Splicer, places: Iterable[Place]) -> None:
    for place in places:
        if isinstance(place.item, Transition):
            _drop(splicer, place)
        else:
            splicer.lift(place.track.id, place.range)


def _drop(splicer: Splicer, place: Place) -> None:
    """Take a transition off its cut, unless a clip beside it has already taken it along."""
    track = splicer.open(place.track.id)
    at = track.index.place_of(place.item.id)
    if at is not None:
        row = [*track.items[:at], *track.items[at + 1 :]]
        splicer.set_items(track, row, at, at)


def ripple_delete(project: Project, clip_ids: Collection[Id], *, linked: bool = True) -> Project:
    """Take clips away and close up behind them.

        | A | B | C |   ->   | A | C |

    Where linked clips are not equally long (a J or L cut), only the time that all their tracks
    have free is closed, so that nothing goes out of sync. Later clips and markers move on every
    synced, unlocked track, into empty room only.
    Stays: everything before; the media of every other clip.
    Raises: EditError for a missing clip, a locked track, or clips that would collide.
    """
    places = _places(project, clip_ids, linked=linked)
    spans: dict[Id, list[FrameRange]] = {}
    for place in places:
        if place.range.duration:
            spans.setdefault(place.track.id, []).append(place.range)
    splicer = Splicer(project, places[0].sequence.id)
    _lift_all(splicer, places)
    for span, track_ids in _closable(spans):
        splicer.close_time(span, track_ids)
    return splicer.finish()


def _closable(spans: dict[Id, list[FrameRange]]) -> list[tuple[FrameRange, set[Id]]]:
    """Stretches to close, latest first: where every track that lost a clip thereabouts is free."""
    flat = sorted((span, track) for track, taken in spans.items() for span in taken)
    groups: list[list[tuple[FrameRange, Id]]] = []
    end = -1
    for span, track in flat:
        if not groups or span.start >= end:
            groups.append([])
        groups[-1].append((span, track))
        end = max(end, span.end)
    found: list[tuple[FrameRange, set[Id]]] = []
    for group in reversed(groups):
        tracks = {track for _, track in group}
        found.extend((span, tracks) for span in reversed(_common(group, tracks)))
    return found


def _common(group: list[tuple[FrameRange, Id]], tracks: set[Id]) -> list[FrameRange]:
    """Stretches that spans of every track cover."""
    edges = sorted({edge for span, _ in group for edge in (span.start, span.end)})
    free: list[FrameRange] = []
    for start, end in pairwise(edges):
        covering = {t for span, t in group if span.start <= start and end <= span.end}
        if covering == tracks:
            free.append(FrameRange(start, end))
    return free


def close_gap(project: Project, gap_id: Id) -> Project:
    """Close a gap by moving up what comes later.

        | A |gap| B |   ->   | A | B |

    Stays: everything before; the media of every clip. Synced tracks follow, into empty room.
    Raises: EditError when it is no gap, on a locked track, or clips would collide.
    """
    place = locate(project, gap_id)
    if not isinstance(place.item, Gap):
        raise EditError("That is a clip, not a gap. Click the empty space between two clips.")
    splicer = Splicer(project, place.sequence.id)
    splicer.close_time(place.range, {place.track.id})
    return splicer.finish()


def close_all_gaps(project: Project, track_id: Id, sequence_id: Id) -> Project:
    """Close every gap of one track; other tracks stay as they are.

        |gap| A |gap| B |   ->   | A | B |

    Stays: the order and media of the clips, and every other track.
    Raises: EditError when the track is locked or has no gap.
    """
    splicer = Splicer(project, sequence_id)
    track = splicer.open(track_id)
    row: list[Item] = [item for item in track.items if not isinstance(item, Gap)]
    if len(row) == len(track.items):
        raise EditError(f"{track.name or 'The track'} has no gaps.")
    splicer.set_items(track, row, 0, len(row))
    return splicer.finish()
