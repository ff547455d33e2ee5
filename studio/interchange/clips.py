"""Clips on the way in: what they play, from where, how fast."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

import opentimelineio as otio

from studio.document.model.clip import (
    AS_SHOT,
    AssetMedia,
    Clip,
    ConstantSpeed,
    GeneratorKind,
    GeneratorMedia,
    Media,
    Speed,
)
from studio.document.model.generated import GeneratedMedia
from studio.document.model.marker import Marker
from studio.document.model.sequence import Sequence, TrackKind
from studio.document.queries.media import asset_played
from studio.document.retime import source_range
from studio.document.time import ZERO, Rate, Time
from studio.interchange.effects import note_effects
from studio.interchange.markers import read_marker
from studio.interchange.payload import LABEL, LINK, attached, pocket
from studio.interchange.reading import Reading
from studio.interchange.references import first_time, media_rate
from studio.interchange.times import frames_from_otio, from_otio
from studio.interchange.to_timeline import used_range

Readable: TypeAlias = otio.schema.Clip | otio.schema.Stack | otio.schema.Track


def read_clip(
    item: Readable,
    kind: TrackKind,
    rate: Rate,
    reading: Reading,
    *,
    nested: Sequence | None = None,
) -> Clip:
    """A clip, or the place of a nested sequence (whose media the caller gives), at `rate`."""
    used = item.trimmed_range()
    record = attached(item, Clip)
    note_effects(item.effects, item.name, reading)
    clip_id = reading.claim(record.id if record else "", "c")
    told = pocket(item).get(LINK)
    if told is not None:
        reading.told_links[clip_id] = told
    if record is None:
        reading.foreign.add(clip_id)
        record = Clip(id=clip_id, duration=0, media=AssetMedia(asset_id=""), source_start=ZERO)
        record = replace(record, speed=_speed(item, AS_SHOT))
    media = record.media if nested else _media(item, record, kind, reading)
    own, first = _own_time(media, nested, rate, reading)
    clip = _placed(replace(record, speed=_speed(item, record.speed)), used, rate, own, first)
    return replace(
        clip,
        id=clip_id,
        name=item.name,
        media=media,
        enabled=item.enabled,
        colour=pocket(item).get(LABEL, clip.colour),
        markers=_markers(item, record, used.start_time, rate, reading),
    )


def _markers(
    item: Readable,
    record: Clip,
    start: otio.opentime.RationalTime,
    rate: Rate,
    reading: Reading,
) -> tuple[Marker, ...]:
    """A clip's markers; one that lost its record on the way is known by its place and name."""
    lost = list(record.markers)
    read: list[Marker] = []
    for each in item.markers:
        marker = read_marker(each, start, rate, reading)
        if attached(each, Marker) is None:
            same = (old for old in lost if (old.at, old.name) == (marker.at, marker.name))
            marker = next(same, marker)
            lost = [old for old in lost if old is not marker]
        read.append(marker)
    return tuple(read)


def _placed(
    record: Clip, used: otio.opentime.TimeRange, rate: Rate, own: Rate, first: Time
) -> Clip:
    """The record where the range is still the one it was sent with, else moved to the new one."""
    duration = frames_from_otio(used.duration, rate)
    clip = record if duration == record.duration else replace(record, duration=duration)
    if used.start_time == used_range(clip, rate, own, first).start_time:
        return clip
    moved = from_otio(used.start_time) - first - source_range(clip, rate).start
    return replace(clip, source_start=clip.source_start + moved)


def _own_time(
    media: Media, nested: Sequence | None, rate: Rate, reading: Reading
) -> tuple[Rate, Time]:
    """The rate at which media counts, and the time that its first frame is called by."""
    if nested:
        return nested.rate, ZERO
    asset = reading.find(asset_played(media))
    if asset is None:
        return rate, ZERO
    own = media_rate(asset, rate)
    return own, first_time(asset, own) - asset.start


def _media(item: Readable, record: Clip, kind: TrackKind, reading: Reading) -> Media:
    assert isinstance(item, otio.schema.Clip)
    if isinstance(record.media, GeneratedMedia):
        return _takes(item, record.media, kind, reading)
    if isinstance(record.media, AssetMedia):
        return _file(item, record.media, kind, reading)
    return record.media


def _takes(
    item: otio.schema.Clip, media: GeneratedMedia, kind: TrackKind, reading: Reading
) -> GeneratedMedia:
    """All takes, at the places where the references say that their files are."""
    references = item.media_references()
    takes = tuple(
        replace(take, asset_id=reading.asset(references[take.id], kind) or take.asset_id)
        if take.id in references
        else take
        for take in media.takes
    )
    active = item.active_media_reference_key
    chosen = active if any(take.id == active for take in takes) else media.chosen
    return replace(media, takes=takes, chosen=chosen)


def _file(item: otio.schema.Clip, media: AssetMedia, kind: TrackKind, reading: Reading) -> Media:
    reference = item.media_reference
    asset_id = reading.asset(reference, kind)
    if asset_id is not None:
        return replace(media, asset_id=asset_id)
    if media.asset_id:
        return media
    if isinstance(reference, otio.schema.GeneratorReference):
        known = "bars" in (reference.generator_kind or "").lower()
        if not known:
            reading.losses.add("Synthetic clips of other programs are read as black", item.name)
        return GeneratorMedia(kind=GeneratorKind.BARS if known else GeneratorKind.COLOUR)
    reading.losses.add("Clips without media are read as missing files; relink them", item.name)
    missing = otio.schema.ExternalReference(item.name or "missing")
    return AssetMedia(asset_id=reading.asset(missing, kind) or "")


def _speed(item: Readable, speed: Speed) -> Speed:
    """The speed that a record has, unless the time effects say another constant one."""
    warps = [each for each in item.effects if isinstance(each, otio.schema.LinearTimeWarp)]
    if not warps:
        is_constant = isinstance(speed, ConstantSpeed)
        return AS_SHOT if is_constant and speed.factor != 1 else speed
    scalar = 0.0 if isinstance(warps[0], otio.schema.FreezeFrame) else warps[0].time_scalar
    # A percentage in decimals is not the very number that it was: 35/24 is 145.833… %.
    if isinstance(speed, ConstantSpeed) and math.isclose(speed.factor, scalar, rel_tol=1e-6):
        return speed
    return ConstantSpeed(Fraction(scalar).limit_denominator(10_000))
