"""Tokens, and the sizes and lengths that models make."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.planning.shapes import latent_frames, limits_broken, snap, token_grid, valid_frames
from engine.protocol.recipes import Ability
from tests.engine.planning.machines import catalogue, video

PAPER = "movie-gen-30b"
MODELS = [entry.id for entry in catalogue()]


@pytest.mark.parametrize(("width", "height"), [(768, 768), (1024, 576), (576, 1024)])
def test_sixteen_seconds_of_the_paper_are_73728_tokens(width: int, height: int) -> None:
    latent = catalogue().entry(PAPER).latent
    assert token_grid(width, height, 256, latent).tokens == 73_728


def test_wan_counts_the_first_frame_by_itself() -> None:
    latent = catalogue().entry("wan2.1-1.3b").latent
    assert [latent_frames(n, latent) for n in (1, 5, 81)] == [1, 2, 21]
    assert token_grid(832, 480, 81, latent).tokens == 32_760


@given(
    model=st.sampled_from(MODELS),
    width=st.integers(1, 4096),
    height=st.integers(1, 4096),
    frames=st.integers(1, 400),
)
def test_what_is_snapped_is_what_the_model_makes_and_stays_so(
    model: str, width: int, height: int, frames: int
) -> None:
    entry = catalogue().entry(model)
    asked = video(model, width, height, frames)
    once = snap(asked, entry)
    made = once.recipe
    assert made.width % entry.rules.size_multiple == made.height % entry.rules.size_multiple == 0
    assert made.frames >= frames
    assert made.frames in valid_frames(entry.rules) or made.frames > entry.rules.max_frames
    assert snap(made, entry).recipe == made
    assert bool(once.notes) == (made != asked)


def test_a_recipe_that_leaves_size_and_length_open_gets_the_models_own() -> None:
    entry = catalogue().entry("wan2.1-1.3b")
    made = snap(video(entry.id), entry).recipe
    assert (made.width, made.height, made.frames, made.rate) == (832, 480, 81, "16/1")


def test_a_still_is_one_frame() -> None:
    entry = catalogue().entry("wan2.1-1.3b")
    recipe = video(entry.id, frames=81)
    still = type(recipe)(ability=Ability.TEXT_TO_IMAGE, model=entry.id, frames=81)
    assert snap(still, entry).recipe.frames == 1


@pytest.mark.parametrize(
    ("rate", "frames"),
    [("24/1", 48), ("12/1", 24), ("30/1", 60), ("25/1", 50), ("24000/1001", 48), ("8/1", 48)],
)
def test_a_length_left_open_lasts_as_long_at_every_rate(rate: str, frames: int) -> None:
    entry = catalogue().entry("pocket-animatic")
    made = snap(video(entry.id, 0, 0, 0, rate=rate), entry).recipe
    assert made.frames == frames
    assert made.rate == (rate if rate in entry.rules.rates else "24/1")


def test_changes_are_told_in_sentences() -> None:
    entry = catalogue().entry("wan2.1-1.3b")
    notes = snap(video(entry.id, 833, 481, 80, rate="24/1"), entry).notes
    size, length, rate = notes
    assert size == "The size becomes 832 × 480: this model works in multiples of 16 pixels."
    assert length == (
        "The clip becomes 81 frames long: this model makes multiples of 4 frames and 1 more, "
        "and 80 is not one of them."
    )
    assert rate == (
        "The clip plays at 16 frames a second, the rate this model was made for, and not at 24."
    )


def test_a_still_is_not_told_of_a_rate() -> None:
    entry = catalogue().entry("pocket-sticker")
    asked = msgspec.structs.replace(
        video(entry.id, 256, 256, 1, rate="12/1"), ability=Ability.TEXT_TO_STICKER
    )
    assert snap(asked, entry).notes == ()


@pytest.mark.parametrize(
    ("width", "height", "frames", "says"),
    [
        (8192, 4608, 81, "makes at most 832 × 480 pixels"),
        (99_999, 9_999, 81, "and 99999 × 9999 is"),
        (832, 480, 1000, "makes at most 81 frames, not 1000."),
        (-16, 480, 81, "cannot be negative"),
    ],
)
def test_absurd_sizes_are_beyond_the_limits(
    width: int, height: int, frames: int, says: str
) -> None:
    entry = catalogue().entry("wan2.1-1.3b")
    asked = video(entry.id, width, height, frames)
    assert says in limits_broken(snap(asked, entry).recipe, entry, asked)
