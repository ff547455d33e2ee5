"""Clips cut in two, and clips with their ends moved, with everything inside them kept in step."""

from __future__ import annotations

from dataclasses import replace

from studio.document.keyframes import shifted, shifted_effects
from studio.document.model.clip import Clip, Gap, Item
from studio.document.model.record import Id
from studio.document.retime import shifted as shifted_speed
from studio.document.retime import source_time
from studio.document.time import Rate


def without_head(clip: Clip, frames: int, rate: Rate) -> Clip:
    """The clip with its first frames taken off; a negative count reveals earlier media.

    Keyframes, ramp points and markers stay at the moments of the timeline where they were.
    """
    if frames == 0:
        return clip
    markers = tuple(replace(marker, at=marker.at - frames) for marker in clip.markers)
    moved = replace(
        clip,
        source_start=source_time(clip, frames, rate),
        speed=shifted_speed(clip.speed, frames),
        opacity=shifted(clip.opacity, frames),
        gain_db=shifted(clip.gain_db, frames),
        pan=shifted(clip.pan, frames),
        effects=shifted_effects(clip.effects, frames),
        markers=markers,
    )
    return lasting(moved, clip.duration - frames)


def without_tail(clip: Clip, frames: int) -> Clip:
    """The clip with its last frames taken off; a negative count reveals later media."""
    return lasting(clip, clip.duration - frames)


def lasting(clip: Clip, duration: int) -> Clip:
    """The clip at another length; no fade is longer than it."""
    return replace(
        clip,
        duration=duration,
        fade_in_frames=min(clip.fade_in_frames, duration),
        fade_out_frames=min(clip.fade_out_frames, duration),
    )


def left_of(clip: Clip, at: int) -> Clip:
    """The part of a clip before one of its frames. Its fade-out goes with the other part."""
    kept = tuple(marker for marker in clip.markers if marker.at < at)
    return replace(lasting(clip, at), fade_out_frames=0, markers=kept)


def right_of(clip: Clip, at: int, rate: Rate) -> Clip:
    """The part of a clip from one of its frames on. Its fade-in goes with the other part."""
    rest = without_head(clip, at, rate)
    kept = tuple(marker for marker in rest.markers if marker.at >= 0)
    return replace(rest, fade_in_frames=0, markers=kept)


def item_left_of(item: Item, at: int) -> Item:
    """The part of a clip or gap before one of its frames."""
    return left_of(item, at) if isinstance(item, Clip) else _gap(item, at)


def item_right_of(item: Item, at: int, rate: Rate) -> Item:
    """The part of a clip or gap from one of its frames on."""
    return right_of(item, at, rate) if isinstance(item, Clip) else _gap(item, item.duration - at)


def _gap(item: Item, duration: int) -> Item:
    return replace(item, duration=duration) if isinstance(item, Gap) else item


def renamed(item: Item, item_id: Id) -> Item:
    """The same item under another id."""
    return replace(item, id=item_id)
