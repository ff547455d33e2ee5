"""Subtitle files: SubRip (.srt) and WebVTT (.vtt), read to cues and written from a caption track.

Text only: styling tags are dropped on reading. What a cue does on a timeline is in
`edits.captions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from studio.document.model.clip import CaptionMedia, Clip
from studio.document.model.sequence import Track
from studio.document.time import Rate, Rounding, Time

_MILLISECONDS = Rate(1000)
_TIMES = re.compile(
    r"(?:(\d+):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})\s*-->\s*(?:(\d+):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
)
_SPEAKER = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"<[^>]*>|\{\\[^}]*\}")


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption of a file: half-open in time, to the millisecond."""

    start: Time
    end: Time
    text: str
    speaker: str = ""


def parse_subtitles(text: str) -> list[Cue]:
    """Read the cues of an .srt or .vtt file, whichever it is.

    Raises: ValueError when there is no cue in it.
    """
    cues: list[Cue] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").lstrip("\ufeff")):
        lines = block.strip().split("\n")
        for place, line in enumerate(lines):
            match = _TIMES.search(line)
            if match:
                cues.append(_cue(match, lines[place + 1 :]))
                break
    if not cues:
        raise ValueError("There are no captions in that file. It must be .srt or .vtt.")
    return cues


def _cue(match: re.Match[str], lines: Iterable[str]) -> Cue:
    first, last = match.groups()[:4], match.groups()[4:]
    raw = "\n".join(lines)
    speaker = _SPEAKER.search(raw)
    words = unescape(_TAG.sub("", raw)).strip()
    return Cue(_time(first), _time(last), words, speaker.group(1).strip() if speaker else "")


def _time(fields: tuple[str | None, ...]) -> Time:
    hour, minute, second, fraction = (field or "0" for field in fields)
    seconds = (int(hour) * 60 + int(minute)) * 60 + int(second)
    return Time(seconds * 1000 + int(fraction.ljust(3, "0")), _MILLISECONDS)


def cues_of(track: Track, rate: Rate) -> list[Cue]:
    """The captions of a track as cues, on the nearest milliseconds."""
    cues: list[Cue] = []
    for start, item in zip(track.index.starts, track.items, strict=False):
        if isinstance(item, Clip) and isinstance(item.media, CaptionMedia) and item.enabled:
            begin = Time(start, rate).at(_MILLISECONDS, Rounding.NEAREST)
            end = Time(start + item.duration, rate).at(_MILLISECONDS, Rounding.NEAREST)
            cues.append(Cue(begin, end, item.media.text, item.media.speaker))
    return cues


def _clock(time: Time, point: str) -> str:
    seconds, milliseconds = divmod(time.ticks(_MILLISECONDS), 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}{point}{milliseconds:03}"


def write_srt(cues: Iterable[Cue]) -> str:
    """Cues as SubRip; a speaker stands before the text, as that format has no place for one."""
    blocks = [
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{_spoken(cue)}\n"
        for number, cue in enumerate(cues, 1)
    ]
    return "\n".join(blocks)


def _spoken(cue: Cue) -> str:
    text = f"{cue.speaker}: {cue.text}" if cue.speaker else cue.text
    return re.sub(r"\n\s*\n", "\n", text)


def write_vtt(cues: Iterable[Cue]) -> str:
    """Cues as WebVTT, speakers in voice tags."""
    blocks = ["WEBVTT\n"]
    for cue in cues:
        text = re.sub(r"\n\s*\n", "\n", cue.text)
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        voice = f"<v {cue.speaker}>" if cue.speaker else ""
        blocks.append(f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n{voice}{text}\n")
    return "\n".join(blocks)
