"""Which model a command casts, and what it says where none can be had."""

from __future__ import annotations

import msgspec
import pytest

from engine.protocol.recipes import Ability
from studio.commands.casting import cast_model
from studio.commands.failures import CommandError
from tests.fakes.engine_client import POCKET


def test_a_draft_model_without_weights_is_said_to_be_missing() -> None:
    card = msgspec.structs.replace(
        POCKET, id="pocket-sound", title="Pocket sound",
        abilities=(Ability.VIDEO_TO_AUDIO,), installed=False,
    )  # fmt: skip
    with pytest.raises(CommandError, match="Pocket sound is not installed") as told:
        cast_model((POCKET, card), Ability.VIDEO_TO_AUDIO, "draft", "")
    assert "main.py train pocket-sound" in str(told.value)
