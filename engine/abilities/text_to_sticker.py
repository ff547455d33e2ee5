"""Text to a sticker with alpha."""

from __future__ import annotations

import msgspec

from engine.abilities.context import JobContext
from engine.abilities.moviegen_sticker import make_rgba, required_prompt
from engine.abilities.video_output import save_image
from engine.models.moviegen.prompts import sticker_caption
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe

NETWORK = "sticker-transformer"


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A die-cut sticker of what the prompt says, RGBA.

    Raises: BadRequest, BadWeights, WeightsNotInstalled.
    """
    words = required_prompt(recipe, "the sticker should show")
    recipe = msgspec.structs.replace(recipe, prompt=words, frames=1)
    _, frames = make_rgba(recipe, context, NETWORK, sticker_caption)
    return (save_image(frames[0], context),)
