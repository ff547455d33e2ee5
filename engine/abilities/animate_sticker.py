"""A still sticker to a loop of eight frames with alpha."""

from __future__ import annotations

import msgspec

from engine.abilities.context import JobContext
from engine.abilities.moviegen_sticker import (
    LOOP_FRAMES,
    fitted,
    make_rgba,
    motion_size,
    read_still,
)
from engine.abilities.video_output import save_video
from engine.models.moviegen.matte import over_matte
from engine.models.moviegen.prompts import loop_caption
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe

NETWORK = "loop-transformer"
RATE = "8/1"
_UNTOLD = "it dances"
"""What a sticker does whose maker did not say."""


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A loop in which the sticker does what the prompt says, RGBA.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    motion = motion_size(recipe)
    words = recipe.prompt.strip().rstrip(".") or _UNTOLD
    still = over_matte(fitted(read_still(recipe, context)))
    recipe = msgspec.structs.replace(recipe, prompt=words, frames=LOOP_FRAMES, rate=RATE)

    def caption(told: str) -> str:
        return loop_caption(told, motion)

    made, frames = make_rgba(recipe, context, NETWORK, caption, still)
    return (save_video(frames, made.rate, context),)
