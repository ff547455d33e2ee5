"""The sound of grammar scenes: what is heard, and exactly when, derived from how they are staged.

Onsets are the moments at which the picture shows them: a landing when the jump's curve meets the
floor, a step when the walk's does. Continuous sounds have none.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from engine.models.animatic.onsets import onsets as movement_onsets
from engine.models.foley.music import compose
from engine.models.foley.palette import (
    MACHINES,
    MOVEMENTS,
    QUIET,
    SOUNDING,
    SURROUNDINGS,
    Bed,
    kind_heard,
    limited,
    moved,
)
from engine.models.foley.synthesis import Sound, noise
from engine.models.moviegen.audio_codec import SAMPLE_RATE_HZ
from engine.models.moviegen.sound_captions import SoundWords, described
from engine.training.grammar import Scene
from engine.training.scenes import stage

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
    return kind_heard(scene.action.id, machine_of(scene))


def machine_of(scene: Scene) -> Bed | None:
    """What its subject sounds like by itself, if it does."""
    return SOUNDING.get(scene.subject.noun)


def onsets(scene: Scene, length_s: float) -> tuple[float, ...]:
    """When something begins to sound in a scene whose action takes `length_s`, in seconds."""
    if kind_of(scene) == "engine":
        return ()
    return movement_onsets(scene.action.id, stage(scene).phase, length_s)


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
    words = SoundWords(described(said), music)
    return SceneSound(limited(out), times_s, phrase, kind, words)


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
    hiss = noise(chance, seconds, 1000, 16000)
    samples = (muffled + rng.uniform(0.01, 0.03) * hiss).astype(np.float32)
    words = SoundWords(sound.words.description, sound.words.music, rng.choice((3.0, 4.0)))
    return SceneSound(samples, sound.onsets_s, sound.ambience, sound.action, words)
