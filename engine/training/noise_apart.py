"""What of a sound is noise and what is not, told by how its spectrum is scattered."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.models.moviegen.audio_codec import FilteredNoise, spread

QUIETEST_NOISE = 3e-4
_PATCH = (9, 9)
_FLATTEST, _LEAST_FLAT = 0.44, 0.24
"""Of noise the geometric mean of the power of bins is 0.56 of their mean: what is as flat as the

first is noise alone, what is less so than the second has none."""


def without_noise(sound: Tensor, noise: FilteredNoise) -> tuple[Tensor, Tensor]:
    """Samples (B, S) less what is noise in them, (B, S), and the logarithms (B, bands, T) of how

    loud that is (perceptual noise substitution: Herre and Schulz 1998). Where the power of bins
    beside and after each other is scattered as that of noise is, it is taken for noise.
    """
    window, hop, length = noise.window, noise.hop, sound.shape[-1]
    taper = torch.hann_window(window, device=sound.device)
    spectrum = torch.stft(sound, window, hop, window=taper, return_complex=True)
    power = spectrum.abs().square() + 1e-9
    flat = _around(power.log(), _PATCH).exp() / _around(power, _PATCH)
    noisy = ((flat - _LEAST_FLAT) / (_FLATTEST - _LEAST_FLAT)).clamp(0, 1)
    noisy = _around(noisy, (3, 3))
    rest = torch.istft(spectrum * (1 - noisy).sqrt(), window, hop, window=taper, length=length)
    share = spread(noise.bands, window).to(sound)
    share = share / share.sum(0)
    loud = torch.einsum("fb,nft->nbt", share, noisy * power / taper.square().sum())
    loud = (loud[..., 1:] + loud[..., :-1]) / 2
    return rest, (_around(loud[:, None], (1, 5))[:, 0].sqrt() + QUIETEST_NOISE).log()


def _around(values: Tensor, patch: tuple[int, int]) -> Tensor:
    """The mean of patches around each of values (..., F, T)."""
    around = patch[0] // 2, patch[1] // 2
    return F.avg_pool2d(values, patch, 1, around, count_include_pad=False)
