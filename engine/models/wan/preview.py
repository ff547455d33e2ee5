"""A rough picture of latents that are still being denoised, without running the decoder.

The colours of the latent channels are read off the autoencoder itself, once: it decodes a few
random latents, and the colour of each latent position is fitted to its channels.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from engine.models.wan.conditions import latent_statistics

_SAMPLES = 6
_SIDE = 8
_PREVIEW_WIDTH = 320
_QUALITY = 80


@dataclass(frozen=True, slots=True)
class LatentColours:
    """`matrix` (C + 1, 3) takes a latent position's channels and a 1 to a colour in [-1, 1]."""

    matrix: Tensor

    def picture(self, latents: Tensor) -> bytes:
        """A JPEG of the middle frame of normalised latents (1, C, T, H, W)."""
        frame = latents[0, :, latents.shape[2] // 2].float().cpu()
        channels = torch.cat([frame, torch.ones((1, *frame.shape[1:]))])
        colours = torch.einsum("chw,cr->hwr", channels, self.matrix)
        values = ((colours + 1.0) * 127.5).clamp(0, 255).to(torch.uint8).numpy()
        return _jpeg(Image.fromarray(values))


def fit_colours(vae: Any, device: torch.device) -> LatentColours:
    """Fit colours to latent channels by least squares over random latents."""
    generator = torch.Generator().manual_seed(0)
    channels = vae.config.z_dim
    noise = torch.randn((_SAMPLES, channels, 1, _SIDE, _SIDE), generator=generator)
    mean, std = latent_statistics(vae, noise)
    with torch.inference_mode():
        decoded = [
            vae.decode((one[None] * std + mean).to(device, vae.dtype), return_dict=False)[0]
            for one in noise
        ]
    pixels = torch.cat(decoded)[:, :, 0].float().cpu()
    colours = torch.nn.functional.adaptive_avg_pool2d(pixels, (_SIDE, _SIDE))
    inputs = noise[:, :, 0].permute(0, 2, 3, 1).reshape(-1, channels)
    inputs = torch.cat([inputs, torch.ones((len(inputs), 1))], dim=1)
    targets = colours.permute(0, 2, 3, 1).reshape(-1, 3)
    return LatentColours(torch.linalg.lstsq(inputs, targets).solution)


def _jpeg(picture: Image.Image) -> bytes:
    height = max(1, round(picture.height * _PREVIEW_WIDTH / picture.width))
    shown = picture.resize((_PREVIEW_WIDTH, height), Image.Resampling.BICUBIC)
    stream = io.BytesIO()
    shown.save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()
