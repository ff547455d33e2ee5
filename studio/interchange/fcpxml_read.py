"""Final Cut Pro XML read: spines and what is connected to them become tracks.

The primary storyline is the lowest picture track, each lane another one; a clip of the storyline
that brings its sound along gets it as a clip on a sound track. Times stay rational seconds until
they are counted in frames of the sequence.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import opentimelineio as otio

from studio.document.model.clip import Clip, ConstantSpeed
from studio.document.time import Rate
from studio.interchange.bins import filed_in_events, note_filed
from studio.interchange.errors import InterchangeError
from studio.interchange.fcpxml_elements import (
    Row,
    all_noted,
    child_of,
    dress,
    in_frames,
    lanes_noted,
    noted,
    retimed,
    sample_rate,
    seconds_of,
    track_of,
)
from studio.interchange.fcpxml_write import MD_KEY, MD_MARKER, MD_TRACK, UNTIMED
from studio.interchange.losses import Losses
from studio.interchange.payload import COUNTING, KEY, attached, fill_pocket

_CLIPS = {"asset-clip", "clip", "video", "audio", "title", "ref-clip", "sync-clip", "mc-clip"}


def read_fcpxml(text: str, losses: Losses) -> list[otio.schema.Timeline]:
    """The projects of an FCPXML file as timelines.

    Raises: InterchangeError when there is none; ParseError, ValueError and KeyError for others.
    """
    root = ElementTree.fromstring(text)
    if root.tag != "fcpxml":
        raise InterchangeError("That XML is not FCPXML. Files of Final Cut Pro 7 end in .xml.")
    reader, filed = _Reader(root, losses), filed_in_events(root)
    found = [reader.timeline(project) for project in root.iter("project")]
    for timeline in found:
        note_filed(timeline, filed)
    return found


class _Reader:
    """What the resources say, and sequences made with it."""

    def __init__(self, root: Element, losses: Losses) -> None:
        self._losses = losses
        self._resources = {each.get("id", ""): each for each in root.findall("resources/*")}

    def timeline(self, project: Element) -> otio.schema.Timeline:
        """A project as a timeline."""
        sequence = child_of(project, "sequence")
        made = otio.schema.Timeline(project.get("name", ""))
        if not fill_pocket(made, noted(sequence, MD_KEY)):
            made.metadata[KEY] = {COUNTING: sequence.get("tcFormat", "")}
        rate = self._rate(sequence)
        made.global_start_time = in_frames(seconds_of(sequence.get("tcStart")), rate)
        made.tracks = self._stack(sequence)
        for text in all_noted(sequence, MD_MARKER):
            marker = otio.core.deserialize_json_from_string(text)
            if isinstance(marker, otio.schema.Marker):
                made.tracks.markers.append(marker)
        return made

    def _stack(self, sequence: Element) -> otio.schema.Stack:
        """A sequence's tracks."""
        rate = self._rate(sequence)
        rows: dict[int, Row] = {}
        origin = seconds_of(sequence.get("tcStart"))
        gathered = _Gathering(self, rate, rows)
        gathered.spine(child_of(sequence, "spine"), 0, -origin)
        for lane in lanes_noted(sequence):
            gathered.row(lane)
        stack = otio.schema.Stack("tracks")
        sounds = sorted((lane for lane in rows if lane < 0), reverse=True)
        lanes = [*sorted(lane for lane in rows if lane >= 0), *sounds]
        placed: list[tuple[int, otio.schema.Track]] = []
        for number, lane in enumerate(lanes):
            track = track_of(rows[lane], rate)
            place = dress(track, noted(sequence, f"{MD_TRACK}.{lane}"), number)
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
        return seconds_of(found.get("frameDuration")) if found is not None else Fraction(0)

    def item(self, element: Element, rate: Rate, *, sound: bool) -> otio.core.Item:
        """A clip of a spine; `rate` is the sequence's. A gap that holds a record is a clip."""
        made = self._made(element, sound=sound)
        fill_pocket(made, noted(element, MD_KEY))
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
        if not noted(element, MD_KEY):
            self._losses.add("Titles are read as black; type them anew", element.get("name", ""))

    def _ref(self, element: Element) -> str:
        """What an element plays: its own reference, or that of the first media inside it."""
        if element.tag == "clip":
            inner = next((each for each in element.iter() if each.get("ref")), None)
            return inner.get("ref", "") if inner is not None else ""
        return element.get("ref", "")

    def _nested(self, media: Element, name: str) -> otio.schema.Stack:
        sequence = child_of(media, "sequence")
        stack = self._stack(sequence)
        stack.name = name
        return stack

    def _asset(self, asset: Element) -> otio.schema.ExternalReference:
        source = asset.find("media-rep")
        address = (asset if source is None else source).get("src", "")
        frame = self._format_frame(asset.get("format"))
        rate = Rate.of(1 / frame) if frame else sample_rate(asset)
        length = seconds_of(asset.get("duration"))
        available = otio.opentime.TimeRange(
            in_frames(seconds_of(asset.get("start")), rate), in_frames(length, rate)
        )
        reference = otio.schema.ExternalReference(address, available if length else None)
        reference.name = asset.get("name", "")
        fill_pocket(reference, noted(asset, MD_KEY))
        return reference

    def _timed(
        self, made: otio.schema.Clip | otio.schema.Stack, element: Element, rate: Rate
    ) -> None:
        """What of the media plays, at which speed."""
        start = seconds_of(element.get("start")) - self._origin(element)
        length = seconds_of(element.get("duration"))
        factor, begins = retimed(element, start, length)
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
            in_frames(begins, self._usual_rate(element, rate)), in_frames(length, rate)
        )

    def _origin(self, element: Element) -> Fraction:
        """Where the time of a nested sequence, or of the media in a clip, begins."""
        resource = self._resources.get(self._ref(element))
        if resource is not None and resource.tag == "media":
            return seconds_of(child_of(resource, "sequence").get("tcStart"))
        if element.tag == "clip":
            inner = next((each for each in element.iter() if each.get("ref")), None)
            if inner is not None:
                return seconds_of(inner.get("offset")) - seconds_of(inner.get("start"))
        return Fraction(0)

    def _usual_rate(self, element: Element, rate: Rate) -> Rate:
        resource = self._resources.get(self._ref(element))
        if resource is None:
            return rate
        if resource.tag == "media":
            return self._rate(child_of(resource, "sequence"))
        frame = self._format_frame(resource.get("format"))
        return Rate.of(1 / frame) if frame else rate

    def _marked(self, made: otio.core.Item, element: Element, rate: Rate) -> None:
        start = seconds_of(element.get("start"))
        used = made.trimmed_range().start_time
        for each in element:
            if each.tag not in ("marker", "chapter-marker"):
                continue
            at = used + in_frames(seconds_of(each.get("start")) - start, rate)
            length = in_frames(seconds_of(each.get("duration")), rate)
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

    def __init__(self, reader: _Reader, rate: Rate, rows: dict[int, Row]) -> None:
        self._reader, self._rate, self._rows = reader, rate, rows

    def spine(self, spine: Element, lane: int, at: Fraction) -> None:
        """A storyline; `at` is what is added to the offsets in it."""
        for element in spine:
            self._one(element, lane, at)

    def _one(self, element: Element, lane: int, at: Fraction) -> None:
        begins = at + seconds_of(element.get("offset"))
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
        if element.tag == "gap" and not noted(element, MD_KEY):
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
        origin = begins - seconds_of(parent.get("start"))
        for child in parent:
            lane = int(child.get("lane", "0"))
            if child.tag == "spine":
                self.spine(child, lane, origin + seconds_of(child.get("offset")))
            elif lane and child.tag in _CLIPS:
                self._one(child, lane, origin)
            elif lane:
                self._reader.pass_over(child)

    def _transition(self, element: Element) -> otio.schema.Transition:
        kinds = otio.schema.TransitionTypes
        name = element.get("name", "")
        known = name in ("Cross Dissolve", "")
        length = in_frames(seconds_of(element.get("duration")), self._rate)
        zero = in_frames(Fraction(0), self._rate)
        kind = kinds.SMPTE_Dissolve if known else kinds.Custom
        made = otio.schema.Transition(name, kind, length, zero)
        fill_pocket(made, noted(element, MD_KEY))
        return made

    def _put(self, lane: int, begins: Fraction, thing: otio.core.Composable) -> None:
        self.row(lane).things.append((begins, thing))

    def row(self, lane: int) -> Row:
        """The row of a lane, made when it is first asked for."""
        kind = otio.schema.TrackKind.Video if lane >= 0 else otio.schema.TrackKind.Audio
        return self._rows.setdefault(lane, Row(kind))
