"""The sound codec: a variational autoencoder from 48 kHz samples to 25 latents a second and back.

The Descript Audio Codec's networks with Snake activations and strided convolutions, its quantiser
replaced by a Gaussian (Movie Gen, section 6.2.1: DAC-VAE). One class serves the paper's and the
pocket's sizes; the pocket begins with a long stride, as its video autoencoder begins with patches.

What the pocket's decoder cannot say sample by sample is noise, and comes out as a buzz: it may say
of noise how loud it is in each band instead, as Engel et al. 2020 (DDSP) do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn

from engine.models.moviegen.network import Network

SAMPLE_RATE_HZ = 48_000
LATENT_RATE_HZ = 25

_DILATIONS = (1, 3, 9)
_KERNEL = 7
_CHUNK_LATENTS, _MARGIN_LATENTS = 400, 16
"""Long sound is coded in chunks. The margin is wider than what either network sees around a latent,

so that chunks join without a trace."""
_LOG_VARIANCE = (-12.0, 4.0)
_LITTLE, _LOUDEST = -5.0, 1.0
"""The logarithm of a band's loudness: to begin with, and at most."""
_NOISE_SEED, _EDGE = 25, 6


class Snake(nn.Module):
    """x + sin^2(a x) / a with a learnt `a` for each channel: it can keep on oscillating."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(1, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        return x + torch.sin(self.alpha * x).square() / (self.alpha + 1e-6)


class ResidualUnit(nn.Module):
    """A dilated convolution and one across channels, added to what comes in."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        reach = dilation * (_KERNEL // 2)
        self.layers = nn.Sequential(
            Snake(channels),
            nn.Conv1d(channels, channels, _KERNEL, padding=reach, dilation=dilation),
            Snake(channels),
            nn.Conv1d(channels, channels, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


def _residual(channels: int, units: int) -> list[nn.Module]:
    return [ResidualUnit(channels, dilation) for dilation in _DILATIONS[:units]]


def _down(inputs: int, outputs: int, stride: int) -> nn.Conv1d:
    """`stride` samples to one; a kernel of two strides leaves no sample unseen."""
    if stride == 1:
        return nn.Conv1d(inputs, outputs, _KERNEL, padding=_KERNEL // 2)
    return nn.Conv1d(inputs, outputs, 2 * stride, stride, padding=math.ceil(stride / 2))


def _up(inputs: int, outputs: int, stride: int) -> nn.Module:
    if stride == 1:
        return nn.Conv1d(inputs, outputs, _KERNEL, padding=_KERNEL // 2)
    return nn.ConvTranspose1d(
        inputs,
        outputs,
        2 * stride,
        stride,
        padding=math.ceil(stride / 2),
        output_padding=stride % 2,
    )


class FilteredNoise(nn.Module):
    """Noise, as loud in each of `bands` as latents (B, C, T) say, `stride` times a latent.

    What they say begins as little. `hop` samples pass from one time to the next.
    """

    def __init__(self, channels: int, bands: int, stride: int, hop: int) -> None:
        super().__init__()
        self.bands, self.hop = bands, hop
        wide, narrow = 4 * channels, 2 * bands
        last = nn.Conv1d(narrow, bands, 3, padding=1)
        self.layers = nn.Sequential(
            nn.Conv1d(channels, wide, _KERNEL, padding=_KERNEL // 2),
            Snake(wide),
            nn.Conv1d(wide, wide, 3, padding=1),
            Snake(wide),
            _up(wide, narrow, stride),
            Snake(narrow),
            last,
        )
        assert last.bias is not None
        nn.init.zeros_(last.weight)
        nn.init.constant_(last.bias, _LITTLE)

    @property
    def window(self) -> int:
        """Samples in which loudness is told at once."""
        return 4 * self.hop

    def loudness(self, latents: Tensor) -> Tensor:
        """The logarithms (B, bands, T * stride) of how loud noise of unit loudness is to be."""
        # A sound begins as it goes on: zeros before it would fade its noise in.
        told = self.layers(F.pad(latents, (_EDGE, _EDGE), mode="replicate"))
        edge = told.shape[-1] // (latents.shape[-1] + 2 * _EDGE) * _EDGE
        return told[..., edge:-edge].clamp(max=_LOUDEST)

    def forward(self, latents: Tensor, noise: Tensor) -> Tensor:
        """Samples (B, S) of latents and of noise (S,) of unit loudness."""
        taper = torch.hann_window(self.window, device=latents.device)
        loud = F.pad(self.loudness(latents).float().exp(), (0, 1), mode="replicate")
        gains = torch.einsum("fb,nbt->nft", spread(self.bands, self.window).to(loud), loud)
        whole = torch.stft(noise.float(), self.window, self.hop, window=taper, return_complex=True)
        return torch.istft(whole * gains, self.window, self.hop, window=taper, length=len(noise))


def spread(bands: int, window: int) -> Tensor:
    """What of each band's loudness a bin has, (window // 2 + 1, bands): bands are as evenly spaced

    as an ear's, and between the middles of two a bin has some of both.
    """
    hertz = torch.arange(window // 2 + 1) * SAMPLE_RATE_HZ / window
    place = torch.log1p(hertz / 700.0) / math.log1p(SAMPLE_RATE_HZ / 1400.0) * (bands - 1)
    return (1 - (place[:, None] - torch.arange(bands)).abs()).clamp_min(0)


class AudioCodec(Network):
    """Samples (B, 1, S) in [-1, 1] to latents (B, C, T) and back, S = T * `hop`.

    `first_stride` samples become one at once; `strides` follow, each between a stage of
    `encoder_channels` and the next. The decoder mirrors this with `decoder_channels`, from the
    latents' side. `latents_mean` and `latents_std` bring latents to zero mean and unit variance.
    """

    @register_to_config
    def __init__(
        self,
        first_stride: int = 1,
        strides: tuple[int, ...] = (2, 8, 10, 12),
        encoder_channels: tuple[int, ...] = (64, 128, 256, 512, 1024),
        decoder_channels: tuple[int, ...] = (1536, 768, 384, 192, 96),
        latent_channels: int = 128,
        residual_units: int = 3,
        noise_bands: int = 0,
    ) -> None:
        super().__init__()
        encoder: list[nn.Module] = [_down(1, encoder_channels[0], first_stride)]
        for inputs, outputs, stride in zip(
            encoder_channels, encoder_channels[1:], strides, strict=False
        ):
            encoder += _residual(inputs, residual_units)
            encoder += [Snake(inputs), _down(inputs, outputs, stride)]
        last = encoder_channels[-1]
        encoder += [Snake(last), nn.Conv1d(last, 2 * latent_channels, 3, padding=1)]
        decoder: list[nn.Module] = [
            nn.Conv1d(latent_channels, decoder_channels[0], _KERNEL, padding=_KERNEL // 2)
        ]
        for inputs, outputs, stride in zip(
            decoder_channels, decoder_channels[1:], reversed(strides), strict=False
        ):
            decoder += [Snake(inputs), _up(inputs, outputs, stride)]
            decoder += _residual(outputs, residual_units)
        decoder += [Snake(decoder_channels[-1]), _up(decoder_channels[-1], 1, first_stride)]
        self.encoder, self.decoder = nn.Sequential(*encoder), nn.Sequential(*decoder)
        self.noise: FilteredNoise | None = None
        if noise_bands:
            hop = first_stride * math.prod(strides[:-1])
            self.noise = FilteredNoise(latent_channels, noise_bands, strides[-1], hop)
        self.mean: Tensor
        self.std: Tensor
        self.register_buffer("mean", torch.zeros(1, latent_channels, 1))
        self.register_buffer("std", torch.ones(1, latent_channels, 1))

    @property
    def hop(self) -> int:
        """Samples a latent stands for."""
        return self.config.first_stride * math.prod(self.config.strides)

    def latent_length(self, samples: int) -> int:
        """Latents of so many samples, the last one perhaps of fewer."""
        return -(-samples // self.hop)

    def posterior(self, samples: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance (B, C, T) of samples (B, 1, S), not normalised."""
        padded = F.pad(samples, (0, -samples.shape[-1] % self.hop))
        mean, log_variance = self.encoder(padded).chunk(2, dim=1)
        return mean, log_variance.clamp(*_LOG_VARIANCE)

    def reconstruct(self, latents: Tensor, noise: Tensor | None = None) -> Tensor:
        """Samples (B, 1, S) of latents (B, C, T) that are not normalised, all at once.

        `noise` (S,) is what noise is made of; nothing of it is heard where none is given.
        """
        sound = torch.tanh(self.decoder(latents))
        if self.noise is None or noise is None:
            return sound
        return sound + self.noise(latents, noise)[:, None]

    def encode(self, samples: Tensor) -> Tensor:
        """Normalised latents (B, C, T) of samples (B, 1, S); silence fills the last one.

        Sound of any length is coded in chunks, so that memory is that of one.
        """
        hop = self.hop
        padded = F.pad(samples, (0, -samples.shape[-1] % hop))
        parts = []
        for start, end, first, last in _chunks(padded.shape[-1] // hop):
            mean, _ = self.posterior(padded[..., first * hop : last * hop])
            parts.append(mean[..., start - first : end - first])
        return (torch.cat(parts, dim=-1) - self.mean) / self.std

    def decode(self, latents: Tensor) -> Tensor:
        """Samples (B, 1, S) of normalised latents (B, C, T), in [-1, 1] but for loud noise."""
        whole, hop = latents * self.std + self.mean, self.hop
        noise = fixed_noise(whole.shape[-1] * hop).to(latents)
        parts = []
        for start, end, first, last in _chunks(whole.shape[-1]):
            sound = self.reconstruct(whole[..., first:last], noise[first * hop : last * hop])
            parts.append(sound[..., (start - first) * hop : (end - first) * hop])
        return torch.cat(parts, dim=-1)


def fixed_noise(samples: int) -> Tensor:
    """Noise (S,) of unit loudness, the same every time: so are the samples of the same latents."""
    return torch.randn(samples, generator=torch.Generator("cpu").manual_seed(_NOISE_SEED))


def _chunks(length: int) -> Iterator[tuple[int, int, int, int]]:
    """(start, end) of each chunk, and the same with its margins."""
    for start in range(0, length, _CHUNK_LATENTS):
        end = min(start + _CHUNK_LATENTS, length)
        yield start, end, max(0, start - _MARGIN_LATENTS), min(length, end + _MARGIN_LATENTS)
