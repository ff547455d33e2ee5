"""Gains over time, for every sample of a block at once: keyframes, fades, crossfades, pan.

The document says what a level is at a frame (`queries.levels`); here the same is computed for
arrays of places, counted in frames and fractions of frames from a clip's first.
"""

from __future__ import annotations

from typing import overload

import numpy as np

from studio.document.keyframes import value_at
from studio.document.model.clip import Clip, FadeShape, Transition, TransitionKind
from studio.document.model.curve import Curve, Number
from studio.document.time import FrameRange

CURVE_STEP = 64
"""Samples between places at which a curve is evaluated; straight lines in between."""


def values_at(number: Number, places: np.ndarray) -> np.ndarray | float:
    """A parameter at many places; one number where it does not change."""
    if not isinstance(number, Curve):
        return float(number)
    if len(number.keyframes) == 1:
        return float(number.keyframes[0].value)
    knots = np.append(places[::CURVE_STEP], places[-1:])
    values = np.array([value_at(number, float(place)) for place in knots])
    return np.interp(places, knots, values)


def shaped(shape: FadeShape, share: np.ndarray) -> np.ndarray:
    """The level of a fade-in, `share` of its length from the start; flat outside 0 to 1."""
    x = np.clip(share, 0.0, 1.0)
    match shape:
        case FadeShape.LINEAR:
            return x
        case FadeShape.EQUAL_POWER:
            return np.sin(x * (np.pi / 2))
        case FadeShape.SMOOTH:
            return x * x * (3 - 2 * x)


def clip_gain(clip: Clip, places: np.ndarray) -> np.ndarray | float:
    """The factor on a clip's samples: its gain with keyframes, and its fades."""
    decibels = values_at(clip.gain_db, places)
    gain = from_decibels(decibels)
    if clip.fade_in_frames:
        gain = gain * shaped(clip.fade_shape, places / clip.fade_in_frames)
    if clip.fade_out_frames:
        left = (clip.duration - places) / clip.fade_out_frames
        gain = gain * shaped(clip.fade_shape, left)
    return gain


def crossfade(
    fading: tuple[Transition, FrameRange] | None, places: np.ndarray, *, rising: bool
) -> np.ndarray | float:
    """The factor of a transition at one end of a clip; `places` are frames of the sequence."""
    if fading is None:
        return 1.0
    transition, span = fading
    share = (places - span.start) / span.duration
    return shaped(_shape_of(transition), share if rising else 1 - share)


def _shape_of(transition: Transition) -> FadeShape:
    if transition.kind is not TransitionKind.CROSSFADE:
        return FadeShape.EQUAL_POWER
    stored = dict(transition.params).get("shape", "equal_power")
    return FadeShape(str(stored))


@overload
def from_decibels(decibels: float) -> float: ...


@overload
def from_decibels(decibels: np.ndarray) -> np.ndarray: ...


@overload
def from_decibels(decibels: np.ndarray | float) -> np.ndarray | float: ...


def from_decibels(decibels: np.ndarray | float) -> np.ndarray | float:
    """Decibels to a factor on amplitude."""
    return 10.0 ** (decibels / 20.0)


def panned(samples: np.ndarray, pan: np.ndarray | float) -> np.ndarray:
    """Stereo moved left (-1) or right (1), the sum of powers kept: float32 (count, 2)."""
    if np.isscalar(pan) and pan == 0:
        return samples
    angle = (np.asarray(pan, np.float64) + 1) * (np.pi / 4)
    gains = np.stack(np.broadcast_arrays(np.cos(angle), np.sin(angle)), axis=-1) * np.sqrt(2)
    return (samples * gains).astype(np.float32)
