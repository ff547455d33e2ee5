"""The temporal autoencoder: shapes, lengths, tiles, and what the paper says of it."""

from __future__ import annotations

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.models.moviegen.autoencoder import (
    TemporalAutoencoder,
    outlier_penalty,
)
from engine.models.moviegen.configs import PAPER_AUTOENCODER, POCKET_AUTOENCODER
from engine.models.moviegen.tiling import blend_tiles, tile_spans


@pytest.fixture(scope="module")
def tiny() -> TemporalAutoencoder:
    torch.manual_seed(0)
    shape = POCKET_AUTOENCODER | {"block_channels": (8, 16, 16, 16), "latent_channels": 4}
    return TemporalAutoencoder(**shape).eval()


@pytest.mark.parametrize("frames", [1, 3, 4, 9, 16])
def test_any_length_is_encoded_and_spurious_frames_are_dropped(
    tiny: TemporalAutoencoder, frames: int
) -> None:
    video = torch.rand(1, 3, frames, 64, 32) * 2 - 1
    with torch.inference_mode():
        latents = tiny.encode(video)
        assert latents.shape == (1, 4, -(-frames // 4), 4, 2)
        assert tiny.decode(latents, frames).shape == video.shape


def test_paper_configuration_compresses_eight_times_each_way() -> None:
    with torch.device("meta"):
        model = TemporalAutoencoder(**PAPER_AUTOENCODER)
    assert (model.time_factor, model.space_factor) == (8, 8)
    assert model.config["latent_channels"] == 16


def test_tiled_decoding_equals_whole_decoding_away_from_the_seams(
    tiny: TemporalAutoencoder,
) -> None:
    """A tile sees what the whole sees where it is further from its end than the network looks."""
    latents = torch.randn(1, 4, 24, 2, 2)
    with torch.inference_mode():
        whole = tiny.decode(latents)
        tiled = tiny.decode_tiled(latents, 96, tile=24, overlap=2)
        assert torch.allclose(whole, tiled, atol=1e-5)
        parts = tiny.decode_tiled(latents, 96, tile=16, overlap=8)
    assert parts.shape == whole.shape
    assert torch.allclose(parts[:, :, :24], whole[:, :, :24], atol=1e-4)
    assert torch.allclose(parts[:, :, 72:], whole[:, :, 72:], atol=1e-4)


@given(st.integers(1, 200), st.integers(2, 40), st.data())
def test_tiles_cover_everything_and_overlap_as_asked(
    length: int, tile: int, data: st.DataObject
) -> None:
    overlap = data.draw(st.integers(0, tile - 1))
    spans = tile_spans(length, tile, overlap)
    assert spans[0][0] == 0
    assert spans[-1][1] == length
    for (_, end), (start, _) in itertools.pairwise(spans):
        assert end - start == overlap


def test_blending_equal_tiles_changes_nothing() -> None:
    video = torch.linspace(0, 1, 20).view(1, 1, 20, 1, 1)
    joined = blend_tiles([video[:, :, :12], video[:, :, 8:]], 4)
    assert torch.allclose(joined, video)


def test_outlier_penalty_is_zero_for_noise_and_not_for_a_bright_dot() -> None:
    torch.manual_seed(0)
    latents = torch.randn(1, 4, 1, 16, 16)
    calm = outlier_penalty(latents)
    latents[..., 8, 8] = 100.0
    assert outlier_penalty(latents) > calm
    assert calm < 0.01
