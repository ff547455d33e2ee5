"""A region that an editor drew: a picture, white or opaque where something is meant."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.abilities.context import JobContext
from engine.errors import BadMedia
from engine.protocol.recipes import InputRole, Recipe

Mask = NDArray[np.float32]
"""(H, W) in [0, 1], its soft edges as they were drawn."""

_MOST_PIXELS = 120_000_000
_LEAST_LEVEL = 1 / 255
_DRAW = "Draw it white on black, or opaque on nothing, and save it as a PNG."


def mask_of(recipe: Recipe, context: JobContext, size: tuple[int, int]) -> Mask | None:
    """The region that a recipe's words are about, at a size (width, height); None without one.

    Raises: BadMedia.
    """
    given = next((item for item in recipe.inputs if item.role is InputRole.MASK), None)
    if given is None:
        return None
    mask = read_mask(context.asset(given.sha256))
    shrinks = mask.shape[1] > size[0]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(mask, size, interpolation=how).astype(np.float32, copy=False)


def read_mask(path: Path) -> Mask:
    """A mask of any size: its alpha if some of it is transparent, else how light it is.

    Raises: BadMedia.
    """
    try:
        with Image.open(path) as picture:
            if getattr(picture, "is_animated", False):
                raise BadMedia("The mask moves.", "Use a still picture; what it marks is followed.")
            if picture.width * picture.height > _MOST_PIXELS:
                raise BadMedia("The mask is too large.", "Save it as large as the film is.")
            mask = _levels(ImageOps.exif_transpose(picture))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as problem:
        raise BadMedia("The mask cannot be read as a picture.", _DRAW) from problem
    except Image.DecompressionBombError as problem:
        raise BadMedia("The mask is too large.", "Save it as large as the film is.") from problem
    if mask.max() < _LEAST_LEVEL:
        raise BadMedia("The mask is black all over, so it marks nothing.", _DRAW)
    if mask.min() > 1 - _LEAST_LEVEL:
        raise BadMedia(
            "The mask is white all over, so it marks everything.",
            "Leave it out, or draw what is meant.",
        )
    return mask


def _levels(picture: Image.Image) -> Mask:
    if "A" in picture.getbands() or "transparency" in picture.info:
        alpha = np.asarray(picture.convert("RGBA"))[..., 3]
        if alpha.min() < 255:
            return alpha.astype(np.float32) / np.float32(255.0)
    if picture.mode.startswith("I") or picture.mode == "F":
        deep = np.asarray(picture).astype(np.float32)
        return (deep / np.float32(65535.0)).clip(0.0, 1.0)
    return np.asarray(picture.convert("L")).astype(np.float32) / np.float32(255.0)
