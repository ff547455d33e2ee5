"""`generate rewrite_prompt`: the text is printed, and needs no file."""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.protocol.recipes import Ability
from studio.commands.casting import cast_model
from tests.fakes.engine_client import POCKET
from tests.studio.commands.conftest import Here
from tests.studio.commands.running import command, sentence

VIXEN = ("generate", "rewrite_prompt", "--prompt", "a vixen in the snow")


def test_a_prompt_is_printed_and_nothing_is_left_behind(here: Here) -> None:
    before = set(Path.cwd().iterdir())
    told = command(*VIXEN, *here)
    assert (told.code, told.out) == (0, "a fox in the snow\n"), told.err
    body = command(*VIXEN, *here, "--json").body
    assert body["prompt"] == "a fox in the snow"
    assert not {"file", "files", "recipe"} & set(body)
    assert {each for each in set(Path.cwd().iterdir()) - before if each.suffix == ".json"} == set()


def test_a_file_is_written_where_one_is_named(here: Here, tmp_path: Path) -> None:
    out = tmp_path / "prompt.txt"
    told = command(*VIXEN, *here, "--out", out, "--json")
    assert told.body["file"] == str(out)
    assert out.read_text() == "a fox in the snow"
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "prompt.txt",
        "prompt.txt.recipe.json",
    ]


def test_what_is_no_text_needs_a_file(tmp_path: Path) -> None:
    ended = command(
        "generate", "text_to_video", "--prompt", "a fox", "--engine-state", tmp_path / "none"
    )
    assert "Say where it goes, such as --out output.mp4." in sentence(ended, 2)


def test_a_prompt_is_read_as_a_clip_s_unless_a_sticker_model_is_named() -> None:
    able = (Ability.TEXT_TO_STICKER, Ability.REWRITE_PROMPT)
    sticker = msgspec.structs.replace(POCKET, id="pocket-sticker", abilities=able)
    able = (Ability.TEXT_TO_VIDEO, Ability.REWRITE_PROMPT)
    clip = msgspec.structs.replace(POCKET, abilities=able)
    cast = (sticker, clip)
    assert cast_model(cast, Ability.REWRITE_PROMPT, "draft", "") is clip
    assert cast_model(cast, Ability.REWRITE_PROMPT, "draft", "pocket-sticker") is sticker
