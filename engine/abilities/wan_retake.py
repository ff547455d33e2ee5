"""A stretch of a film made again by a Wan model that is told which frames are known.

Outside the stretch the output's frames are the source's, pixel for pixel.
"""

from __future__ import annotations

import math
from fractions import Fraction

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.abilities.context import JobContext
from engine.abilities.moviegen_source import source_of, times_between
from engine.abilities.retake import Stretch, retaken_range, save_retake
from engine.abilities.video_input import Film, Shown, part_used, pictures_at
from engine.abilities.video_output import Frames
from engine.abilities.wan_job import wan_job
from engine.catalogue import Entry, load_catalogue
from engine.models.wan.known import frames_known
from engine.planning.shapes import nearest_aspect
from engine.protocol.assets import Output
from engine.protocol.models import FrameRules
from engine.protocol.recipes import Recipe


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """The part of the source that is used, with the range made again.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    given, film = source_of(recipe, context)
    part = part_used(film, given)
    range_s = retaken_range(recipe, film, part)
    entry = load_catalogue().entry(recipe.model)
    stretch = stretch_of(range_s, film.end_s, entry.rules, _overlap(entry))
    made = _make(recipe, film, stretch, entry, context)
    retaken = range(*film.between(*range_s))

    def new(shown: Shown) -> NDArray[np.uint8] | None:
        if shown.index not in retaken:
            return None
        return made[stretch.frame_at(film.times_s[shown.index])]

    return (save_retake(film, film.between(*part), new, context),)


def stretch_of(
    range_s: tuple[Fraction, Fraction], end_s: Fraction, rules: FrameRules, overlap: int
) -> Stretch:
    """Frames that fill a range of a film that ends at `end_s`, and as many around it as there is

    room for, `overlap` at most on either side; together a length that the model makes.
    """
    in_s, out_s = range_s
    step, offset = rules.frame_step, rules.frame_offset
    frames = max(1, math.ceil((out_s - in_s) * Fraction(rules.rates[0])))
    step_s = (out_s - in_s) / frames
    room = max(0, rules.max_frames - frames)
    before = min(int(in_s / step_s), overlap, room // 2)
    after = min(int((end_s - out_s) / step_s), overlap, room - before)
    # What is over is made as well: the range is cut finer, up to a length that the model makes.
    frames += (offset - before - frames - after) % step
    return Stretch(in_s, out_s, frames, before, after)


def _make(
    recipe: Recipe, film: Film, stretch: Stretch, entry: Entry, context: JobContext
) -> Frames:
    """The model's frames of the range alone, at the model's size."""
    size = nearest_aspect(film.width, film.height, entry.rules)
    frames = np.zeros((stretch.total, size[1], size[0], 3), np.uint8)
    known = np.ones(stretch.total, np.bool_)
    known[stretch.before : stretch.before + stretch.frames] = False
    begins_s = stretch.in_s - stretch.before * stretch.step_s
    ends_s = begins_s + stretch.total * stretch.step_s
    times = times_between(begins_s, ends_s, stretch.total)
    # Squeezed, not cropped: every pixel of the source's frame has to be made.
    if known.any():
        around = [time_s for time_s, is_known in zip(times, known, strict=True) if is_known]
        frames[known] = pictures_at(film, around, size, crop=False)
    shape = msgspec.structs.replace(
        recipe, width=size[0], height=size[1], frames=stretch.total, rate=entry.rules.rates[0]
    )
    return wan_job(recipe, context).make(shape, frames_known(frames, known))[~known]


def _overlap(entry: Entry) -> int:
    return entry.windows.overlap if entry.windows else 0
