"""The pipeline's order of work: what is made first, and what is made around it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.models.animatic.movements import Staging
from engine.models.moviegen.blocking import BlockedShot, blocked
from engine.models.moviegen.pipeline import ClipRequest, KnownFrames, MovieGenPipeline
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


def _shot(action: str) -> BlockedShot:
    blocking = blocked(action, "static", Staging(0.5, 0.5, 0.0), 0.78, 24, (64, 64), 12)
    return BlockedShot(blocking, "an empty scene in the snow", "a fox in the snow")


def test_a_blocked_shot_begins_with_its_place_and_its_subject(pipeline: MovieGenPipeline) -> None:
    told: list[tuple[int, int, Tensor]] = []
    request = replace(REQUEST, shot=_shot("right"), keyframe=True)
    latents = pipeline.denoise(request, lambda *step: told.append(step))
    passes = [(step, steps, estimate.shape[2]) for step, steps, estimate in told]
    assert passes == [(1, 6, 1), (2, 6, 1), (3, 6, 1), (4, 6, 1), (6, 6, 6)]
    assert not torch.equal(told[1][2], told[3][2])
    other = pipeline.denoise(replace(request, shot=_shot("fall")), lambda *_: None)
    assert not torch.equal(latents, other)
    assert torch.equal(latents, pipeline.denoise(request, lambda *_: None))


def test_what_is_given_is_kept_in_a_blocked_shot(pipeline: MovieGenPipeline) -> None:
    first = torch.zeros(6, dtype=torch.bool)
    first[0] = True
    known = KnownFrames(torch.full((1, 3, 4, 64, 64), 0.5), first)
    request = replace(REQUEST, shot=_shot("jump"), known=known)
    made = pipeline.denoise(request, lambda *_: None)
    assert torch.equal(made[:, :, :1], pipeline.encode(known.pixels))
