"""Prompts rewritten by the engine: as an ability of its own, and before a clip is made."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.abilities import rewrite_prompt, text_to_image
from engine.errors import BadRequest, WeightsNotInstalled
from engine.protocol.recipes import Ability, Recipe, Sampler
from tests.fakes.job_context import FakeJobContext

MODELS = Path(__file__).resolve().parents[3] / "resources" / "models"
RECIPE = Recipe(
    ability=Ability.REWRITE_PROMPT, model="pocket-video", prompt="a vixen hops in the snow"
)
STILL = msgspec.structs.replace(
    RECIPE,
    ability=Ability.TEXT_TO_IMAGE,
    width=512,
    height=288,
    sampler=Sampler(steps=2, guidance_scale=1.0),
)


@pytest.fixture
def context(tmp_path: Path) -> FakeJobContext:
    return FakeJobContext(tmp_path, MODELS / "pocket-video")


def test_the_prompt_comes_back_as_plain_text(context: FakeJobContext) -> None:
    (output,) = rewrite_prompt.run(RECIPE, context)
    assert output.asset.media_type == "text/plain"
    assert context.saved == [b"a fox jumps up and down in the snow"]
    known = "a fox dances in the rain, zoom in"
    rewrite_prompt.run(msgspec.structs.replace(RECIPE, prompt=known), context)
    assert context.saved[-1] == known.encode()


def test_a_draft_is_read_in_plain_names_as_its_film_is(context: FakeJobContext) -> None:
    said = "A skateboarder in a red jacket jumps in the park"
    draft = msgspec.structs.replace(RECIPE, model="pocket-animatic", prompt=said)
    rewrite_prompt.run(draft, context)
    assert context.saved == [b"A person with a skateboard jumps up and down in a park"]


def test_stickers_are_read_in_their_own_words(context: FakeJobContext) -> None:
    for model, prompt, told in (
        ("pocket-sticker", "a pair of vixens", "two foxes"),
        ("pocket-sticker-loop", "jumping", "it jumps up and down"),
    ):
        rewrite_prompt.run(msgspec.structs.replace(RECIPE, model=model, prompt=prompt), context)
        assert context.saved[-1] == told.encode()


def test_what_cannot_be_read_is_said(context: FakeJobContext, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="prompt is empty"):
        rewrite_prompt.run(msgspec.structs.replace(RECIPE, prompt=" "), context)
    context.weights = tmp_path / "nowhere" / "pocket-video"
    with pytest.raises(WeightsNotInstalled, match="not complete"):
        rewrite_prompt.run(RECIPE, context)


def test_a_picture_is_made_of_what_was_read_and_says_so(context: FakeJobContext) -> None:
    text_to_image.run(STILL, context)
    told = "a fox jumps up and down in the snow"
    assert f"Read as: {told}" in context.notes
    text_to_image.run(msgspec.structs.replace(STILL, prompt=told), context)
    assert context.saved[0] == context.saved[1]
    assert sum(note.startswith("Read as") for note in context.notes) == 1
    text_to_image.run(msgspec.structs.replace(STILL, options={"rewrite": "off"}), context)
    assert sum(note.startswith("Read as") for note in context.notes) == 1
    assert context.saved[2] != context.saved[0]
