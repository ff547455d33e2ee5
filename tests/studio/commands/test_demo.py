"""`demo`: from three prompts to a film and a project, replaced whole or not at all."""

from __future__ import annotations

import shutil
import signal
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from studio.document.file.project_file import ProjectFile
from studio.document.model.clip import Clip, Transition
from studio.document.model.generated import GeneratedMedia
from studio.document.model.project import Project
from tests.engine.running import small_disk
from tests.studio.commands.conftest import Here
from tests.studio.commands.running import Ended, alone, command, end, sentence, start

ONE = ("--prompt", "a fox in the snow")


@pytest.fixture(scope="module")
def film(here: Here, footage: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, Path]:
    """A demo with footage, made once."""
    out = tmp_path_factory.mktemp("film") / "first"
    home = ("--bin", "Rushes / Beach")
    return alone("demo", "--out", out, "--footage", footage, *home, "--json", *here), out


def read(out: Path) -> Project:
    with ProjectFile.open(out / "demo.workprint", read_only=True) as file:
        assert file.missing_assets() == []
        return file.project


def test_the_film_is_what_was_promised(film: tuple[Ended, Path]) -> None:
    ended, out = film
    assert ended.code == 0, ended.err
    assert ended.err == ""
    assert ended.body["film"] == str(out / "demo.mp4")
    with av.open(str(out / "demo.mp4")) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.width, video.height) == ("h264", 1280, 720)
        assert video.average_rate == 30
        assert audio.codec_context.name == "aac"
        assert video.duration is not None
        assert video.time_base is not None
        seconds = Fraction(video.duration) * video.time_base
        assert float(seconds) == pytest.approx(ended.body["length_s"], abs=0.05)


def test_own_footage_lies_in_the_folder_of_the_bin_that_was_named(film: tuple[Ended, Path]) -> None:
    homes = {asset.name: asset.bin for asset in read(film[1]).assets}
    assert homes.pop("holiday.mp4") == "Rushes/Beach"
    assert set(homes.values()) == {""}


def test_the_music_fades_at_the_end(film: tuple[Ended, Path]) -> None:
    with av.open(str(film[1] / "demo.mp4")) as container:
        sound = np.concatenate([frame.to_ndarray().T for frame in container.decode(audio=0)])
    second = 48_000

    def level(start: int) -> float:
        return float(np.sqrt((sound[start : start + second // 2] ** 2).mean()))

    assert level(second) > 0.01
    assert level(len(sound) - second // 2) < level(second) / 3


def test_the_project_holds_the_cut_with_recipes_and_takes(film: tuple[Ended, Path]) -> None:
    ended, out = film
    project = read(out)
    picture, _, sound, music = project.sequences[0].tracks
    clips = [item for item in picture.items if isinstance(item, Clip)]
    assert [isinstance(clip.media, GeneratedMedia) for clip in clips] == [True, False, True, True]
    assert sum(isinstance(item, Transition) for item in picture.items) == 4
    for clip, shot in zip([clips[0], *clips[2:]], ended.body["shots"], strict=True):
        assert isinstance(clip.media, GeneratedMedia)
        take = clip.media.take
        assert take is not None
        assert (take.recipe.prompt, take.recipe.seed) == (shot["prompt"], shot["seed"])
        assert take.recipe == clip.media.recipe
        asset = project.assets_by_id[take.asset_id]
        assert asset.path == f"demo.media/{asset.sha256}.mp4"
    assert len([item for item in sound.items if isinstance(item, Clip)]) == 1
    assert music.duration == picture.duration


def test_every_dissolve_has_pictures_to_run_over(film: tuple[Ended, Path]) -> None:
    project = read(film[1])
    track = project.sequences[0].tracks[0]
    for item in track.items:
        if isinstance(item, Clip) and isinstance(item.media, GeneratedMedia):
            assert item.media.take is not None
            asset = project.assets_by_id[item.media.take.asset_id]
            shown_s = item.source_start.seconds + Fraction(item.duration, 30)
            assert shown_s <= asset.duration.seconds


def test_made_again_it_replaces_what_was_there(
    film: tuple[Ended, Path], here: Here, tmp_path: Path
) -> None:
    out = shutil.copytree(film[1], tmp_path / "film")
    before = (out / "demo.mp4").stat().st_ino
    again = command("demo", "--out", out, *ONE, *here)
    assert again.code == 0, again.err
    assert f"film     {out / 'demo.mp4'}" in again.out
    assert "generate “a fox in the snow”" in again.out
    assert (out / "demo.mp4").stat().st_ino != before
    assert "demo.mp4" in (out / "demo.credits.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in out.iterdir()) == [
        "demo.credits.html",
        "demo.media",
        "demo.mp4",
        "demo.workprint",
    ]
    clips = [c for c in read(out).sequences[0].tracks[0].items if isinstance(c, Clip)]
    assert len(clips) == 1


def test_a_failure_leaves_the_film_that_was_there(here: Here, tmp_path: Path) -> None:
    out = tmp_path / "film"
    assert command("demo", "--out", out, *ONE, *here).code == 0
    kept = contents(out)
    failed = command("demo", "--out", out, *ONE, "--prompt", "impossible", *here)
    assert sentence(failed, 1).startswith("The scene cannot be painted.")
    assert contents(out) == kept
    with ProjectFile.open(out / "demo.workprint"):
        locked = alone("demo", "--out", out, *ONE, *here)
        assert "is already open" in sentence(locked, 1)


def test_ctrl_c_leaves_nothing(here: Here, tmp_path: Path) -> None:
    out = tmp_path / "film"
    running = start("demo", "--out", out, *ONE, "--prompt", "held fox", *here)
    while not list(out.glob("demo.media/*.mp4")):
        assert running.poll() is None
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    assert sentence(end(running), 1) == "Stopped."
    assert not out.exists()


def test_a_full_disk_leaves_nothing(here: Here, tmp_path: Path) -> None:
    with small_disk(tmp_path, 1) as disk:
        ended = command("demo", "--out", disk / "film", *ONE, *here)
        assert "full" in sentence(ended, 1)
        assert list(disk.iterdir()) == []


def test_bad_input_is_told_and_leaves_nothing(here: Here, tmp_path: Path) -> None:
    out, text = tmp_path / "film", tmp_path / "text.mp4"
    text.write_text("no film")
    missing = command("demo", "--out", out, "--footage", tmp_path / "no.mp4", *here)
    assert "no.mp4 does not exist" in sentence(missing, 1)
    assert "text.mp4" in sentence(command("demo", "--out", out, "--footage", text, *here), 1)
    assert "A prompt is empty" in sentence(command("demo", "--out", out, "--prompt", " "), 2)
    unknown = command("demo", "--out", out, "--model", "zebra", *here)
    assert "There is no model" in sentence(unknown, 2)
    unwritable = command("demo", "--out", "/proc/film", *here)
    assert "/proc/film" in sentence(unwritable, 1)
    file = command("demo", "--out", text, *here)
    assert "text.mp4" in sentence(file, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["text.mp4"]


def test_a_server_makes_the_same_table(there: tuple[str, str], tmp_path: Path) -> None:
    address, token = there
    server = ("--server", address, "--token", token)
    made = command("demo", "--out", tmp_path / "film", *ONE, *server, "--json")
    assert made.code == 0, made.err
    assert made.body["tier"] == "server"
    assert [step["step"] for step in made.body["steps"]] == [
        "start the engine",
        "generate “a fox in the snow”",
        "cut and score",
        "export",
        "save",
    ]
    wrong = command("demo", "--out", tmp_path / "other", "--server", address, "--token", "no")
    assert "token" in sentence(wrong, 1)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
