"""GIF's 256 colours: one palette for the whole animation, and every frame dithered to it.

The last entry is transparent, for stickers; colours are chosen from frames spread over the range.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np
from av.video.frame import VideoFrame
from PIL import Image

from studio.media.libav import paletted
from studio.media.picture import RgbaPicture, without_alpha

COLOURS = 255
TRANSPARENT = 255
SAMPLES = 16
SAMPLE_SIDE = 160
HALF = 128


class Palette:
    """The colours of one animation."""

    def __init__(self, render: Callable[[int], RgbaPicture], frames: range) -> None:
        step = max(1, ceil(len(frames) / SAMPLES))
        pieces = [_sample(render(frame)) for frame in frames[::step]]
        height = max(piece.height for piece in pieces)
        montage = Image.new("RGB", (sum(piece.width for piece in pieces), height))
        left = 0
        for piece in pieces:
            montage.paste(piece, (left, 0))
            left += piece.width
        self._image = montage.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        self._table = _argb(self._image)

    def frame(self, picture: RgbaPicture) -> VideoFrame:
        """A picture in these colours, as a pal8 frame."""
        straight = picture.straight()
        rgb = Image.fromarray(without_alpha(straight), "RGB")
        indices = np.array(rgb.quantize(palette=self._image, dither=Image.Dither.FLOYDSTEINBERG))
        indices[straight[..., 3] < HALF] = TRANSPARENT
        return paletted(indices, self._table)


def _sample(picture: RgbaPicture) -> Image.Image:
    image = Image.fromarray(without_alpha(picture.straight()), "RGB")
    image.thumbnail((SAMPLE_SIDE, SAMPLE_SIDE))
    return image


def _argb(image: Image.Image) -> np.ndarray:
    """A palette as libav keeps it: uint8 (256, 4), alpha first."""
    colours = np.array(image.getpalette(), np.uint8).reshape(-1, 3)[:COLOURS]
    table = np.zeros((256, 4), np.uint8)
    table[: len(colours), 0] = 255
    table[: len(colours), 1:] = colours
    return table
