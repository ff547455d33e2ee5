"""Sounds made by procedure: impacts, whooshes, weather, engines, bells. 48 kHz, mono, float32.

Every function takes a generator of chance, so that no two footsteps are alike, and returns samples
of about unit loudness; whoever mixes them decides how loud each is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from engine.models.moviegen.audio_codec import SAMPLE_RATE_HZ

Sound = NDArray[np.float32]
Chance = np.random.Generator

_NYQUIST_HZ = SAMPLE_RATE_HZ / 2


def times(seconds: float) -> NDArray[np.float64]:
    """Seconds at each sample."""
    return np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ


def noise(chance: Chance, seconds: float, low_hz: float, high_hz: float) -> Sound:
    """Noise between two frequencies, of unit loudness."""
    white = chance.standard_normal(round(seconds * SAMPLE_RATE_HZ))
    band = butter(2, (low_hz / _NYQUIST_HZ, high_hz / _NYQUIST_HZ), "bandpass", output="sos")
    return normal(np.asarray(sosfilt(band, white)))


def normal(samples: NDArray[np.floating]) -> Sound:
    """The same at unit loudness (root mean square)."""
    loudness = float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0
    return (samples / max(loudness, 1e-9)).astype(np.float32)


def drifting(chance: Chance, seconds: float, every_s: float, depth: float) -> Sound:
    """A slow random course around 1, such as wind has: (S,), never below 0."""
    points = 2 + int(seconds / every_s)
    values = 1.0 + depth * chance.uniform(-1, 1, points + 1)
    course = np.interp(times(seconds) / every_s, np.arange(points + 1), values)
    return np.maximum(course, 0.0).astype(np.float32)


def swept(chance: Chance, seconds: float, from_hz: float, to_hz: float) -> Sound:
    """A tone that glides from one pitch to another, its overtones weaker."""
    share = np.linspace(0, 1, round(seconds * SAMPLE_RATE_HZ))
    phase = 2 * np.pi * np.cumsum(from_hz * (to_hz / from_hz) ** share) / SAMPLE_RATE_HZ
    start = chance.uniform(0, 2 * np.pi)
    return normal(np.sin(phase + start) + 0.3 * np.sin(2 * phase) + 0.1 * np.sin(3 * phase))


def struck(
    chance: Chance, seconds: float, pitch_hz: float, overtones: tuple[float, ...], decay_s: float
) -> Sound:
    """A body that was struck: partials at multiples of a pitch, higher ones dying sooner.

    What still rings at its end is let fade, or it would click.
    """
    t = times(seconds)
    total = np.zeros_like(t)
    for order, multiple in enumerate(overtones):
        frequency = pitch_hz * multiple * chance.uniform(0.995, 1.005)
        if frequency < _NYQUIST_HZ * 0.8:
            rate = (1 + 0.7 * order) / decay_s
            total += np.sin(2 * np.pi * frequency * t) * np.exp(-t * rate) / (1 + 0.6 * order)
    fade_s = 0.15 * seconds
    return (total * np.minimum(1.0, t / 0.002) * np.minimum(1.0, (seconds - t) / fade_s)).astype(
        np.float32
    )


_HANDS = 40
"""How many claps differ: each is filtered by itself, which takes as long as all the rest."""

BELL = (1.0, 2.0, 2.76, 4.1, 5.4)
WOOD = (1.0, 2.6, 4.2)
DRUM = (1.0, 1.6, 2.14)


def thud(chance: Chance) -> Sound:
    """Something soft and heavy that lands."""
    t = times(0.35)
    pitch = 95 * chance.uniform(0.85, 1.2)
    body = np.sin(2 * np.pi * pitch * t * (1 + 0.6 * np.exp(-t * 40))) * np.exp(-t * 16)
    slap = noise(chance, 0.35, 200, 2500) * np.exp(-t * 60)
    return (2.2 * body + 0.7 * slap).astype(np.float32)


def footstep(chance: Chance) -> Sound:
    """A step: heel and scuff."""
    t = times(0.18)
    centre = chance.uniform(500, 1100)
    scuff = noise(chance, 0.18, centre * 0.4, centre * 3) * np.exp(-t * 45)
    heel = np.sin(2 * np.pi * chance.uniform(90, 130) * t) * np.exp(-t * 50)
    return (1.2 * scuff + 1.5 * heel).astype(np.float32)


def whoosh(chance: Chance, seconds: float = 0.5, attack_s: float = 0.03) -> Sound:
    """Air that something passes through: there within `attack_s`, then gone."""
    t = times(seconds)
    swell = np.minimum(1.0, t / attack_s) * np.cos(0.5 * np.pi * t / seconds) ** 2
    low = chance.uniform(350, 600)
    return (1.6 * noise(chance, seconds, low, low * 5) * swell).astype(np.float32)


def clap(chance: Chance) -> Sound:
    """A tambourine's stroke: bright and short."""
    t = times(0.22)
    return (1.6 * noise(chance, 0.22, 4000, 12000) * np.exp(-t * 30)).astype(np.float32)


def bell(chance: Chance, pitch_hz: float = 1400.0) -> Sound:
    """A small bell, as for something magical."""
    return struck(chance, 1.2, pitch_hz * chance.uniform(0.9, 1.2), BELL, 0.35)


def bump(chance: Chance) -> Sound:
    """A rolling thing's knock on the floor."""
    return struck(chance, 0.25, chance.uniform(150, 240), WOOD, 0.06) * 1.8


def lay(out: Sound, samples: Sound, at_s: float) -> None:
    """Add a sound to a longer one in place, so that it begins at a time; what is outside is cut."""
    start = round(at_s * SAMPLE_RATE_HZ)
    first, end = max(start, 0), min(start + len(samples), len(out))
    if first < end:
        out[first:end] += samples[first - start : end - start]


def wind(chance: Chance, seconds: float) -> Sound:
    """Gusts."""
    low = noise(chance, seconds, 120, 700) * drifting(chance, seconds, 1.1, 0.7)
    high = noise(chance, seconds, 700, 1800) * drifting(chance, seconds, 0.8, 0.9)
    return normal(low + 0.4 * high)


def waves(chance: Chance, seconds: float) -> Sound:
    """Surf that comes and goes."""
    t, period = times(seconds), chance.uniform(3.0, 4.5)
    swell = (0.5 - 0.5 * np.cos(2 * np.pi * t / period + chance.uniform(0, 6.28))) ** 1.5 + 0.15
    return normal(noise(chance, seconds, 200, 5000) * swell)


def rain(chance: Chance, seconds: float) -> Sound:
    """Steady rain with single drops in it."""
    out = noise(chance, seconds, 1500, 12000) * 0.8
    for at_s in chance.uniform(0, seconds, int(seconds * 35)):
        t = times(0.03)
        pitch = chance.uniform(1500, 5000)
        drop = np.sin(2 * np.pi * pitch * t) * np.exp(-t * 150)
        lay(out, (drop * chance.uniform(0.5, 2.5)).astype(np.float32), at_s)
    return normal(out)


def birds(chance: Chance, seconds: float) -> Sound:
    """Chirps over a little air."""
    out = noise(chance, seconds, 300, 2000) * 0.12
    at_s = chance.uniform(0, 0.6)
    while at_s < seconds:
        pitch = chance.uniform(2600, 4600)
        for index in range(chance.integers(1, 5)):
            chirp = swept(chance, 0.09, pitch, pitch * chance.uniform(0.75, 1.3))
            lay(out, chirp * np.hanning(len(chirp)).astype(np.float32), at_s + index * 0.12)
        at_s += chance.uniform(0.4, 1.6)
    return normal(out)


def traffic(chance: Chance, seconds: float) -> Sound:
    """A street: low rumble, cars that pass."""
    out = noise(chance, seconds, 50, 400)
    for at_s in np.arange(chance.uniform(0, 2), seconds, chance.uniform(2.5, 4)):
        lay(out, 1.5 * whoosh(chance, 2.2, 0.9), float(at_s))
    return normal(out)


def crickets(chance: Chance, seconds: float) -> Sound:
    """A night: chirring over a far hum."""
    t, pitch = times(seconds), chance.uniform(4200, 5000)
    pulses = np.clip(np.sin(2 * np.pi * 28 * t), 0, 1) * (np.sin(2 * np.pi * 1.3 * t) > -0.2)
    hum = noise(chance, seconds, 60, 250) * 0.4
    return normal(np.sin(2 * np.pi * pitch * t) * pulses + hum)


def drone(chance: Chance, seconds: float) -> Sound:
    """A deep, slowly beating chord, as nobody hears it in space."""
    t, base = times(seconds), chance.uniform(50, 70)
    tones = sum(np.sin(2 * np.pi * base * m * t + chance.uniform(0, 6)) for m in (1, 1.5, 2.01, 3))
    return normal(np.asarray(tones) * drifting(chance, seconds, 1.5, 0.4))


def bubbles(chance: Chance, seconds: float) -> Sound:
    """Under water: muffled, with bubbles that rise."""
    out = noise(chance, seconds, 60, 450)
    for at_s in chance.uniform(0, seconds, int(seconds * 5)):
        pitch = chance.uniform(350, 900)
        bubble = swept(chance, 0.12, pitch, pitch * 1.8)
        lay(out, 1.2 * bubble * np.hanning(len(bubble)).astype(np.float32), at_s)
    return normal(out)


def room(chance: Chance, seconds: float) -> Sound:
    """A quiet room: hum and air."""
    t = times(seconds)
    hum = np.sin(2 * np.pi * 100 * t) + 0.4 * np.sin(2 * np.pi * 200 * t)
    return normal(hum + noise(chance, seconds, 80, 1200) * 0.8)


def applause(chance: Chance, seconds: float) -> Sound:
    """Many hands."""
    out, fade = noise(chance, seconds, 800, 6000) * 0.5, np.exp(-times(0.04) * 110)
    hands = [
        noise(chance, 0.04, centre * 0.6, centre * 1.6) * fade
        for centre in chance.uniform(900, 2500, _HANDS)
    ]
    for at_s in chance.uniform(0, seconds, int(seconds * 45)):
        stroke = hands[chance.integers(_HANDS)]
        lay(out, (stroke * chance.uniform(0.5, 2)).astype(np.float32), at_s)
    return normal(out)


def rumble(chance: Chance, seconds: float) -> Sound:
    """A volcano: deep rumble, crackling."""
    out = noise(chance, seconds, 25, 160) * drifting(chance, seconds, 0.5, 0.5)
    for at_s in chance.uniform(0, seconds, int(seconds * 12)):
        t = times(0.02)
        crack = noise(chance, 0.02, 1000, 6000) * np.exp(-t * 250)
        lay(out, (crack * chance.uniform(0.5, 2)).astype(np.float32), at_s)
    return normal(out)


def motor(chance: Chance, seconds: float) -> Sound:
    """A vehicle's engine, running."""
    t = times(seconds)
    speed = chance.uniform(28, 40) * drifting(chance, seconds, 1.0, 0.06)
    phase = 2 * np.pi * np.cumsum(speed[: len(t)]) / SAMPLE_RATE_HZ
    fires = sum(np.sin(k * phase + k) / k**0.7 for k in range(1, 13))
    return normal(np.asarray(fires) + 0.3 * noise(chance, seconds, 100, 1500))


def rotor(chance: Chance, seconds: float) -> Sound:
    """Helicopter blades."""
    t = times(seconds)
    beat = np.clip(np.sin(2 * np.pi * 11 * t), 0, 1) ** 2
    return normal(noise(chance, seconds, 60, 900) * (0.15 + beat))


def jet(chance: Chance, seconds: float) -> Sound:
    """A rocket's engine: a roar."""
    return normal(noise(chance, seconds, 40, 3000) * drifting(chance, seconds, 0.2, 0.25))
