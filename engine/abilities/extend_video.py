"""A film gone on with, or what comes before it, with the Movie Gen family.

The frames at the cut are given to the model as known ones, as many as it goes on from in its own
long clips; the output holds the new frames only.
"""

from __future__ import annotations

from fractions import Fraction

import msgspec
import torch

from engine.abilities.context import JobContext
from engine.abilities.moviegen_clip import make_clip
from engine.abilities.moviegen_job import load_pipeline, snap_and_tell
from engine.abilities.moviegen_source import known_pixels, source_of, times_between
from engine.abilities.video_input import Film, part_used
from engine.abilities.video_output import save_video
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadMedia, BadRequest, Internal
from engine.models.moviegen.pipeline import KnownFrames
from engine.planning.shapes import DIRECTION, nearest_aspect
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe

_AFTER, _BEFORE = "after", "before"


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
    factor, rate = entry.latent.time, Fraction(recipe.rate)
    latents = _context_latents(entry, out_s - in_s, rate, backward=backward)
    known, length_s = latents * factor, latents * factor / rate
    start_s = in_s if backward else out_s - length_s
    times = times_between(start_s, start_s + length_s, known)
    size = recipe.width, recipe.height
    context.report("loading")
    pipeline = load_pipeline(entry, context)
    whole = msgspec.structs.replace(recipe, frames=recipe.frames + known)
    counts = torch.zeros(whole.frames // factor, dtype=torch.bool)
    counts[slice(-latents, None) if backward else slice(latents)] = True
    around = KnownFrames(known_pixels(film, times, size, crop=True), counts)
    frames = make_clip(whole, entry, context, pipeline, around, backward=backward)
    new = frames[: recipe.frames] if backward else frames[known:]
    return (save_video(new, recipe.rate, context),)


def is_before(recipe: Recipe) -> bool:
    """Whether what comes before the film is asked for. Raises: BadRequest."""
    direction = recipe.options.get(DIRECTION, _AFTER)
    if direction not in (_AFTER, _BEFORE):
        raise BadRequest(
            f'A film cannot be extended "{direction}".', f"Choose {_AFTER} or {_BEFORE}."
        )
    return direction == _BEFORE


def sized_like(film: Film, recipe: Recipe, entry: Entry) -> Recipe:
    """The recipe at the model's size whose shape is most like the source's, if it names none."""
    if recipe.width and recipe.height:
        return recipe
    width, height = nearest_aspect(film.width, film.height, entry.rules)
    return msgspec.structs.replace(recipe, width=width, height=height)


def tell_size(recipe: Recipe, film: Film, context: JobContext) -> None:
    """Note where what goes on from a film has another size."""
    if (recipe.width, recipe.height) != (film.width, film.height):
        context.note(
            f"The new clip is {recipe.width} × {recipe.height}, the model's size nearest in shape; "
            f"the source is {film.width} × {film.height}."
        )


def _context_latents(entry: Entry, length_s: Fraction, rate: Fraction, *, backward: bool) -> int:
    """Latent frames of the source that the model is given.

    Before a clip it was only ever trained to meet one last latent frame.
    """
    if entry.windows is None:
        raise Internal(f"{entry.id} does not say how much it goes on from.")
    factor = entry.latent.time
    most = 1 if backward else entry.windows.overlap // factor
    there = int(length_s * rate) // factor
    if there == 0:
        raise BadMedia(
            f"The source is {float(length_s):.2f} s long, too short to go on from.",
            f"Give it at least {float(factor / rate):.2f} s.",
        )
    return min(most, there)
