"""Onto the grey and off it again, a sticker is what it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.models.moviegen.autoencoder import TemporalAutoencoder, with_alpha
from engine.models.moviegen.configs import POCKET_AUTOENCODER
from engine.models.moviegen.matte import lift_off_matte, over_matte
from engine.training.autoencoder import unmeasured
from engine.training.budget import save_checkpoint
from engine.training.export import export_decoder

_TINY: dict[str, Any] = POCKET_AUTOENCODER | {
    "block_channels": (8, 8, 8, 8),
    "encoder_layers": (0, 0, 0, 1),
    "decoder_layers": (0, 0, 0, 1),
}
_WITH_ALPHA: dict[str, Any] = _TINY | {"alpha": True}


@given(st.integers(0, 2**31))
@settings(max_examples=20)
def test_solid_and_clear_parts_come_back_exactly(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rgba = rng.integers(0, 256, (9, 7, 4), dtype=np.uint8)
    rgba[..., 3] = np.where(rgba[..., 3] > 128, 255, 0)
    seen = over_matte(rgba)
    alpha = torch.from_numpy(rgba[..., 3:]).permute(2, 0, 1).float() / 127.5 - 1.0
    lifted = lift_off_matte(torch.cat([seen, alpha])[None, :, None])[0, :, 0]
    back = (lifted * 127.5 + 127.5).round().permute(1, 2, 0).numpy().astype(np.uint8)
    solid = rgba[..., 3] == 255
    assert np.array_equal(back[solid], rgba[solid])
    assert (back[~solid] == 0).all()


def test_a_soft_edge_keeps_its_own_colour() -> None:
    rgba = np.array([[[250, 20, 40, 128]]], np.uint8)
    alpha = torch.tensor([[[128 / 127.5 - 1.0]]])
    lifted = lift_off_matte(torch.cat([over_matte(rgba), alpha])[None, :, None])
    colour = (lifted[0, :3, 0, 0, 0] * 127.5 + 127.5).numpy()
    assert np.abs(colour - [250, 20, 40]).max() < 4


def test_alpha_begins_as_the_mean_of_the_colours_and_leaves_them_alone() -> None:
    torch.manual_seed(0)
    plain = TemporalAutoencoder(**_TINY).eval()
    wider = TemporalAutoencoder(**_WITH_ALPHA).eval()
    wider.load_state_dict(with_alpha(plain.state_dict()))
    latents = torch.randn(1, 16, 2, 4, 4)
    with torch.inference_mode():
        colours, rgba = plain.decode(latents, 8), wider.decode_rgba(latents, 8)
        assert torch.allclose(wider.decode(latents, 8), colours, atol=1e-5)
    assert rgba.shape == (1, 4, 8, 64, 64)
    assert torch.allclose(rgba[:, 3:], rgba[:, :3].mean(1, keepdim=True), atol=1e-5)


def test_a_still_decoded_by_itself_is_the_first_of_the_frames_of_its_latent() -> None:
    torch.manual_seed(1)
    model = TemporalAutoencoder(**_WITH_ALPHA).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    latents = torch.randn(3, 16, 1, 4, 4)
    with torch.inference_mode():
        assert torch.allclose(
            model.decode_rgba(latents, 1), model.decode_rgba(latents)[:, :, :1], atol=1e-5
        )


def test_a_shipped_autoencoder_gains_alpha_and_keeps_its_statistics(tmp_path: Path) -> None:
    torch.manual_seed(2)
    plain = TemporalAutoencoder(**_TINY, latents_mean=(0.5,) * 16, latents_std=(2.0,) * 16)
    plain.save_pretrained(tmp_path)
    checkpoint = tmp_path / "decoder.safetensors"
    save_checkpoint(checkpoint, unmeasured(tmp_path).state_dict(), {})
    export_decoder(checkpoint, tmp_path)
    wider = TemporalAutoencoder.from_pretrained(tmp_path, torch_dtype=torch.float32)
    assert wider.config.alpha
    assert wider.config.latents_mean == [0.5] * 16
    latents = torch.randn(1, 16, 1, 4, 4)
    with torch.inference_mode():
        assert torch.allclose(wider.decode(latents), plain.decode(latents), atol=0.03)
