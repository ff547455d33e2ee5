"""Smooth motion: the frames that a clip's footage lacks for the pace at which the clip plays it.

A take is made with as many frames a second of footage as the clip shows, so that each frame of the
sequence shows one of its own. The clip keeps its speed, which may be slow, backwards or a ramp, and
plays the same moments; that is why switching takes, trimming and a further change of speed work.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from studio.document.errors import EditError
from studio.document.model.clip import ConstantSpeed, Speed
from studio.document.retime import source_range, speed_at
from studio.session.draft_kinds import Source
from studio.session.played import PlayedClip
from studio.session.reworking import HANDLE_S, source_with_handles

_SLOWEST = Fraction(1, 20)
"""What of a ramp is slower than this gets no frames of its own: it all but stands still."""
_EVEN = Fraction(1, 200)
"""How far a rate may be from a whole number of times another for its frames to fall evenly."""


def smooth_source(subject: PlayedClip) -> Source:
    """What a take is made of in which the clip's motion is smooth, and its frames and its rate.

    Raises: EditError for a still, a frozen clip, one that plays too much of its file, or one whose
    footage has a frame for every frame that is shown already.
    """
    sequence_rate = subject.place.sequence.rate
    slowest = _slowest(subject)
    rate = sequence_rate.fraction / slowest
    whole = source_with_handles(subject)
    if _has_all(Fraction(whole.rate), rate):
        raise EditError(
            f"{subject.name} has a frame for every frame that is shown. Slow it down first: Speed "
            "in the inspector."
        )
    used = source_range(subject.clip, sequence_rate)
    in_s, frames = _on_grid(
        subject, used.start.seconds, used.end_time_exclusive.seconds, rate, slowest
    )
    return replace(
        whole,
        frames=frames,
        rate=f"{rate.numerator}/{rate.denominator}",
        in_s=in_s,
        out_s=in_s + frames / rate,
        is_whole=False,
        footage_in_s=whole.footage_in_s - whole.in_s + in_s,
    )


def _slowest(subject: PlayedClip) -> Fraction:
    """Seconds of footage that pass in a second of the sequence, where it is slowest.

    Raises: EditError for a clip that stands still.
    """
    speed, duration = subject.clip.speed, subject.clip.duration
    if speed == ConstantSpeed(Fraction(0)):
        raise EditError(f"{subject.name} is frozen, so nothing moves. Take the freeze off first.")
    return max(min(abs(each) for each in _speeds(speed, duration)), _SLOWEST)


def _speeds(speed: Speed, duration: int) -> list[Fraction]:
    """The speeds a clip has, among them the slowest on the way that is not on its way back."""
    if isinstance(speed, ConstantSpeed):
        return [speed.factor]
    corners = [point.at for point in speed.points if 0 < point.at < duration]
    return [speed_at(speed, frame) for frame in (0, *corners, duration)]


def _has_all(footage_rate: Fraction, shown_rate: Fraction) -> bool:
    """Whether each frame that is shown is another one, and all follow each other evenly."""
    times = footage_rate / shown_rate
    whole = round(times)
    return whole >= 1 and abs(times - whole) <= _EVEN * whole


def _on_grid(
    subject: PlayedClip, start: Fraction, end: Fraction, rate: Fraction, slowest: Fraction
) -> tuple[Fraction, int]:
    """Where a take begins and how many frames it has, so that each lies where the clip shows one.

    What a clip shows is counted from its first moment. Handles are as long on the timeline.
    """
    handle = HANDLE_S * min(Fraction(1), slowest)
    before = math.floor(min(handle, start) * rate)
    in_s = start - before / rate
    least = math.ceil((end - in_s) * rate)
    most = math.floor((min(end + handle, subject.asset.duration.seconds) - in_s) * rate)
    return in_s, max(1, least, most)
