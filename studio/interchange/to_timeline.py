"""A project as OpenTimelineIO: one timeline for each sequence, nothing left out.

What OpenTimelineIO has a word for is written in that word, so that other programs read it; the
whole record goes along as metadata (`payload`). What a narrower format then loses is the business
of `narrowing`.
"""

from __future__ import annotations

from pathlib import Path

import opentimelineio as otio

from studio.document.model.clip import (
    AssetMedia,
    Clip,
    ConstantSpeed,
    Gap,
    Item,
    SequenceMedia,
    Transition,
    TransitionKind,
)
from studio.document.model.effect import Effect
from studio.document.model.generated import GeneratedMedia
from studio.document.model.marker import Marker
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.queries.media import asset_of
from studio.document.retime import source_range
from studio.document.time import ZERO, Rate, Time
from studio.interchange.payload import attach
from studio.interchange.references import first_time, media_rate, to_reference
from studio.interchange.times import frames_to_otio, to_otio

KINDS = {
    TrackKind.VIDEO: otio.schema.TrackKind.Video,
    TrackKind.AUDIO: otio.schema.TrackKind.Audio,
    TrackKind.CAPTION: "Caption",
}


def collection(project: Project, folder: Path) -> otio.schema.SerializableCollection:
    """The whole project: its timelines, then the media that is in its bin."""
    whole = otio.schema.SerializableCollection(project.name)
    attach(whole, project, "sequences", "assets", "next_id")
    for sequence in project.sequences:
        whole.append(timeline(project, sequence, folder))
    for asset in project.assets:
        clip = otio.schema.Clip(asset.name, to_reference(asset, folder, Rate(24)))
        whole.append(clip)
    return whole


def timeline(project: Project, sequence: Sequence, folder: Path) -> otio.schema.Timeline:
    """One sequence."""
    made = otio.schema.Timeline(sequence.name)
    made.global_start_time = frames_to_otio(sequence.start_timecode, sequence.rate)
    attach(made, sequence, "tracks", "markers")
    made.tracks = _stack(project, sequence, folder)
    return made


def _stack(project: Project, sequence: Sequence, folder: Path) -> otio.schema.Stack:
    stack = otio.schema.Stack("tracks")
    stack.markers.extend(_marker(marker, 0, sequence.rate) for marker in sequence.markers)
    for track in sequence.tracks:
        stack.append(_track(project, sequence, track, folder))
    return stack


def _track(project: Project, sequence: Sequence, track: Track, folder: Path) -> otio.schema.Track:
    made = otio.schema.Track(track.name, kind=KINDS[track.kind])
    made.enabled = not (track.mute if track.kind is TrackKind.AUDIO else track.hidden)
    attach(made, track, "items")
    made.effects.extend(map(_effect, track.effects))
    for item in track.items:
        made.append(_item(project, sequence, item, folder))
    return made


def _item(project: Project, sequence: Sequence, item: Item, folder: Path) -> otio.core.Composable:
    match item:
        case Gap():
            return _gap(item, sequence.rate)
        case Transition():
            return _transition(item, sequence.rate)
        case Clip(media=SequenceMedia()):
            return _nested(project, sequence, item, folder)
        case Clip():
            return _clip(project, sequence, item, folder)


def _gap(gap: Gap, rate: Rate) -> otio.schema.Gap:
    made = otio.schema.Gap(duration=frames_to_otio(gap.duration, rate))
    attach(made, gap)
    return made


def _transition(transition: Transition, rate: Rate) -> otio.schema.Transition:
    known = transition.kind in (TransitionKind.DISSOLVE, TransitionKind.CROSSFADE)
    types = otio.schema.TransitionTypes
    made = otio.schema.Transition(
        transition.kind.value,
        types.SMPTE_Dissolve if known else types.Custom,
        frames_to_otio(transition.in_offset, rate),
        frames_to_otio(transition.out_offset, rate),
    )
    attach(made, transition)
    return made


def _clip(project: Project, sequence: Sequence, clip: Clip, folder: Path) -> otio.schema.Clip:
    made = otio.schema.Clip(clip.name)
    own = _reference(project, sequence, clip, folder, made)
    rate, first = own
    used = source_range(clip, sequence.rate)
    made.source_range = otio.opentime.TimeRange(
        to_otio(used.start + first, rate), frames_to_otio(clip.duration, sequence.rate)
    )
    _dress(made, clip, sequence.rate)
    return made


def _reference(
    project: Project, sequence: Sequence, clip: Clip, folder: Path, made: otio.schema.Clip
) -> tuple[Rate, Time]:
    """Give a clip its media; the rate its source is counted in, and what its first frame is."""
    asset = asset_of(project, clip)
    if asset is None:
        kind = type(clip.media).__name__
        synthetic = not isinstance(clip.media, AssetMedia | GeneratedMedia)
        made.media_reference = (
            otio.schema.GeneratorReference(kind, kind)
            if synthetic
            else otio.schema.MissingReference()
        )
        return sequence.rate, ZERO
    rate = media_rate(asset, sequence.rate)
    if isinstance(clip.media, GeneratedMedia):
        _takes(project, sequence, clip.media, folder, made)
    else:
        made.media_reference = to_reference(asset, folder, sequence.rate)
    start = first_time(asset, rate)
    return rate, start - asset.start


def _takes(
    project: Project,
    sequence: Sequence,
    media: GeneratedMedia,
    folder: Path,
    made: otio.schema.Clip,
) -> None:
    """All takes as alternative media, the chosen one active."""
    references = {
        take.id: to_reference(project.assets_by_id[take.asset_id], folder, sequence.rate)
        for take in media.takes
        if take.asset_id in project.assets_by_id
    }
    made.set_media_references(references, media.chosen)


def _dress(made: otio.core.Item, clip: Clip, rate: Rate) -> None:
    """What clips and nested sequences have in common."""
    made.enabled = clip.enabled
    attach(made, clip)
    if isinstance(clip.speed, ConstantSpeed) and clip.speed.factor != 1:
        factor = float(clip.speed.factor)
        made.effects.append(
            otio.schema.LinearTimeWarp("speed", factor)
            if factor
            else otio.schema.FreezeFrame("freeze")
        )
    made.effects.extend(map(_effect, clip.effects))
    start = made.source_range.start_time
    made.markers.extend(_marker(marker, start, rate) for marker in clip.markers)


def _effect(effect: Effect) -> otio.schema.Effect:
    made = otio.schema.Effect(effect.kind, effect.kind)
    attach(made, effect)
    return made


def _marker(
    marker: Marker, start: otio.opentime.RationalTime | int, rate: Rate
) -> otio.schema.Marker:
    at = frames_to_otio(marker.at, rate)
    begins = at if isinstance(start, int) else start + at
    span = otio.opentime.TimeRange(begins, frames_to_otio(marker.duration, rate))
    made = otio.schema.Marker(marker.name, span, marker.colour.value.upper(), comment=marker.note)
    attach(made, marker)
    return made


def _nested(project: Project, sequence: Sequence, clip: Clip, folder: Path) -> otio.core.Item:
    """A nested sequence as a stack: a copy for other programs, its name for this one."""
    media = clip.media
    inner = next(
        (
            s
            for s in project.sequences
            if isinstance(media, SequenceMedia) and s.id == media.sequence_id
        ),
        None,
    )
    made = _stack(project, inner, folder) if inner else otio.schema.Stack()
    made.name = clip.name
    used = source_range(clip, sequence.rate)
    made.source_range = otio.opentime.TimeRange(
        to_otio(used.start, inner.rate if inner else sequence.rate),
        frames_to_otio(clip.duration, sequence.rate),
    )
    _dress(made, clip, sequence.rate)
    return made
