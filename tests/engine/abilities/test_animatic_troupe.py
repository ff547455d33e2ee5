"""Who acts in drafts of today: whole bodies, by any name, several, at any time, in any weather."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from engine.abilities import animatic
from engine.abilities.animatic import cast_as_made
from engine.abilities.animatic_cast import Acting, Cast, Holding
from engine.abilities.foley_seen import heard_as_made
from engine.abilities.library_art import acting_arts
from engine.catalogue import load_catalogue
from engine.models.animatic.air import Air
from engine.models.animatic.place import setting_named
from engine.models.art import art_labelled
from engine.models.moviegen.rewriting import Clause, Rewriter
from engine.models.moviegen.text import load_text_encoder, phrase_vectors
from engine.planning.figures import looks
from engine.planning.sticker_vocabulary import POCKET_ANIMATIC
from engine.protocol.recipes import Recipe
from tests.engine.abilities.tiny_pocket import CLIP, TEXT_ENCODER, write_tiny_pocket
from tests.fakes.job_context import FakeJobContext

LINES = [
    line
    for line in Path(__file__).with_name("editor_sentences.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
OPTIONS = load_catalogue().entry("pocket-animatic").options


@pytest.fixture(scope="module")
def rewriter() -> Rewriter:
    return Rewriter(POCKET_ANIMATIC, phrase_vectors(*load_text_encoder(TEXT_ENCODER)))


def _recipe(prompt: str) -> Recipe:
    return msgspec.structs.replace(
        CLIP, model="pocket-animatic", prompt=prompt, options=OPTIONS, frames=96, rate="24/1"
    )


def _cast(prompt: str, rewriter: Rewriter) -> Cast:
    return cast_as_made(rewriter, _recipe(prompt))


def _actors(prompt: str, rewriter: Rewriter) -> list[Acting]:
    actors = _cast(prompt, rewriter).actors
    assert actors is not None
    return list(actors)


@pytest.mark.parametrize("line", LINES)
def test_a_sentence_is_shown_as_an_editor_means_it(line: str, rewriter: Rewriter) -> None:
    prompt, who, movement, place, time, weather = (part.strip() for part in line.split("|"))
    cast = _cast(prompt, rewriter)
    shown = "?" if cast.actors is None else ", ".join(a.label for a in cast.actors) or "nobody"
    assert shown == who
    assert cast.action == movement
    assert (setting_named(cast.clause.setting) or "-") == place
    assert (cast.air.time or "-", cast.air.weather or "-") == (time, weather)


def test_a_recipe_of_before_shows_a_face_and_as_many_as_then(rewriter: Rewriter) -> None:
    before = msgspec.structs.replace(_recipe("owls dance"), options={})
    cast = cast_as_made(rewriter, before)
    assert cast.actors is None
    assert f"{cast.clause.article} {cast.clause.name}" == "two owls"


@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("a stallion gallops", "No stallion is in the library; a horse stands in."),
        ("a serpent crawls", "No serpent is in the library; a snake stands in."),
        ("a chicken runs", "No whole chicken is in the library; a rooster stands in."),
        ("a zorblax runs", "There is no art of “zorblax”, so what is drawn is a guess."),
        ("a fox and a zorblax run", "There is no art of “a zorblax”, so it is left out."),
        ("six dogs run", "A cut-out film shows 5 at the most."),
    ],
)
def test_who_stands_in_or_is_left_out_is_told(prompt: str, note: str, rewriter: Rewriter) -> None:
    assert note in _cast(prompt, rewriter).notes


@pytest.mark.parametrize("prompt", ["a dog runs", "two pooches run", "a fox and a rabbit dance"])
def test_what_is_shown_as_it_was_asked_for_needs_no_note(prompt: str, rewriter: Rewriter) -> None:
    assert _cast(prompt, rewriter).notes == ()


def test_a_companion_that_cannot_walk_is_held_and_one_that_can_walks(rewriter: Rewriter) -> None:
    (fox,) = _actors("a fox with a rose dances", rewriter)
    assert fox.held == Holding("rose")
    assert [a.label for a in _actors("a man with a dog runs", rewriter)] == [
        "man running",
        "dog",
    ]


def test_a_child_has_its_own_head_and_is_smaller_than_who_is_grown(rewriter: Rewriter) -> None:
    man, boy = _actors("a man and a boy walk", rewriter)
    assert boy.scale < man.scale == 1.0
    assert boy.head is not None
    assert boy.head.label == "boy"
    (alone,) = _actors("a boy walks", rewriter)
    assert alone.scale == 1.0


@pytest.mark.parametrize(
    ("label", "action", "turned"),
    [
        ("dog", "right", True),
        ("dog", "left", False),
        ("airplane", "fly_right", False),
        ("airplane", "fly_left", True),
        ("fox", "right", False),
        ("dog", "stand", False),
        ("rocket", "jump", False),
    ],
)
def test_everybody_looks_where_they_go(label: str, action: str, turned: bool) -> None:
    cast = Cast(Clause("a", label, "", ""), (), (Acting(label),), action)
    art, others = acting_arts(cast, 1)
    assert others == ()
    own = art_labelled(label)
    assert np.array_equal(art, own[:, ::-1] if turned else own)
    assert looks(label) in (-1, 0, 1)


def test_who_acts_at_night_is_darker_and_what_glows_is_not() -> None:
    night = Air("night")
    for label, is_dark in (("dog", True), ("full moon", False)):
        cast = Cast(Clause("a", label, "", ""), (), (Acting(label),), air=night)
        lit, own = acting_arts(cast, 1)[0], art_labelled(label)
        assert bool(lit[..., :3].sum() < 0.9 * own[..., :3].sum()) is is_dark
        assert np.array_equal(lit[..., 3], own[..., 3])


def test_several_are_heard_each_in_time(rewriter: Rewriter) -> None:
    one, three = (_recipe(f"{who} jump in the snow") for who in ("a dog does", "three dogs"))
    alone = heard_as_made(one, _cast("a dog jumps in the snow", rewriter), 0.0, 4.0)
    together = heard_as_made(three, _cast("three dogs jump in the snow", rewriter), 0.0, 4.0)
    assert set(alone.moments_s) < set(together.moments_s)
    assert len(together.moments_s) > 2 * len(alone.moments_s)
    assert list(together.moments_s) == sorted(together.moments_s)
    assert alone.told == together.told


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("rain falls on the city", ("rain falling",)),
        ("a dog stands in a meadow at night", ("crickets at night",)),
        ("three birds fly over the sea", ("ocean waves",)),
        ("a truck drives through the desert", ("wind blowing", "an engine running")),
        ("a man swims in the sea", ("ocean waves", "water lapping")),
    ],
)
def test_what_is_heard_is_what_is_shown(
    prompt: str, told: tuple[str, ...], rewriter: Rewriter
) -> None:
    assert heard_as_made(_recipe(prompt), _cast(prompt, rewriter), 0.0, 4.0).told == told


def test_a_job_tells_who_stands_in_and_how_the_place_is_shown(tmp_path: Path) -> None:
    context = FakeJobContext(tmp_path, write_tiny_pocket(tmp_path / "models", stickers=True))
    animatic.run(msgspec.structs.replace(_recipe("a stallion runs in fog"), frames=4), context)
    assert "No stallion is in the library; a horse stands in." in context.notes
    assert "The place is shown in fog." in context.notes


@pytest.mark.parametrize(
    ("said", "place", "time"),
    [
        ("three rabbits play in a meadow at dusk", "meadow", "dusk"),
        ("a man walks in the forest at dusk", "forest", "dusk"),
        ("a car drives through the city at sunset", "street", "dusk"),
        ("a dog runs at sunset", "sunset", ""),
        ("a dog runs on the beach at sunset", "sunset", ""),
        ("a boat sails on the sea at sunset", "sunset", ""),
        ("a couple dances at sunset by the sea", "sunset", ""),
    ],
)
def test_a_place_keeps_its_own_look_at_dusk(
    said: str, place: str, time: str, rewriter: Rewriter
) -> None:
    cast = _cast(said, rewriter)
    assert (setting_named(cast.clause.setting), cast.air.time) == (place, time)
