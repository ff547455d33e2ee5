"""Cutting out: what stands out is kept, in its own colours, and what is behind it is gone."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.models.portraits.cutting import cut_out, own_colours
from engine.models.portraits.faces import find_faces, load_face_networks
from engine.models.portraits.salience import SalientObject, load_salience

MODELS = Path(__file__).resolve().parents[4] / "resources" / "models"
ASTRONAUT = Path(__file__).with_name("astronaut.jpg")


@pytest.fixture(scope="module")
def network() -> SalientObject:
    return load_salience(MODELS / "portraits/salience")


@pytest.fixture(scope="module")
def drawing() -> NDArray[np.uint8]:
    """An orange ball with a dark stripe on a blue ground."""
    picture = np.full((300, 400, 3), (90, 140, 200), np.uint8)
    cv2.circle(picture, (200, 150), 80, (240, 130, 20), -1, cv2.LINE_AA)
    cv2.line(picture, (140, 150), (260, 150), (40, 20, 10), 9, cv2.LINE_AA)
    return picture


def test_a_drawn_ball_is_cut_out_whole_and_alone(
    network: SalientObject, drawing: NDArray[np.uint8]
) -> None:
    cut = cut_out(network, drawing, None, ())
    assert cut is not None
    assert not cut.is_cropped
    height, width = cut.rgba.shape[:2]
    assert 140 < height < 190
    assert 140 < width < 190
    alpha = cut.rgba[..., 3]
    assert alpha[height // 2 - 40 : height // 2 + 40, width // 2 - 40 : width // 2 + 40].min() > 230
    assert max(alpha[0, 0], alpha[0, -1], alpha[-1, 0], alpha[-1, -1]) < 25


def test_no_rim_of_the_old_ground_is_left(
    network: SalientObject, drawing: NDArray[np.uint8]
) -> None:
    cut = cut_out(network, drawing, None, ())
    assert cut is not None
    edge = (cut.rgba[..., 3] > 40) & (cut.rgba[..., 3] < 200)
    red, blue = cut.rgba[..., 0][edge].astype(int), cut.rgba[..., 2][edge].astype(int)
    assert np.median(red - blue) > 100, "the edge is orange as the ball, not blue as the ground"


def test_an_even_picture_has_no_subject(network: SalientObject) -> None:
    assert cut_out(network, np.full((200, 200, 3), 128, np.uint8), None, ()) is None


def test_a_photo_that_ends_at_the_chest_is_known_to_be_cropped(network: SalientObject) -> None:
    photo = np.asarray(Image.open(ASTRONAUT).convert("RGB"))
    (face,) = find_faces(load_face_networks(MODELS / "portraits/faces"), photo)
    cut = cut_out(network, photo, face, ())
    assert cut is not None
    assert cut.is_cropped


def test_of_two_people_the_one_who_was_chosen_is_kept(network: SalientObject) -> None:
    photo = np.asarray(Image.open(ASTRONAUT).convert("RGB"))
    two = np.concatenate([photo, photo[:, ::-1]], axis=1)
    faces = find_faces(load_face_networks(MODELS / "portraits/faces"), two)
    cut = cut_out(network, two, faces[1], faces[:1])
    assert cut is not None
    assert cut.rgba.shape[1] <= 170


def test_what_is_behind_is_taken_out_of_the_colours() -> None:
    row = np.clip((140 - np.arange(256, dtype=np.float32)) / 12, 0, 1)
    alpha = np.tile(row, (96, 1)).astype(np.float32)
    front, back = np.array([240.0, 40, 40]), np.array([20.0, 20, 220])
    mixed = (alpha[..., None] * front + (1 - alpha[..., None]) * back).round().astype(np.uint8)
    edge = np.s_[40:56, 129:138]
    found = own_colours(mixed, alpha)[edge].astype(float)
    assert np.abs(found - front).mean() < np.abs(mixed[edge] - front).mean() / 4
