"""A soundtrack for a film with the Movie Gen family: what is seen, heard when it happens."""

from __future__ import annotations

from dataclasses import replace

from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import snap_and_tell
from engine.abilities.moviegen_sound import (
    film_to_score,
    latents_in,
    load_sound,
    make_sound,
    read_picture,
    request_of,
)
from engine.abilities.sound_files import SAMPLE_RATE_HZ, save_sound
from engine.catalogue import load_catalogue
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """Sound for the part of the source that is used, as long as that, to the sample.

    The prompt may add to what is seen; what follows "music:" in it is played under the picture.
    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    entry = load_catalogue().entry(recipe.model)
    recipe = snap_and_tell(recipe, entry, context)
    film, in_s, out_s = film_to_score(recipe, entry, context)
    request = request_of(recipe, entry, latents_in(out_s - in_s))
    context.report("loading")
    pipeline = load_sound(entry, context)
    context.report("watching")
    request = replace(request, picture=read_picture(pipeline.networks.reader, film, in_s, out_s))
    samples = make_sound(request, context, pipeline)
    wanted = round((out_s - in_s) * SAMPLE_RATE_HZ)
    return (save_sound(samples[:wanted], context),)
