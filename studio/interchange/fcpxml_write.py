"""Final Cut Pro XML written: rational seconds, connected storylines, records as metadata.

    project > sequence > spine        the lowest picture track
                           └ first element > spine lane=n     every other track, whole
    resources                         formats, assets, nested sequences, the dissolve, the title

Not through OpenTimelineIO's adapter, which counts in whole frame rates (23.976 becomes 23), writes
no transition and no speed, and starts ffprobe for every file (docs/decisions).
"""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import opentimelineio as otio

from studio.document.model.asset import Asset, AssetKind
from studio.document.model.clip import Clip, ConstantSpeed, TitleMedia
from studio.document.model.marker import Marker
from studio.document.model.sequence import Sequence
from studio.document.time import Rate
from studio.interchange.bins import add_events
from studio.interchange.payload import attached, pocket_text
from studio.interchange.times import from_otio

UNTIMED = ("gap", "title")
"""Elements that have no speed in this format."""

MD_KEY = "com.workprint.record"
MD_TRACK = "com.workprint.track"
MD_MARKER = "com.workprint.marker"
"""MD_TRACK is followed by a track's lane, or by its place for one that has no lane."""

_DISSOLVE_UID = "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265"
_TITLE_UID = ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti"


def fcpxml_text(timeline: otio.schema.Timeline, sequence: Sequence) -> str:
    """A timeline, and the sequence it was made of, as FCPXML 1.10."""
    root = Element("fcpxml", version="1.10")
    writer = _Writer(SubElement(root, "resources"))
    library = SubElement(root, "library")
    event = SubElement(library, "event", name=timeline.name or "Workprint")
    project = SubElement(event, "project", name=timeline.name or "Cut")
    made = writer.sequence(timeline.tracks, sequence)
    project.append(made)
    _note(_metadata(made), MD_KEY, pocket_text(timeline))
    for marker in timeline.tracks.markers:
        _note(_metadata(made), MD_MARKER, marker.to_json_string(indent=-1))
    add_events(library, timeline, writer.assets)
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n{body}\n'


def seconds_text(seconds: Fraction) -> str:
    """Seconds as FCPXML has them: "0s", "5s", "1001/24000s"."""
    if seconds.denominator == 1:
        return f"{seconds.numerator}s"
    return f"{seconds.numerator}/{seconds.denominator}s"


def _seconds(time: otio.opentime.RationalTime) -> Fraction:
    return from_otio(time).seconds


class _Writer:
    """Writes sequences, and the resources they name as they come up."""

    def __init__(self, resources: Element) -> None:
        self._resources = resources
        self._known: dict[str, str] = {}
        self._styles = 0

    @property
    def assets(self) -> dict[str, str]:
        """The resources that are files, by their addresses."""
        named = self._known.items()
        return {key[6:]: name for key, name in named if key.startswith("asset ")}

    def sequence(self, stack: otio.schema.Stack, sequence: Sequence) -> Element:
        """A sequence element with its spine."""
        made = Element(
            "sequence",
            format=self._format(sequence.rate, sequence.width, sequence.height),
            tcStart=_frames(sequence.start_timecode, sequence.rate),
            tcFormat="DF" if sequence.drop_frame else "NDF",
            duration=seconds_text(_seconds(stack.duration()) if len(stack) else Fraction(0)),
        )
        spine = SubElement(made, "spine")
        rows = [row for row in stack if isinstance(row, otio.schema.Track)]
        pictures = [row for row in rows if row.kind == otio.schema.TrackKind.Video]
        sounds = [row for row in rows if row.kind == otio.schema.TrackKind.Audio]
        lanes = {id(row): lane for lane, row in enumerate(pictures)}
        lanes |= {id(row): -lane for lane, row in enumerate(sounds, 1)}
        metadata = Element("metadata")
        start = Fraction(sequence.start_timecode) / sequence.rate.fraction
        if pictures:
            self._fill(spine, pictures[0], start)
        first = self._first(spine, seconds_text(start), made.get("duration", "0s"))
        for place, row in enumerate(rows):
            lane = lanes.get(id(row))
            if lane is None:
                text = row.to_json_string(indent=-1)
                _note(metadata, f"{MD_TRACK}.hidden.{place}", text)
                continue
            on = "" if row.enabled else " off"
            _note(metadata, f"{MD_TRACK}.{lane}", f"{place}{on} {pocket_text(row)}")
            if lane:
                offset = first.get("start", "0s")
                inner = SubElement(first, "spine", lane=str(lane), offset=offset)
                self._fill(inner, row, Fraction(0))
        _ordered(first)
        if len(metadata):
            made.append(metadata)
        return made

    def _first(self, spine: Element, start: str, duration: str) -> Element:
        """What other tracks hang on: the first thing of the spine that is no transition."""
        for element in spine:
            if element.tag != "transition":
                return element
        return SubElement(spine, "gap", name="Gap", offset=start, start="0s", duration=duration)

    def _fill(self, spine: Element, row: otio.schema.Track, at: Fraction) -> None:
        sound = row.kind == otio.schema.TrackKind.Audio
        for item in row:
            if isinstance(item, otio.schema.Transition):
                spine.append(self._transition(item, at, sound=sound))
            elif isinstance(item, otio.core.Item):
                length = _seconds(item.duration())
                element = self._item(item, sound=sound)
                element.set("offset", seconds_text(at))
                element.set("duration", seconds_text(length))
                if not row.enabled or not item.enabled:
                    element.set("enabled", "0")
                spine.append(element)
                at += length

    def _transition(self, item: otio.schema.Transition, at: Fraction, *, sound: bool) -> Element:
        before, after = _seconds(item.in_offset), _seconds(item.out_offset)
        made = Element(
            "transition",
            name="Cross Dissolve",
            offset=seconds_text(at - before),
            duration=seconds_text(before + after),
        )
        if not sound:
            effect = self._resource("effect", "Cross Dissolve", uid=_DISSOLVE_UID)
            SubElement(made, "filter-video", ref=effect, name="Cross Dissolve")
        _note(_metadata(made), MD_KEY, pocket_text(item))
        return made

    def _item(self, item: otio.core.Item, *, sound: bool) -> Element:
        match item:
            case otio.schema.Stack():
                made = self._nested(item, sound=sound)
            case otio.schema.Clip():
                made = self._clip(item, sound=sound)
            case _:
                return Element("gap", name="Gap", start="0s")
        _note(_metadata(made), MD_KEY, pocket_text(item))
        return made

    def _nested(self, item: otio.schema.Stack, *, sound: bool) -> Element:
        inner = attached(item, Sequence)
        if inner is None:
            return Element("gap", name=item.name or "Gap", start="0s")
        key = f"media {inner.id}"
        if key not in self._known:
            self._known[key] = f"r{len(self._known) + 1}"
            body = self.sequence(item, inner)
            media = SubElement(self._resources, "media", id=self._known[key], name=inner.name)
            media.append(body)
        made = Element("ref-clip", name=item.name, ref=self._known[key])
        origin = Fraction(inner.start_timecode) / inner.rate.fraction
        self._time(made, item, origin)
        made.set("srcEnable", "audio" if sound else "video")
        self._markers(made, item)
        return made

    def _clip(self, item: otio.schema.Clip, *, sound: bool) -> Element:
        reference = item.media_reference
        if isinstance(reference, otio.schema.ExternalReference):
            return self._file(item, reference, sound=sound)
        record = attached(item, Clip)
        media = record.media if record else None
        if isinstance(media, TitleMedia) and not sound:
            made = self._title(item, media)
        else:
            made = Element("gap", name=item.name or "Gap")
        self._time(made, item, Fraction(0))
        self._markers(made, item)
        return made

    def _file(
        self, item: otio.schema.Clip, reference: otio.schema.ExternalReference, *, sound: bool
    ) -> Element:
        asset = attached(reference, Asset)
        still = asset is not None and asset.kind is AssetKind.STILL
        made = Element("video" if still else "asset-clip", name=item.name)
        made.set("ref", self._asset(reference, asset))
        if not still:
            made.set("srcEnable", "audio" if sound else "video")
        self._time(made, item, Fraction(0))
        self._markers(made, item)
        return made

    def _time(self, made: Element, item: otio.core.Item, origin: Fraction) -> None:
        """Where in the media an item begins; another speed as a map from its time to that."""
        used = item.source_range
        begins = _seconds(used.start_time) + origin
        record = attached(item, Clip)
        speed = record.speed if record else None
        factor = speed.factor if isinstance(speed, ConstantSpeed) else Fraction(1)
        if factor == 1 or made.tag in UNTIMED:
            made.set("start", seconds_text(begins))
            return
        length = _seconds(used.duration)
        late = begins + (length * -factor if factor < 0 else 0)
        made.set("start", "0s")
        mapped = SubElement(made, "timeMap")
        for time in (Fraction(0), length):
            value = seconds_text(late + factor * time)
            SubElement(mapped, "timept", time=seconds_text(time), value=value, interp="linear")

    def _markers(self, made: Element, item: otio.core.Item) -> None:
        record = attached(item, Clip)
        if record is None or not len(item.markers):
            return
        rate = exact_duration_rate(item)
        begins = Fraction(made.get("start", "0s").rstrip("s"))
        for each in record.markers:
            at = begins + Fraction(each.at) / rate.fraction
            _marker(made, each, at, rate)

    def _title(self, item: otio.schema.Clip, media: TitleMedia) -> Element:
        effect = self._resource("effect", "Basic Title", uid=_TITLE_UID)
        made = Element("title", name=item.name or "Title", ref=effect)
        text = SubElement(made, "text")
        for block in media.title.blocks:
            self._styles += 1
            name = f"ts{self._styles}"
            style = SubElement(text, "text-style", ref=name)
            style.text = block.text
            look = SubElement(made, "text-style-def", id=name)
            SubElement(look, "text-style", font=block.style.font or "Helvetica")
        return made

    def _asset(self, reference: otio.schema.ExternalReference, asset: Asset | None) -> str:
        key = f"asset {reference.target_url}"
        if key in self._known:
            return self._known[key]
        facts = asset.video[0] if asset and asset.video else None
        size = self._format(facts.rate, facts.width, facts.height) if facts else None
        self._known[key] = f"r{len(self._known) + 1}"
        available = reference.available_range
        start = _seconds(available.start_time) if available else Fraction(0)
        length = _seconds(available.duration) if available else Fraction(0)
        made = SubElement(
            self._resources,
            "asset",
            id=self._known[key],
            name=reference.name or "Media",
            start=seconds_text(start),
            duration=seconds_text(length),
        )
        if size:
            made.set("format", size)
        if asset is None or asset.kind is not AssetKind.AUDIO:
            made.set("hasVideo", "1")
        if asset and asset.audio:
            sound = asset.audio[0]
            made.set("hasAudio", "1")
            made.set("audioSources", str(len(asset.audio)))
            made.set("audioChannels", str(sound.channels))
            made.set("audioRate", str(sound.sample_rate_hz))
        SubElement(made, "media-rep", kind="original-media", src=reference.target_url)
        _note(_metadata(made), MD_KEY, pocket_text(reference))
        return self._known[key]

    def _format(self, rate: Rate, width: int, height: int) -> str:
        frame = seconds_text(1 / rate.fraction)
        return self._resource(
            "format",
            f"{width}x{height} {rate}",
            frameDuration=frame,
            width=str(width),
            height=str(height),
        )

    def _resource(self, tag: str, name: str, **attributes: str) -> str:
        key = f"{tag} {name}"
        if key not in self._known:
            self._known[key] = f"r{len(self._known) + 1}"
            SubElement(self._resources, tag, {"id": self._known[key], "name": name, **attributes})
        return self._known[key]


def exact_duration_rate(item: otio.core.Item) -> Rate:
    """The rate of the sequence that an item lies on: that of its length."""
    return from_otio(item.duration()).rate


def _frames(frames: int, rate: Rate) -> str:
    return seconds_text(Fraction(frames) / rate.fraction)


def _metadata(element: Element) -> Element:
    found = element.find("metadata")
    return SubElement(element, "metadata") if found is None else found


def _note(metadata: Element, key: str, text: str) -> None:
    if text:
        SubElement(metadata, "md", key=key, value=text)


def _marker(parent: Element, marker: Marker, at: Fraction, rate: Rate) -> None:
    made = Element(
        "chapter-marker" if marker.chapter else "marker",
        start=seconds_text(at),
        duration=_frames(max(1, marker.duration), rate),
        value=marker.name,
        note=marker.note,
    )
    metadata = parent.find("metadata")
    parent.insert(len(parent) if metadata is None else list(parent).index(metadata), made)


def _ordered(element: Element) -> None:
    """Metadata last, as the format's grammar wants it."""
    metadata = element.find("metadata")
    if metadata is not None:
        element.remove(metadata)
        element.append(metadata)
