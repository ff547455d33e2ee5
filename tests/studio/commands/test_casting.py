"""Which model a command casts, and what is said of one that makes sound."""

from __future__ import annotations

import msgspec
import pytest

from engine.protocol.recipes import Ability, Recipe
from studio.commands.casting import cast_model
from studio.commands.failures import CommandError
from studio.commands.plan import shape_text
from tests.fakes.engine_client import POCKET


def test_a_draft_model_without_weights_is_said_to_be_missing() -> None:
    card = msgspec.structs.replace(
        POCKET, id="pocket-sound", title="Pocket sound",
        abilities=(Ability.VIDEO_TO_AUDIO,), installed=False,
    )  # fmt: skip
    with pytest.raises(CommandError, match="Pocket sound is not installed") as told:
        cast_model((POCKET, card), Ability.VIDEO_TO_AUDIO, "draft", "")
    assert "main.py train pocket-sound" in str(told.value)


def test_a_plan_of_sound_says_how_long_it_is() -> None:
    recipe = Recipe(ability=Ability.TEXT_TO_AUDIO, model="pocket-sound", frames=256, rate="25/1")
    assert shape_text(recipe) == "10.2 s of sound"
