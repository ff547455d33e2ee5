"""Text to video, image to video and text to image with the Wan models."""

from __future__ import annotations

import io
import json

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from engine.abilities.context import JobContext
from engine.abilities.video_output import save_video
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadMedia, BadRequest
from engine.models.checkpoint import damaged, missing
from engine.models.networks import Arrangement, Networks
from engine.models.wan.builders import BUILDERS
from engine.models.wan.conditions import Pictures, fit_picture
from engine.models.wan.generation import Kind, Request, generate
from engine.planning.shapes import snap
from engine.protocol.assets import MediaInfo, Output
from engine.protocol.recipes import Ability, InputRole, Recipe


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """Make the clip or the picture that the recipe describes.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled, UnsupportedAbility.
    """
    entry = load_catalogue().entry(recipe.model)
    snapped = snap(recipe, entry)
    for sentence in snapped.notes:
        context.note(sentence)
    recipe = snapped.recipe
    if not recipe.prompt.strip():
        raise BadRequest("The prompt is empty.", "Say what the clip should show.")
    networks = Networks(
        _arrangement(entry, context),
        context.models,
        context.report,
    )
    kind = _kind(entry, context)
    frames = generate(_request(recipe, entry, context), kind, networks, context.report)
    if recipe.ability is Ability.TEXT_TO_IMAGE:
        return (_save_picture(frames[0], context),)
    return (save_video(frames, recipe.rate, context),)


def _save_picture(frame: NDArray[np.uint8], context: JobContext) -> Output:
    height, width, _ = frame.shape
    stream = io.BytesIO()
    Image.fromarray(frame).save(stream, "PNG")
    media = MediaInfo(width=width, height=height, frames=1)
    return context.save(stream.getvalue(), "image/png", media)


def _request(recipe: Recipe, entry: Entry, context: JobContext) -> Request:
    sampler, defaults = recipe.sampler, entry.defaults
    guidance = sampler.guidance_scale
    second = defaults.guidance_scale_2 if guidance is None else guidance
    guidance = defaults.guidance_scale if guidance is None else guidance
    return Request(
        prompt=recipe.prompt,
        negative_prompt=recipe.negative_prompt or defaults.negative_prompt,
        width=recipe.width,
        height=recipe.height,
        frames=recipe.frames,
        steps=sampler.steps or defaults.steps,
        guidance=guidance,
        guidance_2=guidance if second is None else second,
        seed=recipe.seed,
        schedule=sampler.schedule,
        pictures=_pictures(recipe, context),
        tiled=context.plan.tiled_decode,
    )


def _pictures(recipe: Recipe, context: JobContext) -> Pictures | None:
    if recipe.ability is not Ability.IMAGE_TO_VIDEO:
        return None
    given = {item.role: item.sha256 for item in recipe.inputs}
    first = given.get(InputRole.FIRST_FRAME)
    if first is None:
        raise BadRequest(
            "This model starts from a first frame, and the recipe has none.",
            "Add a picture as the first frame.",
        )
    last = given.get(InputRole.LAST_FRAME)
    return Pictures(
        first=_picture(first, recipe, context),
        last=None if last is None else _picture(last, recipe, context),
    )


def _picture(sha256: str, recipe: Recipe, context: JobContext) -> Image.Image:
    try:
        with Image.open(context.asset(sha256)) as picture:
            return fit_picture(picture, recipe.width, recipe.height)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as problem:
        raise BadMedia(
            "The first or last frame cannot be read as a picture.",
            "Use a PNG, JPEG or WebP file.",
        ) from problem


def _kind(entry: Entry, context: JobContext) -> Kind:
    path = context.weights / "model_index.json"
    try:
        index = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise missing(path) from None
    except ValueError as problem:
        raise damaged(path, str(problem)) from problem
    return Kind(
        boundary=index.get("boundary_ratio"),
        per_token_time=bool(index.get("expand_timesteps")),
        latent=entry.latent,
    )


def _arrangement(entry: Entry, context: JobContext) -> Arrangement:
    return Arrangement(
        model=entry.id,
        checkpoint=context.weights,
        components={component.name: component for component in entry.components},
        builders=BUILDERS,
        precision=context.plan.precision,
        offload=context.plan.offload,
        device=torch.device(context.device),
    )
