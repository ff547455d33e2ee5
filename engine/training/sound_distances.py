"""How far sounds are apart to an ear: spectra in windows of several lengths, and bands of them."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from engine.models.moviegen.listener import mel_bands

_WINDOWS = (2048, 1024, 512, 256)
_QUIETEST = 1e-3
_BAND_QUIETEST = 2e-4
_BANDS = {2048: 80, 1024: 48, 512: 28, 256: 14}
"""Bands of each window: no more than its bins tell apart."""


def spectral_distance(sound: Tensor, other: Tensor) -> Tensor:
    """Mean distance of log-magnitude spectra (B, S) over windows of several lengths, in nepers.

    Bins that are quieter than _QUIETEST in both do not count: most of most sounds are, and a codec
    that gave silence back would be near them all.
    """
    return torch.stack([log_distance(*pair) for pair in spectra(sound, other)]).mean()


def spectra(sound: Tensor, other: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """The magnitudes (B, F, T) of both in windows of each length."""
    for window in _WINDOWS:
        taper = torch.hann_window(window, device=sound.device)
        first, second = (
            torch.stft(
                x, window, window // 4, window=taper, return_complex=True, normalized=True
            ).abs()
            for x in (sound, other)
        )
        yield first, second


def log_distance(a: Tensor, b: Tensor) -> Tensor:
    """How far logarithms of magnitudes (B, F, T) are apart where either is heard, in nepers."""
    heard = torch.maximum(a, b).detach() > _QUIETEST
    distance = ((a + _QUIETEST).log() - (b + _QUIETEST).log()).abs()
    return (distance * heard).sum() / heard.sum().clamp_min(1)


def convergence(made: Tensor, real: Tensor) -> Tensor:
    """How much of the energy of `real` is missed, where it is loudest above all."""
    missed = torch.linalg.vector_norm(made - real, dim=(1, 2))
    return (missed / torch.linalg.vector_norm(real, dim=(1, 2)).clamp_min(_QUIETEST)).mean()


def band_distance(sound: Tensor, other: Tensor) -> Tensor:
    """Mean distance of the loudness of mel bands of samples (B, S), in nepers."""
    return torch.stack([bands_apart(*pair) for pair in spectra(sound, other)]).mean()


def bands_apart(made: Tensor, real: Tensor) -> Tensor:
    """How far mel bands of magnitudes (B, F, T) are apart, in nepers.

    No bin of noise is where it was; bands of many are, as loud as an ear hears them (Kumar et al.
    2023).
    """
    bands = _bands_of(real)
    far = (bands @ made + _BAND_QUIETEST).log() - (bands @ real + _BAND_QUIETEST).log()
    return far.abs().mean()


def _bands_of(spectrum: Tensor) -> Tensor:
    """The mel bands (N, F) of magnitudes (B, F, T)."""
    window = 2 * (spectrum.shape[1] - 1)
    return mel_bands(window, _BANDS[window]).to(spectrum)
