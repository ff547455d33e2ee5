"""What the editor's network is told of an instruction."""

from __future__ import annotations

import pytest

from engine.planning.edit_reading import Instruction, read_instruction
from engine.planning.edit_telling import told_words
from engine.training.grammar import SETTINGS


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("replace the dog with an astronaut", "an astronaut"),
        ("add a cake on the left", "a birthday cake on the left"),
        ("delete the puppy", "an empty scene"),
        ("dye the cat crimson", "red"),
        ("mark the cat in green", "green"),
        ("make it misty", "make it foggy"),
        ("make it monochrome", "make it black and white"),
    ],
)
def test_what_is_to_be_seen_is_told(said: str, told: str) -> None:
    assert told_words(read_instruction(said)) == told


def test_a_place_is_told_in_the_words_that_pictures_were_learnt_by() -> None:
    told = told_words(read_instruction("change the background to a beach"))
    assert told in next(setting for setting in SETTINGS if setting.id == "beach").words


def test_words_that_were_not_read_are_told_as_they_are() -> None:
    assert told_words(Instruction("replace", "turn it into my cousin")) == "turn it into my cousin"
