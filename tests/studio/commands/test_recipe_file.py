"""Recipes beside what they made: found for their own film, and for no other."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.protocol.recipes import FILM_RECIPE, Ability, Recipe
from studio.commands.failures import UsageError
from studio.commands.recipe_file import (
    Made,
    RecipeFile,
    path_beside,
    recipe_beside,
    write_recipe_file,
)
from studio.document.model.generated import Recipe as StoredRecipe
from studio.session.film_recipes import told_of, with_film_recipe
from studio.session.recipes import stored

FILM = Recipe(ability=Ability.TEXT_TO_VIDEO, model="pocket-animatic", prompt="a fox", seed=3)


def test_a_films_recipe_is_found_while_it_is_that_film(tmp_path: Path) -> None:
    film = tmp_path / "fox.mp4"
    assert recipe_beside(film, "a" * 64) is None
    content = RecipeFile(recipe=FILM, input_files={}, made=Made(sha256="a" * 64))
    write_recipe_file(path_beside(film), content)
    assert recipe_beside(film, "a" * 64) == FILM
    assert recipe_beside(film, "b" * 64) is None


def test_what_is_no_recipe_is_told(tmp_path: Path) -> None:
    path_beside(tmp_path / "fox.mp4").write_text("{")
    with pytest.raises(UsageError, match="not a recipe"):
        recipe_beside(tmp_path / "fox.mp4", "a" * 64)


@pytest.mark.parametrize(
    ("ability", "told"),
    [
        (Ability.VIDEO_TO_AUDIO, {FILM_RECIPE: "{}"}),
        (Ability.EDIT_VIDEO, {FILM_RECIPE: "{}"}),
        (Ability.TEXT_TO_AUDIO, {}),
    ],
)
def test_only_what_is_made_of_a_film_is_told_how_it_was_made(
    ability: Ability, told: dict[str, str]
) -> None:
    recipe = Recipe(ability=ability, model="pocket-foley", options={"method": "together"})
    assert with_film_recipe(recipe, "{}").options == {"method": "together", **told}
    assert with_film_recipe(recipe, "") == recipe


def test_what_was_made_of_another_film_tells_nothing() -> None:
    assert told_of(stored(FILM)) == stored(FILM).text
    edited = msgspec.structs.replace(FILM, ability=Ability.EDIT_VIDEO)
    assert told_of(stored(edited)) == ""
    assert told_of(StoredRecipe.from_json('{"of": "another version"}')) == ""
