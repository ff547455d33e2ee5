"""Small films to edit in tests: a line of text draws a track, one letter for a frame.

    "AAAA..BB"    clip A of four frames, a gap of two, clip B of two
    "AAA|BBB"     a cut between two clips of the same letter is written with a bar

`drawn` draws a track back, so that a test reads as its diagram does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from studio.document.model.asset import Asset, AssetKind, AudioFacts, VideoFacts
from studio.document.model.clip import AssetMedia, Clip, Gap, Item, Transition, TransitionKind
from studio.document.model.project import Project
from studio.document.model.sequence import Sequence, Track, TrackKind
from studio.document.time import Rate, Time

RATE = Rate(24)
HANDLE = 100
"""Frames of spare media on either side of every clip drawn."""

ASSET = Asset(
    id="asset",
    name="tape.mov",
    kind=AssetKind.VIDEO,
    path="/tapes/tape.mov",
    sha256="5" * 64,
    fingerprint="tape",
    duration=Time(100_000, RATE),
    video=(VideoFacts(width=1920, height=1080, rate=RATE, frames=100_000),),
    audio=(AudioFacts(sample_rate_hz=48_000, channels=2, samples=200_000_000),),
)


def clip(name: str, duration: int, source: int = HANDLE, **fields: object) -> Clip:
    """A clip of the tape, from a frame of it."""
    media = AssetMedia(asset_id=ASSET.id)
    base = Clip(id=name, name=name, duration=duration, media=media, source_start=Time(source, RATE))
    return replace(base, **fields)


def items(drawing: str, track_name: str = "V1") -> tuple[Item, ...]:
    """The items of a drawing. Clips are named by letter; a second one of a letter gets a prime."""
    row: list[Item] = []
    for part in drawing.split("|"):
        for letter, run in groupby(part):
            length = len(list(run))
            if letter == ".":
                row.append(Gap(id=f"{track_name} gap {len(row)}", duration=length))
                continue
            taken = {item.id for item in row}
            name = letter
            while name in taken:
                name += "'"
            row.append(clip(name, length))
    return tuple(row)


def track(drawing: str, name: str = "V1", kind: TrackKind = TrackKind.VIDEO) -> Track:
    return Track(id=name, name=name, kind=kind, items=items(drawing, name))


def film(*tracks: Track) -> Project:
    """A project of one sequence "s" with the tape in its bin."""
    sequence = Sequence(id="s", name="Cut", rate=RATE, tracks=tuple(tracks))
    return Project(name="Film", sequences=(sequence,), assets=(ASSET,), next_id=1000)


def picture_and_sound(drawing: str) -> Project:
    """A film with the same clips on V1 and, in small letters and linked, on A1."""
    sound = track(drawing.lower(), "A1", TrackKind.AUDIO)
    picture = track(drawing, "V1")
    return film(_linked(picture), _linked(sound))


def _linked(row: Track) -> Track:
    linked = tuple(
        replace(item, link=f"link {item.id.upper()}") if isinstance(item, Clip) else item
        for item in row.items
    )
    return replace(row, items=linked)


def dissolve(name: str, in_offset: int, out_offset: int) -> Transition:
    return Transition(
        id=name, kind=TransitionKind.DISSOLVE, in_offset=in_offset, out_offset=out_offset
    )


def with_transition(row: Track, place: int, transition: Transition) -> Track:
    return replace(row, items=(*row.items[:place], transition, *row.items[place:]))


def clips(project: Project, name: str = "V1") -> list[Clip]:
    """The clips of a track."""
    return [item for item in named(project, name).items if isinstance(item, Clip)]


def named(project: Project, name: str) -> Track:
    for sequence in project.sequences:
        for row in sequence.tracks:
            if row.name == name:
                return row
    raise KeyError(name)


def drawn(project: Project, name: str = "V1") -> str:
    """A track as its drawing: clips by the first letter of their name, transitions as "x"."""
    parts: list[str] = []
    for item in named(project, name).items:
        match item:
            case Gap():
                parts.append("." * item.duration)
            case Transition():
                parts.append("x")
            case Clip():
                parts.append((item.name or "?")[0] * item.duration)
    return _with_bars(parts)


def _with_bars(parts: Iterable[str]) -> str:
    text = ""
    for part in parts:
        joins = bool(text) and bool(part) and text[-1] == part[0]
        text += ("|" if joins else "") + part
    return text


def source_frames(project: Project, clip_id: str) -> tuple[int, int]:
    """The first frame of a clip's media, and its duration."""
    for sequence in project.sequences:
        for row in sequence.tracks:
            for item in row.items:
                if item.id == clip_id and isinstance(item, Clip):
                    return item.source_start.ticks(RATE), item.duration
    raise KeyError(clip_id)
