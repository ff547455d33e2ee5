"""Scoring edits of drafts: what is known to be right, and the two ways side by side."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.models.animatic.film import GROUND, Direction, staged_film
from engine.models.animatic.place import Plate
from engine.training.draft_evaluation import Figures, after_edit, compared_ways, made_of
from engine.training.edit_evaluation import FRAMES, Case
from engine.training.edit_grammar import Edit
from engine.training.grammar import sample_scene
from engine.training.running import Held

MODELS = Path(__file__).resolve().parents[3] / "resources" / "models"


@pytest.fixture
def case() -> Case:
    ramp = np.linspace(250, 60, 128).astype(np.uint8)
    frames = np.broadcast_to(ramp[None, None, :, None], (FRAMES, 72, 128, 3)).copy()
    scene = sample_scene(random.Random(1))
    return Case(scene, Edit("weather", "night"), "make it night", frames, frames // 3)


def test_a_draft_is_edited_as_it_is_kept(case: Case) -> None:
    made = made_of(MODELS, case, Held(), "")
    assert made.shape == case.before.shape
    assert made.mean() < 0.5 * case.before.mean()
    refused = made_of(MODELS, replace(case, words="add a lightsaber"), Held(), "")
    assert np.abs(refused.astype(int) - case.before).mean() < 4


def test_what_an_edit_should_give_is_known_of_its_layers() -> None:
    plate = np.full((90, 160, 3), (10, 200, 10), np.uint8)
    art = np.full((32, 32, 4), (200, 60, 60, 255), np.uint8)
    still = Direction("stand", "static", has_floor=False, seed=1)
    stage = staged_film(Plate(plate, GROUND), art, still, 2, 12.0)
    inside = stage.subject(0)[..., 3] == 1
    for task, colour in (("remove", ""), ("segment", "blue"), ("recolour", "blue")):
        after = after_edit(stage, Edit(task, colour))(0)
        assert np.allclose(after[~inside].mean(0), stage.picture(0)[~inside].mean(0), atol=13)
        assert (after[inside].mean(0)[2] > 127) == bool(colour)


def test_both_ways_are_told_beside_each_other() -> None:
    told = [Figures("remove", 1.0, 50.0, 40.0), Figures("replace", 1.0, None, None)]
    looked = [Figures("remove", 0.0, 44.0, 20.0), Figures("replace", 1.0, None, None)]
    scores = {each.figure: (each.value, each.peer_value) for each in compared_ways(told, looked)}
    assert scores == {
        "draft_instruction_right": (1.0, 0.5),
        "draft_outside_psnr_db": (50.0, 44.0),
        "draft_behind_psnr_db": (40.0, 20.0),
        "draft_right_remove": (1.0, 0.0),
        "draft_right_replace": (1.0, 1.0),
    }
