"""Temporal autoencoder: video to a latent 8 or so times smaller in each of time, height and width.

An image autoencoder inflated in time: a 1-D temporal convolution follows every 2-D spatial one,
and 1-D temporal attention every spatial attention (Movie Gen, section 3.1.1). An image is a
video of one frame. Inside, activations are channels-last, (B, T, H, W, C).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn

from engine.models.moviegen.network import Network
from engine.models.moviegen.norm import RMSNorm
from engine.models.moviegen.patches import (
    AutoencoderShape,
    channels_to_space,
    pixels_of_patches,
    space_time_patches,
    space_to_channels,
)
from engine.models.moviegen.tiling import blend_tiles, tile_spans

_LOG_VARIANCE_MAX = -2.0
"""Noise beyond a third of the latents' spread teaches nothing, and a single position that asks for
it swamps a whole batch."""


@dataclass(frozen=True, slots=True)
class LatentDistribution:
    """A diagonal Gaussian over latents; `mean` and `log_variance` are (B, C, T, H, W)."""

    mean: Tensor
    log_variance: Tensor

    def sample(self, generator: torch.Generator | None = None) -> Tensor:
        """Draw one latent of the shape of `mean`."""
        mean = self.mean
        where = mean.device if generator is None else generator.device
        noise = torch.randn(mean.shape, generator=generator, dtype=mean.dtype, device=where)
        return mean + noise.to(mean.device) * (0.5 * self.log_variance).exp()

    def kl(self) -> Tensor:
        """Divergence from the unit normal in nats per latent value, a scalar."""
        variance = self.log_variance.exp()
        return 0.5 * (self.mean.square() + variance - 1.0 - self.log_variance).mean()


class TemporalConv(nn.Module):
    """Convolution over time, width 3, symmetric replicate padding; starts as the identity.

    Written as one matrix product over three shifted copies, which processors run several times
    faster than a convolution this thin. With stride 2, T frames become ceil(T / 2).
    """

    def __init__(self, channels: int, stride: int = 1) -> None:
        super().__init__()
        self.stride = stride
        self.taps = nn.Linear(3 * channels, channels)
        nn.init.zeros_(self.taps.weight)
        nn.init.zeros_(self.taps.bias)
        with torch.no_grad():
            self.taps.weight[:, channels : 2 * channels] = torch.eye(channels)

    def forward(self, x: Tensor) -> Tensor:
        before = torch.cat([x[:, :1], x[:, :-1]], dim=1)
        after = torch.cat([x[:, 1:], x[:, -1:]], dim=1)
        taps = torch.cat([before, x, after], dim=-1)
        return self.taps(taps[:, :: self.stride])


class SpatialConv(nn.Module):
    """Convolution over height and width, frame by frame."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)

    @torch.no_grad()
    def start_at(self, bias: float, first: int = 0) -> None:
        """Set the biases of the outputs from `first` on."""
        assert self.conv.bias is not None
        self.conv.bias[first:] = bias

    def forward(self, x: Tensor) -> Tensor:
        batch, frames = x.shape[:2]
        out = self.conv(x.flatten(0, 1).permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        return out.reshape(batch, frames, *out.shape[1:])


class ResidualBlock(nn.Module):
    """Two norm, SiLU, spatial and temporal convolution steps around a skip."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.norm1, self.conv1 = RMSNorm(inputs), SpatialConv(inputs, outputs)
        self.time1 = TemporalConv(outputs)
        self.norm2, self.conv2 = RMSNorm(outputs), SpatialConv(outputs, outputs)
        self.time2 = TemporalConv(outputs)
        self.skip = nn.Identity() if inputs == outputs else nn.Linear(inputs, outputs)
        self.conv2.start_at(0.0)
        with torch.no_grad():
            self.conv2.conv.weight.mul_(0.1)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.time1(self.conv1(F.silu(self.norm1(x))))
        return self.skip(x) + self.time2(self.conv2(F.silu(self.norm2(hidden))))


class AxialAttention(nn.Module):
    """Single-head self-attention over each frame's positions, then over each position's frames."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = RMSNorm(channels)
        self.space = nn.Linear(channels, 3 * channels)
        self.space_out = nn.Linear(channels, channels)
        self.time = nn.Linear(channels, 3 * channels)
        self.time_out = nn.Linear(channels, channels)
        nn.init.zeros_(self.time_out.weight)
        nn.init.zeros_(self.time_out.bias)

    def forward(self, x: Tensor) -> Tensor:
        frames_as_batch = self.norm(x).flatten(2, 3)
        query, key, value = self.space(frames_as_batch).chunk(3, dim=-1)
        x = x + self.space_out(F.scaled_dot_product_attention(query, key, value)).view_as(x)
        positions_as_batch = self.norm(x).flatten(2, 3).transpose(1, 2)
        query, key, value = self.time(positions_as_batch).chunk(3, dim=-1)
        out = self.time_out(F.scaled_dot_product_attention(query, key, value))
        return x + out.transpose(1, 2).reshape(x.shape)


class Encoder(nn.Module):
    """Pixels (B, T, H, W, C) to latent moments (B, T', H', W', 2 * latent_channels).

    A linear map of each space-time patch goes around the convolutions, so that training begins
    as a search for principal components rather than from the mean colour.
    """

    def __init__(self, config: AutoencoderShape) -> None:
        super().__init__()
        self.config = config
        first = config.block_channels[0]
        self.conv_in = SpatialConv(config.pixel_channels * config.patch_size**2, first)
        stages: list[nn.Module] = []
        channels = first
        widths = (*config.block_channels, config.block_channels[-1])
        for level, outputs in enumerate(config.block_channels):
            for _ in range(config.encoder_layers[level]):
                stages.append(ResidualBlock(channels, outputs))
                channels = outputs
            if config.temporal_downsample[level]:
                stages.append(TemporalConv(channels, stride=2))
            if config.spatial_downsample[level]:
                stages.append(SpaceDown(channels, widths[level + 1]))
                channels = widths[level + 1]
        if config.attention:
            stages.append(AxialAttention(channels))
        self.stages = nn.Sequential(*stages)
        self.norm_out = RMSNorm(channels)
        self.conv_out = SpatialConv(channels, 2 * config.latent_channels)
        self.shortcut = nn.Linear(config.patch_values, 2 * config.latent_channels)
        # Begin nearly without noise, or the decoder learns to ignore the latents.
        self.conv_out.start_at(-5.0, config.latent_channels)

    def forward(self, x: Tensor) -> Tensor:
        around = self.shortcut(space_time_patches(x, self.config))
        x = self.conv_in(space_to_channels(x, self.config.patch_size))
        return around + self.conv_out(F.silu(self.norm_out(self.stages(x))))


class Decoder(nn.Module):
    """Latents (B, T', H', W', C) to pixels (B, T, H, W, colours), with alpha last if it has one."""

    def __init__(self, config: AutoencoderShape) -> None:
        super().__init__()
        channels = config.block_channels[-1]
        self.conv_in = SpatialConv(config.latent_channels, channels)
        stages: list[nn.Module] = []
        if config.attention:
            stages.append(AxialAttention(channels))
        for level in reversed(range(len(config.block_channels))):
            if config.spatial_downsample[level]:
                stages.append(SpaceUp(channels, config.block_channels[level]))
                channels = config.block_channels[level]
            if config.temporal_downsample[level]:
                stages.append(TimeUp(channels))
            for _ in range(config.decoder_layers[level]):
                stages.append(ResidualBlock(channels, config.block_channels[level]))
                channels = config.block_channels[level]
        self.stages = nn.Sequential(*stages)
        self.norm_out = RMSNorm(channels)
        self.config = config
        outputs = config.pixel_channels + config.alpha
        self.conv_out = SpatialConv(channels, outputs * config.patch_size**2)
        patch = config.patch_values // config.pixel_channels * outputs
        self.shortcut = nn.Linear(config.latent_channels, patch)

    def forward(self, z: Tensor) -> Tensor:
        around = pixels_of_patches(self.shortcut(z), self.config)
        x = self.conv_out(F.silu(self.norm_out(self.stages(self.conv_in(z)))))
        return around + channels_to_space(x, self.config.patch_size)

    def first_frame(self, z: Tensor) -> Tensor:
        """The first of the frames that one latent frame (B, 1, H', W', C) stands for.

        All of them are alike until the last layers, so that making one is exactly as good as
        making all, and several times quicker.
        """
        around = pixels_of_patches(self.shortcut(z), self.config)[:, :1]
        x = self.conv_in(z)
        for stage in self.stages:
            x = stage.conv(x) if isinstance(stage, TimeUp) else stage(x)
        x = self.conv_out(F.silu(self.norm_out(x)))
        return around + channels_to_space(x, self.config.patch_size)


class SpaceDown(nn.Module):
    """Halve height and width."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.project = nn.Linear(4 * inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.project(space_to_channels(x, 2))


class SpaceUp(nn.Module):
    """Double height and width."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.project = nn.Linear(inputs, 4 * outputs)

    def forward(self, x: Tensor) -> Tensor:
        return channels_to_space(self.project(x), 2)


class TimeUp(nn.Module):
    """Double the frames: nearest neighbour, then a convolution over time."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = TemporalConv(channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x.repeat_interleave(2, dim=1))


class TemporalAutoencoder(Network):
    """The temporal autoencoder (TAE) with tiling over time.

    `latents_mean` and `latents_std`, one value a channel, are measured after training; `encode`
    and `decode` work in latents normalised by them. With `alpha` the decoder has one channel more,
    for stickers (Style Tailoring, the transparency decoder); the encoder sees colours only.
    """

    @register_to_config
    def __init__(
        self,
        pixel_channels: int = 3,
        latent_channels: int = 16,
        patch_size: int = 1,
        block_channels: tuple[int, ...] = (128, 256, 512, 512),
        encoder_layers: tuple[int, ...] = (2, 2, 2, 2),
        decoder_layers: tuple[int, ...] = (3, 3, 3, 3),
        spatial_downsample: tuple[bool, ...] = (True, True, True, False),
        temporal_downsample: tuple[bool, ...] = (True, True, True, False),
        attention: bool = True,
        alpha: bool = False,
        latents_mean: tuple[float, ...] | None = None,
        latents_std: tuple[float, ...] | None = None,
    ) -> None:
        super().__init__()
        shape = AutoencoderShape(
            pixel_channels,
            latent_channels,
            patch_size,
            tuple(block_channels),
            tuple(encoder_layers),
            tuple(decoder_layers),
            tuple(spatial_downsample),
            tuple(temporal_downsample),
            attention,
            alpha,
        )
        self.encoder, self.decoder = Encoder(shape), Decoder(shape)
        self.time_factor, self.space_factor = shape.time_factor, shape.space_factor

    def latent_frames(self, frames: int) -> int:
        """Latent frames of a video of `frames` frames: rounded up (section 3.1.1)."""
        return math.ceil(frames / self.time_factor)

    def _statistics(self, like: Tensor) -> tuple[Tensor, Tensor]:
        channels = self.config.latent_channels
        mean = self.config.latents_mean or (0.0,) * channels
        std = self.config.latents_std or (1.0,) * channels
        shape = (1, channels, 1, 1, 1)
        return like.new_tensor(mean).view(shape), like.new_tensor(std).view(shape)

    def encode_distribution(self, video: Tensor) -> LatentDistribution:
        """Posterior over un-normalised latents of `video` (B, C, T, H, W), float in [-1, 1]."""
        moments = self.encoder(video.permute(0, 2, 3, 4, 1)).permute(0, 4, 1, 2, 3)
        mean, log_variance = moments.float().chunk(2, dim=1)
        return LatentDistribution(mean, log_variance.clamp(-12.0, _LOG_VARIANCE_MAX))

    def encode(self, video: Tensor, tile_frames: int = 32) -> Tensor:
        """Normalised latents (B, C, T', H', W') of `video` (B, C, T, H, W), float in [-1, 1].

        Long videos are encoded in tiles of `tile_frames` without overlap (section 3.1.1).
        """
        tiles = [self.encode_distribution(part).mean for part in video.split(tile_frames, dim=2)]
        latents = torch.cat(tiles, dim=2)
        mean, std = self._statistics(latents)
        return (latents - mean) / std

    def decode(self, latents: Tensor, frames: int | None = None) -> Tensor:
        """Pixels (B, C, T, H, W) in about [-1, 1]; spurious frames beyond `frames` are dropped."""
        return self._decoded(latents, frames)[:, : self.config.pixel_channels]

    def decode_rgba(self, latents: Tensor, frames: int | None = None) -> Tensor:
        """Pixels (B, C + 1, T, H, W): colours over the matte in about [-1, 1], and alpha likewise.

        Only of an autoencoder with `alpha`.
        """
        return self._decoded(latents, frames)

    def _decoded(self, latents: Tensor, frames: int | None) -> Tensor:
        mean, std = self._statistics(latents)
        z = (latents * std + mean).to(self.dtype).permute(0, 2, 3, 4, 1)
        is_still = latents.shape[2] == 1 and frames == 1
        video = self.decoder.first_frame(z) if is_still else self.decoder(z)
        return video.permute(0, 4, 1, 2, 3)[:, :, :frames]

    def decode_tiled(self, latents: Tensor, frames: int, tile: int = 8, overlap: int = 2) -> Tensor:
        """Decode in tiles of `tile` latent frames whose overlaps are cross-faded linearly.

        Memory is bounded by one tile. Source: section 3.1.1, tile 32 and overlap 16 raw frames.
        """
        tiles = self.decode_tiles(latents, tile, overlap)
        return torch.cat(list(tiles), dim=2)[:, :, :frames]

    def decode_tiles(self, latents: Tensor, tile: int = 8, overlap: int = 2) -> Iterator[Tensor]:
        """The frames of `decode_tiled` as they are finished, (B, C, some, H, W), in order."""
        shared = overlap * self.time_factor
        tail: Tensor | None = None
        for start, end in tile_spans(latents.shape[2], tile, overlap):
            part = self.decode(latents[:, :, start:end])
            joined = part if tail is None else blend_tiles([tail, part], shared)
            done = joined.shape[2] - (0 if end == latents.shape[2] else shared)
            yield joined[:, :, :done]
            tail = joined[:, :, done:]


def outlier_penalty(latents: Tensor, radius: float = 3.0) -> Tensor:
    """Mean excess of a position's norm over `radius` standard deviations (section 3.1.1, L_OPL).

    Args:
        latents: (B, C, T, H, W); time is rolled into the batch.
        radius: r of the paper.
    """
    x = latents.transpose(1, 2).flatten(0, 1)
    mean = x.mean(dim=(2, 3), keepdim=True)
    spread = x.std(dim=(2, 3), keepdim=True).norm(dim=1)
    return F.relu((x - mean).norm(dim=1) - radius * spread).mean()


def with_alpha(weights: dict[str, Tensor], channels: int = 3) -> dict[str, Tensor]:
    """The weights of an autoencoder without alpha as those of one with it.

    The filters that make alpha begin as the mean of those that make the colours (papers, F).
    """
    widened = dict(weights)
    for name in ("conv_out.conv.weight", "conv_out.conv.bias", "shortcut.weight", "shortcut.bias"):
        key = f"decoder.{name}"
        colours = weights[key].unflatten(0, (-1, channels))
        widened[key] = torch.cat([colours, colours.mean(1, keepdim=True)], dim=1).flatten(0, 1)
    return widened
