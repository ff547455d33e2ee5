"""Retiming: which moment of its media a clip shows, for any speed, reverse, freeze or ramp.

Let S(k) be the media time at frame k of a clip: `source_start` plus the integral of the speed
from 0 to k, exact for straight-line ramps. Frame k plays the media between S(k) and S(k + 1); the
picture shown is at the earlier of the two, so that a reversed clip shows its last frame first.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from studio.document.model.clip import Clip, ConstantSpeed, Speed, SpeedPoint, SpeedRamp
from studio.document.time import Rate, Time, TimeRange


def speed_at(speed: Speed, frame: Fraction | int) -> Fraction:
    """Source seconds per sequence second at a frame of a clip."""
    match speed:
        case ConstantSpeed(factor):
            return factor
        case SpeedRamp(points):
            return _ramp_at(points, Fraction(frame))


def _ramp_at(points: tuple[SpeedPoint, ...], frame: Fraction) -> Fraction:
    if frame <= points[0].at:
        return points[0].factor
    for left, right in pairwise(points):
        if frame <= right.at:
            share = (frame - left.at) / (right.at - left.at)
            return left.factor + (right.factor - left.factor) * share
    return points[-1].factor


def advance(speed: Speed, start: Fraction | int, end: Fraction | int) -> Fraction:
    """Media covered between two frames of a clip, in sequence frames; negative in reverse."""
    match speed:
        case ConstantSpeed(factor):
            return factor * (end - start)
        case SpeedRamp(points):
            return _ramp_area(points, Fraction(start), Fraction(end))


def _ramp_area(points: tuple[SpeedPoint, ...], start: Fraction, end: Fraction) -> Fraction:
    if end < start:
        return -_ramp_area(points, end, start)
    inner = [Fraction(point.at) for point in points if start < point.at < end]
    corners = [start, *inner, end]
    return sum(
        (
            (_ramp_at(points, left) + _ramp_at(points, right)) / 2 * (right - left)
            for left, right in pairwise(corners)
        ),
        start=Fraction(0),
    )


def source_time(clip: Clip, frame: int, rate: Rate) -> Time:
    """S(frame): the media time at an instant of a clip, `rate` being the sequence's.

    `frame` counts from the clip's first and may lie outside it (handles under a transition).
    """
    speed = clip.speed
    if isinstance(speed, ConstantSpeed) and speed.factor == 1:
        return clip.source_start + Time(frame, rate) if frame else clip.source_start
    return clip.source_start + frames_time(advance(speed, 0, frame), rate)


def frames_time(frames: Fraction, rate: Rate) -> Time:
    """A rational number of frames as an exact time, at `rate` itself where it is a whole number."""
    if frames.denominator == 1:
        return Time(frames.numerator, rate)
    return Time(frames.numerator, Rate(rate.num * frames.denominator, rate.den))


def shown_source_time(clip: Clip, frame: int, rate: Rate) -> Time:
    """The media time of the picture that a clip shows during one of its frames."""
    here = source_time(clip, frame, rate)
    if isinstance(clip.speed, ConstantSpeed) and clip.speed.factor >= 0:
        return here
    return min(here, source_time(clip, frame + 1, rate))


def source_range(clip: Clip, rate: Rate, start: int = 0, end: int | None = None) -> TimeRange:
    """The stretch of media that plays between two frames of a clip: all of it by default."""
    last = clip.duration if end is None else end
    instants = [Fraction(start), *_turning_points(clip.speed, start, last), Fraction(last)]
    times = [clip.source_start + frames_time(advance(clip.speed, 0, at), rate) for at in instants]
    return TimeRange.between(min(times), max(times))


def _turning_points(speed: Speed, start: int, end: int) -> list[Fraction]:
    """Frames between `start` and `end` at which a ramp changes direction."""
    if isinstance(speed, ConstantSpeed):
        return []
    turns: list[Fraction] = []
    for left, right in pairwise(speed.points):
        if left.factor * right.factor < 0:
            share = left.factor / (left.factor - right.factor)
            turns.append(left.at + share * (right.at - left.at))
    return [turn for turn in turns if start < turn < end]


def frame_at_source_time(clip: Clip, time: Time, rate: Rate) -> int | None:
    """The first frame of a clip that shows a moment of its media, None when none does.

    At constant speed this is exact arithmetic; along a ramp the frames are searched.
    """
    if isinstance(clip.speed, ConstantSpeed):
        if clip.speed.factor == 0:
            return 0 if time == clip.source_start else None
        offset = (time - clip.source_start).seconds * rate.fraction / clip.speed.factor
        frame = offset.__floor__() if clip.speed.factor > 0 else offset.__ceil__() - 1
        return frame if 0 <= frame < clip.duration else None
    for frame in range(clip.duration):
        covered = source_range(clip, rate, frame, frame + 1)
        if covered.contains(time):
            return frame
    return None


def shifted(speed: Speed, frames: int) -> Speed:
    """The same speed with its points counted from `frames` later in the clip."""
    match speed:
        case ConstantSpeed():
            return speed
        case SpeedRamp(points, extra=extra):
            moved = tuple(
                SpeedPoint(point.at - frames, point.factor, extra=point.extra) for point in points
            )
            return SpeedRamp(moved, extra=extra)
