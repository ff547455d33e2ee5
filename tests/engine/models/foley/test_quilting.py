"""Sound gone on with out of itself: no step, as loud as before, the same from a seed."""

from __future__ import annotations

import numpy as np
import pytest

from engine.models.foley import synthesis
from engine.models.foley.quilting import LEAST_S, gone_on

RATE = synthesis.SAMPLE_RATE_HZ


def rain(seconds: float = 4.0) -> synthesis.Sound:
    return 0.1 * synthesis.rain(np.random.default_rng(1), seconds)


def test_rain_goes_on_as_loud_and_as_bright() -> None:
    source = rain()
    made = gone_on(source, 10 * RATE, 1)
    assert len(made) == 10 * RATE
    seconds = np.sqrt(np.mean(made.reshape(-1, RATE) ** 2, axis=1))
    assert seconds == pytest.approx(np.full(10, np.sqrt(np.mean(source**2))), rel=0.2)
    bright = [
        np.abs(np.fft.rfft(part)[RATE // 8 :]).mean() for part in (source[:RATE], made[:RATE])
    ]
    assert bright[1] == pytest.approx(bright[0], rel=0.2)


@pytest.mark.parametrize("pitch_hz", [110.0, 441.3])
def test_a_held_note_goes_on_without_a_step(pitch_hz: float) -> None:
    t = np.arange(3 * RATE) / RATE
    note = (0.3 * np.sin(2 * np.pi * pitch_hz * t)).astype(np.float32)
    whole = np.concatenate([note, gone_on(note, 6 * RATE, 1)])
    usual = np.abs(np.diff(note, n=2)).max()
    assert np.abs(np.diff(whole, n=2)).max() < 3 * usual
    levels = np.sqrt(np.mean(whole[: 8 * RATE].reshape(-1, RATE // 4) ** 2, axis=1))
    assert levels.min() > 0.8 * levels.max()


def test_a_seed_gives_the_same_again_and_no_piece_comes_back_at_once() -> None:
    source = rain()
    first, again, other = (gone_on(source, 4 * RATE, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("seconds", [LEAST_S, 0.7, 30.0])
def test_sounds_of_any_length_go_on(seconds: float) -> None:
    assert len(gone_on(rain(seconds), 3 * RATE, 1)) == 3 * RATE


def test_silence_stays_silent() -> None:
    assert np.abs(gone_on(np.zeros(RATE, np.float32), RATE, 1)).max() == 0.0
