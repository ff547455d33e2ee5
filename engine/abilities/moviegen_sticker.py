"""Stickers of the Movie Gen family: what making and animating them share, from recipe to RGBA."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import load_pipeline, preview_of, request_of, snap_and_tell
from engine.abilities.prompt_reading import read_sticker_prompt
from engine.catalogue import load_catalogue
from engine.errors import BadMedia, BadRequest
from engine.protocol.recipes import MOTION_SIZES, InputRole, Recipe

SIZE_PIXELS = 256
LOOP_FRAMES = 8
SEEN = 8
"""Alpha beyond which something is to be seen, of 255."""

_MARGIN = 0.11
"""Free space left on each side of a picture that is going to move, as a share of the square."""


def make_rgba(
    recipe: Recipe,
    context: JobContext,
    network: str,
    caption: Callable[[str], str],
    still: Tensor | None = None,
) -> tuple[Recipe, NDArray[np.uint8]]:
    """The recipe as the model could follow it, and straight RGBA (F, 256, 256, 4).

    `network` is the transformer's folder, `caption` makes a training caption of the prompt in the
    model's words; `still` (3, 256, 256) in [-1, 1] what a loop looks like.

    Raises: BadRequest, BadWeights, WeightsNotInstalled.
    """
    entry = load_catalogue().entry(recipe.model)
    recipe = snap_and_tell(recipe, entry, context)
    context.report("loading")
    pipeline = load_pipeline(entry, context, network)
    recipe = read_sticker_prompt(recipe, context, pipeline, moving=still is not None)
    request = replace(
        request_of(recipe, entry, caption(recipe.prompt)),
        apart=True,
        reference=None if still is None else still[None, :, None],
    )

    def on_step(step: int, steps: int, estimate: Tensor) -> None:
        context.report("denoising", step, steps, lambda: preview_of(pipeline, estimate))

    latents = pipeline.denoise(request, on_step)
    context.report("decoding")
    return recipe, pipeline.decode_rgba(latents).numpy()


def required_prompt(recipe: Recipe, what: str) -> str:
    """The prompt without its full stop. Raises: BadRequest, where there is none."""
    prompt = recipe.prompt.strip().rstrip(".")
    if not prompt:
        raise BadRequest("The prompt is empty.", f"Say what {what}.")
    return prompt


def motion_size(recipe: Recipe) -> str:
    """How far a loop moves, one of MOTION_SIZES. Raises: BadRequest."""
    motion = str(recipe.options.get("motion", MOTION_SIZES[1]))
    if motion not in MOTION_SIZES:
        raise BadRequest(
            f'The motion cannot be "{motion}".', f"Choose from {', '.join(MOTION_SIZES)}."
        )
    return motion


def read_still(recipe: Recipe, context: JobContext) -> NDArray[np.uint8]:
    """The recipe's picture, straight RGBA (H, W, 4), of which something is seen.

    Raises: BadRequest, BadMedia.
    """
    given = {item.role: item.sha256 for item in recipe.inputs}
    sha256 = given.get(InputRole.SOURCE) or given.get(InputRole.FIRST_FRAME)
    if sha256 is None:
        raise BadRequest("There is no sticker to animate.", "Add a picture, best one with alpha.")
    rgba = _read_rgba(context.asset(sha256))
    if rgba[..., 3].min() == 255:
        context.note(
            "The picture has no transparent part, so all of it moves as one card; cut the subject"
            " out first if only that should move."
        )
    if rgba[..., 3].max() <= SEEN:
        raise BadMedia("The picture is empty: all of it is transparent.", "Choose another one.")
    return rgba


def fitted(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What there is to see of straight RGBA (H, W, 4), centred with a margin in (256, 256, 4)."""
    rows, columns = np.nonzero(rgba[..., 3] > SEEN)
    seen = rgba[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    room = round(SIZE_PIXELS * (1 - 2 * _MARGIN))
    scale = room / max(seen.shape[:2])
    size = max(1, round(seen.shape[1] * scale)), max(1, round(seen.shape[0] * scale))
    small = Image.fromarray(seen).convert("RGBa").resize(size, Image.Resampling.LANCZOS)
    canvas = Image.new("RGBa", (SIZE_PIXELS, SIZE_PIXELS))
    canvas.paste(small, ((SIZE_PIXELS - size[0]) // 2, (SIZE_PIXELS - size[1]) // 2))
    return np.asarray(canvas.convert("RGBA")).copy()


def _read_rgba(path: Path) -> NDArray[np.uint8]:
    try:
        with Image.open(path) as picture:
            return np.asarray(ImageOps.exif_transpose(picture).convert("RGBA"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as problem:
        raise BadMedia(
            "The sticker cannot be read as a picture.", "Use a PNG, WebP or JPEG file."
        ) from problem
