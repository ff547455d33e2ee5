"""Loudness and true peaks, where resampling alone would miss what is stored."""

from __future__ import annotations

import numpy as np
import pytest

from studio.media.loudness import CEILING_DBTP, RATE, Limiter, LoudnessMeter


def clicks(every: int) -> np.ndarray:
    """Five seconds of soft noise with single samples that stand out, float32 (count, 2)."""
    draw = np.random.default_rng(4)
    samples = draw.normal(0, 0.02, (5 * RATE, 2)).astype(np.float32)
    samples[::every] = 0.95
    return samples


def peak_of(samples: np.ndarray) -> float:
    meter = LoudnessMeter()
    meter.add(samples)
    return meter.result().true_peak_dbtp


def test_a_peak_is_never_under_the_samples_themselves() -> None:
    samples = clicks(RATE // 2)
    assert peak_of(samples) >= 20 * np.log10(0.95) - 1e-6


@pytest.mark.parametrize("gain_db", [0.0, 6.0, 18.0])
def test_the_limiter_holds_clicks_of_one_sample_too(gain_db: float) -> None:
    samples = clicks(RATE // 2)
    limiter = Limiter(gain_db)
    parts = [limiter.push(samples[start : start + RATE]) for start in range(0, len(samples), RATE)]
    held = np.concatenate([*parts, limiter.flush()])
    assert len(held) == len(samples)
    assert 20 * np.log10(np.abs(held).max()) <= CEILING_DBTP
    assert peak_of(held) <= CEILING_DBTP + 0.1
