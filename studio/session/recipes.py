"""Recipes in two forms: the wire's struct, and the text that a project keeps of it."""

from __future__ import annotations

import msgspec

from engine.protocol.recipes import Recipe
from studio.document.model.generated import GeneratedMedia
from studio.document.model.generated import Recipe as StoredRecipe


def stored(recipe: Recipe) -> StoredRecipe:
    """The recipe as the project keeps it."""
    return StoredRecipe.from_json(msgspec.json.encode(recipe, order="sorted").decode())


def sent(recipe: StoredRecipe) -> Recipe:
    """The recipe as an engine is sent it.

    Raises:
        ValueError: the stored text is no recipe that this version knows.
    """
    try:
        return msgspec.json.decode(recipe.text.encode(), type=Recipe)
    except msgspec.DecodeError as error:
        raise ValueError(
            f"This clip's recipe cannot be read ({error}). A newer version may have written it."
        ) from error


def recipe_of(media: GeneratedMedia) -> Recipe:
    """The recipe of a generated clip. Raises: ValueError as `sent` does."""
    return sent(media.recipe)
