"""Which range of a film an edit is about, within the part of it that is used."""

from __future__ import annotations

from fractions import Fraction

from engine.errors import BadRequest
from engine.protocol.recipes import EDIT_IN_S, EDIT_OUT_S, Recipe


def range_of(recipe: Recipe, part: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    """What is edited of the part that is used: all of it, or the recipe's range.

    Raises: BadRequest.
    """
    given = (recipe.options.get(name) for name in (EDIT_IN_S, EDIT_OUT_S))
    try:
        in_s, out_s = (Fraction(str(point)) for point in given)
    except (ValueError, ZeroDivisionError):
        return part
    in_s, out_s = max(in_s, part[0]), min(out_s, part[1])
    if in_s >= out_s:
        raise BadRequest(
            "The range to edit holds no frame of the part that is used.",
            "Choose a range in that part, at least a frame long.",
        )
    return in_s, out_s
