"""Final Cut Pro XML read: spines and what is connected to them become tracks.

The primary storyline is the lowest picture track, each lane another one; a clip of the storyline
that brings its sound along gets it as a clip on a sound track. Times stay rational seconds until
they are counted in frames of the sequence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import opentimelineio as otio

from studio.document.model.clip import Clip, ConstantSpeed, Transition
from studio.document.time import Rate, Time
from studio.interchange.errors import InterchangeError
from studio.interchange.fcpxml_write import MD_KEY, MD_MARKER, MD_TRACK, UNTIMED
from studio.interchange.losses import Losses
from studio.interchange.payload import attached, fill_pocket
from studio.interchange.times import exact_rate, to_otio

_CLIPS = {"asset-clip", "clip", "video", "audio", "title", "ref-clip", "sync-clip", "mc-clip"}


def read_fcpxml(text: str, losses: Losses) -> list[otio.schema.Timeline]:
    """The projects of an FCPXML file as timelines.

    Raises: InterchangeError when there is none; ParseError, ValueError and KeyError for others.
    """
    root = ElementTree.fromstring(text)
    if root.tag != "fcpxml":
        raise InterchangeError("That XML is not FCPXML. Files of Final Cut Pro 7 end in .xml.")
    reader = _Reader(root, losses)
    return [reader.timeline(project) for project in root.iter("project")]


@dataclass(slots=True)
class _Row:
    """A track while it is gathered: things and the second at which each begins."""

    kind: str
    things: list[tuple[Fraction, otio.core.Composable]] = field(
        default_factory=list[tuple[Fraction, otio.core.Composable]]
    )


def _seconds(text: str | None) -> Fraction:
    return Fraction((text or "0s").rstrip("s"))


class _Reader:
    """What the resources say, and sequences made with it."""

    def __init__(self, root: Element, losses: Losses) -> None:
        self._losses = losses
        self._resources = {each.get("id", ""): each for each in root.findall("resources/*")}

    def timeline(self, project: Element) -> otio.schema.Timeline:
        """A project as a timeline."""
        sequence = _child(project, "sequence")
        made = otio.schema.Timeline(project.get("name", ""))
        fill_pocket(made, _noted(sequence, MD_KEY))
        rate = self._rate(sequence)
        made.global_start_time = _at(_seconds(sequence.get("tcStart")), rate)
        made.tracks = self._stack(sequence)
        for text in _all_noted(sequence, MD_MARKER):
            marker = otio.core.deserialize_json_from_string(text)
            if isinstance(marker, otio.schema.Marker):
                made.tracks.markers.append(marker)
        return made

    def _stack(self, sequence: Element) -> otio.schema.Stack:
        """A sequence's tracks."""
        rate = self._rate(sequence)
        rows: dict[int, _Row] = {}
        origin = _seconds(sequence.get("tcStart"))
        gathered = _Gathering(self, rate, rows)
        gathered.spine(_child(sequence, "spine"), 0, -origin)
        for lane in _lanes_noted(sequence):
            gathered.row(lane)
        stack = otio.schema.Stack("tracks")
        sounds = sorted((lane for lane in rows if lane < 0), reverse=True)
        lanes = [*sorted(lane for lane in rows if lane >= 0), *sounds]
        placed: list[tuple[int, otio.schema.Track]] = []
        for number, lane in enumerate(lanes):
            track = _track(rows[lane], rate)
            place = _dress(track, _noted(sequence, f"{MD_TRACK}.{lane}"), number)
            placed.append((place, track))
        placed += self._unseen(sequence)
        for _, track in sorted(placed, key=lambda each: each[0]):
            stack.append(track)
        return stack

    def _unseen(self, sequence: Element) -> Iterator[tuple[int, otio.schema.Track]]:
        """Tracks that the format has no place for, from the metadata."""
        for note in sequence.findall("metadata/md"):
            head, _, place = note.get("key", "").rpartition(".hidden.")
            if head == MD_TRACK and place.isdecimal():
                track = otio.core.deserialize_json_from_string(note.get("value", ""))
                if isinstance(track, otio.schema.Track):
                    yield int(place), track

    def _rate(self, sequence: Element) -> Rate:
        frame = self._format_frame(sequence.get("format"))
        return Rate.of(1 / frame) if frame else Rate(24)

    def _format_frame(self, name: str | None) -> Fraction:
        found = self._resources.get(name or "")
        return _seconds(found.get("frameDuration")) if found is not None else Fraction(0)

    def item(self, element: Element, rate: Rate, *, sound: bool) -> otio.core.Item:
        """A clip of a spine; `rate` is the sequence's. A gap that holds a record is a clip."""
        made = self._made(element, sound=sound)
        fill_pocket(made, _noted(element, MD_KEY))
        if element.get("enabled") == "0":
            made.enabled = False
        self._timed(made, element, rate)
        self._marked(made, element, rate)
        for filtered in element.iter():
            if filtered.tag in ("filter-video", "filter-audio"):
                name = filtered.get("name", filtered.tag)
                made.effects.append(otio.schema.Effect(name, name))
        return made

    def _made(self, element: Element, *, sound: bool) -> otio.schema.Clip | otio.schema.Stack:
        name = element.get("name", "")
        resource = self._resources.get(self._ref(element))
        if element.tag in ("sync-clip", "mc-clip"):
            self._losses.add("Synchronised and multicam clips are read as missing files", name)
        if element.tag == "title":
            self._losses_of_title(element)
            return otio.schema.Clip(name, otio.schema.GeneratorReference("title", "title"))
        if resource is None or resource.tag == "effect":
            return otio.schema.Clip(name)
        if resource.tag == "media":
            return self._nested(resource, name)
        return otio.schema.Clip(name, self._asset(resource))

    def _losses_of_title(self, element: Element) -> None:
        if not _noted(element, MD_KEY):
            self._losses.add("Titles are read as black; type them anew", element.get("name", ""))

    def _ref(self, element: Element) -> str:
        """What an element plays: its own reference, or that of the first media inside it."""
        if element.tag == "clip":
            inner = next((each for each in element.iter() if each.get("ref")), None)
            return inner.get("ref", "") if inner is not None else ""
        return element.get("ref", "")

    def _nested(self, media: Element, name: str) -> otio.schema.Stack:
        sequence = _child(media, "sequence")
        stack = self._stack(sequence)
        stack.name = name
        return stack

    def _asset(self, asset: Element) -> otio.schema.ExternalReference:
        source = asset.find("media-rep")
        address = (asset if source is None else source).get("src", "")
        frame = self._format_frame(asset.get("format"))
        rate = Rate.of(1 / frame) if frame else _sample_rate(asset)
        length = _seconds(asset.get("duration"))
        available = otio.opentime.TimeRange(
            _at(_seconds(asset.get("start")), rate), _at(length, rate)
        )
        reference = otio.schema.ExternalReference(address, available if length else None)
        reference.name = asset.get("name", "")
        fill_pocket(reference, _noted(asset, MD_KEY))
        return reference

    def _timed(
        self, made: otio.schema.Clip | otio.schema.Stack, element: Element, rate: Rate
    ) -> None:
        """What of the media plays, at which speed."""
        start = _seconds(element.get("start")) - self._origin(element)
        length = _seconds(element.get("duration"))
        factor, begins = _retimed(element, start, length)
        record = attached(made, Clip)
        if record and element.tag in UNTIMED and isinstance(record.speed, ConstantSpeed):
            factor = record.speed.factor
        if factor == 0:
            made.effects.append(otio.schema.FreezeFrame("freeze"))
        elif factor != 1:
            made.effects.append(otio.schema.LinearTimeWarp("speed", float(factor)))
        if len(element.findall("timeMap/timept")) > 2:
            self._losses.add("Speed ramps are read as their first speed", made.name)
        made.source_range = otio.opentime.TimeRange(
            _at(begins, self._own_rate(element, rate)), _at(length, rate)
        )

    def _origin(self, element: Element) -> Fraction:
        """Where the time of a nested sequence, or of the media in a clip, begins."""
        resource = self._resources.get(self._ref(element))
        if resource is not None and resource.tag == "media":
            return _seconds(_child(resource, "sequence").get("tcStart"))
        if element.tag == "clip":
            inner = next((each for each in element.iter() if each.get("ref")), None)
            if inner is not None:
                return _seconds(inner.get("offset")) - _seconds(inner.get("start"))
        return Fraction(0)

    def _own_rate(self, element: Element, rate: Rate) -> Rate:
        resource = self._resources.get(self._ref(element))
        if resource is None:
            return rate
        if resource.tag == "media":
            return self._rate(_child(resource, "sequence"))
        frame = self._format_frame(resource.get("format"))
        return Rate.of(1 / frame) if frame else rate

    def _marked(self, made: otio.core.Item, element: Element, rate: Rate) -> None:
        start = _seconds(element.get("start"))
        used = made.trimmed_range().start_time
        for each in element:
            if each.tag not in ("marker", "chapter-marker"):
                continue
            at = used + _at(_seconds(each.get("start")) - start, rate)
            length = _at(_seconds(each.get("duration")), rate)
            frames = length if length.value > 1 else otio.opentime.RationalTime(0, length.rate)
            span = otio.opentime.TimeRange(at, frames)
            note = each.get("note", "")
            made.markers.append(otio.schema.Marker(each.get("value", ""), span, comment=note))

    def sounds(self, element: Element) -> bool:
        """Whether a clip brings sound that is to become a clip of its own."""
        resource = self._resources.get(element.get("ref", ""))
        whole = element.tag == "asset-clip" and element.get("srcEnable", "all") == "all"
        return whole and resource is not None and resource.get("hasAudio") == "1"

    def shows(self, element: Element) -> bool:
        """Whether a clip has a picture."""
        resource = self._resources.get(self._ref(element))
        if element.tag == "audio" or element.get("srcEnable") == "audio":
            return False
        if element.get("srcEnable") == "video":
            return True
        only_sound = resource is not None and resource.tag == "asset"
        return not (only_sound and resource is not None and resource.get("hasVideo") != "1")

    def pass_over(self, element: Element) -> None:
        """Note an element that is not read."""
        self._losses.add(f"Elements called {element.tag} are not read", element.get("name", ""))


class _Gathering:
    """Walks a spine and what hangs on it, and puts things on their lanes' rows."""

    def __init__(self, reader: _Reader, rate: Rate, rows: dict[int, _Row]) -> None:
        self._reader, self._rate, self._rows = reader, rate, rows

    def spine(self, spine: Element, lane: int, at: Fraction) -> None:
        """A storyline; `at` is what is added to the offsets in it."""
        for element in spine:
            self._one(element, lane, at)

    def _one(self, element: Element, lane: int, at: Fraction) -> None:
        begins = at + _seconds(element.get("offset"))
        if element.tag == "audition" and len(element):
            self._one(element[0], lane, at)
        elif element.tag == "transition":
            self._put(lane, begins, self._transition(element))
        elif element.tag in _CLIPS or element.tag == "gap":
            self._clip(element, lane, begins)
            self._hung(element, begins)
        elif element.tag not in ("metadata", "note"):
            self._reader.pass_over(element)

    def _clip(self, element: Element, lane: int, begins: Fraction) -> None:
        if element.tag == "gap" and not _noted(element, MD_KEY):
            return
        shows = element.tag == "gap" or self._reader.shows(element)
        is_sound = lane < 0 or not shows
        on = lane if lane < 0 or shows else -100 - lane
        self._put(on, begins, self._reader.item(element, self._rate, sound=is_sound))
        if shows and lane >= 0 and self._reader.sounds(element):
            own = self._reader.item(element, self._rate, sound=True)
            self._put(-100 - lane, begins, own)

    def _hung(self, parent: Element, begins: Fraction) -> None:
        """What is connected to an element, whose own time begins at its `start`."""
        origin = begins - _seconds(parent.get("start"))
        for child in parent:
            lane = int(child.get("lane", "0"))
            if child.tag == "spine":
                self.spine(child, lane, origin + _seconds(child.get("offset")))
            elif lane and child.tag in _CLIPS:
                self._one(child, lane, origin)
            elif lane:
                self._reader.pass_over(child)

    def _transition(self, element: Element) -> otio.schema.Transition:
        kinds = otio.schema.TransitionTypes
        name = element.get("name", "")
        known = name in ("Cross Dissolve", "")
        length = _at(_seconds(element.get("duration")), self._rate)
        zero = _at(Fraction(0), self._rate)
        kind = kinds.SMPTE_Dissolve if known else kinds.Custom
        made = otio.schema.Transition(name, kind, length, zero)
        fill_pocket(made, _noted(element, MD_KEY))
        return made

    def _put(self, lane: int, begins: Fraction, thing: otio.core.Composable) -> None:
        self.row(lane).things.append((begins, thing))

    def row(self, lane: int) -> _Row:
        """The row of a lane, made when it is first asked for."""
        kind = otio.schema.TrackKind.Video if lane >= 0 else otio.schema.TrackKind.Audio
        return self._rows.setdefault(lane, _Row(kind))


def _track(row: _Row, rate: Rate) -> otio.schema.Track:
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
            track.append(otio.schema.Gap(duration=_at(at - end, rate)))
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
            each.in_offset = _at(cut - at, rate)
            each.out_offset = _at(length - (cut - at), rate)
            track.append(each)
            waiting.remove((at, each))
            return


def _dress(track: otio.schema.Track, note: str, number: int) -> int:
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


def _retimed(element: Element, start: Fraction, length: Fraction) -> tuple[Fraction, Fraction]:
    """The speed, and where the stretch of media that plays begins."""
    points = [
        (_seconds(each.get("time")), _seconds(each.get("value")))
        for each in element.findall("timeMap/timept")[:2]
    ]
    if len(points) < 2 or points[0][0] == points[1][0]:
        return Fraction(1), start
    (t1, v1), (t2, v2) = points
    factor = (v2 - v1) / (t2 - t1)
    begins = v1 + (start - t1) * factor
    return factor, min(begins, begins + length * factor)


def _sample_rate(asset: Element) -> Rate:
    text = asset.get("audioRate", "48000").lower().replace("k", "000")
    return Rate(int(text)) if text.isdecimal() else Rate(48_000)


def _exact(time: otio.opentime.RationalTime) -> Fraction:
    return exact_rate(time.rate).fraction


def _at(seconds: Fraction, rate: Rate) -> otio.opentime.RationalTime:
    """Seconds in whole frames of a rate."""
    return to_otio(Time.of_seconds(seconds), rate)


def _lanes_noted(sequence: Element) -> Iterator[int]:
    """The lanes that a sequence of ours had, empty ones too."""
    for note in sequence.findall("metadata/md"):
        head, _, lane = note.get("key", "").rpartition(".")
        if head == MD_TRACK:
            yield int(lane)


def _child(element: Element, tag: str) -> Element:
    found = element.find(tag)
    if found is None:
        raise ValueError(f"a {element.tag} has no {tag}")
    return found


def _all_noted(element: Element, key: str) -> list[str]:
    """The values of one key in an element's own metadata."""
    return [
        each.get("value", "") for each in element.findall("metadata/md") if each.get("key") == key
    ]


def _noted(element: Element, key: str) -> str:
    return next(iter(_all_noted(element, key)), "")
