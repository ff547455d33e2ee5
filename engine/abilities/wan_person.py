"""Someone of your own in a clip by a Wan model that is shown pictures of them."""

from __future__ import annotations

from PIL import Image

from engine.abilities.context import JobContext
from engine.abilities.personal_photos import cut_outs
from engine.abilities.personal_prompt import begun
from engine.abilities.photos import portraitist
from engine.abilities.video_output import save_video
from engine.abilities.wan_job import wan_job
from engine.models.portraits.cutting import CutOut
from engine.models.wan.known import nothing_known
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A clip in which the pictures' subject does what the prompt says.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    recipe, _ = begun(recipe, context)
    networks = portraitist(context)
    context.report("cutting out")
    pictures = tuple(_on_white(cut) for cut in cut_outs(recipe, networks, context))
    known = nothing_known(recipe.width, recipe.height, recipe.frames, pictures)
    frames = wan_job(recipe, context).make(recipe, known)
    return (save_video(frames, recipe.rate, context),)


def _on_white(cut: CutOut) -> Image.Image:
    """The model was shown its references on white."""
    picture = Image.fromarray(cut.rgba)
    white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, picture).convert("RGB")
