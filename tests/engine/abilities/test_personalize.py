"""Someone of your own in a clip: what is read, who is asked, and that the very picture acts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from engine.abilities import cut_out, personalize_draft
from engine.errors import BadMedia, BadRequest, EngineError, WeightsNotInstalled
from engine.protocol.recipes import Ability, InputAsset, InputRole
from tests.engine.abilities.pictures import ASTRONAUT, MODELS, draw_toy, recipe_with, two_people
from tests.engine.abilities.tiny_pocket import write_tiny_pocket
from tests.fakes.job_context import FakeJobContext


@pytest.fixture
def context(tmp_path: Path) -> FakeJobContext:
    home = write_tiny_pocket(tmp_path / "models", stickers=True)
    (home.parent / "portraits").symlink_to(MODELS / "portraits")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return FakeJobContext(scratch, home, model="pocket-animatic")


def _frames(context: FakeJobContext) -> NDArray[np.uint8]:
    with av.open(str(context.saved[0])) as clip:
        frames = [frame.to_ndarray(format="rgb24") for frame in clip.decode(video=0)]
    return np.stack(frames).astype(np.uint8, copy=False)


def _red(frame: NDArray[np.uint8]) -> NDArray[np.bool_]:
    red, green, blue = (frame[..., channel].astype(int) for channel in range(3))
    return (red > 170) & (green < 90) & (blue < 100)


def test_the_picture_itself_acts_in_every_frame(context: FakeJobContext, tmp_path: Path) -> None:
    recipe = recipe_with(context, draw_toy(tmp_path / "toy.png"))
    (output,) = personalize_draft.run(recipe, context)
    frames = _frames(context)
    assert frames.shape == (8, 288, 512, 3)
    assert output.media.frames == 8
    shares = [_red(frame).mean() for frame in frames]
    assert min(shares) > 0.04, "the toy is there and keeps its size"
    assert max(shares) < 1.15 * min(shares)
    places = [np.nonzero(_red(frame))[1].mean() for frame in frames]
    assert np.ptp(places) > 2, "it sways"
    assert any("sways from side to side" in note for note in context.notes)


def test_its_feet_are_on_the_ground(context: FakeJobContext, tmp_path: Path) -> None:
    recipe = recipe_with(context, draw_toy(tmp_path / "toy.png"))
    personalize_draft.run(
        msgspec.structs.replace(recipe, prompt="stands still on a stage"), context
    )
    rows = np.nonzero(_red(_frames(context)[0]).any(axis=1))[0]
    assert 0.85 < rows.max() / 288 < 0.96


def test_a_person_must_have_agreed(context: FakeJobContext) -> None:
    with pytest.raises(BadRequest, match="not said that this person agrees") as told:
        personalize_draft.run(recipe_with(context, ASTRONAUT), context)
    assert "--consent" in told.value.hint


def test_of_several_faces_one_must_be_chosen(context: FakeJobContext, tmp_path: Path) -> None:
    two = two_people(tmp_path / "two.png")
    with pytest.raises(BadRequest, match="The picture shows 2 faces"):
        personalize_draft.run(recipe_with(context, two, consent=True), context)
    with pytest.raises(BadRequest, match="no face number 3"):
        personalize_draft.run(recipe_with(context, two, consent=True, face="3"), context)
    personalize_draft.run(recipe_with(context, two, consent=True, face="2"), context)


def test_more_pictures_than_are_shown_are_told(context: FakeJobContext, tmp_path: Path) -> None:
    toy = draw_toy(tmp_path / "toy.png")
    personalize_draft.run(recipe_with(context, toy, toy), context)
    assert any("first picture alone" in note for note in context.notes)
    with pytest.raises(BadRequest, match="6 pictures are too many"):
        personalize_draft.run(recipe_with(context, *[toy] * 6), context)


def _corrupt(path: Path) -> None:
    path.write_bytes(ASTRONAUT.read_bytes()[:900])


def _noise(path: Path) -> None:
    path.write_bytes(b"not a picture")


def _blurred(path: Path) -> None:
    photo = Image.open(ASTRONAUT).resize((640, 768))
    photo.filter(ImageFilter.GaussianBlur(11)).save(path, "JPEG")


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda path: Image.new("RGB", (40, 300)).save(path, "PNG"), "only 40 × 300 pixels"),
        (_corrupt, "cannot be read"),
        (_noise, "cannot be read"),
        (lambda path: Image.new("RGB", (300, 300), "grey").save(path, "PNG"), "Nothing stands out"),
        (lambda path: Image.new("RGBA", (300, 300)).save(path, "PNG"), "Nothing stands out"),
        (lambda path: Image.new("1", (12_000, 11_000)).save(path, "PNG"), "120 million pixels"),
        (_blurred, "out of focus"),
    ],
)
def test_a_picture_that_cannot_serve_is_told_in_a_sentence(
    write: Callable[[Path], None], said: str, context: FakeJobContext, tmp_path: Path
) -> None:
    picture = tmp_path / "picture"
    write(picture)
    with pytest.raises(BadMedia, match=said) as told:
        personalize_draft.run(recipe_with(context, picture, consent=True), context)
    assert told.value.hint


@pytest.mark.parametrize(
    ("mode", "said"), [("CMYK", "made for print"), ("animated", "first picture is used")]
)
def test_what_is_read_otherwise_is_noted(
    mode: str, said: str, context: FakeJobContext, tmp_path: Path
) -> None:
    photo, path = Image.open(ASTRONAUT).convert("RGB"), tmp_path / "photo"
    if mode == "CMYK":
        photo.convert("CMYK").save(path, "JPEG")
    else:
        photo.save(path, "GIF", save_all=True, append_images=[photo.rotate(3)])
    personalize_draft.run(recipe_with(context, path, consent=True), context)
    assert any(said in note for note in context.notes)


def test_a_cut_out_is_a_picture_with_alpha_and_tells_of_faces(
    context: FakeJobContext, tmp_path: Path
) -> None:
    two = two_people(tmp_path / "two.png")
    recipe = recipe_with(context, two, model="pocket-cut-out", tell_faces=True, face="2")
    source = tuple(InputAsset(role=InputRole.SOURCE, sha256=item.sha256) for item in recipe.inputs)
    recipe = msgspec.structs.replace(recipe, ability=Ability.CUT_OUT, inputs=source)
    picture, faces = cut_out.run(recipe, context)
    assert picture.media.has_alpha
    assert picture.media.width <= 170
    assert isinstance(context.saved[1], bytes)
    boxes = json.loads(context.saved[1])
    assert len(boxes) == 2
    assert boxes[0][0] < 0.5 < boxes[1][0] + boxes[1][2]
    assert faces.asset.media_type == "application/json"


def test_networks_that_are_not_there_are_told(tmp_path: Path) -> None:
    home = write_tiny_pocket(tmp_path / "models", stickers=True)
    context = FakeJobContext(tmp_path, home, model="pocket-animatic")
    recipe = recipe_with(context, draw_toy(tmp_path / "toy.png"))
    with pytest.raises(WeightsNotInstalled, match="portraits"):
        personalize_draft.run(recipe, context)


def test_a_prompt_that_is_empty_is_refused(context: FakeJobContext, tmp_path: Path) -> None:
    recipe = recipe_with(context, draw_toy(tmp_path / "toy.png"))
    with pytest.raises(EngineError, match="prompt is empty"):
        personalize_draft.run(msgspec.structs.replace(recipe, prompt=" "), context)
