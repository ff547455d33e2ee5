"""Meters read true: needles rise at once and fall by the standard, loudness is EBU R 128's."""

from __future__ import annotations

from math import inf, isinf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.media.peak_meter import (
    HOLD_S,
    Needle,
    Zone,
    deflection,
    moved,
    zone_of,
)
from studio.media.running_loudness import RATE, RunningLoudness
from studio.media.sound_meter import SoundMeter

STEP_S = 0.05
NOTHING = np.zeros((0, 2), np.float32)


def sine(dbfs: float, seconds: float, hertz: float = 1000.0) -> np.ndarray:
    """The same in both channels, float32 (count, 2)."""
    wave = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def heard(*parts: np.ndarray) -> RunningLoudness:
    running = RunningLoudness()
    for part in parts:
        running.add(part)
    return running


def after(needle: Needle, seconds: float) -> Needle:
    """A needle after so long a silence, looked at now and then."""
    for _ in range(round(seconds / STEP_S)):
        (needle,) = moved((needle,), NOTHING[:, :1], STEP_S)
    return needle


def test_a_needle_rises_at_once_and_falls_20_db_in_1_7_seconds() -> None:
    left, right = moved((Needle(), Needle()), sine(-18, 0.02) * [1, 0.5], STEP_S)
    assert left.level_dbfs == pytest.approx(-18, abs=0.01)
    assert right.level_dbfs == pytest.approx(-24.02, abs=0.01)
    assert after(left, 1.7).level_dbfs == pytest.approx(-38, abs=0.01)
    assert after(left, 20).level_dbfs == -inf


def test_the_peak_is_held_and_then_falls_onto_the_needle() -> None:
    (needle,) = moved((Needle(),), sine(-6, 0.02)[:, :1], STEP_S)
    held = after(needle, HOLD_S - STEP_S)
    assert held.peak_dbfs == needle.peak_dbfs
    later = after(held, 1.0)
    assert held.level_dbfs < later.peak_dbfs < held.peak_dbfs
    assert after(held, 20).at_rest


def test_the_over_light_stays_until_it_is_put_out() -> None:
    meter = SoundMeter()
    meter.hear(sine(-0.1, 0.1), 0.1)
    assert not any(needle.over for needle in meter.needles)
    loud = sine(-12, 0.1)
    loud[100, 1] = -1.0  # one sample at full scale, in one channel
    meter.hear(loud, 0.1)
    for _ in range(200):
        meter.hear(NOTHING, 0.1)
    assert [needle.over for needle in meter.needles] == [False, True]
    assert meter.at_rest
    meter.clear_over()
    assert not any(needle.over for needle in meter.needles)


def test_zones_are_those_of_r68_and_the_scale_rises() -> None:
    assert [zone_of(level) for level in (-60, -18, -17.9, -9, -8.9, 3)] == [
        Zone.QUIET, Zone.QUIET, Zone.PROGRAMME, Zone.PROGRAMME, Zone.HOT, Zone.HOT,
    ]  # fmt: skip
    levels = [deflection(level) for level in (-inf, -70, -60, -40, -20, -9, 0)]
    assert levels[0] == levels[1] == 0
    assert levels[-1] == 1
    assert levels[1:] == sorted(set(levels))
    assert deflection(-20) == 0.5


def test_a_tone_at_minus_23_reads_minus_23_in_every_window() -> None:
    """EBU Tech 3341, case 1."""
    now = heard(sine(-23, 5)).now
    for level in (now.momentary_lufs, now.short_term_lufs, now.integrated_lufs):
        assert level == pytest.approx(-23, abs=0.1)


def test_what_is_far_quieter_does_not_count_for_the_whole() -> None:
    """EBU Tech 3341, case 3, shortened."""
    running = heard(sine(-36, 3), sine(-23, 12), sine(-36, 3))
    assert running.integrated_lufs == pytest.approx(-23, abs=0.1)
    assert running.now.short_term_lufs == pytest.approx(-36, abs=0.1)
    assert running.short_term_max_lufs == pytest.approx(-23, abs=0.1)


def test_the_range_is_that_between_loud_and_quiet() -> None:
    """EBU Tech 3342, case 1."""
    assert heard(sine(-20, 20), sine(-30, 20)).range_lu == pytest.approx(10, abs=1)


def test_windows_that_are_not_full_say_nothing() -> None:
    now = heard(sine(-20, 0.3)).now
    assert isinf(now.momentary_lufs)
    assert isinf(now.short_term_lufs)
    assert now.integrated_lufs == pytest.approx(-20, abs=0.3)
    assert heard(np.zeros((RATE, 2), np.float32)).integrated_lufs == -inf
    assert heard().range_lu == 0


@settings(max_examples=20)
@given(st.lists(st.integers(1, 30_000), min_size=1, max_size=6))
def test_it_does_not_matter_in_which_pieces_it_comes(counts: list[int]) -> None:
    whole = np.random.default_rng(5).normal(0, 0.1, (sum(counts), 2)).astype(np.float32)
    pieces = np.split(whole, np.cumsum(counts)[:-1])
    at_once, bit_by_bit = heard(whole), heard(*pieces)
    assert bit_by_bit.integrated_lufs == pytest.approx(at_once.integrated_lufs, abs=1e-6)
    assert bit_by_bit.now.momentary_lufs == pytest.approx(at_once.now.momentary_lufs, abs=1e-6)


def test_the_meter_tells_loudness_and_the_highest_peak_since_it_began() -> None:
    meter = SoundMeter()
    for _ in range(40):
        meter.hear(sine(-20, 0.033), 0.033)
    assert meter.loudness.momentary_lufs == pytest.approx(-20, abs=0.5)
    assert meter.highest_dbfs == pytest.approx(-20, abs=0.1)
    meter.begin()
    assert meter.highest_dbfs == -inf
    assert meter.loudness.integrated_lufs == -inf
    for _ in range(40):
        meter.hear(sine(-40, 0.033), 0.033)
    assert meter.loudness.integrated_lufs == pytest.approx(-40, abs=0.5)
