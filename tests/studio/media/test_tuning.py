"""Presets with another quality or bit rate, and how large their films will be."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.media.errors import BadJob
from studio.media.export.job import ExportJob
from studio.media.export.presets import PRESETS
from studio.media.export.tuning import (
    QUALITY_RANGE,
    can_choose_sound,
    estimated_bytes,
    quality_of,
    tuned,
)

HD, RATE = (1920, 1080), Fraction(25)
TUNABLE = [name for name, preset in PRESETS.items() if quality_of(preset) is not None]


@given(st.sampled_from(TUNABLE), st.integers(*QUALITY_RANGE))
def test_a_quality_is_what_was_chosen_and_nothing_else_changes(name: str, quality: int) -> None:
    preset = PRESETS[name]
    changed = tuned(preset, quality)
    assert quality_of(changed) == quality
    assert changed.video is not None
    assert preset.video is not None
    assert dict(changed.video.options) == dict(preset.video.options) | {"crf": str(quality)}
    assert tuned(preset) == preset


def test_a_bit_rate_takes_the_place_of_the_quality() -> None:
    changed = tuned(PRESETS["h264"], bit_rate=8_000_000, sound_bit_rate=96_000)
    assert changed.video is not None
    options = dict(changed.video.options)
    assert (options["b"], "crf" in options) == ("8000000", False)
    assert quality_of(changed) is None
    assert changed.video.hardware == ()
    size = estimated_bytes(changed, HD, RATE, 250, sounding=True)
    assert size == 10 * (8_000_000 + 96_000) // 8


@pytest.mark.parametrize(
    ("name", "wish", "says"),
    [
        ("prores_422", {"quality": 18}, "ProRes 422 has no quality to choose"),
        ("gif", {"bit_rate": 1_000_000}, "GIF has no quality to choose"),
        ("prores_hq", {"sound_bit_rate": 128_000}, "has no bit rate to choose"),
        ("h264", {"quality": 52}, "from 0 (best) to 51, not 52"),
        ("h264", {"bit_rate": 12}, "from 100 kb/s to 400 Mb/s"),
        ("h264", {"sound_bit_rate": 1_000_000}, "from 64 to 320 kb/s, not 1000"),
    ],
)
def test_what_cannot_be_tuned_is_refused_in_words(name: str, wish: dict, says: str) -> None:
    with pytest.raises(BadJob) as refusal:
        tuned(PRESETS[name], **wish)
    assert says in str(refusal.value)


@given(st.sampled_from(TUNABLE), st.integers(0, 50))
def test_better_is_larger(name: str, quality: int) -> None:
    better, worse = (
        estimated_bytes(tuned(PRESETS[name], q), HD, RATE, 250, sounding=False)
        for q in (quality, quality + 1)
    )
    assert better is not None
    assert worse is not None
    assert better > worse


def test_masters_have_the_size_that_their_makers_tell() -> None:
    """Apple: 147 Mb/s for ProRes 422 at 1920 × 1080 and 29.97 frames a second."""
    rate = Fraction(30000, 1001)
    size = estimated_bytes(PRESETS["prores_422"], HD, rate, 1800, sounding=False)
    assert size is not None
    assert abs(size * 8 / (1800 / rate) / 147e6 - 1) < 0.01
    assert estimated_bytes(PRESETS["gif"], HD, rate, 30, sounding=False) is None


def test_a_tuned_job_travels_to_the_child_process() -> None:
    job = ExportJob(sequence_id="s", out=Path("a.mp4"), quality=30, sound_bit_rate=96_000)
    again = ExportJob.from_json(job.to_json())
    assert again == job
    assert quality_of(again.way) == 30
    assert again.way.sound is not None
    assert again.way.sound.bit_rate == 96_000
    assert can_choose_sound(again.way)
