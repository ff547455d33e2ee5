"""Text to a still as a moment of a cut-out film: the place and the who of its clips."""

from __future__ import annotations

import msgspec

from engine.abilities.animatic import stage_of
from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import snap_and_tell
from engine.abilities.video_output import save_image
from engine.catalogue import load_catalogue
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe

_FRAMES = 48
"""Of the film whose middle is shown: what moves is on its way then, and not yet beyond an edge."""


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A picture of what the prompt says.

    Raises: BadRequest, BadWeights, WeightsNotInstalled.
    """
    entry = load_catalogue().entry(recipe.model)
    recipe = snap_and_tell(recipe, entry, context)
    film = msgspec.structs.replace(recipe, frames=_FRAMES)
    return (save_image(stage_of(film, entry, context).picture(_FRAMES // 2), context),)
