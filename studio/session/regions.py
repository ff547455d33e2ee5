"""A region that was drawn as an outline, written as the mask that an edit reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studio.document.catalogue.entry import parse_points
from studio.session.sources import Refused, Writer

LEAST_POINTS = 9
"""Three corners, each with its two handles."""
_SOFT = 0.004
"""Of the longer side: how softly a region ends."""


def region_writer(outline: str, size: tuple[int, int]) -> Writer:
    """What writes the mask of an outline, "x,y x,y …" in the unit square, at a size in pixels."""

    def write(path: Path, done: Callable[[], object], refused: Refused) -> None:
        try:
            write_region(outline, size, path)
        except OSError as error:
            refused(f"The region cannot be kept in {path.parent}: {error.strerror or error}.")
            return
        done()

    return write


def write_region(outline: str, size: tuple[int, int], path: Path) -> None:
    """Write a mask as a grey PNG, white inside. Raises: OSError."""
    import cv2
    import numpy as np
    from PIL import Image

    from studio.media.compositor.effects.masks import SUBPIXEL_BITS
    from studio.media.compositor.effects.masks import outline as curved

    polygon = curved(parse_points(outline) or ()) * np.array(size)
    fixed = np.round((polygon - 0.5) * (1 << SUBPIXEL_BITS)).astype(np.int32)
    mask = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillPoly(mask, [fixed], 255, lineType=cv2.LINE_AA, shift=SUBPIXEL_BITS)
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.8, _SOFT * max(size)))
    Image.fromarray(soft.astype(np.uint8)).save(path, "PNG")
