"""Simple instrumental music by procedure: chords, a bass, a tune, perhaps drums, in a mood.

It serves as training data whose description is true: mood, pace and instruments are those played.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.models.foley.synthesis import (
    BELL,
    DRUM,
    Chance,
    Sound,
    clap,
    lay,
    normal,
    struck,
    times,
)
from engine.models.moviegen.audio_codec import SAMPLE_RATE_HZ

_A4_HZ = 440.0
_MAJOR, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)


@dataclass(frozen=True, slots=True)
class Mood:
    """How music feels: its words, scale, pace in beats a minute, chords and instrument."""

    words: tuple[str, ...]
    scale: tuple[int, ...]
    pace: tuple[float, float]
    chords: tuple[int, ...]
    instrument: str
    drums: bool


MOODS = (
    Mood(("happy", "cheerful"), _MAJOR, (110, 135), (0, 3, 4, 0), "plucked strings", True),
    Mood(("calm", "peaceful"), _MAJOR, (60, 76), (0, 5, 3, 4), "piano", False),
    Mood(("sad", "melancholic"), _MINOR, (56, 70), (0, 5, 3, 4), "piano", False),
    Mood(("tense", "suspenseful"), _MINOR, (90, 110), (0, 0, 5, 0), "low strings", True),
    Mood(("dreamy", "magical"), _MAJOR, (70, 86), (0, 3, 5, 3), "bells", False),
    Mood(("epic", "heroic"), _MINOR, (96, 116), (0, 5, 2, 6), "brass", True),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Music and what it truly is, in words."""

    sound: Sound
    mood: Mood
    description: str


def compose(chance: Chance, seconds: float, mood: Mood | None = None) -> Piece:
    """A piece in a mood, or in one by chance. The beat falls on the first sample."""
    mood = mood or MOODS[chance.integers(len(MOODS))]
    pace = float(chance.uniform(*mood.pace))
    beat_s, root = 60.0 / pace, int(chance.integers(-5, 6))
    out = np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32)
    for beat in range(int(seconds / beat_s) + 1):
        degree = mood.chords[beat // 4 % len(mood.chords)]
        at_s = beat * beat_s
        if beat % 4 == 0:
            for step in (0, 2, 4):
                lay(out, 0.5 * _note(chance, mood, root, degree + step, 4 * beat_s), at_s)
        if beat % 2 == 0:
            lay(out, 0.7 * _note(chance, mood, root - 12, degree, 2 * beat_s), at_s)
        if chance.random() < 0.75:
            step = int(chance.choice((0, 2, 4, 7)))
            lay(out, 0.6 * _note(chance, mood, root + 12, degree + step, beat_s), at_s)
        if mood.drums:
            stroke = struck(chance, 0.3, 70, DRUM, 0.08) if beat % 2 == 0 else 0.3 * clap(chance)
            lay(out, 1.2 * stroke, at_s)
    pace_word = "slow" if pace < 80 else "medium" if pace < 105 else "fast"
    with_drums = " with drums" if mood.drums else ""
    word = mood.words[chance.integers(len(mood.words))]
    return Piece(
        normal(out), mood, f"{word} instrumental music, {pace_word}, {mood.instrument}{with_drums}"
    )


def _note(chance: Chance, mood: Mood, root: int, degree: int, seconds: float) -> Sound:
    octave, place = divmod(degree, len(mood.scale))
    pitch_hz = _A4_HZ * 2 ** ((root + mood.scale[place] + 12 * octave - 12) / 12)
    match mood.instrument:
        case "bells":
            return struck(chance, seconds + 0.6, 2 * pitch_hz, BELL, 0.6)
        case "piano":
            return struck(chance, seconds + 0.4, pitch_hz, (1, 2, 3, 4, 5, 6), 0.5)
        case "plucked strings":
            return struck(chance, min(seconds, 0.8), pitch_hz, (1, 2, 3, 4, 5, 6, 7), 0.22)
        case "low strings":
            return _bowed(pitch_hz / 2, seconds, 0.12)
        case _:
            return _bowed(pitch_hz, seconds, 0.05)


def _bowed(pitch_hz: float, seconds: float, attack_s: float) -> Sound:
    """A held note with many overtones, swelling and fading."""
    t = times(seconds)
    wave = sum(np.sin(2 * np.pi * pitch_hz * k * t) / k for k in range(1, 9))
    shape = np.minimum(1, t / attack_s) * np.minimum(1, np.maximum(0, seconds - t) / 0.08)
    return (0.5 * np.asarray(wave) * shape).astype(np.float32)
