"""Speed: constant, reverse, freeze, held frames and ramps. All of it exact, all of it undoable.

Linked clips come along unless `linked` is false, so that sound stays with its picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from studio.document.edits.pieces import lasting, right_of
from studio.document.edits.rebuild import change_clips
from studio.document.edits.room import give_to_gap
from studio.document.edits.splicer import Splicer
from studio.document.errors import EditError
from studio.document.model.clip import Clip, ConstantSpeed, Speed, SpeedPoint, SpeedRamp
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import TrackKind
from studio.document.queries.limits import Edge, free_after
from studio.document.queries.places import Place, clips_of, locate_clip
from studio.document.retime import advance, frames_time, shown_source_time
from studio.document.time import Rate

SLOWEST = Fraction(1, 100)
FASTEST = Fraction(100)


def _linked(project: Project, clip_id: Id, *, linked: bool) -> list[tuple[Place, Clip]]:
    place, clip = locate_clip(project, clip_id)
    found = [(place, clip)]
    if linked and clip.link is not None:
        for track, _, other in clips_of(place.sequence):
            if other.link == clip.link and other.id != clip_id:
                found.append((Place(place.sequence, track, track.index.by_id[other.id]), other))
    return found


def set_speed(
    project: Project,
    clip_id: Id,
    factor: Fraction,
    *,
    ripple: bool = False,
    linked: bool = True,
) -> Project:
    """Play a clip's media at another speed; its length follows, to the nearest frame.

        | A |gap   | B |   ->   | A (1/2)  | B |            slower, into the gap
        |    A    | B |    ->   |A x2|gap | B |             faster, without ripple
        |    A    | B |    ->   |A x2| B |                  faster, with ripple

    A negative factor also reverses. Without `ripple` a slower clip grows only into empty room,
    and plays less of its media where there is not enough.
    Stays: the media it begins with (ends with, once reversed); without `ripple` the place of
    every other clip; with it, the media of every other clip.
    Raises: EditError for a speed outside 1 % to 10000 %, a ramp, or a locked track.
    """
    if not SLOWEST <= abs(factor) <= FASTEST:
        raise EditError("Speed goes from 1 % to 10000 %. To stop the picture, freeze it.")
    found = _linked(project, clip_id, linked=linked)
    splicer = Splicer(project, found[0][0].sequence.id)
    for place, clip in found:
        _set_one(splicer, place, _at_speed(clip, factor, splicer.rate), ripple=ripple)
    if ripple:
        place, clip = found[0]
        delta = _at_speed(clip, factor, splicer.rate).duration - clip.duration
        if delta:
            splicer.ripple(place.range.end, delta, {each.track.id for each, _ in found})
    return splicer.finish()


def _at_speed(clip: Clip, factor: Fraction, rate: Rate) -> Clip:
    """The clip at another speed, as long as that makes it."""
    old = clip.speed
    if not isinstance(old, ConstantSpeed) or old.factor == 0:
        raise EditError("Take the ramp or freeze off this clip before setting one speed.")
    if (old.factor < 0) != (factor < 0):
        clip = _reversed(clip, rate)
    covered = abs(old.factor) * clip.duration
    duration = max(1, round(covered / abs(factor)))
    return lasting(replace(clip, speed=ConstantSpeed(factor)), duration)


def _set_one(splicer: Splicer, place: Place, clip: Clip, *, ripple: bool) -> None:
    track = splicer.open(place.track.id)
    at = track.index.by_id[clip.id]
    row = list(track.items)
    old = row[at].duration
    room = None if ripple else free_after(track, at)
    row[at] = clip if room is None else lasting(clip, min(clip.duration, old + room))
    low, high = at, at + 1
    if not ripple:
        low, high = give_to_gap(splicer, row, at, Edge.TAIL, old - row[at].duration)
    splicer.set_items(track, row, low, high)


def reverse(project: Project, clip_id: Id, *, linked: bool = True) -> Project:
    """Play a clip backwards: the same media, last frame first.

        |  A  [ 10 -> 20 ]  |   ->   |  A  [ 20 -> 10 ]  |

    Stays: every clip's place and length, and which media it covers.
    Raises: EditError for a missing clip or a locked track.
    """
    found = _linked(project, clip_id, linked=linked)
    rate = found[0][0].sequence.rate
    return change_clips(project, [c.id for _, c in found], lambda clip: _reversed(clip, rate))


def _reversed(clip: Clip, rate: Rate) -> Clip:
    end = clip.source_start + frames_time(advance(clip.speed, 0, clip.duration), rate)
    return replace(clip, source_start=end, speed=_backwards(clip.speed, clip.duration))


def _backwards(speed: Speed, duration: int) -> Speed:
    match speed:
        case ConstantSpeed(factor):
            return ConstantSpeed(-factor)
        case SpeedRamp(points):
            return SpeedRamp(
                tuple(SpeedPoint(duration - p.at, -p.factor) for p in reversed(points))
            )


def freeze(project: Project, clip_id: Id, frame: int) -> Project:
    """Show one frame of a clip for all its length. `frame` counts from the clip's first.

        |  A  B  C  D  |   ->   |  B  B  B  B  |

    Stays: every clip's place and length, and sound linked to it.
    Raises: EditError for a frame outside the clip, a sound, or a locked track.
    """
    place, clip = locate_clip(project, clip_id)
    if place.track.kind is not TrackKind.VIDEO:
        raise EditError("Only a picture can be frozen.")
    _check_inside(clip, frame)
    return change_clips(project, [clip_id], _frozen(frame, place.sequence.rate))


def _frozen(frame: int, rate: Rate) -> Callable[[Clip], Clip]:
    def change(clip: Clip) -> Clip:
        shown = shown_source_time(clip, frame, rate)
        return replace(clip, source_start=shown, speed=ConstantSpeed(Fraction(0)))

    return change


def _check_inside(clip: Clip, frame: int) -> None:
    if not 0 <= frame < clip.duration:
        raise EditError("Put the playhead inside the clip.")


def hold_frame(project: Project, clip_id: Id, frame: int, duration: int) -> Project:
    """Stop the picture at one of a clip's frames for a while, then go on.

        |    A    | B |   ->   | A |frozen| A' | B |

    Later clips move; sound linked to the clip is cut there too and waits in silence.
    Stays: all media; everything before the frame.
    Raises: EditError for a frame outside the clip, a sound, or a locked track.
    """
    place, clip = locate_clip(project, clip_id)
    if place.track.kind is not TrackKind.VIDEO:
        raise EditError("Only a picture can be held.")
    _check_inside(clip, frame)
    if duration < 1:
        raise EditError("A frame is held for at least one frame.")
    splicer = Splicer(project, place.sequence.id)
    at = place.range.start + frame
    held = _frozen(0, splicer.rate)(right_of(clip, frame, splicer.rate))
    held = replace(
        held,
        id=splicer.new_id("c"),
        duration=duration,
        link=None,
        fade_in_frames=0,
        fade_out_frames=0,
        markers=(),
    )
    splicer.open_time(at, duration, {place.track.id})
    splicer.lay(place.track.id, at, held)
    return splicer.finish()


def steady(project: Project, clip_id: Id, *, linked: bool = True) -> Project:
    """Take a ramp or a freeze off: one speed, which covers the media that the ramp covered.

        speed 2 |    /          ->   |
              1 |  /                 |________
                |/                   |

    A freeze, and a ramp that comes back to where it began, go on as shot.
    Stays: every clip's place and length, and the media it begins with.
    Raises: EditError on a locked track.
    """
    ids = [clip.id for _, clip in _linked(project, clip_id, linked=linked)]

    def at_one_speed(clip: Clip) -> Clip:
        factor = advance(clip.speed, 0, clip.duration) / clip.duration
        if not SLOWEST <= abs(factor) <= FASTEST:
            factor = Fraction(1)
        return replace(clip, speed=ConstantSpeed(factor))

    return change_clips(project, ids, at_one_speed)


def set_ramp(
    project: Project, clip_id: Id, points: Sequence[SpeedPoint], *, linked: bool = True
) -> Project:
    """Let a clip's speed change along straight lines between points.

        speed 2 |      ____          1 |____      /
                |  ___/        or      |    \\____/
                |_/_________           |____________

    Stays: every clip's place and length, and the media it begins with.
    Raises: EditError for fewer than two points, two at one frame, a speed beyond 10000 %, or a
    locked track.
    """
    ordered = tuple(sorted(points, key=lambda point: point.at))
    if len(ordered) < 2 or len({point.at for point in ordered}) < len(ordered):
        raise EditError("A speed ramp needs at least two points at different frames.")
    if any(abs(point.factor) > FASTEST for point in ordered):
        raise EditError("Speed goes up to 10000 %.")
    ids = [clip.id for _, clip in _linked(project, clip_id, linked=linked)]
    return change_clips(project, ids, lambda clip: replace(clip, speed=SpeedRamp(ordered)))
