"""Transitions: two sides of a cut meeting on a canvas.

Dissolves and wipes mix two copies of the canvas, each with one side drawn on it, which is right
whatever the sides are (letterboxed, transparent, adjustments). Push and slide move patches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import cos, pi, radians, sin

import numpy as np

from studio.document.catalogue import TRANSITIONS
from studio.document.model.clip import Transition, TransitionKind
from studio.media.compositor.canvas import Canvas
from studio.media.compositor.colours import rgb_of
from studio.media.compositor.content import rgba_of_picture
from studio.media.compositor.patch import Patch, Rect, RgbaPatch, YuvPatch
from studio.media.picture import Size, YuvPicture, planes_of

Draw = Callable[[Canvas], None]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a cut: how to draw it, and its patch where it is a plain one."""

    draw: Draw
    patch: Patch | None


def draw_transition(
    canvas: Canvas, transition: Transition, progress: Fraction, outgoing: Side, incoming: Side
) -> None:
    """Draw both sides as they are at `progress`, 0 to 1."""
    values = TRANSITIONS[transition.kind].values_at(transition.params, 0)
    share = eased(float(progress), str(values.get("ease", "even")))
    match transition.kind:
        case TransitionKind.DISSOLVE | TransitionKind.CROSSFADE:
            _mix(canvas, outgoing, incoming, 1 - share, share)
        case TransitionKind.ADDITIVE:
            _mix(canvas, outgoing, incoming, min(1, 2 - 2 * share), min(1, 2 * share))
        case TransitionKind.DIP:
            _dip(canvas, outgoing, incoming, share, rgb_of(str(values["colour"])))
        case TransitionKind.WIPE:
            mask = wipe_mask(
                canvas.size,
                share,
                str(values["shape"]),
                float(values["angle"]),
                float(values["softness"]),
            )
            _masked(canvas, outgoing, incoming, mask)
        case TransitionKind.PUSH:
            _push(canvas, outgoing, incoming, share, str(values["direction"]), both=True)
        case TransitionKind.SLIDE:
            _push(canvas, outgoing, incoming, share, str(values["direction"]), both=False)


def eased(share: float, pace: str) -> float:
    """Progress with a pace, 0 to 1."""
    match pace:
        case "ease_in":
            return share * share
        case "ease_out":
            return 1 - (1 - share) ** 2
        case "ease_both":
            return share * share * (3 - 2 * share)
        case _:
            return share


def _mix(canvas: Canvas, outgoing: Side, incoming: Side, weight: float, other: float) -> None:
    first, second = canvas.copy(), canvas.copy()
    outgoing.draw(first)
    incoming.draw(second)
    canvas.become(first.mixed(second, weight, other))


def _dip(
    canvas: Canvas, outgoing: Side, incoming: Side, share: float, colour: tuple[int, int, int]
) -> None:
    side = outgoing if share < 0.5 else incoming
    seen = abs(1 - 2 * share)
    flat = Canvas(canvas.size, colour, deep=canvas.deep)
    side.draw(canvas)
    canvas.become(canvas.mixed(flat, seen, 1 - seen))


def _masked(canvas: Canvas, outgoing: Side, incoming: Side, mask: np.ndarray) -> None:
    first, second = canvas.copy(), canvas.copy()
    outgoing.draw(first)
    incoming.draw(second)
    canvas.become(first.masked(second, mask))


def wipe_mask(size: Size, share: float, shape: str, angle: float, softness: float) -> np.ndarray:
    """Where the next picture shows, float32 (H, W) in [0, 1]."""
    field = _wipe_field(size, shape, angle)
    soft = max(softness, 1.5 / max(size))
    edge = share * (1 + soft)
    return np.clip((edge - field) / soft, 0, 1).astype(np.float32)


def _wipe_field(size: Size, shape: str, angle: float) -> np.ndarray:
    """When the edge passes each pixel, as a share of the transition, float32 (H, W)."""
    width, height = size
    x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2)[None, :]
    y = (np.arange(height, dtype=np.float32) + 0.5 - height / 2)[:, None]
    turn = radians(angle)
    match shape:
        case "clock":
            return ((np.arctan2(x, -y) - turn) / (2 * pi)) % 1.0
        case "iris":
            return np.hypot(x, y) / np.hypot(width / 2, height / 2)
        case "barn_door":
            reach = abs(width / 2 * cos(turn)) + abs(height / 2 * sin(turn))
            return np.abs(x * cos(turn) + y * sin(turn)) / reach
        case _:
            reach = abs(width / 2 * cos(turn)) + abs(height / 2 * sin(turn))
            return (x * cos(turn) + y * sin(turn)) / (2 * reach) + 0.5


def _in_rgb(side: Side) -> Side:
    """A side whose patch, if it is footage as it was coded, is RGB of 16 bits instead."""
    patch = side.patch
    if not isinstance(patch, YuvPatch):
        return side
    pixels = rgba_of_picture(patch.picture, deep=True)
    return Side(side.draw, RgbaPatch(pixels, patch.rect, patch.opacity, opaque=True))


STEPS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def _push(
    canvas: Canvas, outgoing: Side, incoming: Side, share: float, towards: str, *, both: bool
) -> None:
    step_x, step_y = STEPS[towards]
    width, height = canvas.size
    gone = round(width * share / 2) * 2 if step_x else round(height * share / 2) * 2
    left = (width if step_x else height) - gone
    if canvas.deep:
        outgoing, incoming = _in_rgb(outgoing), _in_rgb(incoming)
    if both and outgoing.patch is not None:
        canvas.draw(shifted(outgoing.patch, step_x * gone, step_y * gone, canvas.size))
    else:
        outgoing.draw(canvas)
    if incoming.patch is not None:
        canvas.draw(shifted(incoming.patch, -step_x * left, -step_y * left, canvas.size))
    elif share >= 0.5:
        incoming.draw(canvas)


def shifted(patch: Patch, right: int, down: int, size: Size) -> Patch:
    """A patch moved by even numbers of pixels; footage is cut at the edge of the canvas."""
    moved = Rect(patch.rect.x + right, patch.rect.y + down, patch.rect.width, patch.rect.height)
    if isinstance(patch, RgbaPatch):
        return RgbaPatch(patch.pixels, moved, patch.opacity, patch.blend, patch.opaque)
    seen = moved.clipped(size)
    if seen.empty:
        return RgbaPatch(np.zeros((1, 1, 4), np.uint8), Rect(0, 0, 0, 0))
    left, top = seen.x - moved.x, seen.y - moved.y
    planes = [
        plane[top // f : (top + seen.height) // f, left // f : (left + seen.width) // f]
        for plane, f in zip(planes_of(patch.picture.i420()), (1, 2, 2), strict=True)
    ]
    cut = np.concatenate([np.ascontiguousarray(plane).reshape(-1) for plane in planes])
    picture = YuvPicture(None, cut.reshape(seen.height * 3 // 2, seen.width))
    return YuvPatch(picture, seen, patch.opacity)
