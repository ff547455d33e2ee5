"""OpenTimelineIO as a project: our own objects from their records, others' as they can be read.

Where a record came along, what another program may have changed since wins over it: the name, the
length, the place in the media. A clip that is unchanged comes back exactly as it was sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import opentimelineio as otio

from studio.document.edits.settle import settle
from studio.document.model.clip import Clip, Gap, Item, SequenceMedia, Transition, TransitionKind
from studio.document.model.marker import Marker
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.queries.bins import all_bins
from studio.document.time import Rate
from studio.document.timecode import can_drop_frames
from studio.interchange.bins import filed_by
from studio.interchange.clips import read_clip
from studio.interchange.effects import note_effects
from studio.interchange.linking import linked
from studio.interchange.losses import Losses
from studio.interchange.markers import read_marker
from studio.interchange.payload import COUNTING, attached, pocket
from studio.interchange.reading import Reading
from studio.interchange.times import exact_rate, frames_from_otio

_KINDS = {
    otio.schema.TrackKind.Video: TrackKind.VIDEO,
    otio.schema.TrackKind.Audio: TrackKind.AUDIO,
    "Caption": TrackKind.CAPTION,
}
_NAMES = {TrackKind.VIDEO: "V", TrackKind.AUDIO: "A", TrackKind.CAPTION: "C"}


def from_timelines(
    timelines: list[otio.schema.Timeline], base: Path, folder: Path, losses: Losses
) -> Project:
    """The project that timelines make; what is lost on the way is noted in `losses`.

    `base` is where relative addresses lie, `folder` where the project is to lie.
    """
    main = timelines[0]
    around = attached(main, Project) or Project(name=main.name or "Untitled")
    was_in = Path(pocket(main).get("folder", str(folder)))
    reading = Reading(around, base, folder.absolute(), was_in, losses)
    for other in around.sequences:
        reading.sequences[other.id] = _claimed(other, reading)
    read = [_sequence(each, reading) for each in timelines]
    reading.put_in_bins(filed_by(main))
    place = pocket(main).get("place", "0")
    others = tuple(reading.sequences.values())
    at = int(place) if place.isdecimal() else 0
    sequences = (*others[:at], *read, *others[at:])
    whole = replace(around, sequences=sequences, assets=reading.assets, next_id=reading.next_id)
    return replace(whole, bins=all_bins(whole)) if whole.bins else whole


def _claimed(sequence: Sequence, reading: Reading) -> Sequence:
    """Keep the ids of a sequence that came whole from being given again."""
    for thing in _things(sequence):
        reading.claim(thing.id, "")
    return sequence


def _things(sequence: Sequence) -> Iterator[Sequence | Track | Item | Marker]:
    yield sequence
    yield from sequence.markers
    for track in sequence.tracks:
        yield track
        yield from track.items


def _sequence(timeline: otio.schema.Timeline, reading: Reading) -> Sequence:
    record = attached(timeline, Sequence) or _foreign(timeline, _rate_of(timeline))
    record = replace(record, id=reading.claim(record.id, "s"), name=timeline.name or record.name)
    start = timeline.global_start_time
    if start is not None:
        record = replace(record, start_timecode=frames_from_otio(start, record.rate))
    markers = [read_marker(each, None, record.rate, reading) for each in timeline.tracks.markers]
    tracks = _tracks(timeline.tracks, record.rate, reading)
    return replace(record, markers=tuple(markers), tracks=tracks)


def _foreign(timeline: otio.schema.Timeline, rate: Rate) -> Sequence:
    """A sequence made elsewhere. Timecode drops frames where it can, unless the file says not."""
    drops = can_drop_frames(rate) and pocket(timeline).get(COUNTING) != "NDF"
    return Sequence(id="", name=timeline.name or "Cut", rate=rate, drop_frame=drops)


def _rate_of(timeline: otio.schema.Timeline) -> Rate:
    """The frame rate of a timeline that does not say it: its start's, or its first picture's."""
    if timeline.global_start_time is not None:
        return exact_rate(timeline.global_start_time.rate)
    rows = [*timeline.video_tracks(), *timeline.audio_tracks()]
    for item in (item for row in rows for item in row if isinstance(item, otio.core.Item)):
        return exact_rate(item.duration().rate)
    return Rate(24)


def _tracks(stack: otio.schema.Stack, rate: Rate, reading: Reading) -> tuple[Track, ...]:
    """The tracks of a stack; what stands there without a track gets one of its own."""
    rows = [row if isinstance(row, otio.schema.Track) else _alone(row) for row in stack]
    tracks: list[Track] = []
    for row in rows:
        if row.kind not in _KINDS:
            reading.losses.add(f"Tracks of the kind {row.kind} are not read", row.name)
            continue
        count = sum(track.kind is _KINDS[row.kind] for track in tracks) + 1
        tracks.append(_track(row, count, rate, reading))
    return linked(tuple(tracks), reading)


def _alone(item: otio.core.Composable) -> otio.schema.Track:
    row = otio.schema.Track()
    row.append(item.deepcopy())
    return row


def _track(row: otio.schema.Track, number: int, rate: Rate, reading: Reading) -> Track:
    kind = _KINDS[row.kind]
    record = attached(row, Track) or Track(
        id="", kind=kind, name=row.name or f"{_NAMES[kind]}{number}"
    )
    record = _switched(record, row.enabled)
    note_effects(row.effects, row.name, reading)
    items = list(_items(row, kind, rate, reading))
    settled = tuple(settle(items, 0, len(items)).items)
    return replace(
        record,
        id=reading.claim(record.id, "t"),
        name=row.name or record.name,
        items=settled,
    )


def _switched(track: Track, enabled: bool) -> Track:
    """The track heard or seen, or not, as the file has it."""
    if track.kind is TrackKind.AUDIO:
        return track if track.mute is not enabled else replace(track, mute=not enabled)
    return track if track.hidden is not enabled else replace(track, hidden=not enabled)


def _items(
    row: Iterable[otio.core.Composable], kind: TrackKind, rate: Rate, reading: Reading
) -> Iterator[Item]:
    for item in row:
        match item:
            case otio.schema.Transition():
                yield _transition(item, kind, rate, reading)
            case otio.schema.Gap():
                yield _gap(item, rate, reading)
            case otio.schema.Clip():
                yield from _present(read_clip(item, kind, rate, reading))
            case otio.schema.Stack() | otio.schema.Track():
                yield from _present(_nested(item, kind, rate, reading))
            case _:
                reading.losses.add(f"{type(item).__name__} objects are not read", item.name)


def _present(clip: Clip) -> Iterator[Clip]:
    """A clip shorter than half a frame is none."""
    if clip.duration > 0:
        yield clip


def _gap(item: otio.schema.Gap, rate: Rate, reading: Reading) -> Gap:
    record = attached(item, Gap) or Gap(id="", duration=0)
    duration = max(0, frames_from_otio(item.duration(), rate))
    return replace(record, id=reading.claim(record.id, "g"), duration=duration)


def _transition(
    item: otio.schema.Transition, kind: TrackKind, rate: Rate, reading: Reading
) -> Transition:
    usual = TransitionKind.CROSSFADE if kind is TrackKind.AUDIO else TransitionKind.DISSOLVE
    record = attached(item, Transition)
    if record is None:
        record = Transition(id="", kind=usual, in_offset=0, out_offset=0)
        if item.transition_type != otio.schema.TransitionTypes.SMPTE_Dissolve:
            reading.losses.add("Transitions that are not known are read as dissolves", item.name)
    return replace(
        record,
        id=reading.claim(record.id, "x"),
        in_offset=max(0, frames_from_otio(item.in_offset, rate)),
        out_offset=max(0, frames_from_otio(item.out_offset, rate)),
    )


def _nested(
    item: otio.schema.Stack | otio.schema.Track, kind: TrackKind, rate: Rate, reading: Reading
) -> Clip:
    """A stack inside a track is a sequence of its own, made once however often it is used."""
    stack = item
    if isinstance(item, otio.schema.Track):
        stack = otio.schema.Stack(item.name, [item.deepcopy()], item.source_range)
    assert isinstance(stack, otio.schema.Stack)
    record = attached(item, Sequence)
    if record is None or record.id not in reading.sequences:
        record = _inner(stack, record, rate, reading)
        reading.sequences[record.id] = record
    clip = read_clip(item, kind, rate, reading, nested=record)
    return replace(clip, media=SequenceMedia(sequence_id=record.id))


def _inner(
    stack: otio.schema.Stack, record: Sequence | None, rate: Rate, reading: Reading
) -> Sequence:
    made = record or Sequence(id="", name=stack.name or "Nested", rate=rate)
    made = replace(made, id=reading.claim(made.id, "s"))
    return replace(made, tracks=_tracks(stack, made.rate, reading))
