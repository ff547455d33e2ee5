"""The enlarging network with the weights that ship."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from engine.models.enlarging.network import FACTOR, REACH, CompactEnlarger, load_enlarger

HERE = Path(__file__).resolve().parent
FOLDER = Path(__file__).resolve().parents[4] / "resources/models/pocket-enlarge/enlarger"


@pytest.fixture(scope="module")
def network() -> CompactEnlarger:
    return load_enlarger(FOLDER, torch.device("cpu"))


def _read(name: str) -> Tensor:
    """A picture as (1, 3, H, W) in [0, 1]."""
    picture = cv2.imread(str(HERE / name))
    assert picture is not None
    return torch.from_numpy(picture[..., ::-1].astype(np.float32) / 255).permute(2, 0, 1)[None]


@torch.inference_mode()
def test_it_agrees_with_its_authors_program(network: CompactEnlarger) -> None:
    """The golden picture is the middle of what ncnn made of the same weights, in 16 bits."""
    large = network(_read("fox.png")).clamp(0, 1)
    rim = FACTOR * REACH
    levels = 255 * (large[..., rim:-rim, rim:-rim] - _read("fox-by-ncnn.png")).abs()
    assert levels.max() < 3
    assert levels.mean() < 0.4


@torch.inference_mode()
def test_half_precision_is_as_good(network: CompactEnlarger) -> None:
    picture = _read("fox.png")[..., :20, :24]
    other = CompactEnlarger().half()
    other.load_state_dict(network.state_dict())
    assert (255 * (other(picture.half()).float() - network(picture)).abs()).max() < 2


@torch.inference_mode()
def test_a_pixel_is_seen_no_further_than_it_says(network: CompactEnlarger) -> None:
    picture = torch.rand(1, 3, 48, 48, generator=torch.Generator().manual_seed(1))
    other = picture.clone()
    other[..., 0, 0] = 1 - other[..., 0, 0]
    differs = (network(picture) - network(other)).abs().amax((0, 1)) > 0
    seen = FACTOR * (REACH + 1)
    assert not differs[seen:].any()
    assert not differs[:, seen:].any()
