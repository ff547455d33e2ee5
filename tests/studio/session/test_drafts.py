"""Drafts: each kind's recipe, and the sentence when there is none."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import msgspec
import pytest

from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe
from studio.session.draft import (
    AgainDraft,
    AnimationDraft,
    ClipDraft,
    Draft,
    DraftError,
    ExtendDraft,
    RetakeDraft,
    Source,
    StickerDraft,
    StillDraft,
    StillsDraft,
    UpscaleDraft,
    Words,
    recipe_of,
)
from studio.session.model_rules import nearest_aspect, why_none
from tests.fakes.engine_client import POCKET

CARD = msgspec.structs.replace(POCKET, abilities=tuple(Ability))
WORDS = Words(prompt="A red fox", negative_prompt="rain", seed=5)
SOURCE = Source(
    sha256="a" * 64,
    width=300,
    height=170,
    frames=60,
    rate="25/1",
    in_s=Fraction(1, 3),
    out_s=Fraction(2),
)
READS = InputAsset(role=InputRole.SOURCE, sha256="a" * 64)


def test_handles_make_a_clip_longer() -> None:
    draft = ClipDraft(words=WORDS, seconds=Fraction(2), handle_s=Fraction(1, 2))
    assert recipe_of(draft, CARD).frames == 36
    uneven = ClipDraft(words=WORDS, seconds=Fraction(2), handle_s=Fraction(2, 5))
    assert recipe_of(uneven, CARD).frames == 36


def test_a_clip_from_stills_names_them_by_their_place() -> None:
    draft = StillsDraft(words=WORDS, first="1" * 64, last="3" * 64, seconds=Fraction(1))
    recipe = recipe_of(draft, CARD)
    assert recipe.ability is Ability.IMAGE_TO_VIDEO
    assert recipe.inputs == (
        InputAsset(role=InputRole.FIRST_FRAME, sha256="1" * 64),
        InputAsset(role=InputRole.LAST_FRAME, sha256="3" * 64),
    )
    assert (recipe.width, recipe.height, recipe.frames) == (320, 176, 12)


def test_a_sticker_is_square_and_a_still_has_a_shape() -> None:
    sticker = recipe_of(StickerDraft(words=WORDS), CARD)
    still = recipe_of(StillDraft(words=WORDS, aspect="9:16"), CARD)
    assert (sticker.ability, sticker.width, sticker.height) == (Ability.TEXT_TO_STICKER, 224, 224)
    assert (still.ability, still.width, still.height) == (Ability.TEXT_TO_IMAGE, 176, 320)
    assert (sticker.frames, still.frames) == (1, 1)


def test_a_loop_has_eight_frames() -> None:
    recipe = recipe_of(AnimationDraft(words=WORDS, sticker="a" * 64, motion="small"), CARD)
    assert (recipe.frames, recipe.rate) == (8, "8/1")
    assert recipe.inputs == (READS,)
    assert recipe.options == {"motion": "small"}


@pytest.mark.parametrize(("before", "direction"), [(False, "after"), (True, "before")])
def test_an_extension_reads_the_part_that_is_used(before: bool, direction: str) -> None:
    draft = ExtendDraft(words=WORDS, source=SOURCE, seconds=Fraction(1), before=before)
    recipe = recipe_of(draft, CARD)
    assert recipe.ability is Ability.EXTEND_VIDEO
    assert recipe.inputs == (msgspec.structs.replace(READS, in_s="1/3", out_s="2/1"),)
    assert recipe.options == {"direction": direction}
    assert (recipe.width, recipe.height, recipe.frames, recipe.rate) == (320, 176, 12, "12/1")


def test_what_only_moves_a_film_goes_on_at_its_own_size_and_rate() -> None:
    moving = msgspec.structs.replace(CARD.rules, size_multiple=2, max_pixels=1920 * 1080)
    card = msgspec.structs.replace(CARD, rules=moving)
    odd = dataclasses.replace(SOURCE, width=301, rate="24000/1001")
    recipe = recipe_of(ExtendDraft(words=Words(), source=odd, seconds=Fraction(2)), card)
    shape = (recipe.width, recipe.height, recipe.frames, recipe.rate)
    assert shape == (300, 170, 48, "24000/1001")
    large = dataclasses.replace(SOURCE, width=4096, height=2160)
    recipe = recipe_of(ExtendDraft(words=Words(), source=large, seconds=Fraction(2)), card)
    assert recipe.width * recipe.height <= 1920 * 1080
    assert recipe.width / recipe.height == pytest.approx(4096 / 2160, rel=0.01)


def test_a_clip_from_stills_can_do_without_words() -> None:
    draft = StillsDraft(words=Words(), first="a" * 64, aspect="1:1")
    assert recipe_of(draft, CARD).prompt == ""


def test_a_retake_has_the_sources_own_length_and_rate() -> None:
    draft = RetakeDraft(words=WORDS, source=SOURCE, start_s=Fraction(2, 5), end_s=Fraction(4, 5))
    recipe = recipe_of(draft, CARD)
    assert recipe.options == {"retake_in_s": "2/5", "retake_out_s": "4/5"}
    assert (recipe.width, recipe.height, recipe.frames, recipe.rate) == (300, 170, 60, "25/1")
    assert recipe.inputs == (READS,)


def test_what_reads_a_film_can_do_without_words() -> None:
    extended = recipe_of(ExtendDraft(words=Words(), source=SOURCE, camera="zoom in"), CARD)
    span = {"start_s": Fraction(0), "end_s": Fraction(1)}
    retaken = recipe_of(RetakeDraft(words=Words(), source=SOURCE, **span), CARD)
    assert (extended.prompt, retaken.prompt) == ("zoom in", "")
    again = recipe_of(AgainDraft(words=Words(seed=3), recipe=retaken), CARD)
    assert (again.prompt, again.seed) == ("", 3)


def test_upscaling_doubles_the_size_and_needs_no_words() -> None:
    recipe = recipe_of(UpscaleDraft(words=Words(seed=1), source=SOURCE), CARD)
    assert recipe.ability is Ability.UPSCALE_VIDEO
    assert (recipe.width, recipe.height, recipe.frames, recipe.rate) == (600, 340, 60, "25/1")
    assert recipe.options == {"source_size": "300x170"}, "the work is as large as that"
    worded = recipe_of(UpscaleDraft(words=WORDS, source=SOURCE), CARD)
    assert (worded.prompt, worded.negative_prompt) == ("A red fox", "rain")


def test_again_changes_the_words_and_keeps_the_rest() -> None:
    old = Recipe(
        ability=Ability.RETAKE,
        model=CARD.id,
        prompt="Old",
        frames=60,
        inputs=(READS,),
        options={"retake_in_s": "0/1"},
        weights_sha256="f" * 64,
    )
    recipe = recipe_of(AgainDraft(words=WORDS, recipe=old), CARD)
    assert recipe == msgspec.structs.replace(
        old, prompt="A red fox", negative_prompt="rain", seed=5
    )
    other = msgspec.structs.replace(CARD, id="other")
    assert recipe_of(AgainDraft(words=WORDS, recipe=old), other).weights_sha256 == ""


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (StillsDraft(words=WORDS), "Choose a still first"),
        (AnimationDraft(words=WORDS), "Choose the sticker first"),
        (AnimationDraft(words=Words(), sticker="a"), "Say first what the sticker does"),
        (StickerDraft(words=Words()), "Describe the sticker first"),
        (StillDraft(words=Words()), "Describe the picture first"),
        (
            RetakeDraft(words=WORDS, source=SOURCE, start_s=Fraction(1), end_s=Fraction(1)),
            "The range is empty",
        ),
    ],
)
def test_a_draft_that_lacks_something_says_what(draft: Draft, words: str) -> None:
    with pytest.raises(DraftError, match=words):
        recipe_of(draft, CARD)


@pytest.mark.parametrize(
    ("size", "aspect"), [((1920, 1080), "16:9"), ((1080, 1920), "9:16"), ((500, 480), "1:1")]
)
def test_the_nearest_shape_is_by_proportion(size: tuple[int, int], aspect: str) -> None:
    assert nearest_aspect(POCKET.rules, *size) == aspect


def test_what_no_tier_makes_says_so_and_what_another_makes_names_it() -> None:
    head, hint = why_none((POCKET,), "draft", Ability.TEXT_TO_STICKER)
    assert head == "No model under Draft makes stickers."
    assert hint == "Choose something else to make, or install a model that does."
    head, hint = why_none((POCKET,), "local", Ability.TEXT_TO_VIDEO)
    assert head == "No model under This GPU makes clips."
    assert hint == "Pocket video does: choose Draft above."
