"""A project as an OpenTimelineIO timeline, nothing left out.

What OpenTimelineIO has a word for is written in that word, so that other programs read it; the
whole record goes along as metadata (`payload`). A timeline is one sequence; the rest of the project
(its other sequences, its bin) is in the timeline's metadata. What other programs and narrower
formats do not see is told by `narrowing`.
"""

from __future__ import annotations

from dataclasses import replace
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
from studio.interchange.payload import KEY, attach
from studio.interchange.references import first_time, media_rate, to_reference
from studio.interchange.times import frames_to_otio, to_otio

KINDS = {
    TrackKind.VIDEO: otio.schema.TrackKind.Video,
    TrackKind.AUDIO: otio.schema.TrackKind.Audio,
    TrackKind.CAPTION: "Caption",
}


def to_timeline(project: Project, sequence: Sequence, folder: Path) -> otio.schema.Timeline:
    """One sequence, with the project around it; relative paths of media lie in `folder`."""
    made = otio.schema.Timeline(sequence.name)
    made.global_start_time = frames_to_otio(sequence.start_timecode, sequence.rate)
    attach(made, sequence, "tracks", "markers")
    others = tuple(other for other in project.sequences if other.id != sequence.id)
    attach(made, replace(project, sequences=others))
    made.metadata[KEY]["folder"] = str(folder.absolute())
    made.metadata[KEY]["place"] = str(project.sequences.index(sequence))
    made.tracks = _stack(project, sequence, folder)
    start = frames_to_otio(0, sequence.rate)
    made.tracks.markers.extend(_marker(each, start, sequence.rate) for each in sequence.markers)
    return made


def _stack(project: Project, sequence: Sequence, folder: Path) -> otio.schema.Stack:
    stack = otio.schema.Stack("tracks")
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
            return to_clip(project, sequence, item, folder)


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


def to_clip(project: Project, sequence: Sequence, clip: Clip, folder: Path) -> otio.schema.Clip:
    """A clip that plays a file, or is made by arithmetic; nested sequences are stacks instead."""
    made = otio.schema.Clip(clip.name)
    rate, first = _reference(project, sequence, clip, folder, made)
    made.source_range = used_range(clip, sequence.rate, rate, first)
    _dress(made, clip, sequence.rate)
    return made


def used_range(clip: Clip, rate: Rate, own: Rate, first: Time) -> otio.opentime.TimeRange:
    """What a clip uses of its media, which counts at `own` and names its first frame `first`.

    The length is the clip's on the timeline (at `rate`), whatever its speed.
    """
    used = source_range(clip, rate)
    return otio.opentime.TimeRange(
        to_otio(used.start + first, own), frames_to_otio(clip.duration, rate)
    )


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
    made = otio.schema.Effect(effect.kind, effect.kind, enabled=effect.enabled)
    attach(made, effect)
    return made


def _marker(marker: Marker, start: otio.opentime.RationalTime, rate: Rate) -> otio.schema.Marker:
    begins = start + frames_to_otio(marker.at, rate)
    span = otio.opentime.TimeRange(begins, frames_to_otio(marker.duration, rate))
    made = otio.schema.Marker(marker.name, span, marker.colour.value.upper(), comment=marker.note)
    attach(made, marker)
    return made


def _nested(project: Project, sequence: Sequence, clip: Clip, folder: Path) -> otio.schema.Stack:
    """A nested sequence as a stack: a copy for other programs, its record for this one."""
    inner = nested_sequence(project, clip)
    made = _stack(project, inner, folder) if inner else otio.schema.Stack()
    made.name = clip.name
    if inner:
        attach(made, inner, "tracks")
    own = inner.rate if inner else sequence.rate
    made.source_range = used_range(clip, sequence.rate, own, ZERO)
    _dress(made, clip, sequence.rate)
    return made


def nested_sequence(project: Project, clip: Clip) -> Sequence | None:
    """The sequence that a clip plays, None when it plays none or the project has lost it."""
    if not isinstance(clip.media, SequenceMedia):
        return None
    wanted = clip.media.sequence_id
    return next((each for each in project.sequences if each.id == wanted), None)
