"""Bodies cut together of a bust and legs, or of a face and another's body: what is seen of them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from engine.models.art import art_labelled
from engine.models.art_bodies import body_art
from engine.planning.art_library import index
from engine.planning.bodies import (
    BEASTS,
    DOLL_SEAT_SHARE,
    DOLLS,
    SEAT_SHARE,
    WHOLE,
    body_of,
)
from engine.planning.figures import looks
from engine.planning.vocabulary import listed

TRADES = [who for who in DOLLS if not who.startswith(("man ", "woman "))]


def _covered(label: str) -> np.ndarray:
    return body_art(label)[..., 3] > 128


def _label(who: str, said: str) -> str | None:
    figure = body_of(who, said)
    return None if figure is None else figure.label


def test_all_that_bodies_are_cut_from_is_in_the_library() -> None:
    labels = index().labels
    trades = listed(
        """
health worker, student, teacher, judge, farmer, cook, mechanic, factory worker, office worker,
scientist, technologist, singer, artist, pilot, astronaut, firefighter, police officer, detective,
guard, construction worker, superhero, supervillain, mage, elf, vampire, zombie
"""
    )
    forms = [f"{form}{trade}" for trade in trades for form in ("", "man ", "woman ")]
    assert set(forms) <= DOLLS.keys() <= labels.keys()
    for each in BEASTS.values():
        assert {each.face, each.body} <= labels.keys()


def test_what_is_said_chooses_the_figure() -> None:
    assert _label("cook", "a chef runs down the street") == "cook running"
    assert _label("cook", "a chef walks home") == "cook walking"
    assert _label("cook", "a chef swims") == "cook standing"
    assert _label("guard", "a soldier kneels") == "guard kneeling"
    assert _label("judge", "a judge sits in a room") == "judge seated"
    assert _label("guard", "a fox chases a soldier") == "guard running"
    assert _label("fox", "a fox runs") == "whole fox"
    assert _label("woman", "a woman sits down") == "woman seated"
    assert _label("man", "a man sleeps") == "person in bed"
    assert _label("man", "a man walks") is None
    assert _label("dog face", "a dog sits") is None
    old = body_of("old man", "an old man sits on a bench")
    assert old is not None
    assert old.head is not None
    assert (old.label, old.head.label) == ("man seated", "old man")


def test_figures_that_go_somewhere_look_where_they_go() -> None:
    assert looks("cook walking") == looks("cook running") == looks("cook seated") == -1
    assert looks("cook standing") == 0
    fours = ("fox", "wolf", "raccoon", "lion", "bear", "polar bear", "panda")
    assert all(looks(f"{WHOLE}{animal}") == -1 for animal in fours)
    for animal in fours:
        covered = _covered(f"{WHOLE}{animal}")
        upper = np.nonzero(covered[: covered.shape[0] // 4].any(axis=0))[0]
        assert upper.min() < covered.shape[1] * 0.1, "the face is at the left"


@pytest.mark.parametrize("who", TRADES)
def test_a_bust_stands_on_two_legs_or_in_a_gown(who: str) -> None:
    covered = _covered(f"{who} standing")
    height = covered.shape[0]
    bust = _covered_height(who)
    assert 0.5 < bust / height < 0.68
    row = covered[height - 50]
    pieces = int(np.diff(row.astype(int), prepend=0).clip(0).sum())
    assert pieces == (1 if DOLLS[who].is_robed else 2)


def _covered_height(who: str) -> int:
    rows = np.nonzero(art_labelled(who)[..., 3] > 128)[0]
    return int(np.ptp(rows))


def test_legs_go_with_the_coat_and_shoes_do_not() -> None:
    for who, channel in (("firefighter", 0), ("superhero", 2)):
        art = body_art(f"{who} standing").astype(int)
        legs = art[-90:-50][art[-90:-50][..., 3] > 250][:, :3].mean(axis=0)
        assert legs.argmax() == channel
    shoes = [body_art(f"{who} standing")[-12:, :, :] for who in ("firefighter", "astronaut")]
    red, white = (each[each[..., 3] > 250][:, :3].mean(axis=0) for each in shoes)
    assert np.abs(red - white).max() < 45


def test_a_teacher_leaves_the_board_behind() -> None:
    board = art_labelled("teacher").astype(int)
    green = (board[..., 1] > board[..., 0] + 30) & (board[..., 1] > board[..., 2] + 30)
    assert green.sum() > 2000
    art = body_art("teacher walking").astype(int)
    green = (art[..., 1] > art[..., 0] + 30) & (art[..., 1] > art[..., 2] + 30) & (art[..., 3] > 99)
    assert green.sum() < 30


@pytest.mark.parametrize("animal", sorted(BEASTS))
def test_an_animal_is_its_face_and_one_piece_with_its_body(animal: str) -> None:
    """No piece, and no edge, of the head that the body had before is left beside it."""
    art = body_art(f"{WHOLE}{animal}")
    pieces = _pieces(art[..., 3] > 40)
    assert len(pieces) == 1
    assert pieces[0] > 1.4 * (_face_height(animal) ** 2) * 0.6


def _pieces(covered: np.ndarray) -> list[int]:
    _, _, facts, _ = cv2.connectedComponentsWithStats(covered.astype(np.uint8))
    return [int(area) for area in facts[1:, cv2.CC_STAT_AREA] if area > 12]


def _face_height(animal: str) -> int:
    return BEASTS[animal].head[2]


def test_animals_have_their_colours() -> None:
    def body(animal: str) -> np.ndarray:
        art = body_art(f"{WHOLE}{animal}")
        rows, columns = art.shape[:2]
        part = art[rows // 2 : rows * 3 // 4, columns * 5 // 8 : columns * 3 // 4]
        return part[part[..., 3] > 250][:, :3].mean(axis=0) / 255

    fox, wolf, polar, bear = map(body, ("fox", "wolf", "polar bear", "bear"))
    assert fox[0] > 0.85
    assert fox[0] > fox[2] + 0.35
    assert np.ptp(wolf) < 0.08
    assert polar.mean() > 0.75 > 0.45 > bear.mean()


def test_a_lion_has_no_spots() -> None:
    art = body_art(f"{WHOLE}lion").astype(np.float32) / 255
    back = art[105:150, 150:210]
    seen = back[..., 3] > 0.98
    assert np.quantile(back[..., :2].mean(axis=2)[seen], 0.02) > 0.5


def test_who_sits_has_a_seat_at_the_height_that_is_told() -> None:
    for label, share in (("man seated", SEAT_SHARE), ("cook seated", DOLL_SEAT_SHARE)):
        covered = _covered(label)
        rows, columns = (np.nonzero(covered.any(axis=axis))[0] for axis in (1, 0))
        height = np.ptp(rows) + 1
        right = covered[:, int(columns.min() + 0.5 * np.ptp(columns)) :]
        seat = rows.max() - np.nonzero(right.any(axis=1))[0].max()
        assert seat / height == pytest.approx(share, abs=0.015)
