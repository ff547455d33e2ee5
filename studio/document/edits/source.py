"""What is brought in: pieces, made of files or of clips copied, and how they are laid down."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from studio.document.edits.splicer import Splicer
from studio.document.errors import EditError
from studio.document.model.clip import (
    AdjustmentMedia,
    AssetMedia,
    CaptionMedia,
    Clip,
    SequenceMedia,
    TitleMedia,
)
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence as Cut
from studio.document.model.sequence import Track, TrackKind
from studio.document.queries.places import (
    asset_by_id,
    locate_clip,
    reaches,
    sequence_duration,
    sequence_of,
)
from studio.document.time import Rate, Rounding, TimeRange, divide

NEW: Id = ""
"""The id of a clip that is not in a project yet."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A clip to bring in, the track that takes it, and how far after the edit's start."""

    track_id: Id
    clip: Clip
    offset: int = 0


def length_of(pieces: Iterable[Piece]) -> int:
    """Frames from the edit's start to the end of the last piece."""
    return max((piece.offset + piece.clip.duration for piece in pieces), default=0)


def clips_of_asset(
    project: Project, asset_id: Id, rate: Rate, source: TimeRange | None = None, stills: int = 0
) -> tuple[Clip | None, Clip | None]:
    """Clips ready to bring in: an asset's picture and its sound, linked; None where it has none.

    They have the asset's label.
    `source` is the part wanted, all of it by default. A still lasts `stills` frames (five seconds
    by default).
    Raises: EditError when there is no such asset, or the part is shorter than a frame.
    """
    asset = asset_by_id(project, asset_id)
    used = source or asset.available_range
    still = stills or divide(5 * rate.num, rate.den, Rounding.NEAREST)
    duration = used.duration.ticks(rate, Rounding.FLOOR) if used else still
    if duration < 1:
        raise EditError(f"{asset.name} is shorter than one frame of the sequence.")
    base = Clip(
        id=NEW,
        name=asset.name,
        duration=duration,
        media=AssetMedia(asset_id=asset_id),
        source_start=used.start if used else asset.start,
        colour=asset.colour,
    )
    both = bool(asset.video) and bool(asset.audio)
    linked = replace(base, link="pair") if both else base
    return linked if asset.video else None, linked if asset.audio else None


def clips_of_sequence(
    project: Project, inner_id: Id, outer: Cut
) -> tuple[Clip | None, Clip | None]:
    """Clips that play all of a sequence in another one, its picture and its sound, linked.

    They have its label, and last whole frames of the sequence that they go into.
    Raises: EditError when it is empty, or holds the other one.
    """
    inner = sequence_of(project, inner_id)
    if reaches(project, inner_id, outer.id):
        raise EditError(f"{inner.name} holds {outer.name}; neither can hold the other twice.")
    has = {track.kind for track in inner.tracks if track.items}
    if not has & {TrackKind.VIDEO, TrackKind.AUDIO}:
        raise EditError(f"{inner.name} is empty. Cut something in it first.")
    both = has >= {TrackKind.VIDEO, TrackKind.AUDIO}
    seconds = sequence_duration(inner) / inner.rate.fraction
    clip = Clip(
        id=NEW,
        name=inner.name,
        duration=max(1, int(seconds * outer.rate.fraction)),
        media=SequenceMedia(sequence_id=inner_id),
        link="pair" if both else None,
        colour=inner.colour,
    )
    return clip if TrackKind.VIDEO in has else None, clip if TrackKind.AUDIO in has else None


def copied(project: Project, clip_ids: Collection[Id]) -> tuple[Piece, ...]:
    """Clips as pieces, for `paste`: each at its distance from the earliest of them."""
    places = [locate_clip(project, clip_id) for clip_id in clip_ids]
    first = min((place.range.start for place, _ in places), default=0)
    return tuple(
        Piece(place.track.id, clip, place.range.start - first)
        for place, clip in sorted(places, key=lambda pair: (pair[0].range.start, pair[1].id))
    )


def check_pieces(splicer: Splicer, start: int, pieces: Sequence[Piece]) -> None:
    """Refuse what cannot be laid down.

    Raises: EditError for nothing, a start before 0, or a track that is locked or of another kind.
    """
    if not pieces:
        raise EditError("There is nothing to put on the timeline. Choose a clip first.")
    if start < 0:
        raise EditError("A clip cannot begin before the start of the sequence.")
    for piece in pieces:
        if piece.clip.duration < 1:
            raise EditError("A clip is at least one frame long.")
        check_kind(splicer.open(piece.track_id), piece.clip)


def check_kind(track: Track, clip: Clip) -> None:
    """Captions go on caption tracks, pictures made here on video tracks, and nothing else."""
    match clip.media:
        case CaptionMedia():
            fits = track.kind is TrackKind.CAPTION
        case TitleMedia() | AdjustmentMedia():
            fits = track.kind is TrackKind.VIDEO
        case _:
            fits = track.kind is not TrackKind.CAPTION
    if not fits:
        name = track.name or "that track"
        raise EditError(f"A clip of this kind cannot go on {name}, a track for {track.kind.value}.")


def lay_pieces(splicer: Splicer, start: int, pieces: Sequence[Piece]) -> None:
    """Lay pieces over whatever their tracks hold, under new ids, ties between them renewed."""
    links: dict[Id, Id] = {}
    for piece in pieces:
        clip = replace(
            piece.clip,
            id=splicer.new_id("c"),
            link=_renewed(splicer, links, piece.clip.link),
            group=_renewed(splicer, links, piece.clip.group),
        )
        splicer.lay(piece.track_id, start + piece.offset, clip)


def _renewed(splicer: Splicer, known: dict[Id, Id], tie: Id | None) -> Id | None:
    if tie is None:
        return None
    if tie not in known:
        known[tie] = splicer.new_id("l")
    return known[tie]
