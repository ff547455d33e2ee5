"""Composes first-light.flac, the loop under the demo film: `python resources/sounds/compose.py`.

Eight bars at 96 beats a minute, 20 seconds, synthesised from nothing: a pad, plucked strings, a
bass and a little percussion, in a room. Every sound wraps round the end, so the loop has no seam.
The same script gives the same samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float64]
"""(samples,) for one voice, (2, samples) for left and right; full scale is 1."""

RATE = 48_000
BEAT = 30_000
"""Samples: 0.625 s, so that a bar is 75 frames of a film at 30 frames a second."""

BAR = 4 * BEAT
LENGTH = 8 * BAR
PEAK = 0.5
CHORDS = (
    (41, (53, 57, 60, 64, 67)),  # F major 9
    (40, (52, 55, 60, 64, 67)),  # C over E
    (38, (53, 57, 60, 64, 69)),  # D minor 9
    (34, (53, 57, 62, 65, 69)),  # B flat major 7
    (41, (53, 57, 60, 64, 67)),
    (40, (52, 55, 60, 64, 67)),
    (34, (53, 58, 62, 65, 72)),  # B flat add 9
    (36, (55, 60, 65, 67, 70)),  # C 7 suspended, which leads back to F
)
"""A bass note and the chord above it, for each bar, as MIDI notes."""

PATTERN = (0, 2, 4, 3, 1, 2, 4, 2)
"""Which chord tone is plucked on each half beat."""

RNG = np.random.default_rng(2026)


def hertz(note: float) -> float:
    """A MIDI note's pitch."""
    return 440.0 * 2 ** ((note - 69) / 12)


def envelope(length: int, attack_s: float, release_s: float) -> Sound:
    """Rises and falls in half cosines, 1 between."""
    attack, release = round(attack_s * RATE), round(release_s * RATE)
    gain = np.ones(length)
    gain[:attack] = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, attack))
    gain[-release:] *= 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, release))
    return gain


def pad(note: int) -> Sound:
    """A soft, slow string tone, a little longer than a bar."""
    length = BAR + RATE
    time = np.arange(length) / RATE
    tone = np.zeros(length)
    for cents in (-5.0, 4.0):
        pitch = hertz(note + cents / 100)
        for harmonic in range(1, 9):
            phase = RNG.uniform(0, 2 * np.pi)
            tone += np.sin(2 * np.pi * pitch * harmonic * time + phase) / harmonic**1.9
    return tone * envelope(length, 0.7, 1.0)


def pluck(note: int, loudness: float) -> Sound:
    """A plucked string, after Karplus and Strong: noise in a loop that dulls and dies."""
    period = round(RATE / hertz(note))
    loop = RNG.uniform(-1, 1, period)
    for _ in range(6 - round(3 * loudness)):
        loop = 0.5 * (loop + np.roll(loop, 1))
    rounds = []
    for _ in range(round(1.6 * RATE) // period):
        rounds.append(loop)
        loop = 0.997 * (0.5 * loop + 0.5 * np.roll(loop, 1))
    tone = _tuned(np.concatenate(rounds), (period + 0.5) * hertz(note) / RATE)
    return loudness * tone * envelope(len(tone), 0.002, 0.4)


def _tuned(tone: Sound, faster: float) -> Sound:
    """A tone played faster or slower: a loop of whole samples is a little out of tune."""
    return np.interp(np.arange(0, len(tone) - 1, faster), np.arange(len(tone)), tone)


def bass(note: int) -> Sound:
    """A round low note of a beat and a half."""
    length = 3 * BEAT // 2
    time = np.arange(length) / RATE
    pitch = hertz(note)
    tone = np.sin(2 * np.pi * pitch * time) + 0.25 * np.sin(4 * np.pi * pitch * time)
    return tone * envelope(length, 0.015, 0.35)


def kick() -> Sound:
    """A soft drum whose pitch falls."""
    time = np.arange(RATE // 4) / RATE
    pitch = 48 + 70 * np.exp(-time * 45)
    return np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * np.exp(-time * 14)


def shaker(loudness: float) -> Sound:
    """A breath of high noise."""
    noise = np.diff(RNG.normal(0, 1, RATE // 12), prepend=0.0)
    return loudness * noise * envelope(len(noise), 0.015, 0.05)


def events() -> Iterator[tuple[int, Sound, float, float]]:
    """Every sound: where it begins, its samples, its level, and its place from -1 to 1."""
    for bar, (low, chord) in enumerate(CHORDS):
        start = bar * BAR
        for place, note in enumerate(chord):
            yield start, pad(note), 0.030, -0.6 + 0.3 * place
        for step, tone in enumerate(PATTERN):
            loudness = (1.0, 0.6, 0.8, 0.55)[step % 4]
            yield start + step * BEAT // 2, pluck(chord[tone] + 12, loudness), 0.34, 0.5 - step / 8
        for at in (0, 2 * BEAT):
            yield start + at, bass(low), 0.11, 0.0
            yield start + at, kick(), 0.12, 0.0
        for step in range(8):
            yield start + step * BEAT // 2, shaker((0.3, 1.0)[step % 2]), 0.012, 0.25


def mixed() -> Sound:
    """All sounds in their places; what reaches over the end goes on at the beginning."""
    mix = np.zeros((2, LENGTH))
    for start, sound, level, place in events():
        spots = (start + np.arange(len(sound))) % LENGTH
        angle = (place + 1) * np.pi / 4
        for side, gain in enumerate((np.cos(angle), np.sin(angle))):
            np.add.at(mix[side], spots, level * gain * sound)
    return mix


def roomy(mix: Sound) -> Sound:
    """The mix with a room round it, wrapped like all else."""
    time = np.arange(2 * RATE) / RATE
    wet = np.empty_like(mix)
    for side in range(2):
        room = np.zeros(LENGTH)
        room[: len(time)] = RNG.normal(0, 1, len(time)) * np.exp(-time * 4.2)
        room = np.convolve(room, np.ones(12) / 12, "same")
        room /= np.sqrt(np.sum(room**2))
        wet[side] = np.fft.irfft(np.fft.rfft(mix[side]) * np.fft.rfft(room), LENGTH)
    return mix + 0.35 * wet


def write(sound: Sound, path: Path) -> None:
    """Write 16-bit FLAC."""
    samples = np.round(sound.T * 32767).astype(np.int16).reshape(1, -1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", RATE)
        stream.layout = "stereo"
        stream.format = "s16"
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "s16", "stereo")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode())


def main() -> None:
    """Compose and write."""
    music = roomy(mixed())
    music *= PEAK / np.abs(music).max()
    write(music, Path(__file__).with_name("first-light.flac"))


if __name__ == "__main__":
    main()
