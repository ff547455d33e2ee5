"""Final Cut Pro 7 XML, through its OpenTimelineIO adapter, and what that adapter needs done first.

Written: our records go along as comments, speeds as FCP's "Time Remap" filter, titles as its text
generator. Read: the same back, and the cut inside a transition that is not centred, which the
format cannot say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import opentimelineio as otio

from studio.document.model.clip import Clip, TitleMedia, Transition
from studio.document.model.label import Label
from studio.document.model.marker import Marker
from studio.document.model.sequence import Sequence
from studio.document.time import Rate
from studio.interchange.bins import filed_in_bins, label_word, note_filed, with_bins
from studio.interchange.fcp7_links import note_links, with_links
from studio.interchange.fcp_adapter import FCP as _FCP
from studio.interchange.fcp_adapter import mend
from studio.interchange.losses import Losses
from studio.interchange.payload import (
    COUNTING,
    KEY,
    LABEL,
    attached,
    fill_pocket,
    pocket,
    pocket_text,
)

_OURS = "clipcommenta"
_DROPPING = (Rate(30000, 1001), Rate(60000, 1001))
"""The rates whose drop-frame timecode OpenTimelineIO can spell."""
_COUNTABLE = (24, 25, 30, 48, 50, 60)
"""Whole rates that have a timecode: OpenTimelineIO refuses those of drafts, such as 12."""
_KINDS = (otio.schema.TrackKind.Video, otio.schema.TrackKind.Audio)


def write_fcp7(timeline: otio.schema.Timeline, sequence: Sequence) -> str:
    """A timeline (which is changed on the way) as FCP 7 XML."""
    mend()
    _set_aside(timeline)
    for thing in _things(timeline):
        _prepare(thing)
        _add(thing, "comments", {_OURS: pocket_text(thing)} if pocket(thing) else None)
    picture = {"width": str(sequence.width), "height": str(sequence.height)}
    if sequence.drop_frame and sequence.rate in _DROPPING:
        _add(timeline, "timecode", {"displayformat": "DF"})
    _count(timeline, float(sequence.rate.fraction))
    _add(timeline, "media", {"video": {"format": {"samplecharacteristics": picture}}})
    return with_bins(with_links(otio.adapters.write_to_string(timeline, _FCP), _OURS), timeline)


def read_fcp7(text: str, losses: Losses) -> list[otio.schema.Timeline]:
    """The sequences of an FCP 7 XML file as timelines."""
    filed = filed_in_bins(ElementTree.fromstring(text))
    read = otio.adapters.read_from_string(_with_flat_nests(text), _FCP)
    timelines = [read] if isinstance(read, otio.schema.Timeline) else list(read)
    found = [each for each in timelines if isinstance(each, otio.schema.Timeline)]
    for timeline in found:
        for thing in _things(timeline):
            _restore(thing, losses)
        _note_counting(timeline)
        note_filed(timeline, filed)
        note_links(_things(timeline), _FCP)
        for row in timeline.find_children(descended_from_type=otio.schema.Track):
            _uncentre(row)
        _bring_back(timeline)
    return found


def _note_counting(timeline: otio.schema.Timeline) -> None:
    """Whether a sequence of another program counts in drop-frame timecode."""
    fcp: Any = timeline.metadata.get(_FCP, {})
    timecode: Any = fcp.get("timecode", {})
    if hasattr(timecode, "get") and attached(timeline, Sequence) is None:
        counting = str(timecode.get("displayformat", "NDF"))
        timeline.metadata[KEY] = {**pocket(timeline), COUNTING: counting}


def _things(timeline: otio.schema.Timeline) -> Iterator[otio.core.SerializableObjectWithMetadata]:
    """Everything that can hold a record, the timeline first."""
    yield timeline
    for child in timeline.find_children():
        if isinstance(child, otio.schema.Gap):
            continue
        yield child
        if isinstance(child, otio.core.Item):
            yield from child.markers
        if isinstance(child, otio.schema.Clip):
            yield child.media_reference
    yield from timeline.tracks.markers


def _add(thing: otio.core.SerializableObjectWithMetadata, name: str, value: Any) -> None:
    if value is not None:
        thing.metadata[_FCP] = {**dict(thing.metadata.get(_FCP, {})), name: value}


def _prepare(thing: otio.core.SerializableObjectWithMetadata) -> None:
    match thing:
        case otio.schema.Clip():
            _prepare_range(thing)
            _prepare_media(thing)
        case otio.schema.Stack():
            _prepare_range(thing)
        case otio.schema.Track() if not thing.enabled:
            _add(thing, "enabled", "FALSE")
        case _:
            pass


def _prepare_range(item: otio.schema.Clip | otio.schema.Stack) -> None:
    """One rate for start and length, places in retimed frames, and the switch."""
    if not item.enabled:
        _add(item, "enabled", "FALSE")
    record = attached(item, Clip)
    if record is not None and (word := label_word(record.colour)):
        _add(item, "labels", {"label2": word})
    used = item.source_range
    start = used.start_time
    for warp in item.effects:
        if isinstance(warp, otio.schema.LinearTimeWarp):
            _add(item, "filter", _time_remap(warp))
    item.source_range = otio.opentime.TimeRange(start, used.duration.rescaled_to(start.rate))


def _time_remap(warp: otio.schema.LinearTimeWarp) -> dict[str, Any]:
    scalar = 0.0 if isinstance(warp, otio.schema.FreezeFrame) else warp.time_scalar
    values = {"variablespeed": "0", "speed": f"{abs(scalar) * 100:.12g}"}
    values["reverse"] = "TRUE" if scalar < 0 else "FALSE"
    return {
        "effect": {
            "name": "Time Remap",
            "effectid": "timeremap",
            "effectcategory": "motion",
            "effecttype": "motion",
            "mediatype": "video",
            "parameter": [
                {"parameterid": name, "name": name, "value": value}
                for name, value in values.items()
            ],
        }
    }


def _prepare_media(clip: otio.schema.Clip) -> None:
    """Media that the adapter can write: with a length, and generators as it knows them."""
    reference = clip.media_reference
    if isinstance(reference, otio.schema.ExternalReference):
        if reference.available_range is None:  # a still
            reference.available_range = clip.source_range
        _count(reference, reference.available_range.start_time.rate)
        return
    if isinstance(reference, otio.schema.GeneratorReference):
        record = attached(clip, Clip)
        media = record.media if record else None
        words = media.title if isinstance(media, TitleMedia) else None
        text = "\n".join(block.text for block in words.blocks) if words else ""
        name = "Text" if words else "Slug"
        shown = [{"parameterid": "str", "name": "Text", "value": text}] if words else None
        for key, value in {
            "name": name,
            "effectid": name,
            "effectcategory": name,
            "effecttype": "generator",
            "mediatype": "video",
            "parameter": shown,
        }.items():
            _add(reference, key, value)


def _count(thing: otio.core.SerializableObjectWithMetadata, rate: float) -> None:
    """Have timecode counted at a multiple of a rate that has no timecode of its own."""
    if not otio.opentime.RationalTime.is_smpte_timecode_rate(rate):
        counted = next((each for each in _COUNTABLE if each % rate == 0), 30)
        _add(thing, "timecode", {"timebase": float(counted), "ntsc": "FALSE"})


def _set_aside(timeline: otio.schema.Timeline) -> None:
    """Take tracks that the format has no kind for out of the stack, and along in our pocket."""
    rows = list(timeline.tracks)
    for place, row in enumerate(rows):
        row.metadata[KEY] = {**pocket(row), "place": str(place)}
    hidden = {
        str(place): row.to_json_string(indent=-1)
        for place, row in enumerate(rows)
        if isinstance(row, otio.schema.Track) and row.kind not in _KINDS
    }
    for place in sorted(map(int, hidden), reverse=True):
        del timeline.tracks[place]
    if hidden:
        timeline.metadata[KEY] = {
            **pocket(timeline),
            **{f"track {p}": t for p, t in hidden.items()},
        }


def _bring_back(timeline: otio.schema.Timeline) -> None:
    """Put tracks back that were taken along, and all of ours in the order that they had."""
    held = pocket(timeline)
    places = sorted(int(name[6:]) for name in held if name.startswith("track "))
    for place in places:
        row = otio.core.deserialize_json_from_string(held[f"track {place}"])
        if isinstance(row, otio.schema.Track):
            timeline.tracks.insert(place, row)
    rows = list(timeline.tracks)
    if rows and all("place" in pocket(row) for row in rows):
        del timeline.tracks[:]
        timeline.tracks.extend(sorted(rows, key=lambda row: int(pocket(row)["place"])))


def _restore(thing: otio.core.SerializableObjectWithMetadata, losses: Losses) -> None:
    """Our records, switches and speeds from where they were put."""
    fcp: Any = thing.metadata.get(_FCP, {})
    comments: Any = fcp.get("comments", {})
    if isinstance(thing, otio.core.Item):
        if str(fcp.get("enabled", "TRUE")).upper() == "FALSE":
            thing.enabled = False
        _restore_speed(thing, losses)
    fill_pocket(thing, str(comments.get(_OURS, "")) if hasattr(comments, "get") else "")
    labels: Any = fcp.get("labels", {})
    label = Label.read(str(labels.get("label2", "")).lower()) if hasattr(labels, "get") else None
    if label is not None and isinstance(thing, otio.core.Item):
        thing.metadata[KEY] = {**pocket(thing), LABEL: label.value}
    if isinstance(thing, otio.schema.Stack):
        _drop_twins(thing)
    record = attached(thing, Marker) if isinstance(thing, otio.schema.Marker) else None
    if record is not None and isinstance(thing, otio.schema.Marker):
        thing.color = record.colour.value.upper()


def _drop_twins(stack: otio.schema.Stack) -> None:
    """A nested sequence's markers once: the adapter writes them on its clip and inside it."""
    kept: list[otio.schema.Marker] = []
    for marker in stack.markers:
        if not any(marker.is_equivalent_to(other) for other in kept):
            kept.append(marker)
    del stack.markers[:]
    stack.markers.extend(kept)


def _restore_speed(item: otio.core.Item, losses: Losses) -> None:
    kept = list(item.effects)
    for place, effect in enumerate(kept):
        values = _parameters(effect)
        if "speed" not in values:
            continue
        scalar = float(values["speed"]) / 100
        if values.get("reverse", "FALSE").upper() == "TRUE":
            scalar = -scalar
        if values.get("variablespeed", "0") == "1":
            losses.add("Speed ramps are read as their constant speed", item.name)
        kept[place] = (
            otio.schema.LinearTimeWarp("speed", scalar)
            if scalar
            else otio.schema.FreezeFrame("freeze")
        )
    del item.effects[:]
    item.effects.extend(kept)


def _parameters(effect: otio.schema.Effect) -> dict[str, str]:
    """The parameters of a Time Remap filter; nothing for any other."""
    fcp: Any = effect.metadata.get(_FCP, {})
    if fcp.get("effectid") != "timeremap":
        return {}
    rows: Any = fcp.get("parameter", [])
    rows = rows if not hasattr(rows, "get") else [rows]
    return {str(row.get("parameterid")): str(row.get("value")) for row in rows}


def _uncentre(row: otio.schema.Track) -> None:
    """Put cuts back where our transitions had them; the adapter centres every one."""
    for place, item in enumerate(row):
        record = attached(item, Transition) if isinstance(item, otio.schema.Transition) else None
        if record is None or not isinstance(item, otio.schema.Transition):
            continue
        wanted = otio.opentime.RationalTime(record.in_offset, item.in_offset.rate)
        shift = wanted - item.in_offset
        item.in_offset = wanted
        item.out_offset = item.out_offset - shift
        if place:
            _stretch(row[place - 1], head=None, tail=shift)
        if place + 1 < len(row):
            _stretch(row[place + 1], head=shift, tail=None)


def _stretch(
    item: otio.core.Composable,
    head: otio.opentime.RationalTime | None,
    tail: otio.opentime.RationalTime | None,
) -> None:
    if not isinstance(item, otio.core.Item) or item.source_range is None:
        return
    used = item.source_range
    start, length = used.start_time, used.duration
    if head is not None:
        start, length = start + head, length - head
    if tail is not None:
        length = length + tail
    item.source_range = otio.opentime.TimeRange(start, length)


def _with_flat_nests(text: str) -> str:
    """The tracks of nested sequences where the adapter looks for them.

    Symptom: a nested sequence is read as an empty stack, for `stack_for_element` is given the
    sequence in place of its media. To delete when otio-fcp-adapter, 1.0 as this is written, reads
    them.
    """
    root = ElementTree.fromstring(text)
    for nested in [each for item in root.iter("clipitem") for each in item.findall("sequence")]:
        media = nested.find("media")
        if media is not None:
            nested.extend(list(media))
            nested.remove(media)
    return ElementTree.tostring(root, encoding="unicode")
