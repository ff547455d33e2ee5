"""What the reader of turns learns from: turns that are those of the picture and of its sound."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from engine.models.animatic.onsets import TURNED_BY
from engine.models.moviegen.turn_reader import TOLD, TurnReader
from engine.training.grammar import ACTIONS, CAMERAS, SETTINGS, SUBJECTS, Scene
from engine.training.scenes import RATE_FPS
from engine.training.sound_scenes import onsets
from engine.training.turn_reading import TURNING, draw_lesson, loss_of, turn_at

SCENE = Scene(SUBJECTS[0], SETTINGS[0], ACTIONS[0], CAMERAS[0], 5)


@pytest.mark.parametrize("action", TURNING)
def test_a_turn_is_heard_whenever_it_has_gone_on_by_its_step(action: str) -> None:
    acted = next(each for each in ACTIONS if each.id == action)
    for seed in range(5):
        scene = replace(SCENE, action=acted, seed=seed)
        begun = turn_at(scene, 0, 48)
        rate = (turn_at(scene, 47, 48) - begun) * RATE_FPS / 47
        for at_s in onsets(scene, 4.0):
            steps = (begun + rate * at_s) / TURNED_BY[action]
            assert steps == pytest.approx(round(steps), abs=1e-6)


def test_a_lesson_says_how_its_frames_are_turned_and_where_to_look() -> None:
    lesson = draw_lesson("lesson", 0)
    assert lesson.frames.shape[1:] == (3, 54, 96)
    assert lesson.told.shape == (len(lesson.frames), TOLD)
    assert torch.allclose(lesson.told[:, :2].square().sum(1), torch.ones(len(lesson.frames)))
    once = torch.atan2(lesson.told[:, 1], lesson.told[:, 0])
    twice = torch.atan2(lesson.told[:, 3], lesson.told[:, 2])
    assert torch.allclose((2 * once - twice).cos(), torch.ones(len(once)), atol=1e-4)
    assert math.isclose(float(lesson.where[0].sum()), 1.0, abs_tol=1e-3)


def test_the_reader_of_turns_learns() -> None:
    torch.manual_seed(0)
    lesson = draw_lesson("lesson", 1)
    model = TurnReader(channels=(8, 8, 16, 16))
    frames = lesson.frames.float() / 127.5 - 1
    triples = torch.cat([frames, frames, frames], 1)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(25):
        loss = loss_of(model, triples, lesson.told, lesson.where)
        losses.append(float(loss.detach()))
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    assert losses[-1] < 0.5 * losses[0]
