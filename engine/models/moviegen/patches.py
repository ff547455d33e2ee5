"""The sizes of an autoencoder, and pixels laid out as the patches that its ends work on.

Activations are channels-last, (B, T, H, W, C).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class AutoencoderShape:
    """Sizes of an autoencoder; levels run from pixels to latents."""

    pixel_channels: int
    latent_channels: int
    patch_size: int
    block_channels: tuple[int, ...]
    encoder_layers: tuple[int, ...]
    decoder_layers: tuple[int, ...]
    spatial_downsample: tuple[bool, ...]
    temporal_downsample: tuple[bool, ...]
    attention: bool
    alpha: bool

    @property
    def time_factor(self) -> int:
        """Frames a latent frame stands for."""
        return 2 ** sum(self.temporal_downsample)

    @property
    def space_factor(self) -> int:
        """Pixels a latent position stands for, along height and along width."""
        return self.patch_size * 2 ** sum(self.spatial_downsample)

    @property
    def patch_values(self) -> int:
        """Values of one space-time patch of pixels."""
        return self.pixel_channels * self.time_factor * self.space_factor**2


def space_to_channels(x: Tensor, size: int) -> Tensor:
    """(B, T, H, W, C) to (B, T, H/size, W/size, C*size*size)."""
    b, t, h, w, c = x.shape
    x = x.view(b, t, h // size, size, w // size, size, c)
    return x.permute(0, 1, 2, 4, 3, 5, 6).reshape(b, t, h // size, w // size, size * size * c)


def channels_to_space(x: Tensor, size: int) -> Tensor:
    """The inverse of `space_to_channels`."""
    b, t, h, w, c = x.shape
    x = x.view(b, t, h, w, size, size, c // (size * size))
    return x.permute(0, 1, 2, 4, 3, 5, 6).reshape(b, t, h * size, w * size, c // (size * size))


def space_time_patches(x: Tensor, config: AutoencoderShape) -> Tensor:
    """(B, T, H, W, C) to (B, ceil(T/t), H/s, W/s, t*s*s*C), the last frame repeated to fill."""
    time, space = config.time_factor, config.space_factor
    missing = -x.shape[1] % time
    if missing:
        x = torch.cat([x, x[:, -1:].expand(-1, missing, -1, -1, -1)], dim=1)
    x = space_to_channels(x, space).unflatten(1, (-1, time))
    return x.permute(0, 1, 3, 4, 2, 5).flatten(4)


def pixels_of_patches(x: Tensor, config: AutoencoderShape) -> Tensor:
    """The inverse of `space_time_patches`, with all frames."""
    x = x.unflatten(4, (config.time_factor, -1)).permute(0, 1, 4, 2, 3, 5).flatten(1, 2)
    return channels_to_space(x, config.space_factor)
