"""The elements of Final Cut Pro XML: what they say, and rows of them as tracks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

import opentimelineio as otio

from studio.document.model.clip import Clip, Transition
from studio.document.time import Rate, Time
from studio.interchange.fcpxml_write import MD_TRACK
from studio.interchange.payload import attached, fill_pocket
from studio.interchange.times import exact_rate, to_otio


@dataclass(slots=True)
class Row:
    """A track while it is gathered: things and the second at which each begins."""

    kind: str
    things: list[tuple[Fraction, otio.core.Composable]] = field(
        default_factory=list[tuple[Fraction, otio.core.Composable]]
    )


def seconds_of(text: str | None) -> Fraction:
    """Seconds as the format writes them, "1001/30000s"; none are zero."""
    return Fraction((text or "0s").rstrip("s"))


def track_of(row: Row, rate: Rate) -> otio.schema.Track:
    """A row as a track: gaps where nothing is, transitions astride the cut they cover."""
    track = otio.schema.Track(kind=row.kind)
    items = sorted(
        ((at, each) for at, each in row.things if isinstance(each, otio.core.Item)),
        key=lambda each: each[0],
    )
    waiting = [(at, each) for at, each in row.things if isinstance(each, otio.schema.Transition)]
    end = Fraction(0)
    for at, item in items:
        if at > end:
            _astride(track, waiting, end, rate, before=at)
            track.append(otio.schema.Gap(duration=in_frames(at - end, rate)))
            end = at
        _astride(track, waiting, end, rate, before=None)
        track.append(item)
        end += Fraction(item.duration().value) / _exact(item.duration())
    _astride(track, waiting, end, rate, before=None)
    return track


def _astride(
    track: otio.schema.Track,
    waiting: list[tuple[Fraction, otio.schema.Transition]],
    cut: Fraction,
    rate: Rate,
    before: Fraction | None,
) -> None:
    """Append the transition that covers a cut, split there into its two sides."""
    for at, each in waiting:
        length = Fraction(each.in_offset.value) / rate.fraction
        record = attached(each, Transition)
        known = record is None or cut - at == Fraction(record.in_offset) / rate.fraction
        if known and at <= cut <= at + length and (before is None or at < before):
            each.in_offset = in_frames(cut - at, rate)
            each.out_offset = in_frames(length - (cut - at), rate)
            track.append(each)
            waiting.remove((at, each))
            return


def dress(track: otio.schema.Track, note: str, number: int) -> int:
    """Give a track its record back; -> its place among the tracks."""
    words, _, text = note.partition("workprint:")
    fill_pocket(track, f"workprint:{text}")
    place, *rest = words.split() or [str(number)]
    if "off" in rest:
        track.enabled = False
        for item in track:
            if isinstance(item, otio.core.Item):
                record = attached(item, Clip)
                item.enabled = record.enabled if record else True
    return int(place)


def retimed(element: Element, start: Fraction, length: Fraction) -> tuple[Fraction, Fraction]:
    """The speed, and where the stretch of media that plays begins."""
    points = [
        (seconds_of(each.get("time")), seconds_of(each.get("value")))
        for each in element.findall("timeMap/timept")[:2]
    ]
    if len(points) < 2 or points[0][0] == points[1][0]:
        return Fraction(1), start
    (t1, v1), (t2, v2) = points
    factor = (v2 - v1) / (t2 - t1)
    begins = v1 + (start - t1) * factor
    return factor, min(begins, begins + length * factor)


def sample_rate(asset: Element) -> Rate:
    """How often a second an asset's sound was sampled, "48k" if it does not say."""
    text = asset.get("audioRate", "48000").lower().replace("k", "000")
    return Rate(int(text)) if text.isdecimal() else Rate(48_000)


def _exact(time: otio.opentime.RationalTime) -> Fraction:
    return exact_rate(time.rate).fraction


def in_frames(seconds: Fraction, rate: Rate) -> otio.opentime.RationalTime:
    """Seconds in whole frames of a rate."""
    return to_otio(Time.of_seconds(seconds), rate)


def lanes_noted(sequence: Element) -> Iterator[int]:
    """The lanes that a sequence of ours had, empty ones too."""
    for note in sequence.findall("metadata/md"):
        head, _, lane = note.get("key", "").rpartition(".")
        if head == MD_TRACK:
            yield int(lane)


def child_of(element: Element, tag: str) -> Element:
    """The first child of a tag. Raises: ValueError when there is none."""
    found = element.find(tag)
    if found is None:
        raise ValueError(f"a {element.tag} has no {tag}")
    return found


def all_noted(element: Element, key: str) -> list[str]:
    """The values of one key in an element's own metadata."""
    return [
        each.get("value", "") for each in element.findall("metadata/md") if each.get("key") == key
    ]


def noted(element: Element, key: str) -> str:
    """The first value of a key in an element's own metadata, or nothing."""
    return next(iter(all_noted(element, key)), "")
