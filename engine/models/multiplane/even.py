"""A film's moments, evenly: frames of it, and what was between them.

Where a moment is a frame's own, that frame is shown as it is; where a shot ends, the nearer frame
is held and not mixed with the next shot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

import cv2

from engine.models.multiplane.bridging import Bridge, Picture, bridge, small

HELD_S = Fraction(17, 100)
"""What is repeated for longer is meant to stand still: a drawing is shown twice at 12 a second."""
_LONG_FRAMES = Fraction(5, 2)
_OWN = 0.02
"""How far a moment may be from a frame's, as a share of the way to the next one, to be its own."""
_SAME_LEVELS, _SAME_PIXELS = 3.0, 9
"""Two frames show the same where they differ by less, on average over a square of such a side."""


class Timed(NamedTuple):
    """A picture of a film and the moment from which on it is shown, in seconds."""

    time_s: Fraction
    picture: Picture


def pictures_at(
    moments_s: Iterable[Fraction], frames: Iterator[Timed], usual_s: Fraction
) -> Iterator[Picture]:
    """What is seen at increasing moments of a film, from its first frame on.

    `usual_s` is how long a frame is usually shown. What is shown for much longer stands still until
    the next frame is due; what is repeated for no longer than `HELD_S`, as in films drawn on twos,
    moves.
    """
    drawn = _stood(_without_repeats(frames), usual_s)
    here, there, way = next(drawn), next(drawn, None), None
    for moment_s in moments_s:
        while there is not None and there.time_s <= moment_s:
            here, there, way = there, next(drawn, None), None
        share = _share(here, there, moment_s)
        if there is None or share < _OWN:
            yield here.picture
        elif share > 1 - _OWN:
            yield there.picture
        else:
            way = way or bridge(here.picture, there.picture)
            yield _stepped(way, share)


def _share(here: Timed, there: Timed | None, moment_s: Fraction) -> float:
    if there is None:
        return 0.0
    return float((moment_s - here.time_s) / (there.time_s - here.time_s))


def _stepped(way: Bridge, share: float) -> Picture:
    if way.is_cut:
        return way.here if share < 0.5 else way.there
    return way.at(share)


def _stood(frames: Iterator[Timed], usual_s: Fraction) -> Iterator[Timed]:
    """The frames, and of one that is shown for long once more shortly before the next."""
    before: Timed | None = None
    long_s = max(HELD_S, _LONG_FRAMES * usual_s)
    for frame in frames:
        if before is not None and frame.time_s - before.time_s > long_s:
            yield Timed(frame.time_s - usual_s, before.picture)
        yield frame
        before = frame


def _without_repeats(frames: Iterator[Timed]) -> Iterator[Timed]:
    """The frames without those that repeat one for no longer than `HELD_S`; a still keeps all."""
    same: list[Timed] = []
    looks, is_still = None, False
    for frame in frames:
        now = small(frame.picture)
        repeats = looks is not None and _is_same(looks, now)
        if not repeats:
            moves = same and not is_still and frame.time_s - same[0].time_s <= HELD_S
            yield from same[:1] if moves else same
            same, looks, is_still = [frame], now, False
        elif is_still or frame.time_s - same[0].time_s > HELD_S:
            yield from same
            same, is_still = [frame], True
        else:
            same.append(frame)
    yield from same


def _is_same(one: Picture, other: Picture) -> bool:
    off = cv2.absdiff(one, other).max(axis=-1)
    return float(cv2.blur(off, (_SAME_PIXELS, _SAME_PIXELS)).max()) < _SAME_LEVELS
