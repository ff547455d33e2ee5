"""Loudness as EBU R 128 measures it, in one pass over any length, and a limiter for true peaks.

`running_loudness` weighs and gates; this adds true peaks. Sources: ITU-R BS.1770-4, EBU R 128.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

import numpy as np
import soxr
from numpy.lib.stride_tricks import sliding_window_view

from studio.media.running_loudness import RATE, RunningLoudness

OVERSAMPLING = 4
CEILING_DBTP = -1.0
MARGIN_DB = 0.15
STEP = 16
LOOK_AHEAD = 15
"""Steps, of 16 samples, over which the gain goes down: 5 ms."""
AVERAGE = np.ones(LOOK_AHEAD) / LOOK_AHEAD
RELEASE = 1 - np.exp(-STEP / (0.1 * RATE))
RAISED = 8
"""Finer than the meter's, so as to find what lies between its points too."""
REACH = 96
"""Samples either side that the resampler needs to see."""
SURELY_SAFE = 0.5
"""So far under the ceiling, no sample can hide a peak above it between itself and the next."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated loudness in LUFS (-inf for silence) and the true peak in dBTP."""

    integrated_lufs: float
    true_peak_dbtp: float


class LoudnessMeter:
    """Measures stereo at 48 kHz, block after block."""

    def __init__(self) -> None:
        self.running = RunningLoudness()
        self._upsampler = soxr.ResampleStream(
            RATE, RATE * OVERSAMPLING, 2, dtype="float32", quality="HQ"
        )
        self._peak = 0.0

    def add(self, samples: np.ndarray) -> None:
        """Hear more samples, float32 (count, 2)."""
        if not len(samples):
            return
        self._hear_peak(samples)  # a click of one sample is lower in what is resampled
        self._hear_peak(self._upsampler.resample_chunk(np.ascontiguousarray(samples)))
        self.running.add(samples)

    def result(self) -> Loudness:
        """The loudness of all that was heard."""
        silence = np.zeros((1024, 2), np.float32)
        self._hear_peak(self._upsampler.resample_chunk(silence, last=True))
        peak = 20 * log10(self._peak) if self._peak > 0 else float("-inf")
        return Loudness(self.running.integrated_lufs, peak)

    def _hear_peak(self, samples: np.ndarray) -> None:
        if len(samples):
            self._peak = max(self._peak, float(np.abs(samples).max()))


class Limiter:
    """Keeps true peaks under a ceiling: looks ahead, goes down in 5 ms, comes back in 100 ms.

    What is pushed comes out later, unchanged in length: `push` gives what is ready, `flush` the
    rest. `gain_db` is applied first.
    """

    def __init__(self, gain_db: float, ceiling_dbtp: float = CEILING_DBTP) -> None:
        self._gain = np.float32(10 ** (gain_db / 20))
        self._ceiling = 10 ** ((ceiling_dbtp - MARGIN_DB) / 20)
        self._samples = np.zeros((0, 2), np.float32)  # not yet given out
        self._unheard = np.zeros((REACH, 2), np.float32)  # not yet measured, after some that were
        self._needs = np.ones(1)  # a step's needed gain, from the step before the next one out
        self._level = 1.0
        self._recent: np.ndarray | None = None
        self._last_gain = 1.0

    def push(self, samples: np.ndarray) -> np.ndarray:
        """Take samples, float32 (count, 2); give those that are ready."""
        lifted = samples * self._gain
        self._samples = np.concatenate([self._samples, lifted])
        self._unheard = np.concatenate([self._unheard, lifted])
        self._measure()
        ready = len(self._needs) - LOOK_AHEAD - 3
        return self._give(max(0, ready))

    def flush(self) -> np.ndarray:
        """Give what is left."""
        left = len(self._samples)
        tail = np.zeros((left % STEP + (LOOK_AHEAD + 4) * STEP + 2 * REACH, 2), np.float32)
        out = self.push(tail)
        return out[:left]

    def _measure(self) -> None:
        """Turn whole steps of samples into needed gains."""
        steps = (len(self._unheard) - 2 * REACH) // STEP
        if steps <= 0:
            return
        heard = self._unheard[: steps * STEP + 2 * REACH]
        needed = np.ones(steps)
        if np.abs(heard).max() > self._ceiling * SURELY_SAFE:
            raised = soxr.resample(heard, RATE, RATE * RAISED, quality="HQ")
            start = REACH * RAISED
            peaks = np.abs(raised[start : start + steps * STEP * RAISED]).max(axis=1)
            stored = np.abs(heard[REACH : REACH + steps * STEP]).reshape(steps, -1).max(axis=1)
            highest = np.maximum(peaks.reshape(steps, -1).max(axis=1), stored)
            needed = np.minimum(1.0, self._ceiling / np.maximum(highest, 1e-9))
        self._needs = np.concatenate([self._needs, needed])
        self._unheard = self._unheard[steps * STEP :]

    def _give(self, steps: int) -> np.ndarray:
        if steps == 0:
            return np.zeros((0, 2), np.float32)
        lowest = sliding_window_view(self._needs, LOOK_AHEAD + 3).min(axis=1)[:steps]
        if self._recent is None:  # nothing came before the first sample: start where it needs
            self._level = self._last_gain = float(lowest[0])
            self._recent = np.full(LOOK_AHEAD, lowest[0])
        levels = self._released(lowest)
        gains = np.convolve(np.concatenate([self._recent, levels]), AVERAGE, "valid")[1:]
        self._recent = np.concatenate([self._recent, levels])[-LOOK_AHEAD:]
        knots = np.concatenate([[self._last_gain], gains])
        per_sample = np.interp(np.arange(1, steps * STEP + 1) / STEP, np.arange(steps + 1), knots)
        self._last_gain = float(gains[-1])
        self._needs = self._needs[steps:]
        out = self._samples[: steps * STEP] * per_sample[:, None]
        self._samples = self._samples[steps * STEP :]
        return out.astype(np.float32)

    def _released(self, lowest: np.ndarray) -> np.ndarray:
        """Down at once, up slowly."""
        out = np.empty(len(lowest))
        for index, low in enumerate(lowest.tolist()):
            self._level = min(low, self._level + (1.0 - self._level) * RELEASE)
            out[index] = self._level
        return out
