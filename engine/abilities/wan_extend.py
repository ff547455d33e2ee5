"""A film gone on with, or what comes before it, by a Wan model that is told which frames are known.

What is longer than the model makes at once is made stretch by stretch, each going on from the one
before it. The output holds the new frames only.
"""

from __future__ import annotations

from fractions import Fraction

import msgspec
import numpy as np

from engine.abilities.context import JobContext
from engine.abilities.extend_video import is_before, sized_like, tell_size
from engine.abilities.moviegen_job import snap_and_tell
from engine.abilities.moviegen_source import source_of, times_between
from engine.abilities.video_input import part_used, pictures_at
from engine.abilities.video_output import Frames, save_video
from engine.abilities.wan_job import WanJob, wan_job
from engine.catalogue import load_catalogue
from engine.errors import BadMedia, Internal
from engine.models.wan.known import frames_known
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """The clip that goes on where the source ends, or that ends where it begins.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    backward = is_before(recipe)
    given, film = source_of(recipe, context)
    in_s, out_s = part_used(film, given)
    entry = load_catalogue().entry(recipe.model)
    recipe = snap_and_tell(sized_like(film, recipe, entry), entry, context)
    tell_size(recipe, film, context)
    if entry.windows is None:
        raise Internal(f"{entry.id} does not say how much it goes on from.")
    rate = Fraction(recipe.rate)
    count = min(entry.windows.overlap, int((out_s - in_s) * rate))
    if count == 0:
        raise BadMedia(
            f"The source is {float(out_s - in_s):.2f} s long, too short to go on from.",
            f"Give it at least {float(1 / rate):.2f} s.",
        )
    start_s = in_s if backward else out_s - count / rate
    times = times_between(start_s, start_s + count / rate, count)
    known = pictures_at(film, times, (recipe.width, recipe.height), crop=True)
    job = wan_job(recipe, context)
    return (save_video(_onward(job, recipe, known, backward=backward), recipe.rate, context),)


def _onward(job: WanJob, recipe: Recipe, known: Frames, *, backward: bool) -> Frames:
    """The frames after the known ones, or before them, as many as the recipe asks for."""
    most = job.entry.rules.max_frames
    overlap, made = len(known), known
    while len(made) - overlap < recipe.frames:
        seen = made[:overlap] if backward else made[-overlap:]
        missing = recipe.frames + overlap - len(made)
        new = _stretch(job, recipe, seen, min(missing, most - overlap), backward=backward)
        made = np.concatenate([new, made] if backward else [made, new])
    return made[: recipe.frames] if backward else made[overlap:]


def _stretch(job: WanJob, recipe: Recipe, seen: Frames, count: int, *, backward: bool) -> Frames:
    """`count` frames beside the seen ones, made together with them."""
    step, offset = job.entry.rules.frame_step, job.entry.rules.frame_offset
    total = -(-(len(seen) + count - offset) // step) * step + offset
    frames = np.zeros((total, *seen.shape[1:]), np.uint8)
    known = np.zeros(total, np.bool_)
    there = slice(-len(seen), None) if backward else slice(len(seen))
    frames[there], known[there] = seen, True
    made = job.make(msgspec.structs.replace(recipe, frames=total), frames_known(frames, known))
    return made[~known][-count:] if backward else made[~known][:count]
