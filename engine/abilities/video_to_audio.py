"""A soundtrack for a film with the Movie Gen family: what is seen, heard when it happens."""

from __future__ import annotations

from dataclasses import replace

from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import snap_and_tell
from engine.abilities.moviegen_sound import (
    latents_in,
    load_sound,
    make_sound,
    read_picture,
    request_of,
)
from engine.abilities.moviegen_source import source_of
from engine.abilities.sound_files import SAMPLE_RATE_HZ, save_sound
from engine.abilities.video_input import part_used
from engine.catalogue import load_catalogue
from engine.errors import BadRequest
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """Sound for the part of the source that is used, as long as that, to the sample.

    The prompt may add to what is seen; what follows "music:" in it is played under the picture.
    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    entry = load_catalogue().entry(recipe.model)
    recipe = snap_and_tell(recipe, entry, context)
    given, film = source_of(recipe, context)
    in_s, out_s = part_used(film, given)
    length = latents_in(out_s - in_s)
    if length > entry.rules.max_frames:
        most = entry.rules.max_frames // (25 * 60)
        raise BadRequest(f"The film is longer than {most} minutes.", "Use a part of it.")
    request = request_of(recipe, entry, length)
    context.report("loading")
    pipeline = load_sound(entry, context)
    context.report("watching")
    request = replace(request, picture=read_picture(pipeline.networks.reader, film, in_s, out_s))
    samples = make_sound(request, context, pipeline)
    wanted = round((out_s - in_s) * SAMPLE_RATE_HZ)
    return (save_sound(samples[:wanted], context),)
