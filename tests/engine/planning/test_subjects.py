"""A draft says beforehand that it has not learnt what a prompt is about."""

from __future__ import annotations

import msgspec
import pytest

from engine.planning.planner import plan_job
from engine.planning.subjects import names_nothing_known, understood_names
from engine.training.grammar import SUBJECTS
from tests.engine.planning.machines import catalogue, processor, video

KNOWN = ("fox", "red car", "slice of pizza", "butterfly")


@pytest.mark.parametrize(
    "prompt",
    ["A fox in the snow", "two foxes", "a blue car, pan left", "PIZZA!", "butterflies in a garden"],
)
def test_what_it_knows_is_found_in_any_form(prompt: str) -> None:
    assert not names_nothing_known(prompt, KNOWN)


@pytest.mark.parametrize("prompt", ["a zebra in the snow", "carpets and foxgloves", ""])
def test_what_it_does_not_know_is_noticed(prompt: str) -> None:
    assert names_nothing_known(prompt, KNOWN)


@pytest.mark.parametrize("prompt", ["a vixen in the snow", "two vixens", "an alien spaceship"])
def test_what_it_is_put_into_learnt_words_is_known(prompt: str) -> None:
    assert names_nothing_known(prompt, KNOWN)
    assert not names_nothing_known(prompt, KNOWN, ("vixen", "alien spaceship"))
    assert names_nothing_known(
        "an alien ship and a vixenish look", KNOWN, ("alien spaceship", "vixen")
    )


def test_a_model_without_a_list_knows_everything() -> None:
    assert not names_nothing_known("a zebra", ())


def test_the_plan_of_a_draft_says_so_and_stays_a_plan() -> None:
    entry = catalogue().entry("pocket-video")
    recipe = msgspec.structs.replace(video(entry.id), prompt="a zebra jumps on a beach")
    plan = plan_job(recipe, entry, processor(16.0))
    assert plan.refusal is None
    assert any("will guess" in note for note in plan.notes)
    known = plan_job(msgspec.structs.replace(recipe, prompt="a fox jumps"), entry, processor(16.0))
    assert not any("will guess" in note for note in known.notes)
    read = msgspec.structs.replace(recipe, prompt="a vixen jumps")
    told = plan_job(read, entry, processor(16.0))
    assert not any("will guess" in note for note in told.notes), "it is read as a fox"
    kept = msgspec.structs.replace(read, options={"rewrite": "off"})
    assert any("will guess" in note for note in plan_job(kept, entry, processor(16.0)).notes)


def test_the_catalogue_lists_what_was_trained() -> None:
    assert catalogue().entry("pocket-video").subjects == tuple(s.noun for s in SUBJECTS)


def test_what_is_cut_from_art_knows_what_the_library_has() -> None:
    art = understood_names("pocket-animatic", cut_from_art=True)
    assert not names_nothing_known("two hedgehogs run", KNOWN, art)
    for prompt in ("children dance", "a stallion", "a crowd walks", "mice run", "two pooches"):
        assert not names_nothing_known(prompt, KNOWN, art), prompt
    assert names_nothing_known("a zorblax runs", KNOWN, art)
    drawn = understood_names("pocket-sticker", cut_from_art=False)
    assert names_nothing_known("two hedgehogs run", KNOWN, drawn)
