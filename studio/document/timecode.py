"""Timecode: frames written as hours, minutes, seconds and frames, and read back.

Timecode names frames, it does not measure time: at 23.976 it counts 24 to the second and drifts
from the clock. Drop-frame (29.97 and its multiples) skips names, never frames, to stay near it:
two (or four, or eight) at the start of every minute but each tenth.
Source: SMPTE ST 12-1.
"""

from __future__ import annotations

import re

from studio.document.time import Rate

_PATTERN = re.compile(r"(-?)(\d{1,3})[:;.](\d{1,2})[:;.](\d{1,2})([:;.,])(\d{1,3})")


def can_drop_frames(rate: Rate) -> bool:
    """Whether drop-frame exists for a rate: 30000/1001 and its whole multiples."""
    return rate.den == 1001 and rate.num % 30_000 == 0


def _dropped_per_minute(rate: Rate) -> int:
    return 2 * rate.num // 30_000


def _names_from_frames(frames: int, rate: Rate) -> int:
    """The number that drop-frame timecode spells for a frame, skipped names counted in."""
    dropped = _dropped_per_minute(rate)
    per_minute = rate.nominal * 60 - dropped
    per_ten = per_minute * 10 + dropped
    tens, rest = divmod(frames, per_ten)
    minutes = max(0, rest - dropped) // per_minute
    return frames + dropped * (9 * tens + minutes)


def _frames_from_names(names: int, rate: Rate) -> int:
    minutes = names // (rate.nominal * 60)
    return names - _dropped_per_minute(rate) * (minutes - minutes // 10)


def timecode(frames: int, rate: Rate, *, drop_frame: bool = False) -> str:
    """Write a frame number as "01:00:00:00", or "01:00:00;00" in drop-frame.

    Frames before zero get a leading minus; hours do not wrap at 24.
    Raises: ValueError when `rate` has no drop-frame.
    """
    if drop_frame and not can_drop_frames(rate):
        raise ValueError(f"There is no drop-frame timecode at {rate} frames a second.")
    sign = "-" if frames < 0 else ""
    names = _names_from_frames(abs(frames), rate) if drop_frame else abs(frames)
    seconds, frame = divmod(names, rate.nominal)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    digits = len(str(rate.nominal - 1))
    mark = ";" if drop_frame else ":"
    return f"{sign}{hour:02}:{minute:02}:{second:02}{mark}{frame:0{max(2, digits)}}"


def parse_timecode(text: str, rate: Rate, *, drop_frame: bool | None = None) -> int:
    """Read timecode as a frame number. A ";" before the frames means drop-frame, unless said.

    Raises: ValueError for malformed text, and for names that no frame has (01:01:00;00).
    """
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'"{text}" is not timecode. Write hours:minutes:seconds:frames.')
    sign, hour, minute, second, mark, frame = match.groups()
    if int(minute) > 59 or int(second) > 59 or int(frame) >= rate.nominal:
        raise ValueError(f'"{text}" counts past 59 or past {rate.nominal - 1} frames.')
    names = ((int(hour) * 60 + int(minute)) * 60 + int(second)) * rate.nominal + int(frame)
    drops = can_drop_frames(rate) and mark in ";," if drop_frame is None else drop_frame
    frames = _frames_from_names(names, rate) if drops else names
    if drops and _names_from_frames(frames, rate) != names:
        raise ValueError(f'"{text}" is skipped in drop-frame timecode; no frame has that name.')
    return -frames if sign else frames


def parse_entry(text: str, rate: Rate, current: int, *, drop_frame: bool = False) -> int:
    """Read what an editor types into a timecode box, as a frame number.

    "1:15" is a second and fifteen frames, "+10" and "-1:00" move from `current`, one or two
    digits are frames, more fill from the right ("1000" is ten seconds), full timecode is itself.
    Raises: ValueError for anything else.
    """
    entry = text.strip()
    relative = {"+": 1, "-": -1}.get(entry[:1], 0)
    body = entry[1:] if relative else entry
    if body.isdigit() and len(body) <= 2:
        frames = int(body)
    else:
        frames = parse_timecode(_fill(body), rate, drop_frame=drop_frame)
    return current + relative * frames if relative else frames


def _fill(body: str) -> str:
    fields = re.split(r"[:;.,]", body)
    if len(fields) == 1:
        digits = body.zfill(8)
        fields = [digits[:-6], digits[-6:-4], digits[-4:-2], digits[-2:]]
    return ":".join([*["00"] * (4 - len(fields)), *(part or "00" for part in fields)])
