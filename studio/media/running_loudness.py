"""Loudness while it is being heard: momentary, short-term, integrated and its range.

Sources: ITU-R BS.1770-4 (K-weighting, gating), EBU Tech 3341 (the 400 ms and 3 s windows, both
renewed ten times a second), EBU Tech 3342 (loudness range). True peaks are `loudness`'s part.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log10

import numpy as np

from studio.media.biquad import Biquads

RATE = 48000
HOP = RATE // 10
MOMENTARY_HOPS = 4
SHORT_TERM_HOPS = 30
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
RANGE_GATE_LU = -20.0
RANGE_PERCENTILES = (10, 95)
# K-weighting at 48 kHz: a shelf for the head, and a high-pass.
K_WEIGHTING = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585),
    (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621),
)


@dataclass(frozen=True, slots=True)
class LoudnessNow:
    """What a meter shows, in LUFS: -inf where there was silence, or not enough to tell."""

    momentary_lufs: float = -inf
    short_term_lufs: float = -inf
    integrated_lufs: float = -inf


class RunningLoudness:
    """Hears stereo at 48 kHz, bit by bit, for as long as it lasts."""

    def __init__(self) -> None:
        self._weighting = Biquads(len(K_WEIGHTING))
        self._rest = np.zeros((0, 2))
        self._powers = np.zeros(1024)  # of hops, of which the first `_hops` are known
        self._hops = 0

    def add(self, samples: np.ndarray) -> None:
        """Hear more samples, float32 (count, 2)."""
        if not len(samples):
            return
        squares = np.concatenate([self._rest, self._weighting.run(K_WEIGHTING, samples) ** 2])
        whole = len(squares) // HOP
        self._keep(squares[: whole * HOP].reshape(whole, HOP, 2).mean(axis=1).sum(axis=1))
        self._rest = squares[whole * HOP :]

    @property
    def now(self) -> LoudnessNow:
        """The figures of a live meter. A window counts from when it is full."""
        known = self._powers[: self._hops]
        momentary, short_term = (
            _lufs(float(known[-hops:].mean())) if len(known) >= hops else -inf
            for hops in (MOMENTARY_HOPS, SHORT_TERM_HOPS)
        )
        return LoudnessNow(momentary, short_term, self.integrated_lufs)

    @property
    def integrated_lufs(self) -> float:
        """All that was heard, gated twice; -inf for silence. Less than a window is one."""
        blocks = self._over(MOMENTARY_HOPS)
        if not len(blocks) and self._hops:
            blocks = self._powers[: self._hops].mean(keepdims=True)
        heard = blocks[blocks > _power(ABSOLUTE_GATE_LUFS)]
        if not len(heard):
            return -inf
        gate = _power(_lufs(float(heard.mean())) + RELATIVE_GATE_LU)
        return _lufs(float(heard[heard > gate].mean()))

    @property
    def momentary_max_lufs(self) -> float:
        """The loudest 400 ms."""
        return _loudest(self._over(MOMENTARY_HOPS))

    @property
    def short_term_max_lufs(self) -> float:
        """The loudest 3 s; -inf for what is shorter."""
        return _loudest(self._over(SHORT_TERM_HOPS))

    @property
    def range_lu(self) -> float:
        """The loudness range; 0 for what is silent or shorter than 3 s."""
        blocks = self._over(SHORT_TERM_HOPS)
        heard = blocks[blocks > _power(ABSOLUTE_GATE_LUFS)]
        if not len(heard):
            return 0.0
        gate = _power(_lufs(float(heard.mean())) + RANGE_GATE_LU)
        levels = -0.691 + 10 * np.log10(heard[heard > gate])
        low, high = np.percentile(levels, RANGE_PERCENTILES)
        return float(high - low)

    def _keep(self, powers: np.ndarray) -> None:
        wanted = self._hops + len(powers)
        if wanted > len(self._powers):
            self._powers = np.concatenate([self._powers, np.zeros(wanted)])
        self._powers[self._hops : wanted] = powers
        self._hops = wanted

    def _over(self, hops: int) -> np.ndarray:
        """The mean power of every window of that many hops, one a hop."""
        if self._hops < hops:
            return np.zeros(0)
        return np.convolve(self._powers[: self._hops], np.full(hops, 1 / hops), mode="valid")


def _loudest(blocks: np.ndarray) -> float:
    return _lufs(float(blocks.max())) if len(blocks) else -inf


def _lufs(power: float) -> float:
    return -0.691 + 10 * log10(power) if power > 0 else -inf


def _power(lufs: float) -> float:
    return 10 ** ((lufs + 0.691) / 10)
