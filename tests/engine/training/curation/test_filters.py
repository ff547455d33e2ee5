"""Each filter on films with one fault: it finds its own, and no other does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.training.curation.borders import border_share
from engine.training.curation.facts import Clip
from engine.training.curation.footage import read_source
from engine.training.curation.funnel import FILTERS, Filter, judge
from engine.training.curation.measure import clips_of, measure
from engine.training.curation.text import text_score
from engine.training.curation.thresholds import POCKET
from tests.engine.training.curation.films import (
    FAULTS,
    SIZE,
    Frames,
    blurred_sides,
    captioned,
    fast,
    pan,
    scenery,
    window,
    write,
)

LIMITS = replace(POCKET, min_duration_s=2.0, aspect="landscape")
WORDS = ("Chapter two: the river", "SUBSCRIBE NOW", "Where are you going?", "www.example.com")


def seen(folder: Path, frames: Frames) -> list[Clip]:
    source = read_source(write(folder / "film.mp4", frames))
    return clips_of(source, measure(source), LIMITS)


def finders(clip: Clip) -> set[str]:
    """The filters that would reject a clip, asked each on its own."""
    single = [each for each in FILTERS if isinstance(each, Filter)]
    return {each.name for each in single if each.why_not(clip, LIMITS) is not None}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_its_filter_and_by_no_other(name: str, tmp_path: Path) -> None:
    clips = seen(tmp_path, FAULTS[name](7))
    assert clips
    for clip in clips:
        shorter = {"scene"} if name == "duration" else set()  # too short a source for any clip
        assert finders(clip) - shorter == {name}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_sound_film_passes_whole(seed: int, tmp_path: Path) -> None:
    (clip,) = seen(tmp_path, pan(seed))
    assert finders(clip) == set()
    assert (clip.in_s, clip.out_s) == (0, 4)
    assert [stage.clips for stage in judge([clip], LIMITS)[1]] == [1] * (len(FILTERS) + 1)


@pytest.mark.parametrize(("film", "finder"), [(blurred_sides, "borders"), (fast, "motion")])
def test_less_usual_faults_are_found_too(
    film: Callable[[int], Frames], finder: str, tmp_path: Path
) -> None:
    (clip,) = seen(tmp_path, film(4))
    assert finder in finders(clip)


def grey(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


@pytest.mark.parametrize("height", [18, 26, 44])
def test_captions_of_usual_heights_are_seen_and_footage_without_is_not(height: int) -> None:
    plain = [window(scenery(seed), 100, 100, SIZE) for seed in range(8)]
    titled = [captioned(p, WORDS[i % len(WORDS)], height) for i, p in enumerate(plain)]
    assert max(text_score(grey(picture)) for picture in plain) < LIMITS.max_text
    assert min(text_score(grey(picture)) for picture in titled) >= LIMITS.max_text


def test_windows_of_a_house_are_no_letters() -> None:
    house = np.full((360, 640), 60, np.uint8)
    for top in range(20, 330, 34):
        for left in range(20, 610, 22):
            house[top : top + 16, left : left + 8] = 220
    assert text_score(house) == 0.0


@pytest.mark.parametrize("lines", [6, 20, 60])
@pytest.mark.parametrize("value", [0, 16, 235])
def test_bars_of_any_height_and_value_are_measured(lines: int, value: int) -> None:
    picture = grey(window(scenery(5), 100, 100, SIZE))
    assert border_share(picture) == 0.0
    picture[:lines] = picture[-lines:] = value
    assert border_share(picture) == pytest.approx(lines / 360, abs=0.003)


def test_a_night_sky_is_no_bar() -> None:
    picture = grey(window(scenery(6), 100, 100, SIZE))
    fade = np.linspace(0, 1, 180)[:, None] ** 2
    picture[:180] = (picture[:180] * fade).astype(np.uint8)
    assert border_share(picture) == 0.0
    assert border_share(np.zeros((360, 640), np.uint8)) == 0.0
