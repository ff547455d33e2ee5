"""Faces: found in a photo where they are, counted from the left, and turned upright."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.models.portraits.face_networks import FaceNetworks
from engine.models.portraits.faces import aligned, find_faces, load_face_networks, upright_matrix

MODELS = Path(__file__).resolve().parents[4] / "resources" / "models"
ASTRONAUT = Path(__file__).with_name("astronaut.jpg")
"""A detail of NASA's portrait of Eileen Collins, in the public domain."""


@pytest.fixture(scope="module")
def networks() -> FaceNetworks:
    return load_face_networks(MODELS / "portraits/faces")


@pytest.fixture(scope="module")
def portrait() -> NDArray[np.uint8]:
    return np.asarray(Image.open(ASTRONAUT).convert("RGB"))


def test_a_face_is_found_with_its_eyes_above_its_mouth(
    networks: FaceNetworks, portrait: NDArray[np.uint8]
) -> None:
    (face,) = find_faces(networks, portrait)
    x, y, width, height = face.box
    assert 20 < x < 60
    assert 30 < y < 60
    assert 60 < width < height < 110
    left_eye, right_eye, nose, left_mouth, right_mouth = face.points
    assert left_eye[0] < nose[0] < right_eye[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])


def test_several_faces_come_from_left_to_right(
    networks: FaceNetworks, portrait: NDArray[np.uint8]
) -> None:
    two = np.concatenate([portrait, portrait[:, ::-1]], axis=1)
    faces = find_faces(networks, two)
    assert len(faces) == 2
    assert faces[0].box[0] < 160 < faces[1].box[0]


def test_a_picture_without_a_face_has_none(networks: FaceNetworks) -> None:
    ramp = np.linspace(0, 255, 200, dtype=np.uint8)
    assert find_faces(networks, np.dstack([np.tile(ramp, (200, 1))] * 3)) == ()
    assert find_faces(networks, np.full((8, 300, 3), 90, np.uint8)) == ()


@pytest.mark.parametrize("degrees", [-40.0, 0.0, 25.0])
def test_points_that_were_turned_are_brought_back(degrees: float) -> None:
    places = np.array([[38, 52], [74, 52], [56, 72], [42, 92], [71, 92]], np.float32)
    turn = math.radians(degrees)
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    points = (1.7 * places @ rotation.T + [140, -20]).astype(np.float32)
    matrix = upright_matrix(points, places)
    back = points @ matrix[:, :2].T + matrix[:, 2]
    assert np.abs(back - places).max() < 1e-2


def test_an_aligned_face_has_its_eyes_on_one_level(
    networks: FaceNetworks, portrait: NDArray[np.uint8]
) -> None:
    tilted = np.asarray(Image.fromarray(portrait).rotate(18, Image.Resampling.BICUBIC))
    (face,) = find_faces(networks, tilted)
    upright = aligned(tilted, face, 160)
    assert upright.shape == (160, 160, 3)
    (again,) = find_faces(networks, np.pad(upright, ((60, 60), (60, 60), (0, 0)), mode="edge"))
    across = again.points[1] - again.points[0]
    assert abs(math.degrees(math.atan2(across[1], across[0]))) < 8
