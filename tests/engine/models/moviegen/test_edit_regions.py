"""Regions of edits: where each task may change a film, and what the network is told of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.abilities.edit_region import drawn_on, seen_around
from engine.models.moviegen.edit_regions import (
    SEEN,
    Masks,
    hint_of,
    kept_outside,
    latent_region,
    region_of,
    softened,
    told_of_region,
)
from engine.protocol.recipes import EDIT_TASKS


@pytest.fixture
def mattes() -> Masks:
    """A round subject that moves to the right, (4, 96, 160)."""
    rows, columns = np.indices((96, 160))
    centres = (60, 62, 64, 66)
    round_ones = [(rows - 50) ** 2 + (columns - x) ** 2 < 30**2 for x in centres]
    return np.stack(round_ones).astype(np.float32)


@pytest.mark.parametrize("task", ["remove", "replace"])
def test_a_box_hides_the_shape_and_leaves_room_for_a_shadow(mattes: Masks, task: str) -> None:
    region = region_of(task, "", mattes)
    assert bool((region >= mattes).all())
    rows, columns = np.nonzero(region[0])
    assert region[0, rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].all()
    assert rows.max() - 79 > 21 - rows.min()  # more room below than above


def test_what_is_coloured_is_the_subject_and_the_background_is_all_else(mattes: Masks) -> None:
    assert np.array_equal(region_of("recolour", "", mattes), mattes)
    assert np.array_equal(region_of("background", "", mattes), 1 - mattes)


@pytest.mark.parametrize(("side", "inside"), [("left", slice(0, 64)), ("right", slice(96, 160))])
def test_what_is_added_stands_on_its_side(mattes: Masks, side: str, inside: slice) -> None:
    region = region_of("add", side, mattes)
    assert region[:, :, inside].all()
    assert region.sum() == region[:, :, inside].sum()


def test_what_is_laid_over_ends_softly_and_inside(mattes: Masks) -> None:
    region = region_of("add", "left", mattes)
    soft = softened(region)
    assert not soft[region == 0].any()
    assert bool((soft[:, :, :40] > 0.99).all())  # up to the frame's edges
    assert 0 < float(soft[0, 50, 60]) < 1


def test_a_latent_is_told_how_much_of_it_may_change(mattes: Masks) -> None:
    shares = latent_region(mattes)
    assert shares.shape == (1, 1, 6, 10)
    assert float(shares.mean()) == pytest.approx(float(mattes.mean()), abs=1e-5)
    assert latent_region(mattes[:3]).shape == (1, 1, 6, 10)


def test_outside_the_source_is_known_and_inside_the_hint() -> None:
    source, hint = torch.full((1, 2, 1, 1, 2), 5.0), torch.full((1, 2, 1, 1, 2), 3.0)
    region = torch.tensor([0.0, 1.0]).view(1, 1, 1, 1, 2)
    told = told_of_region(source, region, hint)
    assert told[0, :, 0, 0].tolist() == [[5.0, 3.0], [5.0, 3.0], [1.0, 0.0]]
    x, noise = torch.full_like(source, 9.0), torch.full_like(source, 1.0)
    assert kept_outside(x, source, region, noise, 0.5)[0, 0, 0, 0].tolist() == [3.0, 9.0]


def test_a_look_is_told_the_source_a_colour_its_tone_and_what_is_new_nothing() -> None:
    source, tone = torch.randn(1, 2, 1, 1, 2), torch.tensor([7.0, 8.0])
    assert hint_of("style", source, tone) is source
    assert hint_of("segment", source, tone)[0, :, 0, 0, 0].tolist() == [7.0, 8.0]
    assert not hint_of("replace", source, tone).any()


@pytest.mark.parametrize("task", EDIT_TASKS)
def test_nothing_that_was_not_drawn_is_laid_over(mattes: Masks, task: str) -> None:
    region = drawn_on(task, mattes)
    meant = 1 - mattes if task == "background" else mattes
    assert not region.reach[meant == 0].any()
    assert region.reach[meant == 1].all()


@pytest.mark.parametrize("task", EDIT_TASKS)
def test_what_is_laid_over_was_told_to_the_network(mattes: Masks, task: str) -> None:
    region = seen_around(task, "left", mattes)
    assert bool((region.told >= region.reach).all())
    is_about_all = task not in SEEN and task != "add"
    assert bool(region.reach.all()) is is_about_all


def test_what_stays_the_same_is_not_laid_over(mattes: Masks) -> None:
    same = np.full((4, 96, 160, 3), 90, np.uint8)
    new = same.copy()
    new[:, 40:60, 50:70] = 200
    region = seen_around("replace", "", mattes)
    assert not region.masks(same, same).any()
    masks = region.masks(same, new)
    assert float(masks[1, 50, 60]) == pytest.approx(1.0)
    assert not masks[:, :, 100:].any()
