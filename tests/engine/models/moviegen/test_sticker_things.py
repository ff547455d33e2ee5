"""What a sticker of cut-outs is asked to show, thing by thing."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from engine.models.moviegen.sticker_rewriting import StickerRewriter
from engine.models.moviegen.sticker_things import Thing, read_things
from engine.planning.collage_vocabulary import POCKET_COLLAGE
from engine.training import sticker_grammar as grammar


def _knows_no_likeness(phrases: Sequence[str]) -> np.ndarray:
    """Vectors of which none is like any."""
    return np.zeros((len(phrases), 2), np.float32)


REWRITER = StickerRewriter(POCKET_COLLAGE, _knows_no_likeness)


def test_the_grammar_is_read_exactly_and_comes_back_word_for_word() -> None:
    rng = random.Random(2)
    for _ in range(800):
        sticker = grammar.sample_sticker(rng, moving=False)
        told = read_things(grammar.phrase_of(sticker), REWRITER)
        first, *others = told.things
        assert told.words == grammar.phrase_of(sticker)
        assert (first.name, first.colour) == (sticker.subject.noun, sticker.colour)
        assert first.count == (2 if sticker.twice else 1)
        beside = [sticker.companion.noun] if sticker.companion else []
        assert [thing.name for thing in others] == beside
        assert not told.left_out


@pytest.mark.parametrize(
    ("prompt", "words", "left_out"),
    [
        ("a cute fox sticker", "a fox", ()),
        ("draw me three kittens", "three cats", ()),
        ("two blue foxes", "two blue foxes", ()),
        ("a dozen roses", "five roses", ()),
        ("a cat and a dog", "a cat with a dog", ()),
        ("a fox, a cat and a dog", "a fox with a cat and a dog", ()),
        ("a fox with a blue balloon", "a fox with a blue balloon", ()),
        ("a purple heart", "a purple heart", ()),
        ("a fox wearing a crown", "a fox wearing a crown", ()),
        ("a panda eating pizza", "a panda with a slice of pizza", ()),
        ("a bear plays the guitar", "a bear with a guitar", ()),
        ("an astronaut riding a unicorn", "an astronaut on a unicorn", ()),
        ("a cat in a gift box", "a cat in a gift box", ()),
        ("a face with sunglasses", "a face with sunglasses", ()),
        ("a fire emoji", "a flame", ()),
        ("a happy cat with sunglasses", "a cat with sunglasses", ("happy",)),
        ("two green hedgehogs with a teapot", "two green hedgehogs with a teapot", ()),
        ("a cat in space", "a cat", ("in space",)),
        ("a lion roaring", "a lion", ("roaring",)),
        ("a red and white fox", "a fox", ("red", "white")),
        ("a dog with a rose, a crown and a skull", "a dog with a rose and a crown", ("a skull",)),
    ],
)
def test_what_people_ask_is_put_into_things(
    prompt: str, words: str, left_out: tuple[str, ...]
) -> None:
    told = read_things(prompt, REWRITER)
    assert (told.words, told.left_out) == (words, left_out)
    assert read_things(told.words, REWRITER).words == words


def test_sizes_are_those_of_what_stands_beside() -> None:
    _, cake = read_things("a mouse with a giant birthday cake", REWRITER).things
    assert cake.scale > 1


@pytest.mark.parametrize("prompt", ["a zorblax", "日本の猫", "I love you"])
def test_what_was_never_learnt_is_drawn_as_it_was_said(prompt: str) -> None:
    assert read_things(prompt, REWRITER).things == (Thing(prompt, is_known=False),)
