"""Text to sound or instrumental music with the Movie Gen family."""

from __future__ import annotations

from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import snap_and_tell
from engine.abilities.moviegen_sound import load_sound, make_sound, request_of
from engine.abilities.sound_files import save_sound
from engine.abilities.sound_told import told_in_words
from engine.catalogue import load_catalogue
from engine.errors import BadRequest
from engine.models.moviegen.audio_codec import LATENT_RATE_HZ
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A sound of what the prompt says; what follows "music:" in it is played.

    Raises: BadRequest, BadWeights, WeightsNotInstalled.
    """
    if not recipe.prompt.strip():
        raise BadRequest("The prompt is empty.", "Say what should be heard.")
    entry = load_catalogue().entry(recipe.model)
    recipe = snap_and_tell(recipe, entry, context)
    request = request_of(recipe, entry, recipe.frames)
    context.report("loading")
    pipeline = load_sound(entry, context)
    length_s = recipe.frames / LATENT_RATE_HZ
    told = told_in_words(request.words, recipe.seed, length_s, entry, context)
    return (save_sound(make_sound(told.asked_of(request), context, pipeline), context),)
