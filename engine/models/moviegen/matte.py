"""Stickers over an even grey, as the autoencoder sees them, and off it again.

The encoder has no alpha, so a sticker is laid over grey; the decoder gives colours over that grey
and alpha, from which the sticker's own colours follow. Grey, because what is left of it in a soft
edge shows least on any ground.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

MATTE = 0.0
"""The grey in [-1, 1]; every channel has it."""

_CLEAR, _SOLID = 0.06, 0.94
"""Alpha below and above which a pixel is nothing or everything: decoders are never quite sure."""


def over_matte(rgba: NDArray[np.uint8]) -> Tensor:
    """Straight RGBA (H, W, 4) over the matte, (3, H, W) float32 in [-1, 1]."""
    pixels = torch.from_numpy(rgba).float()
    alpha = pixels[..., 3:] / 255.0
    colours = pixels[..., :3] / 127.5 - 1.0
    return (colours * alpha + MATTE * (1.0 - alpha)).permute(2, 0, 1)


def lift_off_matte(video: Tensor) -> Tensor:
    """Colours over the matte and alpha, (B, 4, T, H, W) in [-1, 1], to straight RGBA likewise."""
    alpha = (video[:, 3:] * 0.5 + 0.5).clamp(0.0, 1.0)
    alpha = ((alpha - _CLEAR) / (_SOLID - _CLEAR)).clamp(0.0, 1.0)
    own = (video[:, :3] - MATTE * (1.0 - alpha)) / alpha.clamp_min(0.05)
    colours = torch.where(alpha > 0.0, own.clamp(-1.0, 1.0), torch.full_like(own, -1.0))
    return torch.cat([colours, alpha * 2.0 - 1.0], dim=1)
