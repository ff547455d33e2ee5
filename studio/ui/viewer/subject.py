"""What a viewer shows: a sequence of a project, its footage, and the transport that moves in it.

The program viewer shows the session's sequence. The source viewer shows an asset as a sequence of
one clip, so that both look and sound through the same compositor and mixer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from studio.document.edits.insert import overwrite
from studio.document.edits.sequences import add_sequence
from studio.document.edits.source import NEW, Piece, clips_of_asset
from studio.document.model.asset import Asset
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, TrackKind
from studio.document.queries.places import sequence_duration
from studio.session.placing import source_rate

STILL_S = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to look at; equal subjects need not be rendered again."""

    project: Project
    sequence_id: str

    @property
    def sequence(self) -> Sequence:
        return self.project.sequence(self.sequence_id)

    @property
    def rate(self) -> Fraction:
        return self.sequence.rate.fraction

    @property
    def duration(self) -> int:
        return sequence_duration(self.sequence)


def subject_of_asset(asset: Asset) -> Subject:
    """An asset as a sequence of its own size and rate, its picture over its sound."""
    video = asset.video[0] if asset.video else None
    rate = source_rate(asset)
    width, height = (video.width, video.height) if video is not None else (1280, 720)
    project = add_sequence(
        Project(name=asset.name, assets=(asset,)),
        asset.name,
        rate,
        max(16, width - width % 2),
        max(16, height - height % 2),
        video_tracks=1,
        audio_tracks=1,
    )
    sequence = project.sequences[-1]
    stills = round(STILL_S * rate.fraction)
    picture, sound = clips_of_asset(project, asset.id, rate, stills=stills)
    tracks = {track.kind: track.id for track in sequence.tracks}
    pieces = [
        Piece(tracks[kind], replace(clip, id=NEW))
        for clip, kind in ((picture, TrackKind.VIDEO), (sound, TrackKind.AUDIO))
        if clip is not None
    ]
    return Subject(overwrite(project, sequence.id, 0, pieces), sequence.id)
