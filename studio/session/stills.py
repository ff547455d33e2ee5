"""Stills: one picture of an asset as a PNG file, at full size and with its transparency."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from studio.document.model.asset import Asset

if TYPE_CHECKING:
    from studio.media.footage import Footage


def write_still(footage: Footage, asset: Asset, time: Fraction, path: Path) -> None:
    """Write the picture of an asset at a time, in seconds of its own clock. Blocks.

    Raises:
        MediaError: it cannot be read.
        OSError: it cannot be written.
    """
    import numpy as np
    from PIL import Image

    from studio.media.conform import to_rgb, to_rgba

    source = footage.picture(asset, time)
    size = source.display_size
    if not source.facts.alpha:
        Image.fromarray(np.ascontiguousarray(to_rgb(source, size))).save(path, "PNG")
        return
    pixels = to_rgba(source, size)
    alpha = np.maximum(pixels[..., 3:], 1)
    pixels[..., :3] = np.minimum(pixels[..., :3].astype(np.uint16) * 255 // alpha, 255)
    Image.fromarray(pixels).save(path, "PNG")
