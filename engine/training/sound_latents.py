"""The cache of sound: scenes heard, encoded and captioned once, read many times; and as seen."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.abilities.moviegen_sound import Eyes, Looked
from engine.models.moviegen.audio_codec import LATENT_RATE_HZ, AudioCodec
from engine.models.moviegen.cues import CUED, cues_of
from engine.models.moviegen.motion import SIZE, motion_of
from engine.models.moviegen.picture_reader import PictureReader, at_latents, small_frames
from engine.models.moviegen.sound_captions import CAPTION_TOKENS
from engine.models.moviegen.transformer import TextFeatures
from engine.models.moviegen.turn_reader import turn_frames
from engine.models.moviegen.watching import in_rows
from engine.training.budget import log_line
from engine.training.draws import Draws, drawn
from engine.training.grammar import Scene, sample_scene
from engine.training.picture_reading import SIZES
from engine.training.scenes import RATE_FPS, render
from engine.training.sound_scenes import music_alone, sound_of, worsened

SHORT_S, LONG_S = 4, 10
"""The two lengths that are learnt; the paper has 10 and 30 s."""

_MUSIC_SHARE, _WORSE_SHARE = 0.15, 0.1
_UNSURE_S = 0.008
"""By how much the moments that eyes tell are off, in the median (docs/sound.md)."""
_BATCH = 16

EncodeCaption = Callable[[list[str]], TextFeatures]
"""Captions to features of at most CAPTION_TOKENS tokens."""


@dataclass(frozen=True, slots=True)
class SoundShard:
    """Sounds of one length: `latents` (N, C, T) normalised, the `cues` (N, T, CUES) of when

    something is heard, and the captions' `states` (N, CAPTION_TOKENS, W) and `mask`; all but the
    mask float16.
    """

    latents: Tensor
    cues: Tensor
    states: Tensor
    mask: Tensor


@dataclass(frozen=True, slots=True)
class Seen:
    """A scene at RATE_FPS: its frames (F, 3, 36, 64) uint8, and how it moves (F, SIGNALS)."""

    frames: Tensor
    signals: Tensor


@dataclass(frozen=True, slots=True)
class Sample:
    """One sound (S,), what it is called, and when it is struck, if it is."""

    samples: Tensor
    caption: str
    moments_s: tuple[float, ...]


def draw_sample(seed: str, index: int, seconds: int) -> Sample:
    """The sound of a scene, or now and then music alone.

    Nothing is rendered: what eyes would tell of the scene is known, to some milliseconds.
    """
    rng = random.Random(f"{seed}/{index}")
    moments_s: tuple[float, ...] = ()
    if rng.random() < _MUSIC_SHARE:
        sound = music_alone(rng.getrandbits(31), seconds)
    else:
        sound = sound_of(sample_scene(rng), seconds)
        if sound.action in CUED:
            moments_s = tuple(max(0.0, at + rng.gauss(0, _UNSURE_S)) for at in sound.onsets_s)
    if rng.random() < _WORSE_SHARE:
        sound = worsened(sound, rng.getrandbits(31))
    return Sample(torch.from_numpy(sound.samples), sound.words.caption, moments_s)


def seen(scene: Scene, seconds: float, rng: random.Random) -> Seen:
    """A scene as it is watched."""
    return seen_in(filmed(scene, seconds, rng))


def filmed(scene: Scene, seconds: float, rng: random.Random) -> NDArray[np.uint8]:
    """A scene in one of the shapes that films have, (F, H, W, 3)."""
    width, height = SIZES[0] if rng.random() < 0.7 else rng.choice(SIZES)
    return render(scene, 2 * width, 2 * height, round(seconds * RATE_FPS)).frames


def seen_in(film: NDArray[np.uint8]) -> Seen:
    """What is seen in frames (F, H, W, 3) at RATE_FPS."""
    frames = ((small_frames(film) + 1) * 127.5).round().to(torch.uint8)
    return Seen(frames, motion_of(flattened(film), times_s(len(frames))))


def flattened(film: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Frames of any shape in the one that movements are told from, (F, 144, 256, 3)."""
    pictures = [cv2.resize(picture, SIZE, interpolation=cv2.INTER_AREA) for picture in film]
    return np.stack(pictures).astype(np.uint8, copy=False)


def rows_of(reader: PictureReader, looked: Seen, length: int) -> Tensor:
    """Rows (T, D + SIGNALS) of a scene, one for each latent."""
    features = reader.read(looked.frames.to(reader.device).float() / 127.5 - 1.0).cpu()
    return in_rows(features, looked.signals, times_s(len(features)), length)


def looked_at(eyes: Eyes, scene: Scene, seconds: int) -> Looked:
    """What the eyes see of a scene."""
    film, length = filmed(scene, seconds, random.Random(0)), seconds * LATENT_RATE_HZ
    told = eyes.turns.read(turn_frames(flattened(film)))
    turns = at_latents(told, times_s(len(film)), length)
    return Looked(rows_of(eyes.reader, seen_in(film), length), turns)


def times_s(frames: int) -> list[float]:
    """When frames at RATE_FPS begin, in seconds."""
    return [index / RATE_FPS for index in range(frames)]


@dataclass(frozen=True, slots=True)
class Encoders:
    """What the cache is made with: all frozen."""

    codec: AudioCodec
    caption: EncodeCaption


@torch.inference_mode()
def write_shard(
    encoders: Encoders, folder: Path, count: int, seconds: int, work: Path
) -> SoundShard:
    """Make a shard of `count` sounds, unless an earlier run has made it."""
    path = folder / f"sound-{seconds}s.safetensors"
    if not path.exists():
        samples = Draws(count, f"sound/{seconds}", partial(draw_sample, seconds=seconds))
        rows = [
            row for some in batched(drawn(samples)) for row in _encoded(encoders, some, seconds)
        ]
        names = ("latents", "cues", "states", "mask")
        stacked = {
            n: torch.stack(parts) for n, parts in zip(names, zip(*rows, strict=True), strict=True)
        }
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".partial")
        save_file(stacked, unfinished)
        unfinished.replace(path)
        log_line(work, f"cached {count} sounds of {seconds} s")
    return SoundShard(**load_file(path, device=str(encoders.codec.device)))


def batched(samples: Iterable[Sample]) -> Iterator[list[Sample]]:
    """_BATCH samples at a time."""
    rest = iter(samples)
    while some := list(islice(rest, _BATCH)):
        yield some


def _encoded(
    encoders: Encoders, samples: list[Sample], seconds: int
) -> Iterator[tuple[Tensor, Tensor, Tensor, Tensor]]:
    """Rows of a shard on the CPU."""
    length, device = seconds * LATENT_RATE_HZ, encoders.codec.device
    sounds = torch.stack([sample.samples for sample in samples])[:, None].to(device)
    latents = encoders.codec.encode(sounds)[:, :, :length].half().cpu()
    texts = padded(encoders.caption([sample.caption for sample in samples]))
    states, mask = texts.states[0].half().cpu(), texts.mask.cpu()
    for index, sample in enumerate(samples):
        cues = cues_of(sample.moments_s, length)
        yield latents[index], cues.half(), states[index], mask[index]


def padded(text: TextFeatures) -> TextFeatures:
    """Features filled up to CAPTION_TOKENS with tokens that do not count."""
    missing = CAPTION_TOKENS - text.mask.shape[1]
    states = tuple(F.pad(part, (0, 0, 0, missing)) for part in text.states)
    return TextFeatures(states, F.pad(text.mask, (0, missing)), None)
