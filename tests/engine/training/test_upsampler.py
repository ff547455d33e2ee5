"""The upsampler's training: what it is given, what it learns, and a whole run at a tiny size."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.configs import POCKET_UPSAMPLER
from engine.models.moviegen.transformer import TextFeatures, VideoTransformer
from engine.training.degradation import degrade
from engine.training.grammar import sample_scene
from engine.training.packages import DataError
from engine.training.scenes import render
from engine.training.upsampler import Sample, Settings, crops_of, train, upsampling_loss
from tests.engine.abilities.tiny_pocket import write_tiny_pocket

SHAPE: dict[str, Any] = POCKET_UPSAMPLER | {
    "layers": 1, "dim": 24, "ffn_dim": 32, "heads": 2, "local_channels": 4,
}  # fmt: skip
TINY = Settings(sizes={(128, 64): 2, (64, 128): 1}, frames=3, crop_tokens=2, batch=2, shape=SHAPE)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pocket(tmp_path_factory.mktemp("models")).parent


def _null() -> TextFeatures:
    mask = torch.ones(1, 32, dtype=torch.bool)
    return TextFeatures((torch.zeros(1, 32, 384),), mask, torch.zeros(1, 384))


def _sample(seed: int) -> Sample:
    generator = torch.Generator().manual_seed(seed)
    clip = torch.randn(16, 3, 8, 16, generator=generator).half()
    states = torch.randn(32, 384, generator=generator).half()
    return Sample(clip, clip + 1, states, torch.ones(32, dtype=torch.bool), states[0])


def test_a_worse_clip_is_of_the_same_scene_and_softer(models: Path) -> None:
    clip = render(sample_scene(random.Random(3)), 256, 128, 4).frames
    codec = TemporalAutoencoder.from_pretrained(models / "pocket-video/autoencoder")
    rng = random.Random(1)
    softer = [degrade(clip, 2, codec, rng) for _ in range(6)]
    assert all(worse.shape == clip.shape and worse.dtype == np.uint8 for worse in softer)
    assert len({worse.tobytes() for worse in softer}) == 6
    kept = [w for w in softer if np.abs(w.astype(int) - clip).mean() < 20]
    assert kept, "what did not go through an untrained autoencoder still shows the scene"
    edges = np.abs(np.diff(clip.astype(int), axis=2)).mean()
    assert all(np.abs(np.diff(worse.astype(int), axis=2)).mean() < edges for worse in kept)
    again = degrade(clip, 2, codec, random.Random(9))
    assert np.array_equal(again, degrade(clip, 2, codec, random.Random(9)))


def test_crops_are_of_both_clips_at_the_same_place() -> None:
    samples = [_sample(seed) for seed in range(3)]
    crops = crops_of(samples, TINY, random.Random(2), _null())
    assert crops.clip.shape == crops.worse.shape == (2, 16, 3, 4, 4)
    assert torch.allclose(crops.clip + 1, crops.worse, atol=2e-2)
    top, left = 2 * crops.origin.rows, 2 * crops.origin.columns
    places = [s.clip[..., top : top + 4, left : left + 4].float() for s in samples]
    assert all(any(torch.equal(crop, place) for place in places) for crop in crops.clip)


def test_what_is_given_counts_only_once_it_was_learnt() -> None:
    torch.manual_seed(0)
    model, cpu = VideoTransformer(**SHAPE), torch.device("cpu")
    torch.nn.init.normal_(model.patch_out.weight, std=0.1)
    crops = crops_of([_sample(1)], TINY, random.Random(2), _null())
    torch.manual_seed(4)
    untold = upsampling_loss(model, crops, cpu)
    untold.backward()
    gradient = model.condition_in.weight.grad
    assert gradient is not None
    assert gradient.abs().max() > 0
    with torch.no_grad():
        model.condition_in.weight -= 0.1 * gradient / gradient.norm()
    torch.manual_seed(4)
    assert upsampling_loss(model, crops, cpu) < untold


def test_a_run_is_cached_goes_on_and_ships_weights(models: Path, tmp_path: Path) -> None:
    work, shipped = tmp_path / "work", models / "pocket-video/upsampler"
    train(0.02, work, models, "cpu", TINY)
    log = (work / "log.txt").read_text()
    assert "finished after" in log
    assert "resumed" not in log
    cached = sorted(path.name for path in (work / "latents").iterdir())
    assert len(cached) == 3
    assert (work / "samples.jpg").stat().st_size > 1000
    stored = load_file(shipped / "diffusion_pytorch_model.safetensors")
    assert {value.dtype for value in stored.values()} == {torch.bfloat16}
    model = VideoTransformer.from_pretrained(shipped)
    assert model.config.condition_channels == 16
    written = [path.stat().st_mtime_ns for path in sorted((work / "latents").iterdir())]
    train(0.02, work, models, "cpu", TINY)
    assert "resumed from" in (work / "log.txt").read_text()
    assert written == [path.stat().st_mtime_ns for path in sorted((work / "latents").iterdir())]


def test_without_the_parts_it_works_with_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="train pocket-video"):
        train(0.1, tmp_path / "work", tmp_path / "nothing", "cpu", TINY)
