"""The option that keeps a prompt word for word."""

from __future__ import annotations

import pytest

from engine.protocol.recipes import Ability
from studio.commands.again import require_plain
from studio.commands.failures import UsageError
from studio.commands.parser import CommandParser
from studio.commands.recipe_options import add_shape, recipe_from
from tests.fakes.engine_client import POCKET


def test_a_prompt_is_kept_word_for_word_where_that_is_asked_for() -> None:
    parser = CommandParser("generate", "Make one thing.", "generate")
    add_shape(parser)
    plain = parser.parse_args(["--prompt", "a vixen"])
    kept = parser.parse_args(["--prompt", "a vixen", "--no-rewrite"])
    assert recipe_from(plain, Ability.TEXT_TO_VIDEO, POCKET).options == {}
    assert recipe_from(kept, Ability.TEXT_TO_VIDEO, POCKET).options == {"rewrite": "off"}


def test_a_recipe_run_again_decides_that_itself() -> None:
    parser = CommandParser("generate", "Make one thing.", "generate")
    add_shape(parser)
    with pytest.raises(UsageError, match="leave out --no-rewrite"):
        require_plain(parser.parse_args(["--no-rewrite"]))
