"""Text to a still with the Movie Gen family: a video of one frame."""

from __future__ import annotations

import msgspec

from engine.abilities.context import JobContext
from engine.abilities.moviegen_clip import make_frames
from engine.abilities.video_output import save_image
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A picture of what the prompt says.

    Raises: BadRequest, BadWeights, WeightsNotInstalled.
    """
    _, frames = make_frames(msgspec.structs.replace(recipe, frames=1), context)
    return (save_image(frames[0], context),)
