"""The scene grammar's words, and the split that makes its scores mean something."""

from __future__ import annotations

import random

from engine.training.grammar import (
    ACTIONS,
    SETTINGS,
    SUBJECTS,
    caption,
    held_out_scenes,
    is_held_out,
    sample_scene,
)


def test_trained_scenes_are_never_held_out_combinations() -> None:
    rng = random.Random(0)
    scenes = [sample_scene(rng) for _ in range(2000)]
    assert not any(is_held_out(s.subject, s.setting, s.action) for s in scenes)


def test_held_out_scenes_are_about_eight_in_a_hundred() -> None:
    every = [(s, p, a) for s in SUBJECTS for p in SETTINGS for a in ACTIONS]
    share = sum(is_held_out(*parts) for parts in every) / len(every)
    assert 0.07 < share < 0.09
    assert all(is_held_out(s.subject, s.setting, s.action) for s in held_out_scenes(50, 1))


def test_every_part_of_a_held_out_scene_is_trained_in_others() -> None:
    trained = [
        (s, p, a) for s in SUBJECTS for p in SETTINGS for a in ACTIONS if not is_held_out(s, p, a)
    ]
    assert {s.noun for s, _, _ in trained} == {s.noun for s in SUBJECTS}


def test_synonyms_are_in_no_caption() -> None:
    words = {word for s in SUBJECTS for word in s.synonyms}
    words |= {word for p in (*SETTINGS, *ACTIONS) for word in p.synonyms}
    trained = {s.noun for s in SUBJECTS} | {w for p in (*SETTINGS, *ACTIONS) for w in p.words}
    assert not words & trained


def test_captions_say_rate_and_camera_first() -> None:
    scene = sample_scene(random.Random(4))
    assert caption(scene).startswith(f"FPS-12, {scene.camera.words[0]}, ")
    assert not caption(scene, still=True).startswith("FPS")
    assert caption(scene) == caption(scene)
