"""What is asked of stickers, rewritten into learnt words with the encoder that ships."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.models.moviegen.sticker_rewriting import StickerRewriter, plural
from engine.models.moviegen.text import load_text_encoder, phrase_vectors
from engine.planning.sticker_vocabulary import POCKET_LOOP, POCKET_STICKER
from engine.training import sticker_grammar as grammar
from tests.engine.models.moviegen.test_rewriting import OUTSIDERS

MODELS = Path(__file__).resolve().parents[4] / "resources" / "models"


def _refuses(phrases: Sequence[str]) -> np.ndarray:
    raise AssertionError(f"known words need no encoder: {phrases}")


STILL = StickerRewriter(POCKET_STICKER, _refuses)
LOOP = StickerRewriter(POCKET_LOOP, _refuses)


@pytest.fixture(scope="module")
def still() -> StickerRewriter:
    encoder = phrase_vectors(*load_text_encoder(MODELS / "text-encoder"))
    return StickerRewriter(POCKET_STICKER, encoder)


@pytest.fixture(scope="module")
def loop() -> StickerRewriter:
    encoder = phrase_vectors(*load_text_encoder(MODELS / "text-encoder"))
    return StickerRewriter(POCKET_LOOP, encoder)


def test_the_vocabulary_is_that_of_the_sticker_grammar() -> None:
    for vocabulary, subjects in (
        (POCKET_STICKER, grammar.STICKER_SUBJECTS),
        (POCKET_LOOP, grammar.MOVING_SUBJECTS),
    ):
        assert [name for (name,) in vocabulary.subjects.learnt] == [s.noun for s in subjects]
        assert {name for (name,) in vocabulary.companions.learnt} == {
            s.noun for s in grammar.COMPANIONS
        }
        assert set(vocabulary.colours.values()) == set(grammar.COLOURS)
        assert vocabulary.motions.learnt == tuple(each.words for each in grammar.MOTIONS)
        for words in (vocabulary.subjects, vocabulary.companions, vocabulary.motions):
            learnt = {wording for group in words.learnt for wording in group}
            assert set(words.plain.values()) <= learnt
            assert not learnt & set(words.plain)
            assert not (learnt | set(words.plain)) & set(words.others)
    for subject in grammar.MOVING_SUBJECTS:
        assert plural(subject.noun) == grammar.plural(subject.noun)


def test_trained_phrases_stay_word_for_word_and_ask_no_encoder() -> None:
    rng = random.Random(5)
    for _ in range(1500):
        sticker = grammar.sample_sticker(rng, moving=False)
        words = grammar.phrase_of(sticker)
        assert STILL.still(words) == words
        assert STILL.still(f"{words}, on a cloud") == f"{words}, on a cloud"
        moving = grammar.sample_sticker(rng, moving=True)
        assert moving.motion is not None
        words = f"{grammar.phrase_of(moving)} {rng.choice(moving.motion.words)}"
        assert LOOP.motion(words) == words


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("a vixen", "a fox"),
        ("A crimson vixen", "A red fox"),
        ("an ape with a present", "a monkey with a gift box"),
        ("a navy blue fox holding a coffee", "a blue fox with a cup of coffee"),
        ("a pair of vixens", "two foxes"),
        ("2 burgers", "two hamburgers"),
        ("two foxes", "two foxes"),
        ("a happy fox", "a happy fox"),
        ("a fox, in the style of a comic", "a fox, in the style of a comic"),
        ("a pizza", "a slice of pizza"),
        ("a coach", "a bus"),
        ("two vixens with a rose", "two foxes with a rose"),
        ("puppies", "two dogs"),
        ("three foxes", "two foxes"),
        ("a sticker of a crimson fox", "a red fox"),
        ("a fox sticker", "a fox"),
        ("a fox wearing a crown", "a fox with a crown"),
        ("a hot air balloon", "a hot air balloon"),
        ("a purple heart", "a purple heart"),
        ("a crying emoji", "a crying face"),
        ("a corgi", "a dog"),
    ],
)
def test_what_a_sticker_shows_is_put_into_learnt_words(prompt: str, told: str) -> None:
    assert STILL.still(prompt) == told


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("jump", "it jumps up and down"),
        ("Jumping", "it jumps up and down"),
        ("dancing", "it dances"),
        ("Jumps for joy", "it jumps up and down for joy"),
        ("it hops", "it jumps up and down"),
        ("he is twirling", "it spins around"),
        ("make it spin", "it spins around"),
        ("let the vixen hop", "the fox jumps up and down"),
        ("A pony is hopping", "A horse jumps up and down"),
        ("two foxes dance", "two foxes dances"),
        ("it beats like a heart", "it grows and shrinks"),
        ("it dances", "it dances"),
        ("it is motionless", "it stands still"),
        ("a headset hops", "headphones jumps up and down"),
        ("a face with a cowboy hat dances", "a cowboy face dances"),
        ("bounces", "it bounces"),
        ("swing", "it rocks back and forth"),
        ("wave", "it rocks back and forth"),
        ("run", "it slides left and right"),
        ("a flying saucer pulsates", "a flying saucer grows and shrinks"),
    ],
)
def test_what_a_sticker_does_is_put_into_learnt_words(prompt: str, told: str) -> None:
    assert LOOP.motion(prompt) == told


@pytest.mark.parametrize(
    "prompt",
    ["a horse", "a dream catcher", "two harps", "日本の猫", "", " , ", "make a wish", "x" * 500],
)
def test_what_has_no_learnt_word_is_left_alone(
    still: StickerRewriter, loop: StickerRewriter, prompt: str
) -> None:
    assert still.still(prompt) == prompt
    assert loop.motion(prompt) == prompt


def test_held_out_synonyms_find_their_word_and_outsiders_find_none(
    still: StickerRewriter, loop: StickerRewriter
) -> None:
    pairs = [(word, s.noun) for s in grammar.STICKER_SUBJECTS for word in s.synonyms]
    right = [still.still(f"the {word}") == f"the {noun}" for word, noun in pairs]
    assert sum(right) / len(pairs) >= 0.9, [p for p, r in zip(pairs, right, strict=True) if not r]
    moves = [(word, phrase) for phrase in grammar.MOTIONS for word in phrase.synonyms]
    kept = [loop.motion(f"it {word}") in [f"it {w}" for w in p.words] for word, p in moves]
    assert sum(kept) / len(moves) >= 0.9
    outside = [f"a {each}" for each in OUTSIDERS]
    wrong = [each for each in outside if still.still(each) != each]
    assert len(wrong) <= len(outside) // 20, wrong
