"""A stretch of a film made again, what is around it known, with the Movie Gen family.

Outside the stretch the output's frames are the source's, pixel for pixel. The stretch is cut into
whole latent frames that begin and end with it, so that both ends meet what is known: its frames
follow each other a little faster than the model's rate where its length asks for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray

from engine.abilities.context import JobContext
from engine.abilities.lossless_copy import Replace, copy_frames
from engine.abilities.moviegen_clip import make_clip
from engine.abilities.moviegen_job import load_pipeline
from engine.abilities.moviegen_source import known_pixels, source_of, times_between
from engine.abilities.video_input import Film, Shown, frames_from, part_used
from engine.abilities.video_output import Frames
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadRequest
from engine.models.moviegen.pipeline import KnownFrames
from engine.planning.shapes import (
    RETAKE_IN_S,
    RETAKE_OUT_S,
    model_frames,
    nearest_aspect,
    retaken_s,
)
from engine.protocol.assets import MediaInfo, Output
from engine.protocol.recipes import Recipe
from engine.sampling.spans import Span

_KNOWN_LATENTS = 1
"""Latent frames given on either side: the model was trained with the first and the last known."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A model's frames for a range of a film: those known `before` it, in it, and `after` it.

    `step_s` is from one of them on to the next.
    """

    in_s: Fraction
    out_s: Fraction
    frames: int
    before: int
    after: int

    @property
    def step_s(self) -> Fraction:
        return (self.out_s - self.in_s) / self.frames

    @property
    def total(self) -> int:
        return self.before + self.frames + self.after

    def frame_at(self, time_s: Fraction) -> int:
        """Which of the frames in the range is seen at a time."""
        place = max(0, int((time_s - self.in_s) / self.step_s))
        return min(place, self.frames - 1)


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """The part of the source that is used, with the range made again.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    given, film = source_of(recipe, context)
    part = part_used(film, given)
    entry = load_catalogue().entry(recipe.model)
    stretch = _stretch(recipe, film, part, entry)
    context.report("loading")
    made = _make(recipe, film, stretch, entry, context)
    retaken = range(*film.between(stretch.in_s, stretch.out_s))

    def new(shown: Shown) -> NDArray[np.uint8] | None:
        if shown.index not in retaken:
            return None
        return made[stretch.frame_at(film.times_s[shown.index])]

    return (save_retake(film, film.between(*part), new, context),)


def save_retake(film: Film, span: Span, new: Replace, context: JobContext) -> Output:
    """Keep frames of a film, those in `new` replaced, the others pixel for pixel."""
    first, end = span

    def told(shown: Shown) -> NDArray[np.uint8] | None:
        context.report("saving", shown.index - first, end - first)
        return new(shown)

    target = context.scratch / "output"
    copied = copy_frames(frames_from(film, *span), film.rate, film.pixel_aspect, told, target)
    if film.has_sound:
        context.note("The retake has no sound of its own; the source's sound still fits it.")
    rate = f"{film.rate.numerator}/{film.rate.denominator}"
    media = MediaInfo(width=copied.width, height=copied.height, frames=copied.frames, rate=rate)
    return context.save(copied.path, copied.media_type, media)


def retaken_range(
    recipe: Recipe, film: Film, part: tuple[Fraction, Fraction]
) -> tuple[Fraction, Fraction]:
    """When the range that is made again begins and ends, within the part that is used.

    Raises: BadRequest, where that holds no frame.
    """
    if retaken_s(recipe) is None:
        raise BadRequest(
            "The recipe does not say which range to make again.",
            f"Give {RETAKE_IN_S} and {RETAKE_OUT_S} in seconds, the first before the other.",
        )
    in_s = max(part[0], Fraction(str(recipe.options[RETAKE_IN_S])))
    out_s = min(part[1], Fraction(str(recipe.options[RETAKE_OUT_S])))
    if in_s >= out_s or not any(in_s <= time_s < out_s for time_s in film.times_s):
        raise BadRequest(
            f"No frame of the part that is used, {float(part[0]):.2f} to {float(part[1]):.2f} s, "
            "lies in the range to make again.",
            "Choose a range in that part, at least a frame long.",
        )
    return in_s, out_s


def _stretch(recipe: Recipe, film: Film, part: tuple[Fraction, Fraction], entry: Entry) -> Stretch:
    in_s, out_s = retaken_range(recipe, film, part)
    frames, factor = model_frames(out_s - in_s, entry.rules), entry.latent.time
    step_s = (out_s - in_s) / frames
    known = _KNOWN_LATENTS * factor
    # What is around the range may be used as known even where the output does not hold it.
    before = known if in_s >= known * step_s else 0
    after = known if film.end_s - out_s >= known * step_s else 0
    return Stretch(in_s, out_s, frames, before, after)


def _make(
    recipe: Recipe, film: Film, stretch: Stretch, entry: Entry, context: JobContext
) -> Frames:
    """The model's frames of the stretch alone, at the model's size."""
    width, height = nearest_aspect(film.width, film.height, entry.rules)
    shape = msgspec.structs.replace(
        recipe, width=width, height=height, frames=stretch.total, rate=entry.rules.rates[0]
    )
    pipeline = load_pipeline(entry, context)
    known = _known(film, stretch, entry.latent.time, (width, height))
    # Squeezed, not cropped: every pixel of the source's frame has to be made.
    frames = make_clip(shape, entry, context, pipeline, known)
    return frames[stretch.before : stretch.before + stretch.frames]


def _known(film: Film, stretch: Stretch, factor: int, size: tuple[int, int]) -> KnownFrames | None:
    step_s, total = stretch.step_s, stretch.total
    counts = torch.zeros(total // factor, dtype=torch.bool)
    times: list[Fraction] = []
    if stretch.before:
        times += times_between(stretch.in_s - stretch.before * step_s, stretch.in_s, stretch.before)
        counts[: stretch.before // factor] = True
    if stretch.after:
        times += times_between(stretch.out_s, stretch.out_s + stretch.after * step_s, stretch.after)
        counts[-(stretch.after // factor) :] = True
    if not times:
        return None
    return KnownFrames(known_pixels(film, times, size, crop=False), counts)
