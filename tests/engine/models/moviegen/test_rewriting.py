"""Prompts rewritten into learnt words, with the encoder that ships."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.models.moviegen.rewriting import Rewriter
from engine.models.moviegen.text import load_text_encoder, phrase_vectors
from engine.planning.sticker_vocabulary import POCKET_ANIMATIC
from engine.planning.vocabulary import POCKET_VIDEO, Vocabulary
from engine.training.grammar import (
    ACTIONS,
    SETTINGS,
    SUBJECTS,
    Phrase,
    article,
    caption,
    sample_scene,
)

MODELS = Path(__file__).resolve().parents[4] / "resources" / "models"
OUTSIDERS = (
    "orca",
    "manta ray",
    "salmon",
    "pelican",
    "woodpecker",
    "raven",
    "vulture",
    "lynx",
    "hyena",
    "weasel",
    "mole",
    "armadillo",
    "iguana",
    "newt",
    "centipede",
    "wasp",
    "butler",
    "barber",
    "lawyer",
    "baker",
    "plumber",
    "monk",
    "samurai",
    "viking",
    "cowboy",
    "goblin",
    "centaur",
    "mummy",
    "bulldozer",
    "limousine",
    "glider",
    "zeppelin",
    "kayak",
    "gondola",
    "waffle",
    "pretzel",
    "croissant",
    "avocado",
    "mango",
    "harp",
    "cello",
    "frisbee",
    "teapot",
    "toaster",
    "backpack",
    "wallet",
    "scarf",
    "glove",
    "keyboard",
    "hourglass",
    "vase",
    "pillow",
    "mailbox",
    "skyscraper",
    "orchid",
    "bamboo",
)
"""Things that were never trained and are in no list of ours."""
CLAUSE = "jumps up and down in the snow"


@pytest.fixture(scope="module")
def rewriter() -> Rewriter:
    return Rewriter(POCKET_VIDEO, phrase_vectors(*load_text_encoder(MODELS / "text-encoder")))


def _refuses(phrases: Sequence[str]) -> np.ndarray:
    raise AssertionError(f"known words need no encoder: {phrases}")


def test_the_vocabulary_is_that_of_the_training_captions() -> None:
    assert [group[0] for group in POCKET_VIDEO.subjects.learnt] == [s.noun for s in SUBJECTS]
    assert POCKET_VIDEO.settings.learnt == tuple(each.words for each in SETTINGS)
    assert POCKET_VIDEO.actions.learnt == tuple(each.words for each in ACTIONS)
    for words in (POCKET_VIDEO.subjects, POCKET_VIDEO.settings, POCKET_VIDEO.actions):
        learnt = {wording for group in words.learnt for wording in group}
        assert set(words.plain.values()) <= learnt
        assert not learnt & set(words.plain)
        assert not learnt & set(words.others)


@pytest.mark.parametrize("vocabulary", [POCKET_VIDEO, POCKET_ANIMATIC])
def test_trained_captions_stay_word_for_word_and_ask_no_encoder(vocabulary: Vocabulary) -> None:
    rewriter = Rewriter(vocabulary, _refuses)
    rng = random.Random(5)
    for number in range(2000):
        still = number % 5 == 0
        told = caption(sample_scene(rng), still=still)
        prompt = told if still else told.split(", ", 1)[1]
        assert rewriter.rewrite(prompt) == prompt


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("a vixen hops in the snow", "a fox jumps up and down in the snow"),
        ("An android is jumping in space", "A robot jumps up and down in space"),
        ("a mallard rolls along under the sea", "a duck rolls along under water"),
        ("a fox dances in the rain, camera pans left", "a fox dances in the rain, pan left"),
        ("a fox dances in the rain, zooming in.", "a fox dances in the rain, zoom in"),
        ("an automobile twirls wildly in space", "a red car spins around wildly in space"),
    ],
)
def test_plain_words_are_put_into_learnt_ones_without_an_encoder(prompt: str, told: str) -> None:
    assert Rewriter(POCKET_VIDEO, _refuses).rewrite(prompt) == told


def test_likeness_finds_what_no_dictionary_holds(rewriter: Rewriter) -> None:
    told = rewriter.rewrite("A cute little puppy is jumping in the woods, handheld camera")
    assert told == "A cute little dog jumps up and down in a forest, handheld"


@pytest.mark.parametrize(
    "prompt",
    [
        "a hot dog spins around",
        "a ghost ship sails on the sea",
        "two dogs play in a garden",
        "sunset over the mountains",
        "",
        " , ",
        "日本の猫",
        "x" * 500,
    ],
)
def test_what_has_no_learnt_word_is_left_alone(rewriter: Rewriter, prompt: str) -> None:
    assert rewriter.rewrite(prompt) == prompt


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("a horse gallops in a field", "a horse gallops in a green meadow"),
        ("a man walks down the street", "a man walks on a city street"),
        ("a zebra stands in the middle of a dark pine forest", "a zebra stands still in a forest"),
    ],
)
def test_a_place_is_told_by_its_chief_word(rewriter: Rewriter, prompt: str, told: str) -> None:
    assert rewriter.rewrite(prompt) == told


def test_synonyms_find_their_word_and_outsiders_find_none(rewriter: Rewriter) -> None:
    pairs = [(word, s.noun) for s in SUBJECTS for word in s.synonyms]
    right = [
        rewriter.rewrite(f"{article(word)} {CLAUSE}") == f"{article(noun)} {CLAUSE}"
        for word, noun in pairs
    ]
    assert sum(right) / len(pairs) >= 0.9
    prompts = [f"{article(word)} {CLAUSE}" for word in OUTSIDERS]
    wrong = [told for told in prompts if rewriter.rewrite(told) != told]
    assert len(wrong) <= len(OUTSIDERS) // 20, wrong
    assert _share(rewriter, SETTINGS, "a fox dances {}") >= 0.75
    assert _share(rewriter, ACTIONS, "a fox {} in the snow") >= 0.85


def _share(rewriter: Rewriter, phrases: Sequence[Phrase], template: str) -> float:
    """How many held-out wordings become one of their own learnt ones."""
    right = [
        rewriter.rewrite(template.format(word)) in [template.format(w) for w in phrase.words]
        for phrase in phrases
        for word in phrase.synonyms
    ]
    return sum(right) / len(right)
