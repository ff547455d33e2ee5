"""How a film that is worked on was made: its recipe, where a recipe tells that of its source."""

from __future__ import annotations

import msgspec

from engine.errors import BadRequest
from engine.protocol.recipes import (
    CAST,
    EASED,
    FILM_RECIPE,
    MOVES,
    PLAYED,
    STAGED,
    TROUPE,
    Ability,
    Recipe,
)

CUT_OUT_MODEL = "pocket-animatic"
"""Whose films are known by their recipes."""


def cut_out_recipe(recipe: Recipe) -> Recipe | None:
    """The recipe of the cut-out film that a recipe works on; None where it is told of none.

    Raises: BadRequest.
    """
    text = recipe.options.get(FILM_RECIPE)
    if text is None:
        return None
    try:
        made_by = msgspec.json.decode(str(text), type=Recipe)
    except msgspec.DecodeError as problem:
        raise BadRequest(
            "The film's recipe cannot be read.", "Leave the option film_recipe out."
        ) from problem
    is_cut_out = (made_by.ability, made_by.model) == (Ability.TEXT_TO_VIDEO, CUT_OUT_MODEL)
    return made_by if is_cut_out else None


def is_eased(recipe: Recipe) -> bool:
    """Whether a cut-out film's movements begin and end gently."""
    return recipe.options.get(MOVES) == EASED


def has_troupe(recipe: Recipe) -> bool:
    """Whether whole bodies act in a cut-out film, by any name, and each of several for itself."""
    return recipe.options.get(CAST) in (TROUPE, STAGED, PLAYED)


def is_staged(recipe: Recipe) -> bool:
    """Whether a cut-out film shows what who acts holds, sits on, stands before and looks at."""
    return recipe.options.get(CAST) in (STAGED, PLAYED)


def is_played(recipe: Recipe) -> bool:
    """Whether who acts in a cut-out film is dressed as told, at tables, asleep, near or far."""
    return recipe.options.get(CAST) == PLAYED
