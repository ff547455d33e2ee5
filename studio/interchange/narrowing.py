"""What each format carries, as a table, and what of a cut it does not, told clip by clip.

    SEEN       other programs read it from the file
    otherwise  the file keeps it for Workprint (our records go along), other programs pass it over

A CMX3600 list has no room for records but as comments, where only recipes and takes go: what it
does not show, it loses.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from studio.document.model.clip import (
    AdjustmentMedia,
    AssetMedia,
    BlendMode,
    CaptionMedia,
    Clip,
    ConstantSpeed,
    Fit,
    GeneratorMedia,
    SequenceMedia,
    TitleMedia,
    Transition,
    TransitionKind,
)
from studio.document.model.generated import GeneratedMedia
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.queries.bins import all_bins
from studio.document.retime import source_range
from studio.document.time import Rounding
from studio.interchange.formats import Format
from studio.interchange.losses import Losses


class Feature(Enum):
    """Something that a cut can have, as the user calls it."""

    TRACK = "other tracks than the one listed"
    TITLE = "titles"
    CAPTION = "captions"
    SHAPE = "adjustment clips and generated colours, bars and tones"
    NESTED = "nested sequences"
    PLACEHOLDER = "clips that are not generated yet"
    RECIPE = "recipes and takes that are not in use"
    SPEED = "speed"
    RAMP = "speed ramps"
    EFFECT = "effects"
    LOOK = "opacity, blending, framing, level, pan and fades"
    MARKER = "clip markers"
    NOTE = "notes and groups"
    LABEL = "labels"
    FOLDER = "folders of the media bin"
    CUT_MARKER = "markers of the sequence"
    DISSOLVE = "dissolves and crossfades"
    WIPE = "wipes"
    TRANSITION = "transitions other than dissolves and wipes"
    MIX = "track levels, pan and effects"
    OFF = "clips and tracks that are switched off"
    BETWEEN = "places in the media between two frames"
    SEQUENCE = "other sequences of the project"


_TIMELINE = {
    Feature.TRACK,
    Feature.DISSOLVE,
    Feature.MARKER,
    Feature.OFF,
    Feature.SPEED,
    Feature.NESTED,
}
_SEEN: dict[Format, set[Feature]] = {
    Format.OTIO: _TIMELINE | {Feature.CUT_MARKER},
    Format.OTIOZ: _TIMELINE | {Feature.CUT_MARKER},
    Format.FCPXML: _TIMELINE | {Feature.TITLE, Feature.FOLDER},
    Format.FCP7: _TIMELINE | {Feature.CUT_MARKER, Feature.LABEL, Feature.FOLDER},
    Format.EDL: {Feature.DISSOLVE, Feature.WIPE, Feature.SPEED, Feature.MARKER},
}


def note_losses(
    project: Project, sequence: Sequence, kind: Format, losses: Losses, track_id: Id | None = None
) -> None:
    """Note everything of a sequence that a format does not show to other programs."""
    chosen = listed_track(sequence, track_id) if kind is Format.EDL else None
    seen = _SEEN[kind]
    for feature, where in _features(project, sequence, chosen):
        if feature in seen:
            continue
        if kind is not Format.EDL:
            losses.add(f"Workprint keeps {feature.value}; other programs will not show them", where)
        elif feature is Feature.RECIPE:
            losses.add(f"An EDL keeps {feature.value} only as comments for Workprint", where)
        else:
            losses.add(f"An EDL cannot carry {feature.value}; they are left out", where)


def listed_track(sequence: Sequence, track_id: Id | None = None) -> Track | None:
    """The picture track that a CMX3600 list shows: the one asked for, or the lowest with clips."""
    for track in sequence.tracks:
        if track.id == track_id:
            return track
    for track in sequence.tracks:
        if track_id is None and track.kind is TrackKind.VIDEO and track.items:
            return track
    return None


def _features(
    project: Project, sequence: Sequence, chosen: Track | None
) -> Iterator[tuple[Feature, str]]:
    nested = {
        clip.media.sequence_id
        for track in sequence.tracks
        for clip in track.items
        if isinstance(clip, Clip) and isinstance(clip.media, SequenceMedia)
    }
    for other in project.sequences:
        if other.id != sequence.id and other.id not in nested:
            yield Feature.SEQUENCE, other.name
    for folder in all_bins(project):
        yield Feature.FOLDER, folder
    for marker in sequence.markers:
        yield Feature.CUT_MARKER, marker.name
    if sequence.effects:
        yield Feature.MIX, sequence.name
    for track in sequence.tracks:
        if chosen is not None and track is not chosen:
            if track.items:
                yield Feature.TRACK, track.name
            continue
        yield from _of_track(track, sequence)


def _of_track(track: Track, sequence: Sequence) -> Iterator[tuple[Feature, str]]:
    if track.effects or track.gain_db != 0.0 or track.pan != 0.0:
        yield Feature.MIX, track.name
    if track.hidden or track.mute:
        yield Feature.OFF, track.name
    for item in track.items:
        match item:
            case Clip():
                name = item.name or track.name
                yield from ((feature, name) for feature in _of_clip(item, sequence))
            case Transition():
                yield _TRANSITIONS.get(item.kind, Feature.TRANSITION), track.name
            case _:
                pass


_TRANSITIONS = {
    TransitionKind.DISSOLVE: Feature.DISSOLVE,
    TransitionKind.CROSSFADE: Feature.DISSOLVE,
    TransitionKind.WIPE: Feature.WIPE,
}


def _of_clip(clip: Clip, sequence: Sequence) -> Iterator[Feature]:
    yield from _of_media(clip)
    if not isinstance(clip.speed, ConstantSpeed):
        yield Feature.RAMP
    elif clip.speed.factor != 1:
        yield Feature.SPEED
    if clip.effects:
        yield Feature.EFFECT
    if clip.markers:
        yield Feature.MARKER
    if not clip.enabled:
        yield Feature.OFF
    if clip.note or clip.group:
        yield Feature.NOTE
    if clip.colour:
        yield Feature.LABEL
    if _looks(clip):
        yield Feature.LOOK
    if isinstance(clip.media, AssetMedia) and not _on_a_frame(clip, sequence):
        yield Feature.BETWEEN


def _of_media(clip: Clip) -> Iterator[Feature]:
    match clip.media:
        case TitleMedia():
            yield Feature.TITLE
        case CaptionMedia():
            yield Feature.CAPTION
        case AdjustmentMedia() | GeneratorMedia():
            yield Feature.SHAPE
        case SequenceMedia():
            yield Feature.NESTED
        case GeneratedMedia(take=take):
            yield Feature.RECIPE
            if take is None:
                yield Feature.PLACEHOLDER
        case _:
            return


def _looks(clip: Clip) -> bool:
    usual = (1.0, BlendMode.NORMAL, Fit.FIT, 0.0, 0.0, 0, 0)
    return usual != (
        clip.opacity,
        clip.blend,
        clip.fit,
        clip.gain_db,
        clip.pan,
        clip.fade_in_frames,
        clip.fade_out_frames,
    )


def _on_a_frame(clip: Clip, sequence: Sequence) -> bool:
    start = source_range(clip, sequence.rate).start
    return start.at(sequence.rate, Rounding.NEAREST) == start
