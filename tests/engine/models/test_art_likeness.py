"""Names of the art library by likeness of meaning: who stands in for whom, and what nobody does."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.models.art import label_of
from engine.models.art_likeness import nearest_name, space
from engine.models.moviegen.meanings import Embed
from engine.models.moviegen.text import load_text_encoder, phrase_vectors
from engine.planning.vocabulary import listed

MODELS = Path(__file__).resolve().parents[3] / "resources" / "models"

NOTHING_SHOWN = listed(
    """
zorblax, frumble, glarp, flibber, vonk, wug, blorp, snorgle, xylophonist, nostalgia, sorrow,
quantum, spreadsheet, thursday, velocity, rhubarb, melancholy, justice, politics
"""
)


@pytest.fixture(scope="module")
def embed() -> Embed:
    return phrase_vectors(*load_text_encoder(MODELS / "text-encoder"))


def test_every_name_has_art() -> None:
    for name in space().names:
        assert not name or label_of(name)


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("serpent", "snake"),
        ("rodent", "rat"),
        ("constable", "police officer"),
        ("professor", "teacher"),
        ("infant", "baby"),
        ("vehicle", "automobile"),
        ("motorcyclist", "motorcycle"),
        ("wolfhound", "wolf"),
        ("cobra", "snake"),
        ("sparrow", "bird"),
        ("freighter", "ship"),
        ("steamship", "ship"),
        ("educator", "teacher"),
        ("cello", "violin"),
        ("cathedral", "church"),
        ("minivan", "minibus"),
    ],
)
def test_the_nearest_thing_stands_in(word: str, label: str, embed: Embed) -> None:
    name = nearest_name(word, embed)
    assert name is not None
    assert label_of(name) == label


@pytest.mark.parametrize("word", NOTHING_SHOWN)
def test_nothing_stands_in_for_what_no_picture_shows(word: str, embed: Embed) -> None:
    assert nearest_name(word, embed) is None
