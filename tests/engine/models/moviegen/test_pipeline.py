"""The pipeline's order of work: what is made first, and what is made around it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.models.moviegen.pipeline import ClipRequest, MovieGenPipeline
from engine.training.samples import load_pipeline
from tests.engine.abilities.tiny_pocket import write_tiny_pocket

REQUEST = ClipRequest("FPS-12, static, a fox", width=64, height=64, frames=24, seed=3, steps=2)


@pytest.fixture
def pipeline(tmp_path: Path) -> MovieGenPipeline:
    home = write_tiny_pocket(tmp_path / "models")
    return load_pipeline(home.parent, torch.float32, torch.device("cpu"))


def test_a_clip_is_made_around_its_middle(pipeline: MovieGenPipeline) -> None:
    told: list[tuple[int, int, Tensor]] = []
    request = ClipRequest(
        "FPS-12, static, a fox", width=64, height=64, frames=24, seed=3, steps=2, keyframe=True
    )
    latents = pipeline.denoise(request, lambda *step: told.append(step))
    assert [(step, steps, estimate.shape[2]) for step, steps, estimate in told] == [
        (1, 4, 1),
        (2, 4, 1),
        (3, 4, 6),
        (4, 4, 6),
    ]
    assert torch.equal(latents[:, :, 3:4], told[1][2])
    assert not torch.equal(latents, pipeline.denoise(REQUEST, lambda *_: None))


def test_only_the_first_window_has_a_middle_made_before_it(pipeline: MovieGenPipeline) -> None:
    lengths: list[int] = []
    request = ClipRequest(
        "a fox", width=64, height=64, frames=40, seed=3, steps=2, spans=((0, 6), (4, 10)),
        keyframe=True,
    )  # fmt: skip
    latents = pipeline.denoise(request, lambda _step, _steps, made: lengths.append(made.shape[2]))
    assert lengths == [1, 1, 6, 6, 6, 6]
    assert latents.shape[2] == 10
