"""Drafts of the art library: who acts and how many, painted places, and what falls there."""

from __future__ import annotations

from pathlib import Path

import av
import msgspec
import numpy as np
import pytest

from engine.abilities import animatic
from engine.abilities.library_art import painted_place, subject_art
from engine.models.animatic.settings import SETTING_IDS
from engine.models.art import art_of
from engine.models.moviegen.rewriting import Clause
from engine.planning.vocabulary import POCKET_VIDEO
from engine.protocol.recipes import EASED, MOVES
from engine.training.grammar import SETTINGS
from tests.engine.abilities.tiny_pocket import CLIP, write_tiny_pocket
from tests.fakes.job_context import FakeJobContext

SMALL = msgspec.structs.replace(CLIP, seed=3, width=160, height=90)


def _clause(article: str, name: str) -> Clause:
    return Clause(article, name, "", "")


def test_one_of_a_kind_is_the_art_itself() -> None:
    made = subject_art(_clause("a", "fox"), 1)
    assert made is not None
    assert np.array_equal(made, art_of("fox"))


def test_a_colour_is_dyed() -> None:
    car = subject_art(_clause("a", "blue car"), 1)
    assert car is not None
    seen = car[car[..., 3] > 200].astype(int)
    assert seen[:, 2].mean() > seen[:, 0].mean() + 20, "the art is red"


def test_several_and_a_companion_are_wider_than_one() -> None:
    def shape(article: str, name: str) -> float:
        art = subject_art(_clause(article, name), 1)
        assert art is not None
        rows, columns = np.nonzero(art[..., 3] > 100)
        return float(np.ptp(columns) / np.ptp(rows))

    one = shape("a", "penguin")
    assert shape("two", "penguins") > 1.6 * one
    assert shape("three", "penguins") > 1.2 * one
    assert shape("a", "penguin with a rose") > 1.15 * one


def test_places_are_in_the_order_of_the_words_that_say_them() -> None:
    assert tuple(setting.id for setting in SETTINGS) == SETTING_IDS


def test_a_place_is_painted_by_its_learnt_words_and_no_other() -> None:
    for words in POCKET_VIDEO.settings.learnt:
        place = painted_place(words[0], SMALL)
        assert place is not None, words
        assert place.picture.shape == (90, 160, 3)
        assert 0.5 < place.ground < 1
    assert painted_place("in a zorblary", SMALL) is None
    plain = painted_place("", SMALL)
    assert plain is not None
    assert np.ptp(plain.picture.reshape(-1, 3).astype(int), axis=0).max() < 20, "even"


def test_a_place_of_an_eased_film_has_smooth_edges() -> None:
    eased = msgspec.structs.replace(SMALL, options={MOVES: EASED})
    jagged, smooth = (painted_place("in the snow", recipe) for recipe in (SMALL, eased))
    assert jagged is not None
    assert smooth is not None
    apart = np.abs(jagged.picture.astype(int) - smooth.picture).max(axis=2)
    assert 0 < (apart > 8).mean() < 0.03, "edges alone"


@pytest.mark.parametrize(("place", "falls"), [("in the snow", True), ("in the desert", False)])
def test_a_film_needs_no_network_and_snow_falls_in_it(
    place: str, falls: bool, tmp_path: Path
) -> None:
    context = FakeJobContext(tmp_path, write_tiny_pocket(tmp_path / "models", stickers=True))
    prompt = f"a hedgehog stands still {place}"
    asked = msgspec.structs.replace(CLIP, model="pocket-animatic", prompt=prompt)
    animatic.run(asked, context)
    assert {phase for phase, *_ in context.reports} == {"loading", "laying"}
    assert all(preview.startswith(b"\xff\xd8") for preview in context.previews)
    assert not any("guess" in note for note in context.notes)
    with av.open(str(context.saved[0])) as clip:
        frames = np.stack([frame.to_ndarray(format="rgb24") for frame in clip.decode(video=0)])
    moved = np.abs(np.diff(frames.astype(int), axis=0)).max(axis=3) > 40
    assert bool(moved.sum() > 50) is falls
