"""Sounds made by procedure: in time, the same from a seed, of any length, found by their words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.models.foley import synthesis
from engine.models.foley.cue_sheet import (
    BED,
    RHYTHM_S,
    CueSheet,
    in_rhythm,
    perform,
    sustained,
)
from engine.models.foley.moments import moments
from engine.models.foley.music import MOODS
from engine.models.foley.palette import MOVEMENTS, STRUCK, SURROUNDINGS
from engine.models.foley.words import KNOWN, SoundReader
from engine.models.moviegen.text import load_text_encoder, phrase_vectors
from engine.training.onset_hearing import heard_onsets
from tests.engine.abilities.tiny_pocket import TEXT_ENCODER

RATE = synthesis.SAMPLE_RATE_HZ


def untold(_done: int, _parts: int) -> None:
    """Nobody watches."""


@pytest.mark.parametrize("kind", ["walk", "jump", "dance"])
def test_what_is_struck_is_heard_at_its_moments(kind: str) -> None:
    times_s = (0.31, 1.04, 1.9, 2.62)
    samples = perform(CueSheet({}, {kind: times_s}, None), 3.5, 1, untold)
    heard = heard_onsets(torch.from_numpy(samples), len(times_s))
    assert heard == pytest.approx(times_s, abs=0.02)


@pytest.mark.parametrize("kind", MOVEMENTS)
def test_every_movement_can_be_heard_without_a_picture(kind: str) -> None:
    times_s = in_rhythm(kind, 3.0, 1)
    assert all(0 <= at_s < 3 for at_s in times_s)
    if kind != "engine":
        samples = perform(CueSheet({}, {kind: times_s}, None), 3.0, 1, untold)
        assert 0.003 < np.sqrt(np.mean(samples**2)) < 0.3


def test_what_is_struck_has_a_rhythm_or_its_one_moment() -> None:
    assert STRUCK.keys() <= RHYTHM_S.keys() | {"fall"}


@pytest.mark.parametrize("setting", SURROUNDINGS)
def test_a_long_sound_is_steady_where_its_pieces_cross(setting: str) -> None:
    _, bed = SURROUNDINGS[setting]
    samples = sustained(bed, np.random.default_rng(1), 65.0)
    assert len(samples) == 65 * RATE
    seconds = np.sqrt(np.mean(samples.reshape(-1, RATE) ** 2, axis=1))
    crossing = seconds[[30, 31, 60, 61]]
    assert seconds.min() * 0.7 < crossing.min()
    assert crossing.max() < seconds.max() * 1.4


def test_a_seed_gives_the_same_again_and_nothing_goes_beyond_full_scale() -> None:
    sheet = CueSheet({synthesis.rain: BED}, {"walk": (0.5, 1.0)}, MOODS[0])
    first, again, other = (perform(sheet, 2.5, seed, untold) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.abs(first).max() < 1.0


def test_parts_are_told_as_they_are_made() -> None:
    told: list[tuple[int, int]] = []
    sheet = CueSheet({synthesis.wind: BED}, {"jump": (0.2,)}, MOODS[1])
    perform(sheet, 1.0, 1, lambda done, parts: told.append((done, parts)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


@given(st.lists(st.floats(0.15, 0.6), min_size=1, max_size=12))
def test_a_moment_between_two_frames_is_found_between_them(gaps_s: list[float]) -> None:
    wanted = np.cumsum(np.array(gaps_s) + 0.1)
    likely = np.zeros(int(wanted[-1] * 25) + 4, np.float32)
    for at_s in wanted:
        index, share = divmod(at_s * 25, 1)
        likely[int(index)], likely[int(index) + 1] = 1 - share, share
    assert moments(likely, 25) == pytest.approx(wanted, abs=1e-3)


def test_what_is_unlikely_is_no_moment() -> None:
    assert moments(np.full(50, 0.1, np.float32), 25) == ()
    ripple = 0.5 + 0.05 * np.sin(np.arange(50))
    assert moments(ripple.astype(np.float32), 25) == ()
    assert moments(np.full(50, 0.9, np.float32), 25) == ()


@pytest.fixture(scope="module")
def reader() -> SoundReader:
    return SoundReader(phrase_vectors(*load_text_encoder(Path(TEXT_ENCODER))))


@pytest.mark.parametrize(
    ("prompt", "beds", "kinds", "unknown"),
    [
        ("rain falling", ["rain falling"], [], []),
        ("a heavy downpour", ["rain falling"], [], []),
        ("the sea, and footsteps", ["ocean waves"], ["walk"], []),
        ("a dog barking over city traffic", ["city traffic"], [], ["dog barking"]),
        ("bells; a thud", [], ["float", "jump"], []),
        ("gunshot", [], [], ["gunshot"]),
    ],
)
def test_words_find_their_sounds(
    reader: SoundReader, prompt: str, beds: list[str], kinds: list[str], unknown: list[str]
) -> None:
    asked = reader.sounds(prompt)
    assert (list(asked.beds), list(asked.kinds), list(asked.unknown)) == (beds, kinds, unknown)


@pytest.mark.parametrize("sound", KNOWN)
def test_every_sound_is_found_by_its_own_words(reader: SoundReader, sound: str) -> None:
    asked = reader.sounds(sound)
    assert (len(asked.beds) + len(asked.kinds), asked.unknown) == (1, ())


@pytest.mark.parametrize(
    ("music", "word"),
    [("a cheerful tune", "happy"), ("horror film score", "tense"), ("heroic brass", "epic")],
)
def test_music_has_the_mood_it_is_asked_for(reader: SoundReader, music: str, word: str) -> None:
    mood = reader.mood(music)
    assert mood is not None
    assert mood.words[0] == word
    assert reader.mood("piano") is None
