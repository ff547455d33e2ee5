"""Moving clips about: move (over, between, or in exchange for their room), duplicate, swap."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from studio.document.edits.source import Piece, check_kind, lay_pieces
from studio.document.edits.splicer import Splicer
from studio.document.edits.ties import retie, transitions_between
from studio.document.errors import EditError
from studio.document.model.clip import Clip
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.queries.places import Place, clips_of, locate_clip, with_linked
from studio.document.time import FrameRange

_APART = 16
"""From how far apart two clips are swapped one by one, so that what lies between is left alone."""


@dataclass(frozen=True, slots=True)
class Move:
    """Where a clip goes: a track and a first frame."""

    clip_id: Id
    track_id: Id
    start: int


class MoveMode(Enum):
    """What a move does to the clips where it lands.

    OVERWRITE covers them; INSERT pushes them later on all synced tracks; REARRANGE closes up
    where the clips were and pushes later where they land, on their own tracks only.
    """

    OVERWRITE = "overwrite"
    INSERT = "insert"
    REARRANGE = "rearrange"


def moves_by(
    project: Project,
    clip_ids: Collection[Id],
    frames: int,
    track_steps: int = 0,
    *,
    linked: bool = True,
) -> list[Move]:
    """The moves of a drag: every clip by so many frames, and up or down so many tracks of a kind.

    With `linked`, clips linked or grouped to them come along in time; only those dragged change
    tracks, as an editor expects of a picture pulled up from its sound.
    Raises: EditError when a clip would leave the tracks there are.
    """
    dragged = set(clip_ids)
    ids = with_linked(project, dragged) if linked else dragged
    moves: list[Move] = []
    for clip_id in sorted(ids):
        place, _ = locate_clip(project, clip_id)
        kind = place.track.kind
        tracks = [track for track in place.sequence.tracks if track.kind is kind]
        at = next(i for i, track in enumerate(tracks) if track.id == place.track.id)
        at += track_steps if clip_id in dragged else 0
        if not 0 <= at < len(tracks):
            raise EditError("There is no track there. Add one first, or drop on a track.")
        moves.append(Move(clip_id, tracks[at].id, place.range.start + frames))
    return moves


def move(project: Project, moves: Sequence[Move], mode: MoveMode = MoveMode.OVERWRITE) -> Project:
    """Put clips elsewhere, in time and across tracks.

        | A | B |gap  | C |   ->   |gap| B | A | C |          OVERWRITE
        | A | B | C |         ->   |gap| B | A | C |          INSERT, at B's end
        | A | B | C |         ->   | B | A | C |              REARRANGE, at B's end

    Transitions between clips that move together, and at their ends beside gaps, come along.
    Stays: the clips' own media, effects and links; under OVERWRITE the place of everything else;
    under REARRANGE the length of the tracks.
    Raises: EditError before frame 0, for a locked or unsuitable track, or clips that collide.
    """
    if not moves:
        raise EditError("Nothing is selected. Select the clips to move first.")
    found = {each.clip_id: locate_clip(project, each.clip_id) for each in moves}
    if min(each.start for each in moves) < 0:
        raise EditError("A clip cannot begin before the start of the sequence.")
    splicer = Splicer(project, next(iter(found.values()))[0].sequence.id)
    for each in moves:
        check_kind(splicer.open(each.track_id), found[each.clip_id][1])
        splicer.open(found[each.clip_id][0].track.id)
    _check_apart(moves, found)
    ties = transitions_between(found.values())
    match mode:
        case MoveMode.OVERWRITE:
            shift = 0
            _take_out(splicer, found)
        case MoveMode.INSERT:
            shift = 0
            _take_out(splicer, found)
            _open_room(splicer, moves, found)
        case MoveMode.REARRANGE:
            shift = _exchange_room(splicer, moves, found)
    for each in moves:
        splicer.lay(each.track_id, each.start + shift, found[each.clip_id][1])
    retie(splicer, {each.clip_id: each.track_id for each in moves}, ties)
    return splicer.finish()


def _check_apart(moves: Sequence[Move], found: dict[Id, tuple[Place, Clip]]) -> None:
    """Refuse moves that lay one moved clip over another."""
    landing: dict[Id, list[FrameRange]] = {}
    for each in moves:
        duration = found[each.clip_id][1].duration
        landing.setdefault(each.track_id, []).append(FrameRange(each.start, each.start + duration))
    for spans in landing.values():
        spans.sort()
        if any(a.end > b.start for a, b in pairwise(spans)):
            raise EditError("Two of those clips would land on each other. Move them apart first.")


def _take_out(splicer: Splicer, found: dict[Id, tuple[Place, Clip]]) -> None:
    for place, _ in found.values():
        splicer.lift(place.track.id, place.range)


def _landing(moves: Sequence[Move], found: dict[Id, tuple[Place, Clip]]) -> FrameRange:
    start = min(each.start for each in moves)
    end = max(each.start + found[each.clip_id][1].duration for each in moves)
    return FrameRange(start, end)


def _open_room(
    splicer: Splicer, moves: Sequence[Move], found: dict[Id, tuple[Place, Clip]]
) -> None:
    span = _landing(moves, found)
    splicer.open_time(span.start, span.duration, {each.track_id for each in moves})


def _exchange_room(
    splicer: Splicer, moves: Sequence[Move], found: dict[Id, tuple[Place, Clip]]
) -> int:
    """Close up where clips were and open room where they land; how far the landing has shifted."""
    span = _landing(moves, found)
    for place, _ in sorted(found.values(), key=lambda pair: pair[0].range, reverse=True):
        splicer.fill(place.track.id, place.range, [])
    lengths = _taken_before(found, span.start)
    if len(lengths) > 1:
        raise EditError("Those clips are not equally long on every track. Move them by overwrite.")
    shift = -lengths.pop()
    for track_id in sorted({each.track_id for each in moves}):
        at = FrameRange(span.start + shift, span.start + shift)
        if at.start < splicer.track(track_id).duration:
            splicer.fill(track_id, at, [splicer.gap(span.duration)])
    return shift


def _taken_before(found: dict[Id, tuple[Place, Clip]], frame: int) -> set[int]:
    """Frames taken out before a frame, on each track that lost clips."""
    by_track: dict[Id, int] = {}
    for place, _ in found.values():
        before = max(0, min(place.range.end, frame) - place.range.start)
        by_track[place.track.id] = by_track.get(place.track.id, 0) + before
    return set(by_track.values())


def duplicate(project: Project, moves: Sequence[Move]) -> Project:
    """Lay copies of clips elsewhere, over whatever is there.

        | A | B |gap  |   ->   | A | B | A' |

    Links between the clips are renewed between the copies.
    Stays: the clips copied, and the place of everything else.
    Raises: EditError as `overwrite` does.
    """
    if not moves:
        raise EditError("Nothing is selected. Select the clips to copy first.")
    found = {each.clip_id: locate_clip(project, each.clip_id) for each in moves}
    if min(each.start for each in moves) < 0:
        raise EditError("A clip cannot begin before the start of the sequence.")
    _check_apart(moves, found)
    splicer = Splicer(project, next(iter(found.values()))[0].sequence.id)
    pieces = [Piece(each.track_id, found[each.clip_id][1], each.start) for each in moves]
    for piece in pieces:
        check_kind(splicer.open(piece.track_id), piece.clip)
    lay_pieces(splicer, 0, pieces)
    return splicer.finish()


def swap(project: Project, first_id: Id, second_id: Id, *, linked: bool = True) -> Project:
    """Exchange two clips of a track; what lies between them moves by the difference in length.

        | A |  B  | C |   ->   | C |  B  | A |

    Clips linked to the two are exchanged likewise where they share a track.
    Stays: everything before the first and after the second, and the length of the track.
    Raises: EditError when they are not on one track, or it is locked.
    """
    pairs = [(first_id, second_id)]
    if linked:
        pairs += _linked_pairs(project, first_id, second_id)
    for first, second in pairs:
        project = _swap_one(project, first, second)
    return project


def _linked_pairs(project: Project, first_id: Id, second_id: Id) -> list[tuple[Id, Id]]:
    place, first = locate_clip(project, first_id)
    _, second = locate_clip(project, second_id)
    if not first.link or not second.link or first.link == second.link:
        return []
    partners: dict[Id, dict[Id, Id]] = {first.link: {}, second.link: {}}
    for track, _, clip in clips_of(place.sequence):
        if clip.link in partners and clip.id not in (first_id, second_id):
            partners[clip.link][track.id] = clip.id
    shared = partners[first.link].keys() & partners[second.link].keys()
    return [(partners[first.link][t], partners[second.link][t]) for t in sorted(shared)]


def _swap_one(project: Project, first_id: Id, second_id: Id) -> Project:
    one, two = locate_clip(project, first_id)[0], locate_clip(project, second_id)[0]
    if one.track.id != two.track.id or one.place == two.place:
        raise EditError("Two clips of the same track can be swapped. Choose two on one track.")
    low, high = sorted((one.place, two.place))
    splicer = Splicer(project, one.sequence.id)
    track = splicer.open(one.track.id)
    first, second = track.items[low], track.items[high]
    if high - low < _APART:
        middle = track.items[low + 1 : high]
        row = [*track.items[:low], second, *middle, first, *track.items[high + 1 :]]
        splicer.set_items(track, row, low, high + 1)
        return splicer.finish()
    splicer.set_items(track, [*track.items[:high], first, *track.items[high + 1 :]], high, high + 1)
    track = splicer.track(track.id)
    splicer.set_items(track, [*track.items[:low], second, *track.items[low + 1 :]], low, low + 1)
    return splicer.finish()
