"""`generate edit_video` and `plan edit_video`: what the options make of a recipe."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from PIL import Image

from engine.protocol.recipes import Ability, Recipe
from studio.commands.edit_options import add_edit, check_mask, with_edit
from studio.commands.failures import UsageError
from tests.studio.commands.running import command, sentence
from tests.studio.media.footage import Shot, make_video

EDIT = Recipe(ability=Ability.EDIT_VIDEO, model="pocket-edit", prompt="make it snow")


def _parsed(*options: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_edit(parser)
    return parser.parse_args(options)


def test_the_options_of_an_edit_are_those_of_its_recipe() -> None:
    said = _parsed("--task", "weather", "--keep-source", "1.5", "--follow", "5")
    assert with_edit(EDIT, said).options == {"task": "weather", "keep_source": 1.5, "follow": 5.0}
    assert with_edit(EDIT, _parsed()) == EDIT
    assert with_edit(EDIT, _parsed("--mask-at", "1.5")).options == {"mask_at_s": "3/2"}


def test_they_go_with_an_edit_alone() -> None:
    clip = Recipe(ability=Ability.TEXT_TO_VIDEO, model="pocket-video")
    with pytest.raises(UsageError, match="--follow goes with edit_video"):
        with_edit(clip, _parsed("--follow", "5"))


def test_a_mask_is_a_still_picture_for_an_edit(tmp_path: Path) -> None:
    still, film = tmp_path / "mask.png", tmp_path / "film.png"
    Image.new("L", (4, 4)).save(still)
    make_video(tmp_path / "film.mp4", Shot(frames=3, size=(32, 18))).rename(film)
    check_mask(Ability.EDIT_VIDEO, _parsed("--mask", str(still)))
    with pytest.raises(UsageError, match="is no still picture"):
        check_mask(Ability.EDIT_VIDEO, _parsed("--mask", str(film)))
    with pytest.raises(UsageError, match="--mask goes with edit_video"):
        check_mask(Ability.RETAKE, _parsed("--mask", str(still)))
    with pytest.raises(UsageError, match="Give it with --mask"):
        check_mask(Ability.EDIT_VIDEO, _parsed("--mask-at", "1"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--video", "a.mp4", "--prompt", ""), "The prompt is empty"),
        (("--prompt", "make it snow"), "works on a film"),
        (("--video", "a.mp4", "--prompt", "x", "--task", "explode"), "There is no task 'explode'"),
        (("--video", "a.mp4", "--prompt", "x", "--follow", "99"), "is not a number from 0 to 15"),
        (("--video", "a.mp4", "--prompt", "x", "--keep-source", "no"), "not a number from 0 to 4"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(options: tuple[str, ...], said: str) -> None:
    assert said in sentence(command("generate", "edit_video", *options), 2)
