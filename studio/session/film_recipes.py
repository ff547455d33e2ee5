"""How a film was made, told to what works on it: a cut-out film's recipe says where all of it is.

Pure functions. What was made of another film is told by nobody's recipe: only the pixels know.
"""

from __future__ import annotations

import msgspec

from engine.protocol.recipes import FILM_RECIPE, Ability, Recipe
from studio.document.model.generated import GeneratedMedia
from studio.document.model.generated import Recipe as StoredRecipe
from studio.session.played import PlayedClip
from studio.session.recipes import sent

_TOLD = {Ability.VIDEO_TO_AUDIO, Ability.EDIT_VIDEO}


def with_film_recipe(recipe: Recipe, film_recipe: str) -> Recipe:
    """A soundtrack's or an edit's recipe that says how its film was made, as JSON; "" where nobody

    knows.
    """
    if not film_recipe or recipe.ability not in _TOLD:
        return recipe
    return msgspec.structs.replace(recipe, options={**recipe.options, FILM_RECIPE: film_recipe})


def told_of(film_recipe: StoredRecipe) -> str:
    """What is told of a film's recipe, as JSON: of one made of words alone, all of it, or else "".

    A recipe that holds the recipe of its own source would double with every step.
    """
    try:
        is_first = sent(film_recipe).ability is Ability.TEXT_TO_VIDEO
    except ValueError:  # a newer version may have written it: its film can still be looked at
        return ""
    return film_recipe.text if is_first else ""


def film_recipe_of(clip: PlayedClip) -> str:
    """How what a clip plays was made, as JSON; "" for footage and for what was made of a film."""
    media = clip.clip.media
    take = media.take if isinstance(media, GeneratedMedia) else None
    return told_of(take.recipe) if take is not None and take.asset_id == clip.asset.id else ""
