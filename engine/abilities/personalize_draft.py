"""Someone of your own in a drawn place, as a cut-out film: the draft of a personalised clip.

Who acts is cut out of the first picture and moved as it is, so that it is always that very one;
the place is painted, or drawn by the video model from the prompt.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from torch import Tensor

from engine.abilities.animatic import NETWORKS, direction_of, laid, place_for
from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import load_pipelines, preview_of
from engine.abilities.personal_photos import cut_outs, pictures_of
from engine.abilities.personal_prompt import begun, read_personal
from engine.abilities.photos import portraitist
from engine.abilities.prompt_reading import video_rewriter
from engine.abilities.video_output import save_video
from engine.models.animatic.film import staged_film
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe

_GROUND = 0.8
"""Well below the horizon: whoever a photo shows may be tall, and needs room to jump."""


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A film in which the first picture's subject does what the prompt says.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    recipe, entry = begun(recipe, context)
    networks = portraitist(context)
    context.report("cutting out")
    (cut,) = cut_outs(recipe, networks, context, most=1)
    if len(pictures_of(recipe)) > 1:
        context.note("A cut-out film shows the first picture alone; the others are left out.")
    places = load_pipelines(entry, context, NETWORKS)[0]
    clause = read_personal(
        video_rewriter(entry.id, context, places, recipe), recipe.prompt, context
    )

    def on_step(step: int, steps: int, estimate: Tensor) -> None:
        context.report("denoising", step, steps, lambda: preview_of(places, estimate))

    place = place_for(clause, recipe, entry, places, on_step)
    direction = direction_of(clause, recipe)
    direction = replace(direction, is_cropped=cut.is_cropped, ground=_GROUND)
    rate_fps = float(Fraction(recipe.rate))
    stage = staged_film(place, cut.rgba, direction, recipe.frames, rate_fps)
    return (save_video(laid(stage, recipe.frames, context), recipe.rate, context),)
