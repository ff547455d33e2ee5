"""Clips to make stickers of: a ball with a soft edge that moves, and noise that will not shrink."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from studio.media.stickers.clip import StickerClip
from studio.media.stickers.shaping import resized

ORANGE = np.array([240, 140, 40])


def ball(place: int, side: int) -> np.ndarray:
    """An orange ball over nothing, its edge soft: uint8 (side, side, 4)."""
    large = 4 * side
    rows, columns = np.mgrid[0:large, 0:large] + 0.5
    middle = large / 2 + large / 8 * np.sin(2 * np.pi * place / 8)
    inside = np.hypot(columns - middle, rows - large / 2) < large / 4
    picture = np.zeros((large, large, 4), np.uint8)
    picture[inside] = (*ORANGE, 255)
    return resized(picture, (side, side))


def balls(count: int, side: int = 96) -> StickerClip:
    """A ball going to and fro, eight pictures a second."""
    return StickerClip.steady([ball(place, side) for place in range(count)], Fraction(8))


def noise(count: int, side: int) -> StickerClip:
    """A soft round hole onto noise that is new in every picture, eight a second."""
    random = np.random.default_rng(7)
    pictures = random.integers(0, 256, (count, side, side, 4), np.uint8)
    pictures[..., 3] = ball(0, side)[..., 3]
    return StickerClip.steady(list(pictures), Fraction(8))
