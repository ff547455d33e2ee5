"""The video transformer: the paper's numbers, and what its conditions may and may not change."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from engine.catalogue import FOLDER, read_catalogue
from engine.models.moviegen.configs import (
    PAPER_TRANSFORMER,
    PAPER_UPSAMPLER,
    POCKET_TRANSFORMER,
    POCKET_UPSAMPLER,
)
from engine.models.moviegen.transformer import TextFeatures, TokenGrid, VideoTransformer


@pytest.fixture(scope="module")
def tiny() -> VideoTransformer:
    torch.manual_seed(0)
    small = {"layers": 2, "dim": 48, "ffn_dim": 64, "heads": 2}
    shape: dict[str, Any] = POCKET_TRANSFORMER | small | {"text_dims": (8, 12), "pooled_dim": 8}
    model = VideoTransformer(**shape).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    torch.nn.init.zeros_(model.condition_in.weight)
    return model


def _text(batch: int, length: int = 5) -> TextFeatures:
    generator = torch.Generator().manual_seed(1)
    states = (
        torch.randn(batch, length, 8, generator=generator),
        torch.randn(batch, 2, 12, generator=generator),
    )
    mask = torch.ones(batch, length + 2, dtype=torch.bool)
    return TextFeatures(states, mask, torch.randn(batch, 8, generator=generator))


def test_paper_configuration_has_thirty_billion_parameters() -> None:
    with torch.device("meta"):
        model = VideoTransformer(**PAPER_TRANSFORMER)
    count = sum(parameter.numel() for parameter in model.parameters())
    dim, ffn = 6144, 16384
    by_formula = 48 * (4 * dim**2 + 4 * dim**2 + 3 * dim * ffn)
    assert abs(count - by_formula) / by_formula < 0.02
    assert abs(count - 30e9) / 30e9 < 0.025


@pytest.mark.parametrize(
    ("shape", "parameters"), [(PAPER_UPSAMPLER, 7.0e9), (POCKET_UPSAMPLER, 3.25e6)]
)
def test_upsamplers_have_the_size_they_should(shape: dict[str, Any], parameters: float) -> None:
    with torch.device("meta"):
        model = VideoTransformer(**shape)
    count = sum(parameter.numel() for parameter in model.parameters())
    assert abs(count - parameters) / parameters < 0.03
    assert model.config.condition_channels == model.config.latent_channels


def test_the_catalogue_counts_the_upsampler_as_it_is() -> None:
    upsampler = read_catalogue(FOLDER).entry("pocket-video").upsampler
    assert upsampler is not None
    with torch.device("meta"):
        model = VideoTransformer(**POCKET_UPSAMPLER)
    assert upsampler.component.parameters == sum(p.numel() for p in model.parameters())
    assert upsampler.component.stored_bytes < 7_000_000
    _, rows, columns = POCKET_UPSAMPLER["max_positions"]
    assert upsampler.windows.frames <= POCKET_UPSAMPLER["max_positions"][0]
    assert upsampler.max_side == 32 * rows == 32 * columns


@pytest.mark.parametrize(("height", "width"), [(768, 768), (576, 1024)])
def test_sixteen_seconds_are_73_728_tokens(height: int, width: int) -> None:
    shape: dict[str, Any] = PAPER_TRANSFORMER | {"layers": 1, "dim": 96, "heads": 2}
    with torch.device("meta"):
        model = VideoTransformer(**shape)
    grid = model.grid(256 // 8, height // 8, width // 8)
    assert grid.frames * grid.rows * grid.columns == 73_728


def test_velocity_has_the_shape_of_the_latents(tiny: VideoTransformer) -> None:
    latents = torch.randn(2, 16, 3, 4, 6)
    with torch.inference_mode():
        out = tiny(latents, torch.tensor([0.1, 0.9]), _text(2))
    assert out.shape == latents.shape


def test_condition_weights_that_are_zero_change_nothing(tiny: VideoTransformer) -> None:
    latents, time = torch.randn(1, 16, 2, 4, 4), torch.tensor([0.5])
    with torch.inference_mode():
        plain = tiny(latents, time, _text(1))
        conditioned = tiny(latents, time, _text(1), torch.randn(1, 17, 2, 4, 4))
    assert torch.equal(plain, conditioned)


def test_masked_words_are_not_read(tiny: VideoTransformer) -> None:
    latents, time, text = torch.randn(1, 16, 1, 4, 4), torch.tensor([0.5]), _text(1)
    mask = text.mask.clone()
    mask[:, 3:5] = False
    states = text.states[0].clone()
    states[:, 3:5] = 7.0
    with torch.inference_mode():
        quiet = tiny(latents, time, TextFeatures(text.states, mask, text.pooled))
        changed = tiny(latents, time, TextFeatures((states, text.states[1]), mask, text.pooled))
    assert torch.allclose(quiet, changed, atol=1e-5)


def test_a_window_knows_where_it_is(tiny: VideoTransformer) -> None:
    latents, time = torch.randn(1, 16, 1, 4, 4), torch.tensor([0.5])
    with torch.inference_mode():
        here = tiny(latents, time, _text(1))
        there = tiny(latents, time, _text(1), origin=TokenGrid(0, 3, 5))
    assert not torch.allclose(here, there)


def test_a_video_beyond_the_positions_is_refused(tiny: VideoTransformer) -> None:
    with pytest.raises(ValueError, match="larger than the positions"):
        tiny(torch.randn(1, 16, 1, 60, 4), torch.tensor([0.5]), _text(1))


def test_both_ways_to_attend_agree(tiny: VideoTransformer) -> None:
    """Training writes attention out on a CPU; inference uses the fused kernel."""
    latents, time = torch.randn(1, 16, 2, 4, 4), torch.tensor([0.5])
    training = tiny(latents, time, _text(1)).detach()
    with torch.inference_mode():
        fused = tiny(latents, time, _text(1))
    assert torch.allclose(training, fused, atol=1e-4)
