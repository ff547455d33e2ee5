"""A film made larger: windows, sizes, and what is said while no upsampler has been trained."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest

from engine.abilities import upscale_video
from engine.errors import BadRequest, BadWeights, WeightsNotInstalled
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe, Sampler
from tests.engine.abilities.tiny_pocket import write_tiny_pocket
from tests.fakes.job_context import FakeJobContext
from tests.studio.media.footage import Shot, make_video

RECIPE = Recipe(
    ability=Ability.UPSCALE_VIDEO,
    model="pocket-video",
    seed=1,
    frames=0,
    sampler=Sampler(steps=2),
    inputs=(InputAsset(role=InputRole.SOURCE, sha256="film"),),
)


@pytest.fixture
def context(tmp_path: Path) -> FakeJobContext:
    made = FakeJobContext(tmp_path, write_tiny_pocket(tmp_path / "models", upsampler=True))
    shot = Shot(frames=17, rate=Fraction(24000, 1001), size=(100, 60))
    made.assets["film"] = make_video(tmp_path / "film.mp4", shot)
    return made


def _size_and_frames(path: Path | bytes) -> tuple[int, int, int]:
    with av.open(str(path)) as film:
        frames = list(film.decode(video=0))
    return frames[0].width, frames[0].height, len(frames)


def test_every_frame_comes_back_twice_as_large(context: FakeJobContext) -> None:
    (output,) = upscale_video.run(RECIPE, context)
    assert _size_and_frames(context.saved[0]) == (200, 120, 17)
    assert output.media.rate == "24000/1001"
    denoised = [r for r in context.reports if r[0] == "denoising"]
    assert denoised == [("denoising", 1, 2), ("denoising", 2, 2)]
    assert all(preview.startswith(b"\xff\xd8") for preview in context.previews)


def test_a_seed_gives_the_same_film_again(context: FakeJobContext) -> None:
    made = []
    for seed in (1, 1, 2):
        upscale_video.run(msgspec.structs.replace(RECIPE, seed=seed), context)
        saved = context.saved[-1]
        assert isinstance(saved, Path)
        with av.open(str(saved)) as film:
            made.append(np.stack([frame.to_ndarray() for frame in film.decode(video=0)]))
    same, other = (np.abs(made[0].astype(int) - film).max(axis=(1, 2)) for film in made[1:])
    assert same.tolist() == [0] * 17
    assert other.max() > 0


def test_a_size_and_a_part_can_be_asked_for(context: FakeJobContext) -> None:
    part = msgspec.structs.replace(RECIPE.inputs[0], in_s="1/4", out_s="1/2")
    recipe = msgspec.structs.replace(RECIPE, width=150, height=90, inputs=(part,))
    upscale_video.run(recipe, context)
    assert _size_and_frames(context.saved[0]) == (150, 90, 6)


@pytest.mark.parametrize("size", [(1920, 1080), (1600, 100)])
def test_what_is_too_large_is_told(context: FakeJobContext, size: tuple[int, int]) -> None:
    recipe = msgspec.structs.replace(RECIPE, width=size[0], height=size[1])
    with pytest.raises(BadRequest, match="up to 1024 × 576"):
        upscale_video.run(recipe, context)


def test_without_weights_the_training_command_is_named(
    context: FakeJobContext, tmp_path: Path
) -> None:
    context.weights = write_tiny_pocket(tmp_path / "bare")
    with pytest.raises(WeightsNotInstalled, match="has not been trained") as told:
        upscale_video.run(RECIPE, context)
    assert "main.py train pocket-upsampler" in told.value.hint


def test_damaged_weights_are_told(context: FakeJobContext) -> None:
    weights = context.weights / "upsampler" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(BadWeights, match="damaged"):
        upscale_video.run(RECIPE, context)
