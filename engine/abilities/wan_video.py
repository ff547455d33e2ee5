"""Text to video, stills to video and text to image with the Wan models."""

from __future__ import annotations

import numpy as np
from PIL import Image, UnidentifiedImageError

from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import snap_and_tell
from engine.abilities.video_output import save_image, save_video
from engine.abilities.wan_job import WanJob, wan_job
from engine.catalogue import load_catalogue
from engine.errors import BadMedia, BadRequest
from engine.models.wan.conditions import Pictures, fit_picture
from engine.models.wan.known import Known, frames_known
from engine.protocol.assets import Output
from engine.protocol.recipes import Ability, InputRole, Recipe

_STILLS = frozenset({InputRole.FIRST_FRAME, InputRole.MIDDLE_FRAME, InputRole.LAST_FRAME})


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """Make the clip or the picture that the recipe describes.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled, UnsupportedAbility.
    """
    recipe = snap_and_tell(recipe, load_catalogue().entry(recipe.model), context)
    if not recipe.prompt.strip():
        raise BadRequest("The prompt is empty.", "Say what the clip should show.")
    job = wan_job(recipe, context)
    frames = job.make(recipe, _given(recipe, job))
    if recipe.ability is Ability.TEXT_TO_IMAGE:
        return (save_image(frames[0], context),)
    return (save_video(frames, recipe.rate, context),)


def _given(recipe: Recipe, job: WanJob) -> Pictures | Known | None:
    if recipe.ability is not Ability.IMAGE_TO_VIDEO:
        return None
    given = {item.role: item.sha256 for item in recipe.inputs if item.role in _STILLS}
    stills = {role: _picture(sha256, recipe, job.context) for role, sha256 in given.items()}
    if job.kind.controlled:
        return _known(stills, recipe)
    first = stills.get(InputRole.FIRST_FRAME)
    if first is None:
        raise BadRequest(
            "This model starts from a first frame, and the recipe has none.",
            "Add a picture as the first frame.",
        )
    if InputRole.MIDDLE_FRAME in stills:
        raise BadRequest(
            "This model takes no picture for the middle of a clip.",
            "Leave it out, or choose a VACE model.",
        )
    return Pictures(first, stills.get(InputRole.LAST_FRAME))


def _known(stills: dict[InputRole, Image.Image], recipe: Recipe) -> Known:
    """A clip of which the stills are known, each at its frame."""
    if not stills:
        raise BadRequest(
            "The recipe has no picture to start from.",
            "Add one as the first, middle or last frame.",
        )
    places = {
        InputRole.FIRST_FRAME: 0,
        InputRole.MIDDLE_FRAME: recipe.frames // 2,
        InputRole.LAST_FRAME: recipe.frames - 1,
    }
    frames = np.zeros((recipe.frames, recipe.height, recipe.width, 3), np.uint8)
    known = np.zeros(recipe.frames, np.bool_)
    for role, still in stills.items():
        frames[places[role]], known[places[role]] = np.asarray(still), True
    return frames_known(frames, known)


def _picture(sha256: str, recipe: Recipe, context: JobContext) -> Image.Image:
    try:
        with Image.open(context.asset(sha256)) as picture:
            return fit_picture(picture, recipe.width, recipe.height)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as problem:
        raise BadMedia(
            "A given frame cannot be read as a picture.",
            "Use a PNG, JPEG or WebP file.",
        ) from problem
