"""Drafts as they are staged today: what is held, sat on and stood before, in painted places."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from engine.abilities.animatic import cast_as_made
from engine.abilities.animatic_cast import Cast, Holding
from engine.abilities.foley_seen import place_heard
from engine.abilities.library_art import acting_arts, dressing_for, painted_place
from engine.models.animatic.air import CLEAR, Air
from engine.models.animatic.layers import MARGIN
from engine.models.animatic.place import MORE_PAINTERS, plate, setting_named
from engine.models.art_held import holding
from engine.models.art_likeness import means_a_person
from engine.models.foley.palette import SURROUNDINGS
from engine.models.moviegen.rewriting import Clause, Rewriter
from engine.models.moviegen.text import load_text_encoder, phrase_vectors
from engine.planning.painted_places import HEARD_AS, PAINTED_PLACES
from engine.planning.set_pieces import Behind, Beside, InSky, Piece, Under, name_of, top_of
from engine.planning.sticker_vocabulary import clip_vocabulary
from engine.protocol.recipes import CAST, TROUPE
from tests.engine.abilities.draft_casts import OPTIONS, cast_in, draft
from tests.engine.abilities.tiny_pocket import TEXT_ENCODER

LINES = [
    line
    for line in Path(__file__).with_name("staged_sentences.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
_SIGNS = {InSky: "^", Behind: "<", Beside: "+", Under: "_"}


def _in_words(piece: Piece) -> str:
    return f"{_SIGNS[type(piece)]}{name_of(piece)}"


def _held(holding: Holding | None) -> str:
    return "-" if holding is None else f"{holding.colour} {holding.label}".strip()


def _played(cast: Cast) -> str:
    """How the first one is, what the air is like, and what moves by itself, in words."""
    first = next(iter(cast.actors or ()), None)
    told: list[str] = []
    if first is not None:
        worn = first.clothes
        told += [] if worn is None else [f"{worn.colour} {worn.kind}"]
        told += [] if first.on_table is None else [f"at {' and '.join(first.on_table)}"]
        told += [first.lies] if first.lies else []
    told += ["close"] * cast.is_close + [cast.framing] * bool(cast.framing)
    told += [cast.air.words] if cast.air.words else []
    told += [f"*{name}" for name in cast.effects]
    return ", ".join(told)


@pytest.mark.parametrize("line", LINES)
def test_a_sentence_is_staged_as_an_editor_means_it(line: str, rewriter: Rewriter) -> None:
    prompt, who, held, pieces, place, *more = (part.strip() for part in line.split("|"))
    cast = cast_in(prompt, rewriter)
    assert cast.actors is not None
    assert (", ".join(actor.label for actor in cast.actors) or "nobody") == who
    assert _held(cast.actors[0].held if cast.actors else None) == held
    assert (", ".join(map(_in_words, cast.pieces)) or "-") == pieces
    assert setting_named(cast.clause.setting) == place
    assert not more or _played(cast) == more[0]


def test_a_place_that_nobody_paints_is_plain_and_said_so(rewriter: Rewriter) -> None:
    cast = cast_in("a dog runs through a wormhole", rewriter)
    assert setting_named(cast.clause.setting) == "plain"
    assert any("is painted" in note for note in cast.notes)


@pytest.mark.parametrize("who", ["pianist", "blacksmith"])
def test_somebody_of_whom_there_is_no_art_is_a_person(who: str, rewriter: Rewriter) -> None:
    cast = cast_in(f"a {who} walks into a kitchen", rewriter)
    assert [actor.label for actor in cast.actors or ()] == ["person walking"]
    assert f"No {who} is in the library; a person stands in." in cast.notes


@pytest.mark.parametrize("what", ["blender", "wormhole", "zorblax"])
def test_what_is_nobody_is_not_a_person(what: str, rewriter: Rewriter) -> None:
    assert not means_a_person(what, rewriter.embed)


def test_a_recipe_of_before_keeps_the_place_it_had() -> None:
    embed = phrase_vectors(*load_text_encoder(TEXT_ENCODER))
    then = Rewriter(clip_vocabulary("pocket-animatic", is_staged=False), embed)
    recipe = draft("a man walks into a kitchen with a ball")
    before = msgspec.structs.replace(recipe, options={**OPTIONS, CAST: TROUPE})
    cast = cast_as_made(then, before)
    assert setting_named(cast.clause.setting) == "room"
    assert cast.pieces == ()
    assert cast.actors is not None
    assert cast.actors[0].held is None


@pytest.mark.parametrize("setting_id", sorted(MORE_PAINTERS))
def test_every_place_is_painted_alike_from_a_seed_and_has_a_floor(setting_id: str) -> None:
    made = plate(setting_id, 3, 256, 144, is_smooth=True)
    assert np.array_equal(made.picture, plate(setting_id, 3, 256, 144, is_smooth=True).picture)
    assert not np.array_equal(made.picture, plate(setting_id, 4, 256, 144, is_smooth=True).picture)
    assert 0.7 <= made.ground <= 0.86
    assert made.picture.std() > 20


def test_every_place_has_a_painter_words_and_surroundings() -> None:
    assert {place.setting_id for place in PAINTED_PLACES} == set(MORE_PAINTERS)
    assert all(setting_named(place.words) == place.setting_id for place in PAINTED_PLACES)
    assert set(HEARD_AS.values()) <= set(SURROUNDINGS)


def test_a_lake_is_heard_as_water(rewriter: Rewriter) -> None:
    assert place_heard(cast_in("a dog runs by the lake", rewriter)) == "beach"


@pytest.mark.parametrize(
    ("prompt", "name"), [("a cat sleeps on a sofa", "sofa"), ("a man sits on a bench", "bench")]
)
def test_who_sits_is_lifted_to_the_seat_below(prompt: str, name: str, rewriter: Rewriter) -> None:
    cast = cast_in(prompt, rewriter)
    assert cast.lift == pytest.approx(top_of(name) * MARGIN)
    recipe = draft(prompt)
    dressing = dressing_for(cast, recipe.seed)
    bare = painted_place(cast.clause.setting, recipe, cast.air)
    there = painted_place(cast.clause.setting, recipe, cast.air, dressing)
    assert bare is not None
    assert there is not None
    changed = np.abs(there.picture.astype(int) - bare.picture).max(axis=2) > 20
    columns = np.flatnonzero(changed.any(axis=0))
    middle = (columns[0] + columns[-1]) / 2 / 512
    assert middle == pytest.approx(dressing.actor_x, abs=0.02)


def test_the_moon_shines_at_night_and_a_house_is_dark() -> None:
    night = Air("night")
    for pieces, share in (((InSky("full moon"),), 0.95), ((Behind("house"),), 0.7)):
        dressing = dressing_for(Cast(CLAUSE, (), (), pieces=pieces), 3)
        by_day = plate("meadow", 3, 512, 288, is_smooth=True, air=CLEAR, dressing=dressing).picture
        dark = plate("meadow", 3, 512, 288, is_smooth=True, air=night, dressing=dressing).picture
        empty = plate("meadow", 3, 512, 288, is_smooth=True, air=night).picture
        there = np.abs(dark.astype(int) - empty).max(axis=2) > 40
        assert there.sum() > 400
        ratio = dark[there].mean() / by_day[there].mean()
        assert (ratio > share) == (share > 0.9)


CLAUSE = Clause("a", "dog", "", "in a green meadow")


def test_what_is_held_is_in_front_of_the_hands_and_on_the_side_one_looks_to() -> None:
    holder = np.zeros((200, 80, 4), np.uint8)
    holder[:, 10:70] = (200, 40, 40, 255)
    thing = np.full((50, 50, 4), (20, 20, 220, 255), np.uint8)
    for faces in (-1, 1):
        whole = holding(holder, thing, "spaghetti", faces=faces)
        blue = np.flatnonzero((whole[..., 2] > 200).any(axis=0)).mean()
        red = np.flatnonzero((whole[..., 0] > 150).any(axis=0)).mean()
        assert (blue - red) * faces > 10
        rows = np.flatnonzero((whole[..., 2] > 200).any(axis=1))
        assert 0.4 < rows.mean() / whole.shape[0] < 0.7


def test_an_umbrella_is_over_the_head_and_a_skateboard_under_the_feet(rewriter: Rewriter) -> None:
    holder = np.full((200, 80, 4), (200, 40, 40, 255), np.uint8)
    thing = np.full((50, 50, 4), (20, 20, 220, 255), np.uint8)
    over = holding(holder, thing, "umbrella", faces=0)
    under = holding(holder, thing, "skateboard", faces=0)
    assert over[0, over.shape[1] // 2, 2] > 200
    assert under[-1, under.shape[1] // 2, 2] > 200
    front, _ = acting_arts(cast_in("a boy on a skateboard rolls down the street", rewriter), 7)
    assert front.shape[0] > 0


def test_a_cup_on_a_table_is_smaller_than_a_cup_alone(rewriter: Rewriter) -> None:
    alone = cast_in("a cup of coffee", rewriter).actors
    there = cast_in("a cup of coffee on a table", rewriter).actors
    assert alone
    assert there
    assert there[0].scale < 0.6 * alone[0].scale
