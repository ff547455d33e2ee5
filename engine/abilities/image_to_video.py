"""Stills to video with the Movie Gen family: a first, middle or last frame, or several."""

from __future__ import annotations

from engine.abilities.context import JobContext
from engine.abilities.moviegen_clip import make_frames
from engine.abilities.video_output import save_video
from engine.errors import BadRequest
from engine.protocol.assets import Output
from engine.protocol.recipes import InputRole, Recipe

_FRAMES = {InputRole.FIRST_FRAME, InputRole.MIDDLE_FRAME, InputRole.LAST_FRAME}


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A clip that passes through the given stills.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    if not any(item.role in _FRAMES for item in recipe.inputs):
        raise BadRequest(
            "The recipe has no picture to start from.",
            "Add one as the first, middle or last frame.",
        )
    made, frames = make_frames(recipe, context)
    return (save_video(frames, made.rate, context),)
