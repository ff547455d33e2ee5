"""The sticker command as a person runs it, and sticker files straight from an ability."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from engine.protocol.jobs import Done
from engine.protocol.recipes import Ability, Recipe
from studio.commands.sticker_outputs import fetch_sticker, is_sticker_file
from studio.media.stickers.make import Wish, make_sticker, save_sticker
from studio.media.stickers.platforms import ANY
from tests.fakes.engine_client import FakeEngine
from tests.studio.commands.running import command, sentence
from tests.studio.media.stickers import balls


@pytest.fixture(scope="module")
def ball_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight pictures of a ball over nothing, as an animated WebP."""
    path = tmp_path_factory.mktemp("stickers") / "ball.webp"
    save_sticker(path, make_sticker(balls(8), Wish(ANY, ".webp")))
    return path


def test_a_film_becomes_a_sticker_within_a_platforms_limits(
    ball_film: Path, tmp_path: Path
) -> None:
    out = tmp_path / "ball.gif"
    ended = command("sticker", ball_film, out, "--for", "slack", "--loop", "bounce", "--json")
    assert ended.code == 0, ended.err
    body = ended.body
    assert body["bytes"] == out.stat().st_size <= body["max_bytes"] == 128_000
    assert (body["width"], body["height"], body["frames"]) == (128, 128, 14)
    with Image.open(out) as image:
        assert (image.size, image.info["loop"]) == ((128, 128), 0)


def test_stills_become_an_animation_at_the_rate_asked_for(tmp_path: Path) -> None:
    paths = [tmp_path / f"{place}.png" for place in range(3)]
    for path, picture in zip(paths, balls(3).pictures, strict=True):
        Image.fromarray(picture, "RGBA").save(path)
    out = tmp_path / "ball.png"
    ended = command("sticker", *paths, out, "--rate", "10", "--size", "48")
    assert ended.code == 0, ended.err
    assert "3 frames in 0.30 s" in ended.out
    with Image.open(out) as image:
        assert (image.size, getattr(image, "n_frames", 1), image.info["duration"]) == (
            (48, 48),
            3,
            100,
        )


def test_mistakes_are_told_in_a_sentence_and_leave_nothing(ball_film: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.gif"
    wrong = command("sticker", ball_film, out, "--for", "telegram")
    assert "Telegram takes .webm, not .gif" in sentence(wrong, 2)
    assert "ends in .mp4" in sentence(command("sticker", ball_film, tmp_path / "x.mp4"), 2)
    assert "256KB" in sentence(command("sticker", ball_film, out, "--max-bytes", "big"), 2)
    assert "several stills" in sentence(command("sticker", ball_film, out, "--rate", "9"), 2)
    matte = command("sticker", ball_film, tmp_path / "x.webp", "--matte", "ffffff")
    assert "--matte goes with GIF" in sentence(matte, 2)
    small = command("sticker", ball_film, out, "--max-bytes", "100")
    assert "cannot be made smaller than 100 bytes" in sentence(small, 2)
    assert list(tmp_path.iterdir()) == []


def test_an_abilitys_sticker_is_written_in_the_format_of_its_name(
    ball_film: Path, tmp_path: Path
) -> None:
    """What the engine made comes as another kind of file, and a file beside stays as it was."""
    engine = FakeEngine()
    job = "job"
    engine.submit(Recipe(ability=Ability.ANIMATE_STICKER, model="pocket-sticker"), job_id=job)
    engine.finish(job, ball_film)
    done = engine.job(job).state
    assert isinstance(done, Done)
    mine = tmp_path / "wave.webp"
    mine.write_text("mine")
    out = tmp_path / "wave.gif"
    (path,) = fetch_sticker(engine, done.outputs, out, lambda _done, _all: None)
    assert path == out
    with Image.open(out) as image:
        assert (image.format, getattr(image, "n_frames", 1)) == ("GIF", 8)
    assert mine.read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["wave.gif", "wave.webp"]


@pytest.mark.parametrize(
    ("name", "ability", "wanted"),
    [
        ("a.webp", Ability.ANIMATE_STICKER, True),
        ("a.png", Ability.TEXT_TO_STICKER, True),
        ("a.mkv", Ability.ANIMATE_STICKER, False),
        ("a.png", Ability.TEXT_TO_IMAGE, False),
    ],
)
def test_only_stickers_are_coded_anew(name: str, ability: Ability, wanted: bool) -> None:
    assert is_sticker_file(Path(name), ability) is wanted
