"""The samples of one clip, before its gain: from its file, its nested sequence or its generator.

A clip as shot is read sample by sample. At other speeds the samples are taken from between those
of the file: with the pitch changing as on tape, or, where the clip asks to keep it, stretched.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor

import numpy as np

from studio.document.catalogue import GENERATORS
from studio.document.model.clip import Clip, ConstantSpeed, GeneratorKind, GeneratorMedia
from studio.document.retime import advance
from studio.document.time import Rate
from studio.media.mixer.levels import from_decibels
from studio.media.mixer.stretch import stretched

MIX_RATE = 48000
READ_AROUND = 4
"""Extra samples either side that interpolation looks at."""

ReadSource = Callable[[int, int], np.ndarray]
"""Samples of the source from a place on: (start, count) to float32 (count, 2)."""


def speed_samples(clip: Clip, rate: Rate, start: int, count: int, read: ReadSource) -> np.ndarray:
    """Samples `start` to `start + count` of a clip, counted from its first, float32 (count, 2)."""
    origin = floor(clip.source_start.seconds * MIX_RATE)
    speed = clip.speed
    if isinstance(speed, ConstantSpeed):
        if speed.factor == 1:
            return read(origin + start, count)
        if speed.factor == 0:
            return np.zeros((count, 2), np.float32)
        if clip.preserve_pitch:
            return stretched(read, origin, float(speed.factor), start, count)
    return _on_tape(clip, rate, origin, start, count, read)


def _on_tape(
    clip: Clip, rate: Rate, origin: int, start: int, count: int, read: ReadSource
) -> np.ndarray:
    """Interpolated at the places that the speed gives, pitch and all."""
    places = origin + source_offsets(clip, rate, start, count)
    low = int(np.floor(places.min())) - READ_AROUND
    high = int(np.ceil(places.max())) + READ_AROUND
    return interpolated(read(low, high - low), places - low)


def source_offsets(clip: Clip, rate: Rate, start: int, count: int) -> np.ndarray:
    """How far into its media, in samples, each sample of a clip lies: float64 (count,)."""
    per_frame = Fraction(MIX_RATE) / rate.fraction
    first, last = Fraction(start) / per_frame, Fraction(start + count) / per_frame
    knots = np.array([first, *range(floor(first) + 1, floor(last) + 1), last], dtype=object)
    areas = [float(advance(clip.speed, 0, knot) * per_frame) for knot in knots]
    places = (start + np.arange(count)) / float(per_frame)
    return np.interp(places, [float(knot) for knot in knots], areas)


def interpolated(samples: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Samples between samples by a cubic through four neighbours: float32 (len(places), 2).

    Source: Catmull and Rom (1974).
    """
    whole = np.floor(places).astype(np.int64)
    t = (places - whole)[:, None].astype(np.float32)
    whole = np.clip(whole, 1, len(samples) - 3)
    a, b, c, d = (samples[whole + step] for step in (-1, 0, 1, 2))
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))


def tone_samples(media: GeneratorMedia, start: int, count: int) -> np.ndarray:
    """A generator's sound, float32 (count, 2): a sine for TONE, silence for the others."""
    if media.kind is not GeneratorKind.TONE:
        return np.zeros((count, 2), np.float32)
    values = GENERATORS[media.kind].values_at(media.params, 0)
    level = from_decibels(float(values["level"]))
    phase = 2 * np.pi * float(values["frequency"]) * (start + np.arange(count)) / MIX_RATE
    wave = (np.sin(phase) * level).astype(np.float32)
    return np.stack([wave, wave], axis=1)
