"""Rendered pairs: before and after differ in what the instruction says, and in nothing else."""

from __future__ import annotations

import random

import numpy as np
import pytest

from engine.models.opticals.looks import styled, weathered
from engine.planning.edit_words import COLOURS, STYLES, WEATHERS
from engine.training.edit_grammar import Edit
from engine.training.edit_scenes import TONES, animated, render_edits
from engine.training.grammar import ACTIONS, CAMERAS, SETTINGS, SUBJECTS, Scene
from engine.training.scenes import render

SCENE = Scene(SUBJECTS[1], SETTINGS[0], ACTIONS[1], CAMERAS[0], 12)
_EDITS = (
    Edit("add", "cat face", "left"),
    Edit("remove"),
    Edit("replace", "robot"),
    Edit("recolour", "blue"),
    Edit("background", "beach"),
    Edit("segment", "green"),
)


@pytest.fixture(scope="module")
def versions() -> np.ndarray:
    return render_edits(SCENE, _EDITS, 256, 144, 6).frames


def test_the_first_version_is_the_scene_as_it_is_rendered_elsewhere(versions: np.ndarray) -> None:
    assert np.array_equal(versions[0], render(SCENE, 256, 144, 6).frames)


def test_an_edit_of_the_subject_leaves_the_place_alone(versions: np.ndarray) -> None:
    covered = render(SCENE, 256, 144, 6).mask > 0
    for index in (4, 6):
        changed = (versions[index] != versions[0]).any(axis=3)
        assert changed.any()
        assert not changed[~covered].any()


def test_what_is_added_stands_on_its_side(versions: np.ndarray) -> None:
    changed = (versions[1] != versions[0]).any(axis=(0, 1, 3))
    assert changed[:110].any()
    assert not changed[128:].any()


def test_a_marked_subject_has_the_colour_that_was_named(versions: np.ndarray) -> None:
    inside = render(SCENE, 256, 144, 6).mask > 0.99
    seen = versions[6][inside].mean(axis=0) / 255
    assert np.allclose(seen, TONES["green"], atol=0.02)


def test_every_colour_style_and_weather_can_be_drawn(versions: np.ndarray) -> None:
    assert set(COLOURS) == set(TONES)
    picture = versions[0, 0].astype(np.float32) / 255
    looks = [styled(picture, style) for style in STYLES]
    looks += [weathered(picture, weather, 0.5, 3) for weather in WEATHERS]
    for look in looks:
        assert look.shape == picture.shape
        assert look.dtype == np.float32
        assert np.abs(look - picture).mean() > 0.01


def test_stills_set_in_motion_share_one_path(versions: np.ndarray) -> None:
    stills = versions[:2, 0]
    moving = animated(stills, 5, random.Random(1))
    assert moving.shape == (2, 5, 144, 256, 3)
    same = animated(stills[[0, 0]], 5, random.Random(1))
    assert np.array_equal(same[0], same[1])
    assert np.array_equal(same[0], moving[0])
    assert not np.array_equal(moving[0, 0], moving[0, -1])
