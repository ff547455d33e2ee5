"""What lies behind a clip: its asset, the media there is, and what of it is not used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from studio.document.model.asset import Asset, AssetKind
from studio.document.model.clip import AssetMedia, Clip, Media, SequenceMedia
from studio.document.model.generated import GeneratedMedia
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Track
from studio.document.queries.places import clips_of, sequence_duration
from studio.document.retime import source_range, speed_at
from studio.document.time import ZERO, Rate, Rounding, Time, TimeRange

PROXY_SHORT_SIDE = 540
"""Pixels: footage whose shorter side has no more is quick enough by itself."""


def asset_id_of(clip: Clip) -> Id | None:
    """The asset a clip plays: a file's, or the chosen take's; None for a placeholder or a title."""
    return asset_played(clip.media)


def asset_played(media: Media) -> Id | None:
    """The asset that media plays, as `asset_id_of` tells it of a clip."""
    match media:
        case AssetMedia(asset_id=asset_id):
            return asset_id
        case GeneratedMedia(take=take):
            return take.asset_id if take else None
        case _:
            return None


def wants_proxy(asset: Asset) -> bool:
    """Whether a smaller stand-in would make an asset's picture quicker, as far as is known of it.

    Stills, numbered pictures and what is transparent are shown as they are.
    """
    if asset.kind is not AssetKind.VIDEO or not asset.video or "%" in asset.path:
        return False
    facts = asset.video[0]
    return not facts.has_alpha and min(facts.width, facts.height) > PROXY_SHORT_SIDE


def asset_of(project: Project, clip: Clip) -> Asset | None:
    """The asset a clip plays, None when it plays none or the project has lost it."""
    asset_id = asset_id_of(clip)
    return project.assets_by_id.get(asset_id) if asset_id else None


def available_range(project: Project, clip: Clip) -> TimeRange | None:
    """All the media there is for a clip, in media time; None when it lasts for ever."""
    if isinstance(clip.media, SequenceMedia):
        return _nested_range(project, clip.media.sequence_id)
    asset = asset_of(project, clip)
    return asset.available_range if asset else None


def _nested_range(project: Project, sequence_id: Id) -> TimeRange | None:
    for sequence in project.sequences:
        if sequence.id == sequence_id:
            return TimeRange(ZERO, Time(sequence_duration(sequence), sequence.rate))
    return None


@dataclass(frozen=True, slots=True)
class Handles:
    """Frames of unused media before and after a clip; None where there is no end to it."""

    head: int | None
    tail: int | None


def handles(project: Project, clip: Clip, rate: Rate) -> Handles:
    """How far a clip could reach beyond its ends with the media there is, in sequence frames.

    A ramp is taken to run on at the speed of its ends; a freeze has no end.
    """
    media = available_range(project, clip)
    if media is None:
        return Handles(None, None)
    used = source_range(clip, rate)
    before = used.start - media.start
    after = media.end_time_exclusive - used.end_time_exclusive
    head, tail = speed_at(clip.speed, 0), speed_at(clip.speed, clip.duration)
    return Handles(
        _room(before if head > 0 else after, head, rate),
        _room(after if tail > 0 else before, tail, rate),
    )


def _room(media: Time, speed: Fraction, rate: Rate) -> int | None:
    if speed == 0:
        return None
    return max(0, media.scaled(1 / abs(speed)).ticks(rate, Rounding.FLOOR))


def uses_of(project: Project, asset_id: Id) -> Iterator[tuple[Track, Clip]]:
    """Every clip that plays an asset or keeps it as a take."""
    for sequence in project.sequences:
        for track, _, clip in clips_of(sequence):
            if asset_id in _assets_kept(clip):
                yield track, clip


def _assets_kept(clip: Clip) -> tuple[Id, ...]:
    match clip.media:
        case AssetMedia(asset_id=asset_id):
            return (asset_id,)
        case GeneratedMedia(takes=takes):
            return tuple(take.asset_id for take in takes)
        case _:
            return ()


def clips_awaiting(project: Project, job_id: str) -> Iterator[Clip]:
    """Every clip that waits for a job, or holds its failure."""
    for sequence in project.sequences:
        for _, _, clip in clips_of(sequence):
            media = clip.media
            if isinstance(media, GeneratedMedia) and any(j.job_id == job_id for j in media.jobs):
                yield clip
