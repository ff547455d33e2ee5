"""What moving given pictures costs: looking for what stands out, and laying every frame; or, for

frames between those of a film, finding their way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from engine.planning.optical_work import LOOKS_A_SECOND
from engine.planning.shapes import retaken_s
from engine.protocol.recipes import Ability, Recipe

_LOOK_OPERATIONS = 2.6e10
"""U²-Net's small size at 320 × 320."""
_COMPLETE_OPERATIONS, _LAY_OPERATIONS = 5e10, 8e2
"""What is behind, completed once, and for each pixel what laying and writing it takes; measured, as

operations of the rate that drawing reaches.
"""
_STILL_LOOKS, _ENDING_LOOKS, _SIDES = 2, LOOKS_A_SECOND + 2, 2
_WAY_OPERATIONS, _BETWEEN_OPERATIONS, _BETWEEN_BYTES = 2e9, 6e3, 150
"""What a frame between two others takes: finding where things go, which is done on small pictures,

for each pixel to bring it there and write it; and bytes of a pixel of all that is held. Measured,

as operations of the rate that matrices reach.
"""
_HELD_FRAMES, _HELD_BYTES, _STILL_BYTES = 30, 12, 64
"""Frames of a film that are gone on from, and bytes of a pixel of each, and of a still's."""


@dataclass(frozen=True, slots=True)
class MultiplaneWork:
    """Operations of looking, laying and interpolating, and bytes of the pictures that are held."""

    looking: float
    laying: float
    interpolating: float
    held_bytes: int


def multiplane_work(recipe: Recipe) -> MultiplaneWork:
    """The work of a recipe; a size that only the source can tell is the recipe's own."""
    pixels, frames = recipe.width * recipe.height, recipe.frames
    if recipe.ability is Ability.INTERPOLATE_FRAMES:
        each = _WAY_OPERATIONS + _BETWEEN_OPERATIONS * pixels
        return MultiplaneWork(0.0, 0.0, frames * each, _BETWEEN_BYTES * pixels)
    looks, held = _STILL_LOOKS, _STILL_BYTES * pixels
    if recipe.ability is Ability.EXTEND_VIDEO:
        looks, held = _ENDING_LOOKS, _HELD_FRAMES * _HELD_BYTES * pixels
    if recipe.ability is Ability.RETAKE:
        length_s = retaken_s(recipe) or Fraction(0)
        looks = max(_SIDES * _ENDING_LOOKS, math.ceil(length_s * LOOKS_A_SECOND) + 2)
        held = _SIDES * _HELD_FRAMES * _HELD_BYTES * pixels
    return MultiplaneWork(
        looking=looks * _LOOK_OPERATIONS + _COMPLETE_OPERATIONS,
        laying=frames * pixels * _LAY_OPERATIONS,
        interpolating=0.0,
        held_bytes=held,
    )
