"""Pictures that are given as frames of a clip."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.errors import BadMedia


def still_at(path: Path, width: int, height: int) -> NDArray[np.uint8]:
    """A picture that fills the size and is cropped to it, (H, W, 3); what is clear in it is black.

    Raises: BadMedia.
    """
    try:
        with Image.open(path) as picture:
            upright = ImageOps.exif_transpose(picture)
            if "A" in upright.getbands() or "transparency" in upright.info:
                upright = Image.alpha_composite(
                    Image.new("RGBA", upright.size, (0, 0, 0, 255)), upright.convert("RGBA")
                )
            fitted = ImageOps.fit(upright.convert("RGB"), (width, height), Image.Resampling.LANCZOS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as problem:
        raise BadMedia(
            "The given frame cannot be read as a picture.", "Use a PNG, JPEG or WebP file."
        ) from problem
    except Image.DecompressionBombError as problem:
        raise BadMedia("The given frame is too large.", "Save it smaller first.") from problem
    return np.asarray(fitted).copy()
