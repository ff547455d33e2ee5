"""The pocket animatic: what it reads in a prompt, and that its film is two pictures, one moved."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.abilities import animatic, animatic_still
from engine.abilities.animatic_movement import movement_of
from engine.errors import BadRequest
from engine.models.animatic.film import Direction, film, without_grain
from engine.models.animatic.movements import ACTIONS, CAMERAS
from engine.protocol.recipes import CAMERA_MOVES, Ability, Recipe
from engine.training import grammar
from tests.engine.abilities.tiny_pocket import CLIP, write_tiny_pocket
from tests.fakes.job_context import FakeJobContext

RECIPE = msgspec.structs.replace(
    CLIP, model="pocket-animatic", prompt="a fox moves to the right in the snow"
)
PLATE: NDArray[np.uint8] = np.full((90, 160, 3), (10, 200, 10), np.uint8)
RED: NDArray[np.uint8] = np.zeros((64, 64, 4), np.uint8)
RED[16:48, 16:48] = (255, 0, 0, 255)


def _place(frame: NDArray[np.uint8]) -> float:
    """Where red stands from left to right, in pixels."""
    return float(np.nonzero(frame[..., 0] > 200)[1].mean())


def _film(action: str, camera: str = "static") -> NDArray[np.uint8]:
    return film(PLATE, RED, Direction(action, camera, has_floor=False, seed=1), 12, 12.0)


def test_its_movements_are_those_of_the_grammar() -> None:
    assert tuple(ACTIONS) == tuple(action.id for action in grammar.ACTIONS)
    assert {camera.replace(" ", "_") for camera in CAMERA_MOVES} == set(CAMERAS)
    for action in grammar.ACTIONS:
        assert {movement_of(words) for words in action.words} == {action.id}
    assert movement_of("bounces happily") == "jump"
    assert movement_of("sings") is None


def test_what_goes_to_the_right_does_and_the_rest_stays() -> None:
    frames = _film("right")
    assert frames.shape == (12, 90, 160, 3)
    places = [_place(frame) for frame in frames]
    assert places == sorted(places)
    assert places[-1] - places[0] > 60
    assert (frames[:, :5] == PLATE[0, 0]).all()


def test_what_stands_is_the_same_in_every_frame() -> None:
    frames = _film("stand")
    assert (frames == frames[0]).all()


def test_a_camera_sees_the_plate_to_its_edges() -> None:
    for camera in CAMERAS:
        frames = _film("stand", camera)
        assert (frames.max(axis=3) > 90).all(), camera


def test_the_grain_of_a_place_goes_and_its_edges_stay() -> None:
    place = np.full((64, 96, 3), 90, np.int16)
    place[:, 48:] = 200
    grain = np.random.default_rng(0).integers(-8, 9, place.shape)
    smooth = without_grain((place + grain).astype(np.uint8)).astype(np.int16)
    assert np.abs(smooth - place).mean() < 0.4 * np.abs(grain).mean()
    assert (smooth[:, 48] - smooth[:, 47]).min() > 90


def test_someone_cropped_by_a_photo_stands_in_front_cut_by_the_frame() -> None:
    for action in ("stand", "jump", "spin"):
        direction = Direction(action, "static", has_floor=True, seed=1, is_cropped=True)
        frames = film(PLATE, RED, direction, 12, 12.0)
        assert (frames[:, -1, :, 0] > 200).any(axis=1).all(), action
        assert (frames[:, 0, :, 0] < 200).all(), action


def test_what_is_wide_stands_on_the_ground_as_what_is_tall() -> None:
    wide, tall = np.zeros_like(RED), np.zeros_like(RED)
    wide[24:40] = tall[:, 24:40] = (255, 0, 0, 255)
    feet = []
    for art in (wide, tall):
        (frame,) = film(PLATE, art, Direction("stand", "static", False, 1), 1, 12.0)
        feet.append(np.nonzero(frame[..., 0] > 200)[0].max())
    assert abs(feet[0] - feet[1]) <= 1


def test_a_haze_around_drawn_art_does_not_lift_it_off_the_ground() -> None:
    hazy = RED.copy()
    hazy[..., 3] = np.maximum(hazy[..., 3], 20)
    feet = []
    for art in (RED, hazy):
        (frame,) = film(PLATE, art, Direction("stand", "static", False, 1), 1, 12.0)
        feet.append(np.nonzero(frame[..., 0] > 200)[0].max())
    assert feet[0] == feet[1]


def test_a_subject_that_came_out_empty_leaves_the_plate() -> None:
    frames = film(PLATE, np.zeros_like(RED), Direction("jump", "static", False, 1), 4, 12.0)
    assert (frames == PLATE).all()


def test_a_film_has_the_size_and_length_that_were_asked_for(tmp_path: Path) -> None:
    context = FakeJobContext(tmp_path, write_tiny_pocket(tmp_path / "models", stickers=True))
    nobody_known = msgspec.structs.replace(RECIPE, prompt="a zorblax jumps in a zorblary")
    (output,) = animatic.run(nobody_known, context)
    with av.open(str(context.saved[0])) as clip:
        frames = [frame.to_ndarray(format="rgb24") for frame in clip.decode(video=0)]
    assert np.stack(frames).shape == (8, 288, 512, 3)
    assert (output.media.frames, output.media.rate) == (8, "12/1")
    told = [report for report in context.reports if report[0] == "denoising"]
    assert told == [("denoising", step, 4) for step in (1, 2, 3, 4)]
    assert all(preview.startswith(b"\xff\xd8") for preview in context.previews)


@pytest.mark.parametrize("rate", ["24/1", "25/1", "30000/1001"])
def test_a_film_plays_at_the_rate_that_was_asked_for(rate: str, tmp_path: Path) -> None:
    context = FakeJobContext(tmp_path, write_tiny_pocket(tmp_path / "models", stickers=True))
    (output,) = animatic.run(msgspec.structs.replace(RECIPE, rate=rate, frames=7), context)
    with av.open(str(context.saved[0])) as clip:
        assert clip.streams.video[0].average_rate == Fraction(rate)
        assert sum(1 for _ in clip.decode(video=0)) == 7
    assert (output.media.frames, output.media.rate) == (7, rate)
    assert context.notes == []


def test_an_empty_prompt_is_refused(tmp_path: Path) -> None:
    context = FakeJobContext(tmp_path, tmp_path)
    with pytest.raises(BadRequest, match="prompt is empty"):
        animatic.run(Recipe(ability=Ability.TEXT_TO_VIDEO, model="pocket-animatic"), context)


def test_a_still_is_a_moment_of_the_film(tmp_path: Path) -> None:
    tiny = write_tiny_pocket(tmp_path / "models", stickers=True)
    context = FakeJobContext(tmp_path, tiny, model="pocket-animatic")
    still = msgspec.structs.replace(RECIPE, ability=Ability.TEXT_TO_IMAGE, frames=1)
    (output,) = animatic_still.run(still, context)
    assert (output.asset.media_type, output.media.frames) == ("image/png", 1)
    picture = cv2.imdecode(np.frombuffer(_bytes(context), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (RECIPE.height, RECIPE.width, 3)
    red = picture[..., 2].astype(int) - picture[..., 0]
    assert np.nonzero(red > 120)[1].mean() == pytest.approx(RECIPE.width / 2, abs=30)


def _bytes(context: FakeJobContext) -> bytes:
    made = context.saved[-1]
    assert isinstance(made, bytes)
    return made
