"""Stickers from recipe to RGBA, with networks of the real classes that make noise at once."""

from __future__ import annotations

import io
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from PIL import Image

from engine.abilities import animate_sticker, text_to_sticker
from engine.abilities.moviegen_sticker import SIZE_PIXELS, fitted
from engine.errors import BadMedia, BadRequest, BadWeights, JobCancelled, WeightsNotInstalled
from engine.models.packed import NAME
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe, Sampler
from tests.engine.abilities.tiny_pocket import write_tiny_pocket
from tests.fakes.job_context import FakeJobContext

STICKER = Recipe(
    ability=Ability.TEXT_TO_STICKER,
    model="pocket-sticker",
    prompt="a fox",
    seed=3,
    sampler=Sampler(steps=2),
)
LOOP = Recipe(
    ability=Ability.ANIMATE_STICKER,
    model="pocket-sticker-loop",
    prompt="it jumps up and down",
    seed=3,
    sampler=Sampler(steps=2),
    inputs=(InputAsset(role=InputRole.SOURCE, sha256="fox"),),
)


@pytest.fixture(scope="module")
def pocket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pocket(tmp_path_factory.mktemp("cast") / "models", stickers=True)


@pytest.fixture
def sticker(tmp_path: Path, pocket: Path) -> FakeJobContext:
    return FakeJobContext(tmp_path, pocket, model="pocket-sticker")


@pytest.fixture
def loop(tmp_path: Path, pocket: Path) -> FakeJobContext:
    picture = Image.new("RGBA", (90, 40))
    picture.paste((220, 120, 20, 255), (20, 10, 60, 36))
    picture.save(tmp_path / "fox.png")
    assets = {"fox": tmp_path / "fox.png"}
    return FakeJobContext(tmp_path, pocket, model="pocket-sticker-loop", assets=assets)


def _png(context: FakeJobContext) -> Image.Image:
    (data,) = context.saved
    assert isinstance(data, bytes)
    return Image.open(io.BytesIO(data))


def _frames(context: FakeJobContext) -> list[np.ndarray]:
    (path,) = context.saved
    assert isinstance(path, Path)
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgba") for frame in container.decode(video=0)]


def test_a_sticker_is_one_rgba_picture(sticker: FakeJobContext) -> None:
    (output,) = text_to_sticker.run(STICKER, sticker)
    picture = _png(sticker)
    assert (picture.size, picture.mode) == ((SIZE_PIXELS, SIZE_PIXELS), "RGBA")
    assert output.media.has_alpha
    assert ("denoising", 2, 2) in sticker.reports
    assert sticker.previews[0][:2] == b"\xff\xd8"


def test_a_sticker_is_made_of_what_was_read_and_says_so(sticker: FakeJobContext) -> None:
    text_to_sticker.run(_with(STICKER, prompt="a crimson vixen with a present"), sticker)
    assert "Read as: a red fox with a gift box" in sticker.notes
    text_to_sticker.run(_with(STICKER, prompt="a red fox with a gift box"), sticker)
    kept = _with(STICKER, prompt="a crimson vixen with a present", options={"rewrite": "off"})
    text_to_sticker.run(kept, sticker)
    assert sum(note.startswith("Read as") for note in sticker.notes) == 1
    assert sticker.saved[0] == sticker.saved[1] != sticker.saved[2]


def test_a_loop_does_what_was_read_and_says_so(loop: FakeJobContext) -> None:
    animate_sticker.run(_with(LOOP, prompt="jump."), loop)
    assert "Read as: it jumps up and down" in loop.notes
    animate_sticker.run(_with(LOOP, prompt="jump", options={"rewrite": "off"}), loop)
    animate_sticker.run(LOOP, loop)
    animate_sticker.run(_with(LOOP, prompt=""), loop)
    assert sum(note.startswith("Read as") for note in loop.notes) == 1


def test_the_same_seed_makes_the_same_sticker_and_another_does_not(
    sticker: FakeJobContext,
) -> None:
    for seed in (3, 3, 4):
        text_to_sticker.run(_with(STICKER, seed=seed), sticker)
    first, again, other = sticker.saved
    assert first == again
    assert first != other


def test_an_animated_sticker_is_eight_rgba_frames(loop: FakeJobContext) -> None:
    (output,) = animate_sticker.run(LOOP, loop)
    frames = _frames(loop)
    assert len(frames) == 8
    assert frames[0].shape == (SIZE_PIXELS, SIZE_PIXELS, 4)
    assert (output.media.frames, output.media.rate, output.media.has_alpha) == (8, "8/1", True)


def test_the_still_and_the_motion_decide_what_is_made(loop: FakeJobContext) -> None:
    made = []
    for motion, colour in (("medium", "red"), ("large", "red"), ("medium", "green")):
        Image.new("RGBA", (50, 50), colour).save(loop.assets["fox"])
        animate_sticker.run(_with(LOOP, options={"motion": motion}), loop)
        made.append(np.stack(_frames(loop)).tobytes())
        loop.saved.clear()
    assert len(set(made)) == 3
    assert any("no transparent part" in note for note in loop.notes)


def test_a_picture_is_centred_with_room_to_move() -> None:
    rgba = np.zeros((100, 300, 4), np.uint8)
    rgba[20:60, 200:290] = 255
    placed = fitted(rgba)
    rows, columns = np.nonzero(placed[..., 3] > 128)
    assert placed.shape == (SIZE_PIXELS, SIZE_PIXELS, 4)
    assert columns.min() >= 25
    assert columns.max() <= 230
    assert abs((rows.min() + rows.max()) / 2 - 127.5) < 2
    assert abs((columns.max() - columns.min()) / (rows.max() - rows.min()) - 90 / 40) < 0.1


def test_cancelling_stops_within_a_step(sticker: FakeJobContext) -> None:
    sticker.cancel_after = 2
    with pytest.raises(JobCancelled):
        text_to_sticker.run(STICKER, sticker)
    assert not sticker.saved


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        ({"inputs": ()}, "no sticker to animate"),
        ({"options": {"motion": "wild"}}, "cannot be"),
    ],
)
def test_what_is_missing_is_said(
    recipe: dict[str, object], said: str, loop: FakeJobContext
) -> None:
    with pytest.raises(BadRequest, match=said):
        animate_sticker.run(_with(LOOP, **recipe), loop)


def test_a_sticker_without_words_cannot_be_made_but_can_be_animated(
    sticker: FakeJobContext, loop: FakeJobContext
) -> None:
    with pytest.raises(BadRequest, match="prompt is empty"):
        text_to_sticker.run(_with(STICKER, prompt=" "), sticker)
    animate_sticker.run(_with(LOOP, prompt=""), loop)
    assert len(_frames(loop)) == 8


def test_an_empty_or_broken_picture_is_said(loop: FakeJobContext) -> None:
    Image.new("RGBA", (40, 40)).save(loop.assets["fox"])
    with pytest.raises(BadMedia, match="empty"):
        animate_sticker.run(LOOP, loop)
    loop.assets["fox"].write_bytes(b"\x89PNG\r\n\x1a\nno more")
    with pytest.raises(BadMedia, match="cannot be read"):
        animate_sticker.run(LOOP, loop)


def test_missing_and_damaged_weights_are_said(tmp_path: Path) -> None:
    home = write_tiny_pocket(tmp_path / "models", stickers=True)
    context = FakeJobContext(tmp_path, home, model="pocket-sticker")
    weights = home / "sticker-transformer" / NAME
    weights.write_bytes(weights.read_bytes()[:2000])
    with pytest.raises(BadWeights, match="damaged"):
        text_to_sticker.run(STICKER, context)
    (home / "sticker-transformer/config.json").unlink()
    with pytest.raises(WeightsNotInstalled, match="not complete"):
        text_to_sticker.run(STICKER, context)


def _with(recipe: Recipe, **changes: object) -> Recipe:

    return msgspec.structs.replace(recipe, **changes)
