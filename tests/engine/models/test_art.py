"""The art that drafts are cut from: what words name of it, and that its pictures are whole."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from engine.models.art import Named, art_of, is_only_here, named_in, prop
from engine.planning.art_library import LIBRARY, index
from engine.training.grammar import SUBJECTS
from engine.training.sticker_grammar import STICKER_SUBJECTS


@pytest.mark.parametrize(
    ("words", "noun", "colour"),
    [
        ("fox", "fox", ""),
        ("two blue foxes", "fox", "blue"),
        ("a red car", "red car", ""),
        ("a happy little hedgehog", "hedgehog", ""),
        ("goldfish", "fish", ""),
        ("wolves", "wolf", ""),
        ("The Police Officers", "police officer", ""),
    ],
)
def test_words_name_what_they_end_in(words: str, noun: str, colour: str) -> None:
    assert named_in(words) == Named(noun, colour)


@pytest.mark.parametrize("words", ["", "zorblax", "a fox terrier", "happily"])
def test_what_is_not_there_is_not_taken_for_anything(words: str) -> None:
    assert named_in(words) is None


def test_whatever_a_network_learnt_is_there_by_all_its_names() -> None:
    for subject in (*SUBJECTS, *STICKER_SUBJECTS):
        for name in (subject.noun, *subject.synonyms):
            found = named_in(name)
            assert found is not None, name
            assert art_of(found.noun).any()
        assert not is_only_here(subject.noun)
    assert is_only_here("hedgehogs")


def test_every_file_of_the_index_is_a_picture_with_clear_corners() -> None:
    with zipfile.ZipFile(LIBRARY) as library:
        files = set(library.namelist())
    assert set(index().labels.values()) == files - {"index.json"}
    assert set(index().names.values()) | index().learnt <= files
    for noun in ("fox", "red car", "hedgehog", "top hat"):
        art = art_of(noun)
        assert (art.shape, art.dtype) == ((256, 256, 4), np.uint8)
        assert art[0, 0, 3] == 0
        assert (art[..., 3] == 255).mean() > 0.1


def test_a_prop_is_premultiplied_at_its_size() -> None:
    tree = prop("evergreen tree", 40)
    assert tree.shape == (40, 40, 4)
    assert (tree[..., :3] <= tree[..., 3:] + 0.03).all()
