"""The judge of clips: what it sees, the truth it learns from, and how right what ships is."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.training.grammar import ACTIONS, SUBJECTS, held_out_scenes, is_held_out
from engine.training.judge import Judge, judge_clip, load_judge, look
from engine.training.judge_truth import (
    CELLS,
    FRAMES,
    GLANCES,
    answers,
    cut_out,
    has_body_shown,
    rendered,
    sight,
    trained_clip,
    unseen_body,
    unseen_cut_out,
)
from engine.training.scenes import render

MODELS = Path(__file__).resolve().parents[3] / "resources" / "models"


def _ball(places: list[int], colour: tuple[int, int, int] = (200, 40, 40)) -> NDArray[np.uint8]:
    frames = np.full((len(places), 72, 128, 3), 90, np.uint8)
    for frame, place in zip(frames, places, strict=True):
        frame[30:42, place : place + 12] = colour
    return frames


def test_what_moves_is_seen_alike_in_any_colour_and_what_stands_is_not() -> None:
    places = [4 * n for n in range(FRAMES)]
    red, blue = sight(_ball(places)).moved, sight(_ball(places, (40, 40, 200))).moved
    assert torch.allclose(red, blue, atol=0.01)
    assert sight(_ball([50] * FRAMES)).moved.abs().max() < 0.01


def test_a_clip_of_any_size_and_length_is_seen() -> None:
    for frames in (np.zeros((8, 288, 512, 3), np.uint8), np.zeros((1, 90, 90, 3), np.uint8)):
        seen = sight(frames)
        assert seen.pictures.shape == (GLANCES, 3, 72, 128)
        assert seen.moved.shape == (3, FRAMES, 36, 64)
        told = look(Judge().eval(), seen)
        assert told.subject.shape == (1, len(SUBJECTS))
        assert told.action.shape == (1, len(ACTIONS))


def test_truth_tells_where_the_subject_is() -> None:
    scene = next(s for s in held_out_scenes(400, 3) if s.action.id == "right")
    for truth in (rendered(scene), cut_out(scene, random.Random(1))):
        assert truth.covered.shape == (GLANCES, *CELLS)
        columns = torch.arange(CELLS[1], dtype=torch.float32)
        weights = truth.covered.float().sum(1)
        places = (weights * columns).sum(1) / weights.sum(1)
        assert bool((places.diff() > 0).all()), "it goes to the right"
        assert tuple(truth.right.tolist()) == answers(scene)


def test_what_it_learns_from_is_never_held_out_and_always_the_same() -> None:
    for index in range(4):
        one, again = trained_clip("0", index), trained_clip("0", index)
        assert torch.equal(one.sight.pictures, again.sight.pictures)
    subject, setting, action = unseen_cut_out("1", 0).right.tolist()
    scene = next(s for s in held_out_scenes(4000, 1) if answers(s) == (subject, setting, action))
    assert is_held_out(scene.subject, scene.setting, scene.action)


def test_who_has_a_face_and_a_body_is_shown_by_either_under_one_name() -> None:
    shown = {has_body_shown(s) for s in held_out_scenes(400, 3) if s.subject.noun == "dog"}
    assert shown == {True, False}
    assert not any(has_body_shown(s) for s in held_out_scenes(400, 3) if s.subject.noun == "fox")
    for index in range(3):
        subject = SUBJECTS[int(unseen_body("1", index).right[0])]
        assert subject.body
        assert subject.body != subject.label


def test_the_judge_that_ships_tells_places_and_movements_of_art_it_never_saw() -> None:
    """The figures that stand in for stickers here are nobody whom it could name."""
    judge = load_judge(MODELS)
    assert judge is not None
    hits = np.zeros(3)
    scenes = held_out_scenes(12, 99)
    for scene in scenes:
        verdict = judge_clip(judge, render(scene, 256, 144, FRAMES).frames)
        hits += np.equal((verdict.subject, verdict.setting, verdict.action), answers(scene))
    assert hits[1:].min() >= 10


def test_there_is_no_judge_before_one_was_trained(tmp_path: Path) -> None:
    assert load_judge(tmp_path) is None
