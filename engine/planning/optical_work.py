"""What opticals cost: looking for what stands out, drawing what is new, printing every frame."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from engine.errors import BadRequest
from engine.planning.edit_reading import Instruction, instruction_of
from engine.planning.edit_vocabulary import OPTICALS
from engine.planning.shapes import edited_frames
from engine.protocol.recipes import FILM_RECIPE, InputRole, Recipe

FAMILY = "opticals"
LOOKS_A_SECOND = 4
"""How often what stands out is looked for; the flow carries it between."""

_LOOK_OPERATIONS = 2.6e10
"""U²-Net's small size at 320 × 320."""
_FOLLOW_OPERATIONS, _PRINT_OPERATIONS = 1.2e9, 2.5e3
"""The flow of a frame at its small size, and for each pixel what laying a change over it takes;

measured, as operations of the rate that drawing reaches.
"""
_SMALL_BYTES, _BEHIND_BYTES = 512 * 288 * 5, 9 * 24
_DRAWN = frozenset({"add", "replace"})
_SHOT_AGAIN = 2
"""Stills that a draft whose recipe is told is made of; it is looked at as well where that is not

what its recipe makes.
"""


@dataclass(frozen=True, slots=True)
class OpticalWork:
    """Operations of looking and printing, and how many stills are drawn.

    `held_bytes` are the small frames that are looked at, and those that tell what is behind.
    """

    looking: float
    printing: float
    stills: int
    held_bytes: int


def needs_matte(asked: Instruction) -> bool:
    """Whether an instruction is about a part of the picture."""
    return asked.task not in ("style", "weather") or bool(asked.thing)


def optical_work(recipe: Recipe) -> OpticalWork:
    """The work of a recipe; one whose words cannot be read is taken to need all of it."""
    try:
        asked = instruction_of(recipe, OPTICALS)
    except BadRequest:
        asked = Instruction("replace", "")
    frames = edited_frames(recipe)
    looks = math.ceil(frames / Fraction(recipe.rate) * LOOKS_A_SECOND) + 2
    draws = asked.task in _DRAWN or (asked.task == "background" and bool(asked.detail))
    is_drawn = any(item.role is InputRole.MASK for item in recipe.inputs)
    is_told = needs_matte(asked) and FILM_RECIPE in recipe.options and not is_drawn
    looking = (0 if is_drawn else looks) * _LOOK_OPERATIONS + frames * _FOLLOW_OPERATIONS
    return OpticalWork(
        looking=looking if is_drawn or needs_matte(asked) else 0.0,
        printing=frames * recipe.width * recipe.height * _PRINT_OPERATIONS,
        held_bytes=_SMALL_BYTES * frames + _BEHIND_BYTES * recipe.width * recipe.height,
        stills=int(draws) + (_SHOT_AGAIN if is_told else 0),
    )
