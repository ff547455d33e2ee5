"""CMX3600 lists written: one picture track, its cuts, dissolves, wipes and speeds.

    003  TAPE2    V     D    024 01:00:05:00 01:00:08:00 01:00:02:00 01:00:05:00
    * FROM CLIP NAME: A
    * TO CLIP NAME: B
    * TO FILE: /media/b.mov

In a list a transition begins at its event and the clip that leaves ends there. The adapter that
OpenTimelineIO knows is not used: it loses where the record begins and what the second clip of a
dissolve plays, and writes the wrong source for another speed (docs/decisions).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import opentimelineio as otio

from studio.document.model.clip import Clip, ConstantSpeed, Transition, TransitionKind
from studio.document.model.generated import GeneratedMedia
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import Sequence, Track
from studio.document.queries.media import asset_of
from studio.document.retime import source_range
from studio.document.time import Rounding, Time
from studio.document.timecode import can_drop_frames, timecode
from studio.interchange.errors import InterchangeError
from studio.interchange.narrowing import listed_track
from studio.interchange.payload import KEY, pocket, pocket_text
from studio.interchange.references import first_time, media_rate
from studio.interchange.to_timeline import to_clip

_REEL = 8
"""Letters that a reel's name may have."""


@dataclass(frozen=True, slots=True)
class _Event:
    """One clip of the list; `start` and `end` are frames of the track, transitions counted in."""

    clip: Clip
    start: int
    end: int
    head: int
    """Frames that the transition into it takes from before its cut."""
    into: Transition | None


def edl_text(project: Project, sequence: Sequence, folder: Path, track_id: Id | None) -> str:
    """A track (the lowest with pictures) as a list.

    Raises: InterchangeError when there is no such track.
    """
    track = listed_track(sequence, track_id)
    if track is None:
        raise InterchangeError(
            f"{sequence.name} has no picture track with clips to list. Add a clip, or export in"
            " another format."
        )
    events = list(_events(track))
    if not events:
        raise InterchangeError(
            f"Every clip of {track.name} is switched off; a list would be empty. Switch one on."
        )
    mode = "DROP FRAME" if _drops(sequence) else "NON-DROP FRAME"
    lines = [f"TITLE: {_line(sequence.name)}", f"FCM: {mode}", ""]
    before: _Event | None = None
    for number, event in enumerate(events, 1):
        lines += _Lines(project, sequence, folder).of(number, event, before)
        before = event
    return "\n".join(lines) + "\n"


def _events(track: Track) -> Iterator[_Event]:
    items = track.items
    for place, item in enumerate(items):
        if not isinstance(item, Clip) or not item.enabled:
            continue
        before = items[place - 1] if place else None
        after = items[place + 1] if place + 1 < len(items) else None
        into = before if isinstance(before, Transition) else None
        head = into.in_offset if into else 0
        tail = after.in_offset if isinstance(after, Transition) else 0
        start = track.index.starts[place]
        yield _Event(item, start - head, start + item.duration - tail, head, into)


class _Lines:
    """The lines of an event."""

    def __init__(self, project: Project, sequence: Sequence, folder: Path) -> None:
        self._project, self._sequence, self._folder = project, sequence, folder

    def of(self, number: int, event: _Event, before: _Event | None) -> list[str]:
        into = event.into
        if into is None:
            return [self._cut(number, event), *self._comments(event, "FROM")]
        left = before if before is not None and before.end == event.start else None
        kind = "W001" if into.kind is TransitionKind.WIPE else "D"
        length = into.in_offset + into.out_offset
        here = self._record(event.start)
        if left is None:
            nothing = self._timecode(0)
            first = self._line(number, "BL", "C", (nothing, nothing, here, here))
        else:
            end = self._source(left)[1]
            first = self._line(number, self._reel(left.clip), "C", (end, end, here, here))
        second = self._line(
            number, self._reel(event.clip), f"{kind:<4} {length:03}", self._span(event)
        )
        names = [f"* FROM CLIP NAME: {_line(left.clip.name)}"] if left else []
        return [first, second, *names, *self._comments(event, "TO")]

    def _cut(self, number: int, event: _Event) -> str:
        return self._line(number, self._reel(event.clip), "C", self._span(event))

    def _line(self, number: int, reel: str, edit: str, span: tuple[str, str, str, str]) -> str:
        return f"{number:03}  {reel:<8} V     {edit:<8} {' '.join(span)}"

    def _span(self, event: _Event) -> tuple[str, str, str, str]:
        return (*self._source(event), self._record(event.start), self._record(event.end))

    def _source(self, event: _Event) -> tuple[str, str]:
        """Where an event begins and ends in its media; a freeze is one frame."""
        rate = self._sequence.rate
        clip = event.clip
        used = source_range(clip, rate, -event.head, event.end - event.start - event.head)
        first = (used.start + self._first(clip)).ticks(rate, Rounding.NEAREST)
        length = used.duration.ticks(rate, Rounding.NEAREST)
        return self._timecode(first), self._timecode(first + max(1, length))

    def _first(self, clip: Clip) -> Time:
        """What the media's own timecode adds to a place in it."""
        asset = asset_of(self._project, clip)
        if asset is None:
            return Time(0, self._sequence.rate)
        return first_time(asset, media_rate(asset, self._sequence.rate)) - asset.start

    def _record(self, frame: int) -> str:
        return self._timecode(frame + self._sequence.start_timecode)

    def _timecode(self, frame: int) -> str:
        """Timecode of a list, which knows no day but the first."""
        rate = self._sequence.rate
        day = 24 * 60 * 60 * rate.nominal
        return timecode(frame % day, rate, drop_frame=_drops(self._sequence))

    def _reel(self, clip: Clip) -> str:
        asset = asset_of(self._project, clip)
        stem = Path(asset.path).stem if asset else "AX"
        return re.sub(r"[^A-Za-z0-9]", "", stem)[:_REEL].upper() or "AX"

    def _comments(self, event: _Event, side: str) -> Iterator[str]:
        clip = event.clip
        if isinstance(clip.speed, ConstantSpeed) and clip.speed.factor != 1:
            speed = float(clip.speed.factor * self._sequence.rate.fraction)
            yield f"M2   {self._reel(clip):<8} {speed:08.3f}       {self._source(event)[0]}"
        yield f"* {side} CLIP NAME: {_line(clip.name)}"
        asset = asset_of(self._project, clip)
        if asset is not None:
            yield f"* {side} FILE: {(self._folder / asset.path).absolute()}"
        for marker in clip.markers:
            at = self._record(event.start + event.head + marker.at)
            yield f"* LOC: {at} {marker.colour.value.upper():<7} {_line(marker.name)}"
        if isinstance(clip.media, GeneratedMedia):
            made = to_clip(self._project, self._sequence, clip, self._folder)
            yield f"* {pocket_text(made)}"
            for take, reference in made.media_references().items():
                if isinstance(reference, otio.schema.ExternalReference):
                    held = {**pocket(reference), "take": take, "url": reference.target_url}
                    reference.metadata[KEY] = held
                    yield f"* {pocket_text(reference)}"


def _drops(sequence: Sequence) -> bool:
    """Whether the sequence's timecode skips names; only some rates can."""
    return sequence.drop_frame and can_drop_frames(sequence.rate)


def _line(text: str) -> str:
    """A name on one line."""
    return " ".join(text.split())
