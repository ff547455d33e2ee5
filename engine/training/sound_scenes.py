"""The sound of grammar scenes: what is heard, and exactly when, derived from how they are staged.

Onsets are the moments at which the picture shows them: a landing when the jump's curve meets the
floor, a step when the walk's does. Continuous sounds have none.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np

from engine.models.foley import synthesis as made
from engine.models.foley.music import compose
from engine.models.foley.palette import (
    MACHINES,
    MOVEMENTS,
    QUIET,
    SURROUNDINGS,
    Bed,
    limited,
    moved,
)
from engine.models.foley.synthesis import Sound
from engine.models.moviegen.audio_codec import SAMPLE_RATE_HZ
from engine.models.moviegen.sound_captions import SoundWords
from engine.training.grammar import Scene
from engine.training.scenes import stage

_ENGINES: dict[str, Bed] = {
    "red car": made.motor, "taxi": made.motor, "bus": made.motor, "helicopter": made.rotor,
    "rocket": made.jet, "flying saucer": made.drone, "sailboat": made.waves,
}  # fmt: skip
"""Subjects that sound by themselves, and the setting's share is then smaller."""

_WALKING = ("right", "left")

AMBIENCE_PHRASES = tuple(dict.fromkeys(phrase for phrase, _ in SURROUNDINGS.values()))

SPARSE = frozenset({"walk", "jump", "spin", "roll", "fall", "dance", "float"})
"""Kinds whose onsets are far enough apart to tell one from the next."""


@dataclass(frozen=True, slots=True)
class SceneSound:
    """The sound of a scene: samples, onsets in seconds, its kinds and its description."""

    samples: Sound
    onsets_s: tuple[float, ...]
    ambience: str
    action: str
    words: SoundWords


def kind_of(scene: Scene) -> str:
    """What kind of sound a scene's action makes; "" for none."""
    action = scene.action.id
    if machine_of(scene) and action in (*_WALKING, "stand"):
        return "engine"
    if action in _WALKING:
        return "walk"
    return "" if action == "stand" else action


def machine_of(scene: Scene) -> Bed | None:
    """What its subject sounds like by itself, if it does."""
    return _ENGINES.get(scene.subject.noun)


def onsets(scene: Scene, length_s: float) -> tuple[float, ...]:
    """When something begins to sound in a scene whose action takes `length_s`, in seconds.

    Each follows from the pose's own formula in engine.training.scenes.
    """
    phase, kind = stage(scene).phase, kind_of(scene)
    match kind:
        case "walk":  # |sin 4 pi (t + phase)| meets the floor
            return _every(0.25, phase, length_s)
        case "jump":  # |sin 1.25 pi (t + phase)| does
            return _every(0.8, phase, length_s)
        case "spin":  # half a turn
            return _every(1.0, phase, length_s)
        case "dance":  # the middle of a sway
            return _every(0.5, phase, length_s)
        case "float":  # the top of a wave of two seconds
            return _every(2.0, phase - 0.5, length_s)
        case "roll":  # a third of the way each, 0.8 pi of turning
            return tuple(length_s * share / 3 for share in range(3))
        case "fall":  # it lands at 0.8 of its way
            return (0.8 * length_s,)
        case "shake":  # through the middle eight times a second
            return _every(0.125, phase, length_s)
        case _:
            return ()


def _every(period_s: float, phase_s: float, length_s: float) -> tuple[float, ...]:
    """k * period - phase, as far as that lies in the scene."""
    first = math.ceil(phase_s / period_s - 1e-9)
    found: list[float] = []
    while first * period_s - phase_s < length_s:
        found.append(first * period_s - phase_s)
        first += 1
    return tuple(found)


def sound_of(scene: Scene, length_s: float, with_music: float = 0.25) -> SceneSound:
    """What a scene sounds like; with a chance of `with_music` there is music under it."""
    chance = np.random.default_rng(scene.seed)
    phrase, ambience = SURROUNDINGS[scene.setting.id]
    loud = 0.03 if scene.setting.id in QUIET else 0.06
    out = ambience(chance, length_s) * (loud * chance.uniform(0.7, 1.3))
    kind, times_s = kind_of(scene), onsets(scene, length_s)
    engine = machine_of(scene)
    said = [phrase]
    if engine is not None:
        out = 0.5 * out + 0.08 * engine(chance, length_s)
        said.insert(0, MACHINES[engine])
    if kind and kind != "engine":
        out += 0.14 * moved(kind, times_s, chance, length_s)
        said.insert(0, MOVEMENTS[kind])
    music = ""
    if chance.random() < with_music:
        piece = compose(chance, length_s)
        out, music = 0.8 * out + 0.06 * piece.sound, piece.description
    words = SoundWords(" and ".join(_joined(said)), music)
    return SceneSound(limited(out), times_s, phrase, kind, words)


def _joined(said: list[str]) -> list[str]:
    return [", ".join(said[:-1]), said[-1]] if len(said) > 1 else said


def music_alone(seed: int, length_s: float) -> SceneSound:
    """Music with nothing else."""
    piece = compose(np.random.default_rng(seed), length_s)
    words = SoundWords(music=piece.description)
    return SceneSound(limited(0.12 * piece.sound), (), "", "", words)


def worsened(sound: SceneSound, seed: int) -> SceneSound:
    """The same in poor quality, and said to be: muffled, with hiss."""
    rng, chance = random.Random(seed), np.random.default_rng(seed)
    seconds = len(sound.samples) / SAMPLE_RATE_HZ
    muffled = np.convolve(sound.samples, np.hanning(24) / np.hanning(24).sum(), "same")
    hiss = made.noise(chance, seconds, 1000, 16000)
    samples = (muffled + rng.uniform(0.01, 0.03) * hiss).astype(np.float32)
    words = SoundWords(sound.words.description, sound.words.music, rng.choice((3.0, 4.0)))
    return SceneSound(samples, sound.onsets_s, sound.ambience, sound.action, words)
