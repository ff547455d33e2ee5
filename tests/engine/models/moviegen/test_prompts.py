"""From what a person types to the caption the model was trained on."""

from __future__ import annotations

import pytest

from engine.models.moviegen.prompts import caption_of
from engine.protocol.recipes import CAMERA_MOVES
from engine.training.grammar import CAMERAS


@pytest.mark.parametrize(
    ("prompt", "caption"),
    [
        ("a fox runs.", "FPS-12, static, a fox runs"),
        ("a fox runs, zoom in", "FPS-12, zoom in, a fox runs"),
        ("Pan left, a red, old car", "FPS-12, pan left, a red, old car"),
    ],
)
def test_rate_and_camera_come_first(prompt: str, caption: str) -> None:
    assert caption_of(prompt, 24, "12/1") == caption


def test_a_still_has_neither() -> None:
    assert caption_of("a fox, zoom in", 1, "12/1") == "a fox"


def test_a_broadcast_rate_is_named_by_its_nearest_whole() -> None:
    assert caption_of("a fox", 8, "24000/1001").startswith("FPS-24")


def test_every_trained_camera_is_understood() -> None:
    assert {camera.words[0] for camera in CAMERAS} == set(CAMERA_MOVES)
