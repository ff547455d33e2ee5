"""Truth that the sticker judge learns from: laid and dyed freely, and still what it says it is."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.models.opticals.colours import TONES
from engine.training.sticker_damage import damaged, seen
from engine.training.sticker_dyes import freely_dyed
from engine.training.sticker_grammar import (
    COLOURS,
    COMPANIONS,
    STICKER_SUBJECTS,
    Sticker,
    Style,
    is_held_out,
)
from engine.training.sticker_judge import (
    SIZE_PIXELS,
    StickerJudge,
    in_any_hue,
    judged_sticker,
    look,
)
from engine.training.sticker_pictures import Rgba, on_matte
from engine.training.sticker_truth import MOST, SIDE_PIXELS, free_still

FOX = next(s for s in STICKER_SUBJECTS if s.noun == "fox")
ROSE = next(s for s in COMPANIONS if s.noun == "rose")
PLAIN = Sticker(FOX, Style.RENDERED, seed=4)


def discs(label: str) -> Rgba:
    """A red disc, or a blue one for what is not a fox, in place of packaged art."""
    y, x = np.mgrid[:256, :256] - 128.0
    alpha = (np.hypot(x, y) < 100).astype(np.float32)
    red, blue = (0.9, 0.1) if label == FOX.label else (0.1, 0.9)
    return np.stack([red * alpha, 0.1 * alpha, blue * alpha, alpha], axis=-1).astype(np.float32)


def _areas(picture: Rgba) -> tuple[int, int]:
    """Pixels that are red, and that are blue."""
    red, blue = picture[..., 0] > 0.6, picture[..., 2] > 0.6
    return int((red & ~blue).sum()), int((blue & ~red).sum())


@pytest.mark.parametrize("style", Style)
def test_what_is_laid_freely_lies_wholly_on_its_canvas(style: Style) -> None:
    for seed in range(12):
        sticker = replace(PLAIN, style=style, companion=ROSE if seed % 2 else None)
        picture = free_still(sticker, random.Random(seed), discs)
        assert picture.shape == (SIDE_PIXELS, SIDE_PIXELS, 4)
        assert picture[..., :3].max() <= 1.0 + 1e-5
        rim = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
        assert rim[:, 3].max() < 0.01
        assert picture[..., 3].max() > 0.9


def test_what_is_beside_a_subject_is_seen_and_smaller() -> None:
    places = set()
    for seed in range(30):
        picture = free_still(replace(PLAIN, companion=ROSE), random.Random(seed), discs)
        subject, beside = _areas(picture)
        assert 0.08 < beside / subject < 0.65
        rows, columns = np.nonzero(picture[..., 2] > 0.6)
        places.add((rows.mean() > SIDE_PIXELS / 2, columns.mean() > SIDE_PIXELS / 2))
    assert len(places) == 4


def test_more_of_a_kind_take_more_room_beside_each_other() -> None:
    def length(crowd: int) -> float:
        found = []
        for seed in range(12):
            twice = replace(PLAIN, twice=True)
            picture = free_still(twice, random.Random(seed), discs, crowd)
            rows, columns = np.nonzero(picture[..., 3] > 0.5)
            found.append(np.hypot(np.ptp(rows), np.ptp(columns)) / np.sqrt(len(rows)))
        return float(np.mean(found))

    assert length(2) < length(3) < length(MOST)


@pytest.mark.parametrize("colour", COLOURS)
def test_dyed_things_have_the_colour_however_they_were_dyed(colour: str) -> None:
    tone = np.array(TONES[colour])
    kinds = set()
    for seed in range(24):
        art = discs(ROSE.label if seed % 2 else FOX.label)
        dyed = freely_dyed(art, COLOURS[colour], random.Random(seed))
        assert np.array_equal(dyed[..., 3], art[..., 3])
        mean = dyed[art[..., 3] > 0.5][:, :3].mean(axis=0)
        nearest = min(TONES, key=lambda name: _off(mean, np.array(TONES[name])))
        assert _off(mean, tone) < 0.45, nearest
        kinds.add(tuple(np.round(mean, 1)))
    assert len(kinds) > 3


def _off(mean: np.ndarray, tone: np.ndarray) -> float:
    """How far two colours are from each other, however light they are."""
    one, other = (c / max(float(np.linalg.norm(c)), 1e-6) for c in (mean, tone))
    return float(np.linalg.norm(one - other))


def test_damage_is_done_where_something_is_and_can_be_seen() -> None:
    whole = on_matte(free_still(PLAIN, random.Random(1), discs))
    other = on_matte(free_still(replace(PLAIN, subject=ROSE), random.Random(2), discs))
    kinds = set()
    for seed in range(40):
        hurt = damaged(whole, other, random.Random(seed))
        assert hurt.shape == whole.shape
        assert hurt.dtype == np.uint8
        changed = np.abs(hurt.astype(int) - whole).max(axis=2) > 12
        assert changed[seen(whole) | seen(other)].mean() > 0.03
        kinds.add(round(float(np.abs(hurt.astype(int) - whole).mean()), 1))
    assert len(kinds) > 6


def test_the_judge_never_learns_from_a_held_out_combination() -> None:
    for index in range(60):
        picture, right = judged_sticker("0", index, discs)
        assert picture.shape == (SIZE_PIXELS, SIZE_PIXELS, 3)
        subject, colour, companion, number, style, _ = right.tolist()
        sticker = Sticker(
            STICKER_SUBJECTS[subject],
            list(Style)[style],
            seed=0,
            colour=[*COLOURS, ""][colour],
            companion=[*COMPANIONS, None][companion],
            twice=number > 0,
        )
        assert not is_held_out(sticker)


def test_in_other_hues_a_sticker_keeps_its_greys_and_teaches_no_colour() -> None:
    torch.manual_seed(0)
    red = torch.tensor([0.8, -0.8, -0.8])[:, None, None].expand(3, 4, 4)
    grey = torch.full((3, 4, 4), 0.25)
    pictures = torch.stack([red, grey]).repeat(50, 1, 1, 1)
    right = torch.ones(100, 6, dtype=torch.long)
    turned, told = in_any_hue(pictures, right)
    assert torch.allclose(turned[1::2], pictures[1::2], atol=1e-5)
    untold = told[:, 1] < 0
    assert 0.2 < untold.float().mean() < 0.6
    assert torch.equal(turned[~untold], pictures[~untold])
    assert turned[::2][untold[::2]].std(0).mean() > 0.2
    assert torch.equal(told[:, 0], right[:, 0])


def test_a_judge_tells_of_every_head_what_pictures_of_any_size_show() -> None:
    torch.manual_seed(0)
    judge = StickerJudge().eval()
    pictures = np.full((2, 200, 200, 3), 128, np.uint8)
    with torch.inference_mode():
        told = judge(look(pictures))
    assert told["subject"].shape == (2, len(STICKER_SUBJECTS))
    assert told["number"].shape == (2, 3)
    assert torch.allclose(told["whole"][0], told["whole"][1])
