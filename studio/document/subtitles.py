"""Subtitle files: SubRip (.srt) and WebVTT (.vtt), read to cues and written from a caption track.

Text only: styling tags are dropped on reading. Files that people have edited by hand are read as
far as they make sense, and what does not is told line by line. What a cue does on a timeline is in
`edits.captions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

from studio.document.model.clip import CaptionMedia, Clip
from studio.document.model.sequence import Track
from studio.document.time import Rate, Rounding, Time

ENDINGS = (".srt", ".vtt")
LARGEST_BYTES = 32 * 2**20
"""A film of a day, with notes; anything larger is no subtitle file."""

_MILLISECONDS = Rate(1000)
_CLOCK = r"(?:(\d{1,2}):)?(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?(?!\d)"
_TIMES = re.compile(rf"(?<!\d){_CLOCK}\s*-->\s*{_CLOCK}")
_SPEAKER = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"<[^>]*>|\{\\[^}]*\}")


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption of a file: half-open in time, to the millisecond."""

    start: Time
    end: Time
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Subtitles:
    """What a file holds: its cues, and a sentence for each that could not be read."""

    cues: tuple[Cue, ...]
    left_out: tuple[str, ...] = ()


def decoded(data: bytes) -> str:
    """The text of a subtitle file: UTF-8 or 16, else Windows-1252, as older tools write.

    Raises: ValueError when it is no text.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise ValueError("That is no subtitle file. Choose one that ends in .srt or .vtt.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_subtitles(text: str) -> Subtitles:
    """Read an .srt or .vtt file, whichever it is, and say which captions make no sense.

    A caption goes on until the next one's times, so that blank lines in it, or none between two,
    do no harm.
    Raises: ValueError when there is no caption in it.
    """
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    spaced = next((line for line in lines if line.strip()), "").startswith("WEBVTT")
    timed = [number for number, line in enumerate(lines) if "-->" in line]
    cues: list[Cue] = []
    left_out: list[str] = []
    for number, following in pairwise([*timed, len(lines)]):
        words = _words(lines[number + 1 : following], ends=following == len(lines), spaced=spaced)
        cue = _cue(_TIMES.search(lines[number]), words)
        if cue is None:
            shown = lines[number].strip()[:60]
            left_out.append(f"Line {number + 1}, “{shown}”, is no time; its caption is left out.")
        elif cue.text:
            cues.append(cue)
    if not cues:
        raise ValueError("There are no captions in that file. Choose an .srt or .vtt file.")
    return Subtitles(tuple(cues), tuple(left_out))


def parse_subtitles(text: str) -> list[Cue]:
    """The cues of a file alone. Raises: ValueError when there is none."""
    return list(read_subtitles(text).cues)


def _words(lines: list[str], *, ends: bool, spaced: bool) -> list[str]:
    """The lines of a caption out of those between its times and the next caption's.

    In WebVTT a blank line ends it; in SubRip what stands right before the next times is the next
    caption's number.
    """
    if spaced:
        blank = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
        return lines[:blank]
    numbered = not ends and bool(lines) and lines[-1].strip().isdigit()
    return lines[:-1] if numbered else lines


def _cue(match: re.Match[str] | None, lines: Iterable[str]) -> Cue | None:
    """A caption; None where its times make no sense."""
    if match is None:
        return None
    start, end = _time(match.groups()[:4]), _time(match.groups()[4:])
    if start is None or end is None or end < start:
        return None
    raw = "\n".join(line.strip() for line in lines if line.strip())
    speaker = _SPEAKER.search(raw)
    words = unescape(_TAG.sub("", raw)).strip()
    return Cue(start, end, words, speaker.group(1).strip() if speaker else "")


def _time(fields: tuple[str | None, ...]) -> Time | None:
    hour, minute, second = (int(field or 0) for field in fields[:3])
    if minute > 59 or second > 59:
        return None
    fraction = (fields[3] or "0").ljust(3, "0")
    return Time(((hour * 60 + minute) * 60 + second) * 1000 + int(fraction), _MILLISECONDS)


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
