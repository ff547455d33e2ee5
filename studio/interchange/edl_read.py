"""CMX3600 lists read: every event becomes a clip at its record timecode, gaps fill the rest.

Understood: cuts, dissolves and wipes (as dissolves, but for ours), M2 speeds and freezes, clip and
file names, LOC markers, FCM. Picture events make one track, each sound channel another. A list does
not tell its frame rate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import opentimelineio as otio

from studio.document.model.clip import Clip
from studio.document.model.generated import GeneratedMedia
from studio.document.time import Rate
from studio.document.timecode import can_drop_frames, parse_timecode
from studio.interchange.errors import InterchangeError
from studio.interchange.losses import Losses
from studio.interchange.payload import COUNTING, KEY, attached, fill_pocket, pocket
from studio.interchange.times import frames_to_otio

_TC = r"(\d{1,2}[:;.]\d{2}[:;.]\d{2}[:;.,]\d{2,3})"
_EVENT = re.compile(
    rf"\s*(\d+)\s+(\S+)\s+(\S+)\s+([A-Z]+\d*)\s+(?:(\d+)\s+)?{_TC}\s+{_TC}\s+{_TC}\s+{_TC}\s*"
)
_SPEED = re.compile(rf"\s*M2\s+(\S+)\s+(-?[\d.]+)\s+{_TC}\s*")
_COMMENT = re.compile(r"\s*\*\s*(?:(FROM|TO)\s+)?([A-Z ]+?)\s*:\s?(.*)")
_LOC = re.compile(rf"{_TC}\s+(\S+)\s*(.*)")


@dataclass(slots=True)
class _Event:
    """One line of the list, times in frames, and what is said below it."""

    reel: str
    channel: str
    edit: str
    length: int
    source: tuple[int, int]
    record: tuple[int, int]
    name: str = ""
    file: str = ""
    speed: float | None = None
    markers: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])
    pockets: list[str] = field(default_factory=list[str])

    @property
    def is_black(self) -> bool:
        return self.reel.upper() in ("BL", "BLACK")


def read_edl(text: str, rate: Rate, losses: Losses) -> otio.schema.Timeline:
    """The list as a timeline at a frame rate.

    Raises: InterchangeError when no line is an event; ValueError for timecode that no frame has.
    """
    parser = _Parser(rate, losses)
    for line in text.splitlines():
        parser.take(line)
    if not parser.events:
        raise InterchangeError("No line of the list is an event. Export it as CMX3600 once more.")
    return _timeline(parser, rate)


class _Parser:
    """Reads line by line; what is said below events belongs to the last one or two."""

    def __init__(self, rate: Rate, losses: Losses) -> None:
        self.title = ""
        self.events: list[_Event] = []
        self.drop = False
        self._rate, self._losses = rate, losses
        self._drop: bool | None = None
        self._pair: list[_Event] = []
        self._number = ""

    def take(self, line: str) -> None:
        if not line.strip():
            return
        if event := _EVENT.fullmatch(line):
            self._event(event)
        elif line.startswith("TITLE:"):
            self.title = line.partition(":")[2].strip()
        elif line.startswith("FCM:"):
            self._drop = "NON" not in line.upper()
            if not self.events:
                self.drop = self._drop and can_drop_frames(self._rate)
        elif speed := _SPEED.fullmatch(line):
            self._speed(speed)
        elif self._pair and (comment := _COMMENT.fullmatch(line)):
            self._comment(comment)
        elif self._pair and line.lstrip().startswith("*"):
            self._pocket(line.lstrip(" *"))
        else:
            self._losses.add(
                "Lines of the list that are not understood are passed over", line.strip()
            )

    def _event(self, match: re.Match[str]) -> None:
        number, reel, channel, edit, length, *times = match.groups()
        if self._drop is None and can_drop_frames(self._rate):
            self.drop = self.drop or ";" in times[2]
        source_in, source_out, record_in, record_out = map(self._frames, times)
        event = _Event(
            reel,
            channel,
            edit,
            int(length or 0),
            (source_in, source_out),
            (record_in, record_out),
        )
        joins = number == self._number and len(self._pair) == 1 and edit != "C"
        self._pair = [*self._pair, event] if joins else [event]
        self._number = number
        self.events.append(event)

    def _frames(self, text: str) -> int:
        drop = self._drop if can_drop_frames(self._rate) else None
        return parse_timecode(text.replace(".", ":"), self._rate, drop_frame=drop)

    def _speed(self, match: re.Match[str]) -> None:
        reel, frames, _ = match.groups()
        wanted = [each for each in self._pair if each.reel == reel] or self._pair
        if wanted:
            wanted[-1].speed = float(frames) / float(self._rate.fraction)

    def _comment(self, match: re.Match[str]) -> None:
        side, what, text = match.groups()
        event = self._pair[0] if side == "FROM" else self._pair[-1]
        match what.strip():
            case "CLIP NAME":
                event.name = text.strip()
            case "FILE" | "CLIP" | "SOURCE FILE" | "MEDIA FILE":
                event.file = text.strip()
            case "LOC":
                self._marker(text)
            case _:
                self._losses.add("Comments of the list are not kept", what.strip().capitalize())

    def _marker(self, text: str) -> None:
        if found := _LOC.fullmatch(text.strip()):
            at, colour, name = found.groups()
            self._pair[-1].markers.append((self._frames(at), colour, name))

    def _pocket(self, text: str) -> None:
        if text.startswith("workprint:"):
            self._pair[-1].pockets.append(text)


def _timeline(parser: _Parser, rate: Rate) -> otio.schema.Timeline:
    made = otio.schema.Timeline(parser.title)
    start = min(event.record[0] for event in parser.events)
    hour = parse_timecode("01:00:00:00", rate, drop_frame=parser.drop)
    zero = start - start % hour if start >= hour else 0
    made.global_start_time = frames_to_otio(zero, rate)
    made.metadata[KEY] = {COUNTING: "DF" if parser.drop else "NDF"}
    channels: dict[str, list[_Event]] = {}
    for event in parser.events:
        for channel in _channels(event.channel):
            channels.setdefault(channel, []).append(event)
    for channel in sorted(channels, key=lambda name: (name != "V", name)):
        made.tracks.append(_track(channel, channels[channel], zero, rate))
    return made


def _channels(text: str) -> list[str]:
    """The tracks that a channel code means: V, A, A2, AA, B (both), AA/V."""
    codes = {"B": ["V", "A"], "AA": ["A", "A2"], "NONE": []}
    return [track for part in text.upper().split("/") for track in codes.get(part, [part])]


def _track(name: str, events: list[_Event], zero: int, rate: Rate) -> otio.schema.Track:
    kind = otio.schema.TrackKind.Video if name.startswith("V") else otio.schema.TrackKind.Audio
    row = otio.schema.Track(name, kind=kind)
    at = zero
    for event in sorted(events, key=lambda each: (each.record[0], each.record[1])):
        start, end = event.record
        if end <= start or (event.is_black and event.edit == "C"):
            continue
        if start < at:
            raise InterchangeError(
                f"Events of the list overlap at record frame {start - zero}. Is the frame rate"
                " right? Give it with --rate."
            )
        if start > at:
            row.append(otio.schema.Gap(duration=frames_to_otio(start - at, rate)))
        if event.edit != "C" and event.length:
            row.append(_transition(event, rate))
        row.append(
            otio.schema.Gap(duration=frames_to_otio(end - start, rate))
            if event.is_black
            else _clip(event, rate)
        )
        at = end
    return row


def _transition(event: _Event, rate: Rate) -> otio.schema.Transition:
    """A list's transition begins at the cut."""
    kinds = otio.schema.TransitionTypes
    kind = kinds.SMPTE_Dissolve if event.edit.startswith("D") else kinds.Custom
    nothing = frames_to_otio(0, rate)
    return otio.schema.Transition(event.edit, kind, nothing, frames_to_otio(event.length, rate))


def _clip(event: _Event, rate: Rate) -> otio.schema.Clip:
    start, end = event.record
    clip = otio.schema.Clip(event.name or event.reel)
    reference = otio.schema.ExternalReference(event.file or f"{event.reel}")
    reference.name = event.name if event.file else event.reel
    clip.media_reference = reference
    clip.source_range = otio.opentime.TimeRange(
        frames_to_otio(event.source[0], rate), frames_to_otio(end - start, rate)
    )
    speed = event.speed
    if speed is not None:
        clip.effects.append(
            otio.schema.LinearTimeWarp("speed", speed)
            if speed
            else otio.schema.FreezeFrame("freeze")
        )
    for at, colour, name in event.markers:
        span = otio.opentime.TimeRange(
            frames_to_otio(event.source[0] + at - start, rate), frames_to_otio(0, rate)
        )
        clip.markers.append(otio.schema.Marker(name, span, colour))
    _give_back(clip, event.pockets)
    return clip


def _give_back(clip: otio.schema.Clip, pockets: list[str]) -> None:
    """The recipe and takes of a clip that was ours, from its comments."""
    if not pockets or not fill_pocket(clip, pockets[0]):
        return
    takes: dict[str, otio.core.MediaReference] = {}
    for text in pockets[1:]:
        reference = otio.schema.ExternalReference("")
        if fill_pocket(reference, text):
            held = pocket(reference)
            reference.target_url = held.get("url", "")
            takes[held.get("take", "")] = reference
    record = attached(clip, Clip)
    if (
        record is not None
        and isinstance(record.media, GeneratedMedia)
        and record.media.chosen in takes
    ):
        clip.set_media_references(takes, record.media.chosen)
