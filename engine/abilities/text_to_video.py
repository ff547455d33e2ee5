"""Text to video with the Movie Gen family."""

from __future__ import annotations

from engine.abilities.context import JobContext
from engine.abilities.moviegen_clip import make_frames
from engine.abilities.video_output import save_video
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A clip of what the prompt says.

    Raises: BadRequest, BadWeights, WeightsNotInstalled.
    """
    made, frames = make_frames(recipe, context)
    return (save_video(frames, made.rate, context),)
