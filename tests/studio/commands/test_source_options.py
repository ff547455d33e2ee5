"""`generate` and `plan` from films and pictures: what the options make of a recipe."""

from __future__ import annotations

import argparse
import json
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from engine.protocol.codec import decode
from engine.protocol.plans import Plan
from engine.protocol.recipes import Ability, Recipe
from studio.commands.pace_options import add_pace, with_pace
from studio.commands.recipe_options import add_shape
from studio.commands.source_options import like_source
from tests.studio.commands.conftest import Here
from tests.studio.commands.running import command, sentence
from tests.studio.media.footage import make_sound, tone

BETWEEN = ("generate", "image_to_video", "--frames", "4")


@pytest.fixture(scope="module")
def still(here: Here, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("still") / "a.png"
    made = command("generate", "text_to_image", "--prompt", "a", *here, "--out", path)
    assert made.code == 0, made.err
    return path


@pytest.mark.parametrize(
    ("options", "roles"),
    [
        (("--image",), ["first_frame"]),
        (("--last",), ["last_frame"]),
        (("--middle",), ["middle_frame"]),
        (("--image", "--last"), ["first_frame", "last_frame"]),
        (("--image", "--middle", "--last"), ["first_frame", "middle_frame", "last_frame"]),
    ],
)
def test_every_frame_of_a_clip_can_be_given(
    here: Here, still: Path, tmp_path: Path, options: tuple[str, ...], roles: list[str]
) -> None:
    given = [part for option in options for part in (option, still)]
    made = command(*BETWEEN, *given, *here, "--out", tmp_path / "a.mp4")
    assert made.code == 0, made.err
    recipe = json.loads((tmp_path / "a.mp4.recipe.json").read_text())
    assert [item["role"] for item in recipe["inputs"]] == roles


def test_frames_in_places_that_there_are_not_are_told(
    here: Here, still: Path, tmp_path: Path
) -> None:
    out = ("--out", tmp_path / "a.mp4")
    twice = ("--image", still, "--image", still, "--last", still)
    assert "Give each once" in sentence(command(*BETWEEN, *twice, *here, *out), 2)
    assert "starts from a picture" in sentence(command(*BETWEEN, *here, *out), 2)
    fox = ("generate", "text_to_video", "--prompt", "a fox", "--last", still)
    assert "go with image_to_video" in sentence(command(*fox, *here, *out), 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("extend_video",), "extend_video works on a film. Give it with --video FILE."),
        (("upscale_video",), "upscale_video works on a film."),
        (("interpolate_frames", "--rate", "60"), "interpolate_frames works on a film."),
        (("interpolate_frames", "--video", "a.mp4"), "--rate 60 for frames a second"),
        (("interpolate_frames", "--speed", "25%", "--frames", "9"), "Leave out --frames"),
        (("interpolate_frames", "--speed", "25"), "is not a speed such as 25% or 0.25"),
        (("retake", "--video", "a.mp4", "--speed", "25%"), "goes with interpolate_frames"),
        (("video_to_audio",), "video_to_audio works on a film."),
        (("extend_audio",), "extend_audio goes on after a sound."),
        (("retake", "--video", "a.mp4"), "with --range IN OUT"),
        (("retake", "--video", "a.mp4", "--range", "2", "1"), "The range is empty"),
        (("retake", "--video", "a.mp4", "--direction", "before"), "goes with extend_video"),
        (("extend_video", "--video", "a.mp4", "--direction", "befor"), "did you mean before?"),
    ],
)
def test_bad_usage_is_told_at_once(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    out = ("--out", tmp_path / "a.mp4", "--engine-state", tmp_path / "none")
    assert said in sentence(command("generate", *arguments, *out), 2)
    assert list(tmp_path.iterdir()) == [], "no engine was started"


def test_an_enlargement_says_how_large_its_film_is(footage: Path) -> None:
    asked = Recipe(ability=Ability.UPSCALE_VIDEO, model="pocket-enlarge", options={"a": 1})
    recipe = like_source(asked, footage, None)
    width, height = recipe.width // 2, recipe.height // 2
    assert recipe.options == {"a": 1, "source_size": f"{width}x{height}"}
    sized = like_source(msgspec.structs.replace(asked, width=999, height=555), footage, None)
    assert (sized.width, sized.height, sized.options) == (999, 555, recipe.options)


@pytest.mark.parametrize(
    ("options", "frames", "rate"),
    [
        ("--rate 50", 50, "50/1"),
        ("--speed 25%", 100, "25/1"),
        ("--speed 1/4 --rate 50", 200, "50/1"),
        ("--frames 3", 3, "25/1"),
        ("--length 3 --rate 24000/1001", 72, "24000/1001"),
    ],
)
def test_a_pace_is_a_rate_and_a_number_of_frames(
    footage: Path, options: str, frames: int, rate: str
) -> None:
    """Of one second of a film of 25 frames a second."""
    parser = argparse.ArgumentParser()
    add_pace(parser.add_argument_group())
    add_shape(parser)
    parser.add_argument("--video", type=Path)
    arguments = parser.parse_args([*options.split(), "--video", str(footage)])
    part = [Fraction(1), Fraction(2)]
    asked = Recipe(ability=Ability.INTERPOLATE_FRAMES, model="pocket-multiplane")
    like = like_source(asked, footage, part)
    assert (like.frames, like.rate) == (25, "25/1")
    recipe, used = with_pace(like, arguments, part)
    assert (recipe.frames, recipe.rate) == (frames, rate)
    assert used == part
    assert (recipe.width, recipe.height) == (like.width, like.height)


@pytest.mark.parametrize(
    ("options", "part", "frames", "used"),
    [
        ("--rate 24", ("0", "1.12"), 27, ("0", "9/8")),
        ("--rate 24 --speed 50%", ("1/2", "1.12"), 30, ("1/2", "9/8")),
        ("--rate 50", ("1", "9"), 50, ("1", "2")),
    ],
)
def test_a_part_of_whole_frames_is_used_so_that_none_is_off_by_a_little(
    footage: Path, options: str, part: tuple[str, str], frames: int, used: tuple[str, str]
) -> None:
    parser = argparse.ArgumentParser()
    add_pace(parser.add_argument_group())
    add_shape(parser)
    parser.add_argument("--video", type=Path)
    arguments = parser.parse_args([*options.split(), "--video", str(footage)])
    asked = Recipe(ability=Ability.INTERPOLATE_FRAMES, model="pocket-multiplane")
    given = [Fraction(point) for point in part]
    recipe, found = with_pace(like_source(asked, footage, given), arguments, given)
    assert recipe.frames == frames
    assert found == [Fraction(point) for point in used]


def test_the_true_model_plans_and_refuses_work_on_films(footage: Path, tmp_path: Path) -> None:
    state = ("--engine-state", tmp_path / "engine")
    by_video = ("--model", "pocket-video")
    planned = command("plan", "extend_video", "--length", "2", "--json", *by_video, *state)
    assert planned.code == 0, planned.err
    plan = decode(planned.out, Plan)
    assert plan.refusal is None
    assert plan.tokens == 10 * 144, "six new latent frames after four known ones"
    retake = command("plan", "retake", "--range", "1", "2", "--json", *by_video, *state)
    assert decode(retake.out, Plan).tokens == 11 * 144
    told = command("plan", "upscale_video", *state)
    assert "a size to suit the source, as long as the source" in told.out
    assert "Pocket enlarge" in told.out
    out = ("--out", tmp_path / "a.mp4")
    large = command(
        "generate", "upscale_video", "--video", footage, "--width", "3840", "--height", "2160",
        *by_video, *state, *out,
    )  # fmt: skip
    assert "at most 1024 × 576" in sentence(large, 2)
    untrained = command("generate", "upscale_video", "--video", footage, *by_video, *state, *out)
    assert "train pocket-upsampler" in sentence(untrained, 1)
    sound = tmp_path / "sound.wav"
    make_sound(sound, tone(4800, 48_000), 48_000)
    mute = command("generate", "extend_video", "--video", sound, *state, *out)
    assert "has no picture" in sentence(mute, 2)
