"""A film gone on with, or what comes before it, by moving its own last frames.

The new clip has the film's size and rate. Played backwards, what comes before a film goes on from
its first frames as what follows goes on from its last.
"""

from __future__ import annotations

from fractions import Fraction

import msgspec

from engine.abilities.context import JobContext
from engine.abilities.enlarged_film import layout_of
from engine.abilities.extend_video import is_before
from engine.abilities.moviegen_source import source_of
from engine.abilities.multiplane_ending import Onward, ending_of, held
from engine.abilities.multiplane_words import asked_of
from engine.abilities.video_input import Film, frames_from, part_used
from engine.abilities.video_output import save_video, told
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadMedia
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """The clip that goes on where the source ends, or that ends where it begins.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    backward = is_before(recipe)
    given, film = source_of(recipe, context)
    span = held(film, film.between(*part_used(film, given)), backward=backward)
    if span[1] - span[0] < 2:
        raise BadMedia(
            "The source is a single frame, too short to go on from.",
            "Use image_to_video to make a film that begins with it.",
        )
    recipe = _like(film, recipe, load_catalogue().entry(recipe.model))
    context.report("loading")
    asked, rate = asked_of(recipe, context), Fraction(recipe.rate)
    onward = Onward((recipe.width, recipe.height), recipe.frames, float(rate), backward)
    ending = ending_of(film, span, asked, onward, context)
    moments = [float((index + 1) / rate) for index in range(recipe.frames)]
    pictures = map(ending.after, moments[::-1] if backward else moments)
    if layout_of(next(frames_from(film, span[0], span[0] + 1)).frame).has_alpha:
        context.note("The film is transparent in places; the new clip is not.")
    if film.has_sound:
        context.note("The new clip is silent: make a soundtrack for it, if it needs one.")
    return (save_video(told(pictures, recipe.frames, context), recipe.rate, context),)


def _like(film: Film, recipe: Recipe, entry: Entry) -> Recipe:
    """The recipe at the film's own rate and size: in even pixels, no more than the model makes."""
    scale = min(1.0, (entry.rules.max_pixels / (film.width * film.height)) ** 0.5)
    length_s = (recipe.frames or entry.defaults.frames) / Fraction(recipe.rate)
    return msgspec.structs.replace(
        recipe,
        width=max(2, int(film.width * scale) // 2 * 2),
        height=max(2, int(film.height * scale) // 2 * 2),
        frames=max(1, round(length_s * film.rate)),
        rate=f"{film.rate.numerator}/{film.rate.denominator}",
    )
