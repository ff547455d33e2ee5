"""Articles and plurals, as people write them."""

from __future__ import annotations

import pytest

from engine.models.moviegen.nouns import article, plural


@pytest.mark.parametrize(
    ("noun", "one", "many"),
    [
        ("fox", "a fox", "foxes"),
        ("owl", "an owl", "owls"),
        ("unicorn", "a unicorn", "unicorns"),
        ("slice of pizza", "a slice of pizza", "slices of pizza"),
        ("face with sunglasses", "a face with sunglasses", "faces with sunglasses"),
        ("butterfly", "a butterfly", "butterflies"),
        ("monkey", "a monkey", "monkeys"),
        ("walrus", "a walrus", "walruses"),
        ("princess", "a princess", "princesses"),
        ("red cactus", "a red cactus", "red cactuses"),
        ("octopus", "an octopus", "octopuses"),
        ("french fries", "french fries", "french fries"),
        ("headphones", "headphones", "headphones"),
    ],
)
def test_one_and_two_of_a_kind_are_named_as_people_do(noun: str, one: str, many: str) -> None:
    assert (article(noun), plural(noun)) == (one, many)
