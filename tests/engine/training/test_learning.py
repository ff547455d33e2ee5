"""What the video transformer learns from: batches, what they weigh, and guidance from a teacher."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
import torch

from engine.models.moviegen.configs import POCKET_TRANSFORMER
from engine.models.moviegen.transformer import TextFeatures, TokenGrid, VideoTransformer
from engine.training.batches import (
    WINDOW_TOKENS,
    Batch,
    blocked_batch,
    moment_batch,
    whole_batch,
    window_batch,
)
from engine.training.blocked_scenes import BlockedDataset
from engine.training.latents import SceneDataset, Shard
from engine.training.transformer import Teacher, flow_loss

CPU = torch.device("cpu")
_TINY: dict[str, Any] = POCKET_TRANSFORMER | {
    "layers": 2, "dim": 48, "ffn_dim": 64, "heads": 2, "text_dims": (8,), "pooled_dim": 8,
}  # fmt: skip


@pytest.fixture(scope="module")
def model() -> VideoTransformer:
    torch.manual_seed(0)
    made = VideoTransformer(**_TINY).eval()
    for parameter in made.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return made


@pytest.fixture
def null() -> TextFeatures:
    return TextFeatures(
        (torch.zeros(1, 4, 8),), torch.ones(1, 4, dtype=torch.bool), torch.zeros(1, 8)
    )


def _shard(count: int, frames: int) -> Shard:
    generator = torch.Generator().manual_seed(1)

    def noise(*shape: int) -> torch.Tensor:
        return torch.randn(count, *shape, generator=generator)

    mask = torch.ones(count, 4, dtype=torch.bool)
    subject = torch.zeros(count, 1, frames, 18, 32)
    return Shard(noise(16, frames, 18, 32), noise(4, 8), mask, noise(8), subject)


def _grad_of_input(model: VideoTransformer, batch: Batch) -> torch.Tensor:
    """The gradient of the loss by what the model is given as known frames."""
    batch.latents.requires_grad_(True)
    torch.manual_seed(3)
    (gradient,) = torch.autograd.grad(flow_loss(model, batch, CPU), batch.latents)
    return gradient


def test_a_window_is_a_cut_of_its_still_at_its_own_place(null: TextFeatures) -> None:
    shard = _shard(8, 1)
    batch = window_batch(shard, 4, random.Random(2), null)
    side = 2 * WINDOW_TOKENS
    assert batch.latents.shape == (4, 16, 1, side, side)
    _, top, left = (2 * each for each in batch.origin)
    cuts = shard.latents[..., top : top + side, left : left + side]
    for sample in batch.latents:
        assert any(torch.equal(sample, cut) for cut in cuts)


def test_a_moment_stands_in_the_middle_of_its_clip(null: TextFeatures) -> None:
    batch = moment_batch(_shard(4, 1), 2, random.Random(2), null, length_frames=24)
    assert batch.origin == TokenGrid(3, 0, 0)
    middle, _, _ = SceneDataset(2, "16:9", 4, seed=4, length_frames=24)[1]
    whole, _, _ = SceneDataset(2, "16:9", 24, seed=4)[1]
    assert torch.equal(middle, whole[:, 12:16])


def test_frames_that_are_known_are_never_learnt(null: TextFeatures) -> None:
    model = VideoTransformer(**_TINY)
    batch = whole_batch(_shard(4, 3), 2, random.Random(0), null)
    first = torch.zeros_like(batch.known)
    first[:, :, 0] = 1.0
    given = replace(batch, known=first)
    # A model that starts at zero predicts nothing: only the target, the unknown frames, counts.
    gradient = _grad_of_input(model, given)
    assert gradient[:, :, 0].abs().max() == 0.0
    assert gradient[:, :, 1:].abs().min() > 0.0


def test_a_subject_counts_more_than_its_setting(null: TextFeatures) -> None:
    model = VideoTransformer(**_TINY)
    batch = whole_batch(_shard(4, 1), 2, random.Random(0), null)
    batch.subject[..., :9, :] = 1.0
    batch.latents[..., :9, :] *= 3.0
    torch.manual_seed(5)
    there = flow_loss(model, batch, CPU)
    batch.subject.zero_()
    torch.manual_seed(5)
    assert there > flow_loss(model, batch, CPU)


def test_an_empty_prompt_needs_no_guidance(model: VideoTransformer, null: TextFeatures) -> None:
    noisy, time, condition = torch.randn(2, 16, 1, 4, 4), torch.rand(2), torch.zeros(2, 17, 1, 4, 4)
    teacher = Teacher(model, null)
    assert null.pooled is not None
    nothing = TextFeatures(
        (null.states[0].expand(2, -1, -1),), null.mask.expand(2, -1), null.pooled.expand(2, -1)
    )
    origin = TokenGrid(0, 0, 0)
    assert teacher.correction(noisy, time, nothing, condition, origin).abs().max() == 0.0
    said = TextFeatures((torch.randn(2, 4, 8),), nothing.mask, torch.randn(2, 8))
    assert teacher.correction(noisy, time, said, condition, origin).abs().max() > 0.0


def test_what_is_told_of_a_blocked_scene_is_nearly_the_scene() -> None:
    for index in range(3):
        frames, words, _, rough, where = BlockedDataset(3, "16:9", 24, seed=4)[index]
        assert words.startswith("FPS-12, ")
        assert frames.shape == rough.shape == (3, 24, 288, 512)
        assert where.shape == (2, 6, 18, 32)
        step = (frames.float() - rough.float()).abs().mean()
        still = (frames.float() - rough[:, 12:13].float()).abs().mean()
        assert step < 14.0
        assert step < 1.3 * still


def test_a_blocked_still_is_told_its_place_alone() -> None:
    still, words, cover, place, where = BlockedDataset(1, "16:9", 1, seed=4)[0]
    assert not words.startswith("FPS")
    apart = (still.float() - place.float()).abs().amax(0)[0]
    there = torch.nn.functional.interpolate(cover.float(), size=(288, 512))[0, 0] > 0.9
    assert apart[there].mean() > 8 * apart[:, :40].mean()
    assert (where[1] * cover[0]).sum() > 0.8 * cover.sum()


def test_known_frames_of_a_blocked_clip_are_told_as_they_are(null: TextFeatures) -> None:
    shard = _shard(6, 3)
    shard = replace(shard, told=torch.zeros_like(shard.latents), place=torch.ones(6, 2, 3, 18, 32))
    batch = blocked_batch(shard, 6, random.Random(11), null)
    assert batch.told is not None
    given = batch.known.expand_as(batch.latents) > 0
    assert given.any()
    assert torch.equal(batch.told[given], batch.latents[given])
    assert batch.told[~given].abs().mean() < 0.3


def test_what_is_not_blocked_is_learnt_from_what_was_known(null: TextFeatures) -> None:
    torch.manual_seed(3)
    model = VideoTransformer(**_TINY)
    batch = whole_batch(_shard(4, 1), 2, random.Random(0), null)
    assert flow_loss(model, batch, CPU, before=model).item() == 0.0
    told = replace(batch, told=batch.latents, place=torch.zeros(2, 2, 1, 18, 32))
    assert flow_loss(model, told, CPU, before=model).item() > 0.0


def test_a_scene_says_how_much_of_each_latent_its_subject_covers() -> None:
    frames, words, cover = SceneDataset(1, "16:9", 8, seed=4)[0]
    assert frames.shape == (3, 8, 288, 512)
    assert words.startswith("FPS-12, ")
    assert cover.shape == (1, 2, 18, 32)
    assert 0.01 < cover.float().mean() < 0.6
