"""Stickers of cut-outs and their loops, from recipe to RGBA, with networks that make noise."""

from __future__ import annotations

import io
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.abilities import collage, collage_loop
from engine.abilities.collage_loop import movement_of
from engine.catalogue import load_catalogue
from engine.errors import BadMedia, BadRequest, JobCancelled, WeightsNotInstalled
from engine.models.collage.movements import MOVEMENTS, REACHES
from engine.planning.collage_vocabulary import POCKET_COLLAGE_LOOP
from engine.protocol.recipes import MOTION_SIZES, Ability, InputAsset, InputRole, Recipe, Sampler
from engine.training import sticker_grammar as grammar
from tests.engine.abilities.tiny_pocket import write_tiny_pocket
from tests.fakes.job_context import FakeJobContext

STICKER = Recipe(
    ability=Ability.TEXT_TO_STICKER,
    model="pocket-collage",
    prompt="a fox",
    seed=3,
    sampler=Sampler(steps=2),
)
LOOP = Recipe(
    ability=Ability.ANIMATE_STICKER,
    model="pocket-collage-loop",
    prompt="it jumps up and down",
    seed=3,
    inputs=(InputAsset(role=InputRole.SOURCE, sha256="fox"),),
)


@pytest.fixture(scope="module")
def pocket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pocket(tmp_path_factory.mktemp("cast") / "models", stickers=True)


@pytest.fixture
def sticker(tmp_path: Path, pocket: Path) -> FakeJobContext:
    return FakeJobContext(tmp_path, pocket, model="pocket-collage")


@pytest.fixture
def looping(tmp_path: Path, pocket: Path) -> FakeJobContext:
    picture = Image.new("RGBA", (90, 40))
    picture.paste((220, 120, 20, 255), (20, 10, 60, 36))
    picture.save(tmp_path / "fox.png")
    assets = {"fox": tmp_path / "fox.png"}
    return FakeJobContext(tmp_path, pocket, model="pocket-collage-loop", assets=assets)


def _with(recipe: Recipe, **changes: object) -> Recipe:
    return msgspec.structs.replace(recipe, **changes)


def _png(context: FakeJobContext, number: int = -1) -> Image.Image:
    data = context.saved[number]
    assert isinstance(data, bytes)
    return Image.open(io.BytesIO(data))


def _frames(context: FakeJobContext) -> NDArray[np.uint8]:
    path = context.saved.pop()
    assert isinstance(path, Path)
    with av.open(str(path)) as container:
        return np.stack([f.to_ndarray(format="rgba") for f in container.decode(video=0)]).astype(
            np.uint8, copy=False
        )


def _motion(frames: NDArray[np.uint8]) -> float:
    return float(np.abs(np.diff(frames[..., 3].astype(np.float32), axis=0)).mean())


def test_drafts_of_stickers_are_collages() -> None:
    catalogue = load_catalogue()
    for ability, model in (
        (Ability.TEXT_TO_STICKER, "pocket-collage"),
        (Ability.ANIMATE_STICKER, "pocket-collage-loop"),
    ):
        assert catalogue.serving(ability)[0].id == model


@pytest.mark.parametrize(("asked", "made"), [(0, 512), (256, 256)])
def test_a_sticker_is_one_rgba_picture(asked: int, made: int, sticker: FakeJobContext) -> None:
    (output,) = collage.run(_with(STICKER, width=asked, height=asked), sticker)
    picture = _png(sticker)
    assert (picture.size, picture.mode) == ((made, made), "RGBA")
    assert output.media.has_alpha
    assert not any(phase == "denoising" for phase, *_ in sticker.reports), "art is not drawn"


def test_what_was_read_is_said(sticker: FakeJobContext) -> None:
    collage.run(_with(STICKER, prompt="two crimson vixens with a present"), sticker)
    assert "Read as: two red foxes with a gift box" in sticker.notes
    collage.run(_with(STICKER, prompt="a green hedgehog with a top hat"), sticker)
    assert not any("left out" in note for note in sticker.notes)


def test_what_there_is_no_art_of_is_drawn(sticker: FakeJobContext) -> None:
    collage.run(_with(STICKER, prompt="a zorblax"), sticker)
    told = [step for phase, *step in sticker.reports if phase == "denoising"]
    assert told == [[1, 2], [2, 2]]
    assert sticker.previews[0][:2] == b"\xff\xd8"


def test_what_cannot_be_shown_is_said(sticker: FakeJobContext) -> None:
    collage.run(_with(STICKER, prompt="a happy fox in space"), sticker)
    assert any("“happy”, “in space” is left out" in note for note in sticker.notes)
    collage.run(_with(STICKER, prompt="a zorblax"), sticker)
    assert any("There is no art of “a zorblax”" in note for note in sticker.notes)


def test_words_may_be_left_as_they_are(sticker: FakeJobContext) -> None:
    kept = _with(STICKER, prompt="two vixens", options={"rewrite": "off"})
    collage.run(kept, sticker)
    assert not any(note.startswith("Read as") for note in sticker.notes)


def test_the_same_seed_makes_the_same_sticker_and_another_does_not(
    sticker: FakeJobContext,
) -> None:
    for seed in (3, 3, 4):
        collage.run(_with(STICKER, seed=seed), sticker)
    first, again, other = sticker.saved
    assert first == again
    assert first != other


def test_cancelling_stops_within_a_step(sticker: FakeJobContext) -> None:
    sticker.cancel_after = 2
    with pytest.raises(JobCancelled):
        collage.run(_with(STICKER, prompt="a zorblax"), sticker)
    assert not sticker.saved


def test_a_sticker_without_words_cannot_be_made(sticker: FakeJobContext) -> None:
    with pytest.raises(BadRequest, match="prompt is empty"):
        collage.run(_with(STICKER, prompt=" "), sticker)


def test_a_loop_is_eight_rgba_frames(looping: FakeJobContext) -> None:
    (output,) = collage_loop.run(LOOP, looping)
    assert _frames(looping).shape == (8, 512, 512, 4)
    assert (output.media.frames, output.media.rate, output.media.has_alpha) == (8, "8/1", True)
    assert not looping.notes
    collage_loop.run(_with(LOOP, width=256, height=256), looping)
    assert _frames(looping).shape == (8, 256, 256, 4)


def test_the_words_and_the_motion_decide_how_it_moves(looping: FakeJobContext) -> None:
    made = []
    for prompt, motion in (("jump", "medium"), ("jump", "large"), ("wave", "medium")):
        collage_loop.run(_with(LOOP, prompt=prompt, options={"motion": motion}), looping)
        made.append(_frames(looping).tobytes())
    assert len(set(made)) == 3
    assert "Read as: it jumps up and down" in looping.notes


def test_an_unknown_movement_sways_and_no_words_are_lively(looping: FakeJobContext) -> None:
    collage_loop.run(_with(LOOP, prompt="it reads a newspaper"), looping)
    soft = _frames(looping)
    assert any("sways softly" in note for note in looping.notes)
    collage_loop.run(_with(LOOP, prompt=""), looping)
    lively = _frames(looping)
    assert 0 < _motion(soft) < _motion(lively)
    assert len(looping.notes) == 1


def test_gently_is_less_and_wildly_is_more(looping: FakeJobContext) -> None:
    far = []
    for prompt in ("rock gently", "rock", "rock wildly"):
        collage_loop.run(_with(LOOP, prompt=prompt), looping)
        far.append(_motion(_frames(looping)))
    assert far[0] < far[1] < far[2]


def test_every_wording_and_every_motion_of_the_grammar_has_its_movement() -> None:
    groups = POCKET_COLLAGE_LOOP.motions.learnt
    assert len(groups) == len(MOVEMENTS)
    for name, group in zip(MOVEMENTS, groups, strict=True):
        assert {movement_of(f"a fox {wording}") for wording in group} == {name}
    for phrase in grammar.MOTIONS:
        assert all(movement_of(f"it {words}") is not None for words in phrase.words)
    assert movement_of("a flying saucer stays in place") == "stand"
    assert movement_of("it sings") is None
    assert set(REACHES) == set(MOTION_SIZES)


def test_what_is_missing_is_said(looping: FakeJobContext, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no sticker to animate"):
        collage_loop.run(_with(LOOP, inputs=()), looping)
    with pytest.raises(BadRequest, match="cannot be"):
        collage_loop.run(_with(LOOP, options={"motion": "wild"}), looping)
    Image.new("RGBA", (40, 40)).save(looping.assets["fox"])
    with pytest.raises(BadMedia, match="empty"):
        collage_loop.run(LOOP, looping)
    Image.new("RGBA", (40, 40), "red").save(looping.assets["fox"])
    looping.weights = tmp_path / "nowhere/pocket-video"
    with pytest.raises(WeightsNotInstalled, match="not complete"):
        collage_loop.run(LOOP, looping)
