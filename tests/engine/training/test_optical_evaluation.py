"""Scoring the opticals: the ability is given a film and words, and what it refuses stays."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from engine.training.edit_evaluation import FRAMES, Case, compared
from engine.training.edit_grammar import Edit
from engine.training.grammar import sample_scene
from engine.training.optical_running import changed
from engine.training.running import Held

MODELS = Path(__file__).resolve().parents[3] / "resources" / "models"


@pytest.fixture
def case() -> Case:
    """A picture that gets darker from left to right, and the night that is asked for."""
    ramp = np.linspace(250, 60, 128).astype(np.uint8)
    frames = np.broadcast_to(ramp[None, None, :, None], (FRAMES, 72, 128, 3)).copy()
    scene = sample_scene(random.Random(1))
    return Case(scene, Edit("weather", "night"), "make it night", frames, frames // 3)


def test_what_the_ability_makes_is_scored(case: Case) -> None:
    made = changed(MODELS, case.before, case.words, 1, Held())
    assert made.shape == case.before.shape
    assert made.mean() < 0.5 * case.before.mean()
    scores = {score.figure: score for score in compared(None, [case], [made], [case.before])}
    assert (scores["right_weather"].value, scores["right_weather"].peer_value) == (1.0, 0.0)


def test_a_case_that_is_refused_stays_as_it_is(case: Case) -> None:
    made = changed(MODELS, case.before, "add a lightsaber", 1, Held())
    assert made is case.before
