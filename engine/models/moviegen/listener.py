"""The listener: what a sound is, as a vector that lies near the words which say so.

It shares the text encoder's space, so that any phrase can be held against any sound: candidates are
ranked by it, and a second one, trained apart from the first, judges what was made.
"""

from __future__ import annotations

import itertools
import math

import torch
import torch.nn.functional as F
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn

from engine.models.moviegen.audio_codec import SAMPLE_RATE_HZ
from engine.models.moviegen.network import Network

BANDS = 64
_WINDOW, _HOP = 2048, 960
_LOWEST_HZ, _HIGHEST_HZ = 30.0, 16_000.0


class Listener(Network):
    """Samples (B, S) to unit vectors (B, text_dim)."""

    @register_to_config
    def __init__(self, channels: tuple[int, ...] = (24, 48, 96, 128), text_dim: int = 384) -> None:
        super().__init__()
        widths = (1, *channels)
        self.stages = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Conv2d(a, b, 3, stride=2, padding=1),
                    nn.GroupNorm(4, b),
                    nn.GELU(),
                    nn.Conv2d(b, b, 3, padding=1),
                    nn.GELU(),
                )
                for a, b in itertools.pairwise(widths)
            )
        )
        rows = BANDS >> len(channels)
        self.mix = nn.Sequential(nn.Linear(channels[-1] * rows, 256), nn.GELU())
        self.out = nn.Linear(512, text_dim)

    def forward(self, samples: Tensor) -> Tensor:
        """Unit vectors (B, text_dim) of samples."""
        return self.heard(log_mel(samples))

    def heard(self, mels: Tensor) -> Tensor:
        """The same of `log_mel` (B, BANDS, T): what is heard on average, and at its strongest."""
        x = self.stages(mels[:, None])
        x = self.mix(x.flatten(1, 2).transpose(1, 2))
        return F.normalize(self.out(torch.cat([x.mean(1), x.amax(1)], dim=-1)), dim=-1)


def log_mel(samples: Tensor) -> Tensor:
    """Logarithmic loudness in BANDS bands, 50 times a second: (B, BANDS, frames), about ±1."""
    window = torch.hann_window(_WINDOW, device=samples.device)
    spectrum = torch.stft(samples, _WINDOW, _HOP, window=window, return_complex=True).abs()
    bands = mel_bands(_WINDOW, BANDS).to(samples) @ spectrum
    return (bands.clamp_min(1e-5).log() + 2.0) / 4.0


def mel_bands(window: int, bands: int) -> Tensor:
    """Triangular filters (bands, window // 2 + 1) evenly spaced in mel, each of unit sum."""
    edges = torch.linspace(_mel(_LOWEST_HZ), _mel(_HIGHEST_HZ), bands + 2)
    hertz = 700.0 * (torch.exp(edges / 1127.0) - 1.0)
    bins = torch.arange(window // 2 + 1) * SAMPLE_RATE_HZ / window
    rising = (bins[None] - hertz[:-2, None]) / (hertz[1:-1] - hertz[:-2])[:, None]
    falling = (hertz[2:, None] - bins[None]) / (hertz[2:] - hertz[1:-1])[:, None]
    filters = torch.minimum(rising, falling).clamp_min(0)
    # A narrow low band may lie between two bins: it takes the nearest.
    nearest = (hertz[1:-1, None] - bins[None]).abs().argmin(dim=1)
    filters[torch.arange(bands), nearest] += 1e-3
    return filters / filters.sum(dim=1, keepdim=True)


def _mel(hertz: float) -> float:
    return 1127.0 * math.log1p(hertz / 700.0)


def onset_envelope(samples: Tensor, rate_hz: int) -> Tensor:
    """How much louder it becomes, all bands together, `rate_hz` times a second: (S,) to (T,)."""
    hop, window = SAMPLE_RATE_HZ // rate_hz, 1024
    taper = torch.hann_window(window, device=samples.device)
    spectrum = torch.stft(samples, window, hop, window=taper, return_complex=True).abs()
    loud = (mel_bands(window, 24).to(samples) @ spectrum).clamp_min(1e-4).log()
    rise = (loud[:, 1:] - loud[:, :-1]).clamp_min(0).mean(dim=0)
    return F.pad(rise, (1, 0))[: samples.shape[-1] // hop]
