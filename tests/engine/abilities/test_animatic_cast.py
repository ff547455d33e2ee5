"""Who is drawn for a cut-out film, and what is told of how the prompt was taken."""

from __future__ import annotations

import numpy as np
import pytest

from engine.abilities.animatic import clause_of
from engine.abilities.animatic_cast import Cast, cast_of
from engine.models.moviegen.rewriting import Rewriter
from engine.planning.sticker_vocabulary import POCKET_ANIMATIC

FAR = Rewriter(POCKET_ANIMATIC, lambda phrases: np.zeros((len(phrases), 4), np.float32))
"""An encoder to which nothing is like anything."""


def _cast(prompt: str) -> Cast:
    return cast_of(clause_of(FAR, FAR.rewrite(prompt)), FAR)


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        ("a puppy runs", "a dog"),
        ("my kitten jumps", "a cat"),
        ("two vixens dance", "two foxes"),
        ("three puppies jump", "three dogs"),
        ("owls dancing", "two owls"),
        ("a cat and a dog in the rain", "a cat"),
        ("a fox with a rose dances", "a fox with a rose"),
        ("a dog with a ball jumps", "a dog with a soccer ball"),
        ("a dog with a dagger jumps", "a dog with a dagger"),
        ("a dog with a zorblax jumps", "a dog"),
        ("a zorblax with a hat runs", "a zorblax with a hat"),
        ("a blue hedgehog runs", "a blue hedgehog"),
    ],
)
def test_one_or_two_of_a_kind_are_drawn(prompt: str, drawn: str) -> None:
    clause = _cast(prompt).clause
    assert f"{clause.article} {clause.name}" == drawn


@pytest.mark.parametrize("prompt", ["a puppy runs", "two foxes dance", "a fox with a rose"])
def test_what_is_drawn_as_it_was_asked_for_needs_no_note(prompt: str) -> None:
    assert _cast(prompt).notes == ()


@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("a zorblax runs", "There is no art of “zorblax”"),
        ("a cat and a dog jump", "“and a dog” is left out"),
        ("a dog with a zorblax jumps", "“with a zorblax” is left out"),
        ("owls dance", "there are two"),
    ],
)
def test_what_is_not_drawn_as_it_was_asked_for_is_told(prompt: str, note: str) -> None:
    assert any(note in told for told in _cast(prompt).notes)
