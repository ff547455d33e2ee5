"""Pictures that are given as frames of a clip."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.errors import BadMedia

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, as shares of a picture's width and height."""
Seek = Callable[[NDArray[np.uint8]], Box | None]
"""What of a picture (H, W, 3) is to be kept where some of it is cropped."""

_DEEP = ("I", "F")
_LOOKED_PIXELS = 640
_CROPS_LITTLE = 0.03
_HEADROOM = 0.06
"""Above what is taller than the crop, of the crop's height."""


def still_at(path: Path, width: int, height: int, seek: Seek | None = None) -> NDArray[np.uint8]:
    """A picture that fills the size and is cropped to it, (H, W, 3); what is clear in it is black.

    It is cropped around what `seek` finds, or around its middle. Raises: BadMedia.
    """
    try:
        with Image.open(path) as picture:
            upright = ImageOps.exif_transpose(picture)
            if "A" in upright.getbands() or "transparency" in upright.info:
                upright = Image.alpha_composite(
                    Image.new("RGBA", upright.size, (0, 0, 0, 255)), upright.convert("RGBA")
                )
            whole = _in_eight_bits(upright).convert("RGB")
            at = _centring(whole, width / height, seek)
            fitted = ImageOps.fit(whole, (width, height), Image.Resampling.LANCZOS, centering=at)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as problem:
        raise BadMedia(
            "The given frame cannot be read as a picture.", "Use a PNG, JPEG or WebP file."
        ) from problem
    except Image.DecompressionBombError as problem:
        raise BadMedia("The given frame is too large.", "Save it smaller first.") from problem
    return np.asarray(fitted).copy()


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """A picture whose deep greys Pillow would cut off at 255."""
    if picture.mode not in _DEEP and not picture.mode.startswith("I;16"):
        return picture
    values = np.asarray(picture).astype(np.float64)
    most = 65535.0 if picture.mode != "F" else max(1.0, float(values.max()))
    return Image.fromarray((values / most * 255).clip(0, 255).round().astype(np.uint8))


def _centring(whole: Image.Image, aspect: float, seek: Seek | None) -> tuple[float, float]:
    """Where the crop lies, across and down: 0 at the left and top, 1 at the right and bottom."""
    has = whole.width / whole.height
    kept_x, kept_y = min(1.0, aspect / has), min(1.0, has / aspect)
    if seek is None or kept_x * kept_y > 1 - _CROPS_LITTLE:
        return 0.5, 0.5
    small = whole.copy()
    small.thumbnail((_LOOKED_PIXELS, _LOOKED_PIXELS))
    box = seek(np.asarray(small).copy())
    if box is None:
        return 0.5, 0.5
    left, top, right, bottom = box
    return centred(left, right, kept_x), centred(top, bottom, kept_y, headroom=_HEADROOM)


def centred(low: float, high: float, kept: float, headroom: float | None = None) -> float:
    """Where a crop that keeps a share of a side lies, so that it holds what is between two shares.

    With `headroom`, what is longer than the crop loses its far end; else as much at both.
    """
    if kept >= 1.0:
        return 0.5
    is_longer = high - low > kept and headroom is not None
    begins = low - (headroom or 0.0) * kept if is_longer else (low + high - kept) / 2
    return min(1.0, max(0.0, begins / (1 - kept)))
