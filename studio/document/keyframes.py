"""Keyframes: the value of a curve at a frame, and curves cut, moved and changed."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from studio.document.model.curve import Bezier, Curve, Hold, Interpolation, Keyframe, Linear, Number
from studio.document.model.effect import Effect


def value_at(number: Number, frame: float) -> float:
    """What a parameter is at a frame of its clip; between frames for a sound's samples."""
    if not isinstance(number, Curve):
        return number
    keys = number.keyframes
    place = bisect_right(keys, frame, key=lambda key: key.at)
    if place == 0:
        return keys[0].value
    left = keys[place - 1]
    if place == len(keys):
        return left.value
    right = keys[place]
    share = (frame - left.at) / (right.at - left.at)
    return left.value + (right.value - left.value) * eased(left.leave, share)


def eased(interpolation: Interpolation, share: float) -> float:
    """How far a value has gone, `share` (0 to 1) of the way in time to the next keyframe."""
    match interpolation:
        case Hold():
            return 0.0
        case Linear():
            return share
        case Bezier():
            return _bezier_y(interpolation, _bezier_parameter(interpolation, share))


def _axis(first: float, second: float, t: float) -> float:
    """One axis of a cubic from 0 to 1 with two control values."""
    back = 1.0 - t
    return 3 * back * back * t * first + 3 * back * t * t * second + t * t * t


def _bezier_y(curve: Bezier, t: float) -> float:
    return _axis(curve.y1, curve.y2, t)


def _bezier_parameter(curve: Bezier, x: float) -> float:
    """The parameter whose x is given, by bisection: x never turns back, as x1, x2 lie in [0, 1]."""
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if _axis(curve.x1, curve.x2, middle) < x:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def shifted(number: Number, frames: int) -> Number:
    """The same curve counted from `frames` later: what cutting off a clip's head does to it."""
    if not isinstance(number, Curve) or frames == 0:
        return number
    moved = tuple(replace(key, at=key.at - frames) for key in number.keyframes)
    return replace(number, keyframes=moved)


def shifted_effects(effects: tuple[Effect, ...], frames: int) -> tuple[Effect, ...]:
    """Effects whose curves are counted from `frames` later; the same objects where none is one."""
    if frames == 0 or not effects:
        return effects
    return tuple(_shifted_effect(effect, frames) for effect in effects)


def _shifted_effect(effect: Effect, frames: int) -> Effect:
    if not any(isinstance(value, Curve) for _, value in effect.params):
        return effect
    params = tuple(
        (name, shifted(value, frames) if isinstance(value, Curve) else value)
        for name, value in effect.params
    )
    return replace(effect, params=params)


def with_keyframe(
    number: Number, at: int, value: float, leave: Interpolation | None = None
) -> Curve:
    """The curve with a keyframe set at a frame, replacing one that is there.

    A plain number becomes a curve of that one keyframe. Without `leave`, a keyframe that is
    replaced keeps its way of leaving, and a new one takes that of the keyframe before it.
    """
    if not isinstance(number, Curve):
        return Curve(keyframes=(Keyframe(at=at, value=value, leave=leave or Linear()),))
    before = [key for key in number.keyframes if key.at < at]
    after = [key for key in number.keyframes if key.at > at]
    here = next((key for key in number.keyframes if key.at == at), None)
    inherited = here or (before[-1] if before else None)
    way = leave or (inherited.leave if inherited else Linear())
    key = replace(here, value=value, leave=way) if here else Keyframe(at=at, value=value, leave=way)
    return replace(number, keyframes=(*before, key, *after))


def without_keyframe(number: Number, at: int) -> Number:
    """The curve without its keyframe at a frame; taking the last one leaves its plain value."""
    if not isinstance(number, Curve):
        return number
    left = tuple(key for key in number.keyframes if key.at != at)
    return replace(number, keyframes=left) if left else number.keyframes[0].value


def with_leave(curve: Curve, at: int, leave: Interpolation) -> Curve:
    """The curve whose keyframe at a frame is left another way; as it was where there is none."""
    keys = tuple(replace(key, leave=leave) if key.at == at else key for key in curve.keyframes)
    return replace(curve, keyframes=keys)


def moved_keyframe(number: Number, at: int, to: int) -> Number:
    """The curve with the keyframe at one frame put at another, over one that is there."""
    if not isinstance(number, Curve):
        return number
    key = next((key for key in number.keyframes if key.at == at), None)
    if key is None:
        return number
    others = [other for other in number.keyframes if other.at not in (at, to)]
    keys = sorted([*others, replace(key, at=to)], key=lambda each: each.at)
    return replace(number, keyframes=tuple(keys))
