"""A soundtrack for a film with the Movie Gen family: what is seen, heard when it happens."""

from __future__ import annotations

from engine.abilities.context import JobContext
from engine.abilities.foley_seen import heard_in
from engine.abilities.moviegen_job import snap_and_tell
from engine.abilities.moviegen_sound import (
    film_to_score,
    latents_in,
    load_eyes,
    load_sound,
    look_at,
    make_sound,
    request_of,
)
from engine.abilities.sound_files import SAMPLE_RATE_HZ, save_sound
from engine.abilities.sound_told import told_with_words
from engine.abilities.sound_words import seen_as_made
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
    request, length_s = request_of(recipe, entry, latents_in(out_s - in_s)), float(out_s - in_s)
    context.report("loading")
    pipeline = load_sound(entry, context)
    seen = seen_as_made(recipe, entry, context, float(in_s), length_s)
    if seen is None:
        eyes = load_eyes(entry, context)
        context.report("watching")
        seen = heard_in(eyes, look_at(eyes, film, in_s, out_s), recipe.seed)
    told = told_with_words(seen, request.words, recipe.seed, length_s, entry, context)
    request = told.asked_of(request)
    samples = make_sound(request, context, pipeline)
    wanted = round((out_s - in_s) * SAMPLE_RATE_HZ)
    return (save_sound(samples[:wanted], context),)
