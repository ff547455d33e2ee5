"""Drafts as they are played today: dressed, at tables, asleep, near, with what moves by itself."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from engine.abilities.animatic import cast_as_made
from engine.abilities.animatic_effects import weather_of
from engine.abilities.library_art import acting_arts
from engine.models.animatic.air import Air
from engine.models.animatic.effects import BEFORE, BEHIND, Effects, Whereabouts
from engine.models.animatic.place import plate
from engine.models.art_bodies import body_art
from engine.models.clothing import clothed
from engine.models.drawn_art import DRAWN, drawn_art
from engine.models.moviegen.rewriting import Rewriter
from engine.models.poses_made import at_table, lying
from engine.planning.plain_names import Clothes, clothes_told, drawn_by_hand, read_plainly
from engine.protocol.recipes import CAST, OFF, REWRITE, STAGED
from tests.engine.abilities.draft_casts import OPTIONS, cast_in, draft


def test_a_staged_recipe_of_before_is_as_it_was(rewriter: Rewriter) -> None:
    recipe = draft("a woman in a red dress chops vegetables in a kitchen at night")
    before = msgspec.structs.replace(recipe, options={**OPTIONS, CAST: STAGED})
    first = cast_as_made(rewriter, before).everybody[0]
    assert (first.clothes, first.on_table) == (None, None)
    now = cast_as_made(rewriter, recipe).everybody[0]
    assert now.clothes == Clothes("gown", "red")
    assert now.on_table == ("carrot", "kitchen knife")


def test_a_prompt_that_is_not_rewritten_keeps_its_words(rewriter: Rewriter) -> None:
    recipe = draft("a lighthouse stands on a sandy beach")
    word_for_word = msgspec.structs.replace(recipe, options={**OPTIONS, REWRITE: OFF})
    assert cast_as_made(rewriter, word_for_word).clause.name == "lighthouse"


@pytest.mark.parametrize(
    ("said", "clothes"),
    [
        ("a woman in a red dress runs", Clothes("gown", "red")),
        ("a girl in a bright yellow raincoat jumps", Clothes("coat", "yellow")),
        ("a man wearing a dark blue suit talks", Clothes("suit", "blue")),
        ("a man in jeans walks", Clothes("legs", "blue")),
        ("a man in a shirt walks", None),
        ("a fox in a red car", None),
    ],
)
def test_clothes_are_told_with_their_colour(said: str, clothes: Clothes | None) -> None:
    assert clothes_told(said) == clothes


def test_what_is_drawn_by_hand_is_read_as_something_of_the_library() -> None:
    assert read_plainly("Waves crash against a lighthouse") == "Waves crash against a tower"
    assert drawn_by_hand("a lighthouse") == {"Tokyo tower": "lighthouse"}
    assert read_plainly("a fox runs in a forest") == "a fox runs in a forest"


@pytest.mark.parametrize("doing", ["standing", "walking", "running", "seated"])
@pytest.mark.parametrize("kind", ["gown", "coat", "suit", "top", "legs"])
def test_clothes_are_dyed_and_heads_are_not(kind: str, doing: str) -> None:
    body = body_art(f"man {doing}")
    worn = clothed(body, Clothes(kind, "green"))
    changed = np.abs(worn.astype(int) - body).max(axis=2) > 60
    rows = np.flatnonzero(changed.any(axis=1))
    seen = np.flatnonzero((body[..., 3] > 40).any(axis=1))
    assert changed.sum() > 300
    assert rows.min() > seen.min() + 0.15 * (seen.max() - seen.min())


def test_a_suit_of_one_piece_is_dyed_whole_whatever_hangs_from_it() -> None:
    body = body_art("man dancing")
    worn = clothed(body, Clothes("gown", "pink"))
    changed = np.abs(worn.astype(int) - body).max(axis=2) > 60
    assert changed.sum() > 5000
    assert worn.shape == body.shape


@pytest.mark.parametrize("label", sorted(DRAWN))
def test_everything_drawn_by_hand_fills_its_square(label: str) -> None:
    art = drawn_art(label)
    rows = np.flatnonzero((art[..., 3] > 40).any(axis=1))
    assert art.shape == (256, 256, 4)
    assert rows.max() - rows.min() > 120


def test_who_lies_is_flatter_and_who_is_at_a_table_is_hidden_by_it() -> None:
    cat, man = body_art("cat"), body_art("man standing")
    assert lying(cat, asleep=False).shape[0] < 0.8 * cat.shape[0]
    down = lying(man, asleep=False)
    assert down.shape[1] > 1.5 * down.shape[0]
    table = at_table(man, ("birthday cake",))
    legs = table[round(0.62 * table.shape[0]), table.shape[1] // 2, :3].astype(int)
    assert legs[0] > legs[2] + 30  # brown, not grey


@pytest.mark.parametrize("name", sorted({**BEHIND, **BEFORE}))
def test_effects_are_the_same_at_the_same_time_and_move(name: str) -> None:
    effects, who = Effects((name,), 5), Whereabouts(256.0, 120.0, 240.0)

    def shown(time_s: float) -> np.ndarray:
        picture = np.full((288, 512, 3), 60, np.uint8)
        effects.behind(picture, time_s, who)
        effects.before(picture, time_s, who)
        return picture

    times = [index / 12 for index in range(36)]
    assert all(np.array_equal(shown(time_s), shown(time_s)) for time_s in times[:3])
    assert any((shown(time_s) != 60).any() for time_s in times)
    is_still = name == "puddle"
    assert all(np.array_equal(shown(0.0), shown(time_s)) for time_s in times) == is_still


@pytest.mark.parametrize(
    ("said", "weather"),
    [
        ("the sun rises over snowy mountains", "snow cover"),
        ("snow falls on a village", "snow"),
        ("a wet street", "wet"),
        ("rain on a wet street", "rain"),
        ("a ship in a storm", "storm"),
        ("a foggy forest", "fog"),
    ],
)
def test_weather_that_falls_is_told_from_what_it_left(said: str, weather: str) -> None:
    assert weather_of(said) == weather


def test_an_autumn_wood_is_redder_and_a_snowy_one_whiter() -> None:
    def mean(air: Air) -> np.ndarray:
        return plate("forest", 3, 256, 144, is_smooth=True, air=air).picture.mean(axis=(0, 1))

    summer, autumn, winter = mean(Air()), mean(Air(season="autumn")), mean(Air("", "snow cover"))
    assert autumn[0] - autumn[1] > summer[0] - summer[1] + 40
    assert winter.min() > summer.min() + 40


def test_two_on_a_bench_sit_side_by_side_and_a_family_is_at_one_table(rewriter: Rewriter) -> None:
    two = cast_in("a couple sits on a bench", rewriter)
    assert two.is_close
    assert all(actor.label.endswith(" seated") for actor in two.everybody)
    family = cast_in("a family eats dinner at the table", rewriter)
    front, others = acting_arts(family, 7)
    assert family.is_close
    assert front.shape[1] > front.shape[0]
    assert len(others) == 2
