"""Several who act at once: spread out, in depth and out of step; and bodies cut together."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.models.animatic.air import Air
from engine.models.animatic.film import GROUND, Direction, Part, staged_film
from engine.models.animatic.movements import Moment
from engine.models.animatic.place import Plate, plate
from engine.models.animatic.troupe import ALONE, MOST, chasing, members
from engine.models.art import art_labelled
from engine.models.art_bodies import headed, upright
from engine.planning.art_library import index
from engine.planning.figures import BODIES, NEAR_BODIES, figure_of, is_somebody, looks
from engine.planning.vocabulary import listed

PLACE = Plate(np.full((90, 160, 3), 120, np.uint8), GROUND)
ART = np.zeros((32, 32, 4), np.uint8)
ART[8:24, 4:28] = (250, 40, 40, 255)


def test_one_alone_is_where_it_was_before_there_were_several() -> None:
    assert members(7, (1.0,), is_adrift=False) == (ALONE,)
    now = Moment(0.3, 1.2, 4.0)
    assert ALONE.moment(now) == now


@given(st.integers(0, 10**6), st.integers(2, MOST), st.booleans())
def test_several_are_no_copies_in_a_row(seed: int, count: int, is_adrift: bool) -> None:
    found = members(seed, [1.0] * count, is_adrift=is_adrift)
    assert found == members(seed, [1.0] * count, is_adrift=is_adrift)
    for one, other in combinations(found, 2):
        assert abs(one.x - other.x) > 0.08
        assert one.share != other.share
        assert one.ahead_s != other.ahead_s
        assert (one.up != other.up) if is_adrift else (one.back != other.back)
    assert (found[0].ahead_s, found[0].late, found[0].back) == (0, 0, 0)
    assert all(0.25 < each.share < 1 and abs(each.x) < 0.5 for each in found)


@given(st.integers(0, 10**6), st.integers(2, MOST))
def test_they_are_heard_alike_on_the_ground_and_adrift(seed: int, count: int) -> None:
    ground, air = (members(seed, [1.0] * count, is_adrift=adrift) for adrift in (False, True))
    assert [(m.ahead_s, m.late) for m in ground] == [(m.ahead_s, m.late) for m in air]


@given(st.integers(0, 10**6), st.booleans())
def test_who_is_chased_is_ahead(seed: int, is_to_left: bool) -> None:
    front, behind = members(seed, (1.0, 1.0), is_adrift=False)
    hunter, quarry = chasing((front, behind), is_to_left=is_to_left)
    assert (quarry.x < hunter.x) is is_to_left


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.integers(1, MOST - 1))
def test_a_film_shows_everybody_the_nearest_last(seed: int, others: int) -> None:
    direction = Direction("dance", "static", True, seed, is_eased=True)
    alone = staged_film(PLACE, ART, direction, 8, 8.0)
    stage = staged_film(PLACE, ART, direction, 8, 8.0, [Part(ART)] * others)
    assert len(stage.behind) == others
    grounds = [actor.ground for actor in stage.behind]
    assert grounds == sorted(grounds)
    assert grounds[-1] < direction.ground
    assert (stage.subject(3)[..., 3] > 0.5).sum() > 0
    assert len(alone.behind) == 0
    shown = stage.picture(3).astype(int)
    assert (np.abs(shown - stage.bare(3)).max(axis=2) > 60).sum() > 20


def test_an_empty_picture_shows_nobody_and_no_shadow() -> None:
    direction = Direction("stand", "static", True, 3, is_eased=True)
    nobody = np.zeros((8, 8, 4), np.uint8)
    stage = staged_film(PLACE, nobody, direction, 2, 8.0)
    assert (stage.picture(0) == PLACE.picture).all()


def test_every_drawing_that_is_chosen_is_in_the_library() -> None:
    labels = index().labels
    assert {*BODIES, *BODIES.values(), *NEAR_BODIES, *NEAR_BODIES.values()} <= labels.keys()
    people = ("man", "woman", "person", "old man", "old woman", "boy", "girl", "child")
    deeds = listed("walks, runs, dances, swims, rows, sits, kneels, climbs, juggles, surfs, golfs")
    for said in (*deeds, "rides a bicycle", "rides a horse", "lifts weights", "waits", "dribbles"):
        for label in people:
            figure = figure_of(label, f"somebody {said}")
            assert figure.label in labels
            assert figure.head is None or figure.head.label in labels
    assert figure_of("dog face", "a dog runs").label == "dog"
    assert figure_of("dog face", "a dog's face", is_face=True).label == "dog face"
    assert all(looks(body) == -1 for body in BODIES.values())
    assert is_somebody("dog face")
    assert not is_somebody("rose")


def test_a_body_with_another_head_is_taller_where_it_needs_to_be() -> None:
    figure = figure_of("girl", "a girl walks")
    assert figure.head is not None
    own = art_labelled(figure.label)
    art = headed(own, figure.head)
    assert art.dtype == np.uint8
    assert art.shape[0] == art.shape[1] >= own.shape[0]
    assert np.array_equal(art[-100:, 60:-60][..., 3].max(axis=1) > 0, own[-100:, :, 3].max(1) > 0)


def test_a_rocket_stands_upright() -> None:
    art = upright(art_labelled("rocket"))
    rows, columns = np.nonzero(art[..., 3] > 100)
    assert np.ptp(rows) > 1.6 * np.ptp(columns)
    assert art.shape == (256, 256, 4)


def test_the_air_of_a_place_changes_how_it_looks_and_what_falls() -> None:
    clear = plate("meadow", 5, 96, 54)
    for air in (Air("night"), Air("dusk"), Air(weather="fog"), Air(weather="rain")):
        seen = plate("meadow", 5, 96, 54, air=air)
        assert np.abs(seen.picture.astype(int) - clear.picture).mean() > 12
        assert seen.ground == clear.ground
    assert plate("meadow", 5, 96, 54, air=Air("night")).picture.mean() < 0.6 * clear.picture.mean()
    assert plate("meadow", 5, 96, 54, air=Air(weather="rain")).setting_id == "rain"
    room, rainy = (plate("room", 5, 96, 54, air=Air(weather=w)) for w in ("", "rain"))
    assert (room.picture == rainy.picture).all(), "no rain indoors"
    assert Air("night", "rain").words == "at night, in the rain"
