"""`generate`: an ability into a file, and a recipe run again."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import time
from pathlib import Path

from engine.protocol.codec import decode
from engine.protocol.jobs import Cancelled
from engine.protocol.recipes import Recipe
from studio.media.probe import probe
from tests.studio.commands.conftest import Here
from tests.studio.commands.running import alone, command, end, sentence, start, visitor

FOX = ("generate", "text_to_video", "--prompt", "a fox in the snow")


def test_a_clip_and_its_recipe_appear_side_by_side(here: Here, tmp_path: Path) -> None:
    out = tmp_path / "fox.mp4"
    made = command(*FOX, "--seed", "3", "--length", "2", "--json", *here, "--out", out)
    assert made.code == 0, made.err
    assert made.err == "", "progress is for terminals"
    assert made.body["file"] == str(out)
    assert made.body["seed"] == 3
    assert made.body["media"]["frames"] == 24
    facts = probe(out).video
    assert facts is not None
    assert (facts.width, facts.height, facts.frame_count) == (192, 108, 24)
    recipe = decode((tmp_path / "fox.mp4.recipe.json").read_bytes(), Recipe)
    assert (recipe.prompt, recipe.seed, recipe.engine_version) == ("a fox in the snow", 3, "0.1.0")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fox.mp4", "fox.mp4.recipe.json"]


def test_the_shape_follows_the_options(here: Here, tmp_path: Path) -> None:
    tall = command(*FOX, "--aspect", "9:16", *here, "--out", tmp_path / "tall.mp4", "--json")
    assert (tall.body["media"]["width"], tall.body["media"]["height"]) == (108, 192)
    size = ("--width", "64", "--height", "48", "--frames", "5", "--rate", "24000/1001")
    small = command(*FOX, *size, *here, "--out", tmp_path / "small.mp4", "--json")
    media = small.body["media"]
    assert (media["width"], media["height"], media["frames"]) == (64, 48, 5)
    assert media["rate"] == "24000/1001"


def test_an_output_of_another_format_is_named_for_what_it_is(here: Here, tmp_path: Path) -> None:
    made = command(
        "generate", "text_to_image", "--prompt", "a fox", *here, "--out", tmp_path / "fox.jpg"
    )
    assert made.code == 0, made.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fox.png", "fox.png.recipe.json"]
    assert "image/png" in made.out


def test_a_recipe_run_again_gives_the_same_bits(here: Here, tmp_path: Path) -> None:
    first, second = tmp_path / "a.mp4", tmp_path / "b.mp4"
    command(*FOX, "--frames", "4", *here, "--out", first)
    again = command(
        "generate", "--recipe", f"{first}.recipe.json", *here, "--out", second, "--json"
    )
    assert again.code == 0, again.err
    assert again.body["bit_exact"] is True
    assert first.read_bytes() == second.read_bytes()


def test_a_recipe_from_elsewhere_says_why_its_bits_differ(here: Here, tmp_path: Path) -> None:
    first = tmp_path / "a.mp4"
    command(*FOX, "--frames", "4", *here, "--out", first)
    path = tmp_path / "a.mp4.recipe.json"
    body = json.loads(path.read_text())
    body["made"] |= {"device": "cuda", "device_name": "RTX 4090", "precision": "bf16"}
    body["made"]["sha256"] = "0" * 64
    path.write_text(json.dumps(body))
    again = command("generate", "--recipe", path, *here, "--out", tmp_path / "b.mp4", "--json")
    assert again.body["bit_exact"] is False
    assert any("RTX 4090" in reason for reason in again.body["because"])
    assert any("bf16" in reason for reason in again.body["because"])


def test_a_recipe_knows_the_files_it_was_made_from(
    here: Here, tmp_path: Path, footage: Path
) -> None:
    source = tmp_path / "first.png"
    command("generate", "text_to_image", "--prompt", "a", *here, "--out", source)
    out = tmp_path / "moving.mp4"
    made = command(
        "generate", "image_to_video", "--image", source, "--frames", "3", *here, "--out", out
    )
    assert made.code == 0, made.err
    body = json.loads((tmp_path / "moving.mp4.recipe.json").read_text())
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    assert body["inputs"] == [
        {"role": "first_frame", "sha256": sha256, "in_s": None, "out_s": None}
    ]
    assert body["input_files"] == {sha256: str(source)}

    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("first.png", "moving.mp4.recipe.json"):
        shutil.move(tmp_path / name, moved / name)
    recipe = moved / "moving.mp4.recipe.json"
    again = command("generate", "--recipe", recipe, *here, "--out", tmp_path / "again.mp4")
    assert again.code == 0, again.err
    shutil.copy(footage, moved / "first.png")
    changed = command("generate", "--recipe", recipe, *here, "--out", tmp_path / "no.mp4")
    assert "has changed since" in sentence(changed, 1)


def test_ctrl_c_cancels_the_job_in_the_engine(here: Here, tmp_path: Path) -> None:
    client = visitor(here[1])
    before = {job.id for job in client.jobs().jobs}
    running = start(*FOX[:3], "held fox", *here, "--out", tmp_path / "held.mp4")
    while not (ours := [job for job in client.jobs().jobs if job.id not in before]):
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    ended = end(running)
    assert sentence(ended, 1) == "Stopped."
    assert isinstance(client.wait(ours[0].id).state, Cancelled)
    client.close()
    assert list(tmp_path.iterdir()) == []


def test_the_server_is_reached_by_address_or_from_the_preferences(
    there: tuple[str, str], tmp_path: Path
) -> None:
    address, token = there
    out = tmp_path / "fox.mp4"
    named = command(
        *FOX, "--frames", "2", "--server", address, "--token", token, "--out", out, "--json"
    )
    assert named.code == 0, named.err
    assert named.body["model"] == "scene-big", "a server offers the largest that it has"
    home = tmp_path / "config"
    settings = {"XDG_CONFIG_HOME": str(home)}
    saved = home / "Workprint" / "preferences.json"
    saved.parent.mkdir(parents=True)
    saved.write_text(json.dumps({"server_address": address, "server_token": token}))
    kept = alone(*FOX, "--frames", "2", "--tier", "server", "--out", out, **settings)
    assert kept.code == 0, kept.err
    other = alone(*FOX, "--server", "http://127.0.0.1:9", "--out", out, **settings)
    assert "needs a token" in sentence(other, 2), "a saved token goes to its own server alone"
