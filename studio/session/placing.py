"""Where new material lands: which tracks take the picture and the sound of an asset.

Pure functions from a sequence to pieces for the document's verbs.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as Row
from dataclasses import dataclass, replace

from studio.document.edits.source import Piece, clips_of_asset, clips_of_sequence
from studio.document.edits.tracks import add_track
from studio.document.errors import EditError
from studio.document.model.asset import Asset
from studio.document.model.clip import Clip
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.queries.places import sequence_of
from studio.document.time import Rate, TimeRange


@dataclass(frozen=True, slots=True)
class Landing:
    """Tracks chosen for picture and sound; None where there is no usable one yet."""

    video: Id | None
    audio: Id | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """An asset to bring in, whole or in part, or a sequence to nest."""

    asset_id: Id
    source: TimeRange | None = None


SOUND_RATE = Rate(30)
"""Frames in which the marks of a source without moving pictures are counted."""


def source_rate(asset: Asset) -> Rate:
    """The rate at which the frames of a source, and the marks on it, are counted."""
    return asset.video[0].rate if asset.video and asset.duration else SOUND_RATE


def target_tracks(sequence: Sequence) -> Landing:
    """The lowest targeted, unlocked video track and the first such audio track."""
    return Landing(_first_open(sequence, TrackKind.VIDEO), _first_open(sequence, TrackKind.AUDIO))


def tracks_for_row(sequence: Sequence, track_id: Id) -> Landing:
    """The tracks for a drop on a row: that row, and for the other kind the one of its number."""
    tracks = {kind: _of_kind(sequence, kind) for kind in TrackKind}
    for kind in (TrackKind.VIDEO, TrackKind.AUDIO):
        ids = [track.id for track in tracks[kind]]
        if track_id in ids:
            number = ids.index(track_id)
            video = _numbered(tracks[TrackKind.VIDEO], number)
            audio = _numbered(tracks[TrackKind.AUDIO], number)
            return Landing(video, audio)
    return target_tracks(sequence)


def with_tracks_for(
    project: Project, sequence_id: Id, landing: Landing, wanted: Row[Wanted]
) -> tuple[Project, Landing]:
    """The project with the tracks added that the material needs and the landing lacks."""
    for kind in (TrackKind.VIDEO, TrackKind.AUDIO):
        held = landing.video if kind is TrackKind.VIDEO else landing.audio
        if held is None and any(_has(project, each.asset_id, kind) for each in wanted):
            project = add_track(project, sequence_id, kind)
            added = _of_kind(sequence_of(project, sequence_id), kind)[-1].id
            landing = (
                replace(landing, video=added)
                if kind is TrackKind.VIDEO
                else replace(landing, audio=added)
            )
    return project, landing


def pieces_for(
    project: Project,
    sequence_id: Id,
    wanted: Iterable[Wanted],
    landing: Landing,
    still_frames: int,
) -> list[Piece]:
    """Pieces of the material, one after another, picture and sound linked by pairs.

    Raises: EditError when none of it has a picture or sound that these tracks take, or a sequence
    cannot be nested.
    """
    outer = sequence_of(project, sequence_id)
    pieces: list[Piece] = []
    offset = 0
    for number, each in enumerate(wanted):
        picture, sound = _clips_of(project, each, outer, still_frames)
        laid = [
            Piece(track_id, _paired(clip, number), offset)
            for clip, track_id in ((picture, landing.video), (sound, landing.audio))
            if clip is not None and track_id is not None
        ]
        offset += max((piece.clip.duration for piece in laid), default=0)
        pieces.extend(laid)
    if not pieces:
        raise EditError("There is no picture or sound in it that the timeline could take.")
    return pieces


def _clips_of(
    project: Project, wanted: Wanted, outer: Sequence, still_frames: int
) -> tuple[Clip | None, Clip | None]:
    """The picture and the sound of what is wanted, None where it has none."""
    if wanted.asset_id in project.assets_by_id:
        return clips_of_asset(project, wanted.asset_id, outer.rate, wanted.source, still_frames)
    return clips_of_sequence(project, wanted.asset_id, outer)


def _paired(clip: Clip, number: int) -> Clip:
    """Links are renewed when pieces are laid; they must differ from pair to pair before that."""
    return replace(clip, link=f"pair{number}") if clip.link else clip


def _has(project: Project, asset_id: Id, kind: TrackKind) -> bool:
    asset = project.assets_by_id.get(asset_id)
    if asset is None:
        tracks = sequence_of(project, asset_id).tracks
        return any(track.items for track in tracks if track.kind is kind)
    return bool(asset.video if kind is TrackKind.VIDEO else asset.audio)


def _of_kind(sequence: Sequence, kind: TrackKind) -> list[Track]:
    return [track for track in sequence.tracks if track.kind is kind]


def _first_open(sequence: Sequence, kind: TrackKind) -> Id | None:
    usable = [track for track in _of_kind(sequence, kind) if not track.locked]
    targeted = [track for track in usable if track.targeted]
    return next((track.id for track in targeted or usable), None)


def _numbered(tracks: list[Track], number: int) -> Id | None:
    if not tracks:
        return None
    return tracks[min(number, len(tracks) - 1)].id
