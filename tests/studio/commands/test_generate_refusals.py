"""`generate` with bad input, one by one: a sentence, an exit code, and nothing left behind."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.engine.running import small_disk
from tests.studio.commands.conftest import Here
from tests.studio.commands.running import command, sentence

VIDEO = ("generate", "text_to_video")
FOX = (*VIDEO, "--prompt", "a fox")
PAGE_BYTES = 4096


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*VIDEO,), "The prompt is empty"),
        ((*VIDEO, "--prompt", "  "), "The prompt is empty"),
        (("generate", "--prompt", "a"), "Name an ability"),
        (("generate", "text_to_vide", "--prompt", "a"), "did you mean text_to_video?"),
        ((*FOX, "--width", "0", "--height", "9"), "whole number"),
        ((*FOX, "--length", "-3"), "not a length"),
        ((*FOX, "--length", "nan"), "not a length"),
        ((*FOX, "--rate", "0"), "not a frame rate"),
        ((*FOX, "--guidance", "inf"), "not a scale"),
        ((*FOX, "--seed", "-1"), "whole number from 0"),
        ((*FOX, "--range", "4", "2"), "The range is empty"),
        ((*FOX, "--range", "2", "4"), "--range is a part of a film"),
        ((*FOX, "--tier", "local", "--server", "http://127.0.0.1:9"), "--server goes with"),
        ((*FOX, "--tier", "gold"), "choose from draft, local, server"),
        ((*FOX, "--colour", "red"), "--colour"),
        ((*FOX, "--recipe", "x.recipe.json"), "--recipe runs a recipe as it is"),
        ((*FOX, "--face", "1"), "--face goes with"),
        ((*FOX, "--consent"), "--consent goes with"),
        (("generate", "personalize_video", "--prompt", "a"), "give one to five"),
        (("generate", "cut_out"), "cuts one picture at a time"),
        ((*FOX, "--server", "gpu.lan:9"), "needs a token"),
        ((*FOX, "--tier", "server"), "No server is known"),
    ],
)
def test_bad_usage_is_told_at_once(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    ended = command(*arguments, "--out", tmp_path / "a.mp4", "--engine-state", tmp_path / "none")
    assert said in sentence(ended, 2)
    assert list(tmp_path.iterdir()) == [], "no engine was started"


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--model", "pocket-vide"), 2, "Did you mean pocket-video?"),
        (("--model", "zebra"), 2, "There are: pocket-video"),
        (("--model", "scene-absent"), 1, "not installed"),
        (("--width", "99999", "--height", "99999"), 2, "at most"),
        (("--length", "3600"), 2, "at most 48 frames"),
        (("--width", "64"), 2, "both --width and --height"),
        (("--width", "64", "--height", "64", "--aspect", "1:1"), 2, "two sizes"),
        (("--aspect", "21:9"), 2, "It makes 16:9, 9:16, 1:1"),
        (("--frames", "4", "--length", "1"), 2, "two lengths"),
        (("--image", "nothing.png"), 1, "nothing.png does not exist"),
    ],
)
def test_what_the_model_cannot_do_is_told(
    here: Here, more: tuple[str, ...], code: int, said: str, tmp_path: Path
) -> None:
    ended = command(*FOX, *more, *here, "--out", tmp_path / "a.mp4")
    assert said in sentence(ended, code)
    assert list(tmp_path.iterdir()) == []


def test_a_job_that_fails_leaves_nothing(here: Here, tmp_path: Path) -> None:
    ended = command(*VIDEO, "--prompt", "impossible", *here, "--out", tmp_path / "a.mp4")
    assert sentence(ended, 1) == "The scene cannot be painted. Describe another one."
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told_before_any_work(tmp_path: Path) -> None:
    no_engine = ("--engine-state", tmp_path / "none")
    missing = command(*FOX, *no_engine, "--out", tmp_path / "nowhere" / "a.mp4")
    assert "does not exist" in sentence(missing, 1)
    folder = tmp_path / "folder.mp4"
    folder.mkdir()
    assert "is a folder" in sentence(command(*FOX, *no_engine, "--out", folder), 1)
    system = command(*FOX, *no_engine, "--out", "/proc/a.mp4")
    assert "/proc/a.mp4" in sentence(system, 1)
    wrong = command(*FOX, *no_engine, "--out", tmp_path / "a.wav")
    assert "a.mp4" in sentence(wrong, 2)


def test_input_that_is_no_picture_is_told(here: Here, tmp_path: Path) -> None:
    text = tmp_path / "text.png"
    text.write_text("not a picture")
    out = tmp_path / "a.mp4"
    ended = command("generate", "image_to_video", "--image", text, *here, "--out", out)
    assert "text.png" in sentence(ended, 1)
    many = ["--image", text] * 4
    ended = command("generate", "image_to_video", *many, *here, "--out", out)
    assert "up to three images" in sentence(ended, 2)
    assert not out.exists()


def test_a_full_disk_leaves_nothing_half_written(here: Here, tmp_path: Path) -> None:
    with small_disk(tmp_path, 1) as disk:
        _fill(disk, pages_left=0)
        ended = command(*FOX, *here, "--out", disk / "a.mp4")
        assert "full" in sentence(ended, 1)
        assert [path.name for path in disk.iterdir()] == ["filler"]


def test_a_film_stays_when_its_recipe_finds_no_room(here: Here, tmp_path: Path) -> None:
    fox = (*FOX, "--seed", "7", *here)
    film = tmp_path / "a.mp4"
    assert command(*fox, "--out", film).code == 0
    with small_disk(tmp_path, 1) as disk:
        _fill(disk, pages_left=-(-film.stat().st_size // PAGE_BYTES))
        said = sentence(command(*fox, "--out", disk / "a.mp4"), 1)
        assert "is saved, but its recipe is not" in said
        assert "full" in said
        assert {path.name for path in disk.iterdir()} == {"filler", "a.mp4"}
        assert (disk / "a.mp4").read_bytes() == film.read_bytes()


def _fill(disk: Path, pages_left: int) -> None:
    """Fill a disk of one mebibyte but for so many pages."""
    (disk / "filler").write_bytes(bytes(2**20 - pages_left * PAGE_BYTES))


def test_a_server_that_is_gone_or_refuses_is_told(there: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "a.mp4"
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        gone = command(*FOX, "--server", address, "--token", "t", "--out", out)
    assert "does not answer" in sentence(gone, 1)
    wrong = command(*FOX, "--server", there[0], "--token", "wrong", "--out", out)
    assert "token" in sentence(wrong, 1)
    nonsense = command(*FOX, "--server", "ftp://x", "--token", "t", "--out", out)
    assert "not a server's address" in sentence(nonsense, 1)
    assert not out.exists()


def test_an_engine_that_cannot_start_says_why(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_text("a file where a folder should be")
    ended = command(*FOX, "--engine-state", state, "--out", tmp_path / "a.mp4")
    assert "cannot be written" in sentence(ended, 1)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"ability": "fly", "model": "m"}'])
def test_a_file_that_is_no_recipe_is_told(text: str, tmp_path: Path) -> None:
    recipe = tmp_path / "a.recipe.json"
    recipe.write_text(text)
    ended = command("generate", "--recipe", recipe, "--out", tmp_path / "a.mp4")
    assert "is not a recipe" in sentence(ended, 2)


def test_a_recipe_that_is_missing_or_lacks_its_files_is_told(here: Here, tmp_path: Path) -> None:
    recipe = tmp_path / "a.recipe.json"
    gone = command("generate", "--recipe", recipe, "--out", tmp_path / "a.mp4")
    assert "cannot be read" in sentence(gone, 1)
    body = {
        "ability": "image_to_video",
        "model": "pocket-video",
        "inputs": [{"role": "first_frame", "sha256": "0" * 64}],
    }
    recipe.write_text(json.dumps(body))
    ended = command("generate", "--recipe", recipe, *here, "--out", tmp_path / "a.mp4")
    assert "does not say where it is" in sentence(ended, 1)
