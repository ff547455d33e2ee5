"""Whether sound made in pieces is of one piece: no click where they meet, and steady loudness."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.abilities.extend_audio import going_on, new_part
from engine.models.foley.palette import SURROUNDINGS
from engine.models.foley.synthesis import Sound
from engine.models.moviegen.audio_codec import LATENT_RATE_HZ, SAMPLE_RATE_HZ
from engine.models.moviegen.audio_pipeline import SoundPipeline, SoundRequest, Windows
from engine.models.moviegen.sound_captions import SoundWords
from engine.sampling.spans import covering
from engine.training.evaluation import Score
from engine.training.sound_scenes import music_alone

_HOP = SAMPLE_RATE_HZ // LATENT_RATE_HZ
_SECONDS, _GIVEN_S = 24, 5
_NEAR_S = 0.02
_SETTINGS = ("rain", "beach", "forest", "room")
_SEED = 2027


@dataclass(frozen=True, slots=True)
class Long:
    """Samples (S,) of a long sound, and the samples at which its pieces meet."""

    samples: Tensor
    seams: tuple[int, ...]


def seam_step(sound: Long) -> float:
    """The largest bend of the wave within 20 ms of a seam, over the 99.9th percentile elsewhere.

    A click is many times that; a sound's own bends near a place chosen by chance are about 1.
    """
    bends = sound.samples.diff(n=2).abs()
    near = torch.zeros(len(bends), dtype=torch.bool)
    reach = round(_NEAR_S * SAMPLE_RATE_HZ)
    for seam in sound.seams:
        near[max(0, seam - reach) : seam + reach] = True
    usual = torch.from_numpy(np.quantile(bends[~near].numpy(), 0.999, keepdims=True))[0]
    return float(bends[near].max() / usual.clamp_min(1e-6))


def loudness_spread_db(samples: Tensor) -> float:
    """How far loudness strays from second to second: the deviation of its RMS levels in dB."""
    seconds = samples[: len(samples) // SAMPLE_RATE_HZ * SAMPLE_RATE_HZ].view(-1, SAMPLE_RATE_HZ)
    levels = 10 * seconds.square().mean(1).clamp_min(1e-10).log10()
    return float(levels.std())


def of_one_piece(pipeline: SoundPipeline, windows: Windows, steps: int) -> Iterator[Score]:
    """Scores of sound of 24 s in several windows, and of synthesised sound gone on with."""
    real, made, extended = [], [], []
    for index, (words, sound) in enumerate(_sounds()):
        length = _SECONDS * LATENT_RATE_HZ
        seams = tuple(
            _HOP * edge
            for span in covering(length, windows.length, windows.overlap)
            for edge in span
        )[1:-1]
        request = SoundRequest(words, length, index, windows, steps, candidates=1)
        made.append(Long(pipeline.make(request, _untold), seams))
        samples = torch.from_numpy(sound)
        real.append(Long(samples, seams))
        extended.append(_gone_on(pipeline, samples, request))
    for name, unit, of, sounds in (
        ("seam_step", "ratio", seam_step, made),
        ("extension_seam_step", "ratio", seam_step, extended),
        ("loudness_spread_db", "dB", lambda sound: loudness_spread_db(sound.samples), made),
    ):
        yield Score(name, _mean(of, sounds), unit, None, "synthesised sound", _mean(of, real))


def _sounds() -> Iterator[tuple[SoundWords, Sound]]:
    """Four surroundings and a piece of music, as words and as they are synthesised."""
    for setting in _SETTINGS:
        phrase, synthesise = SURROUNDINGS[setting]
        chance = np.random.default_rng(random.Random(f"{_SEED}/{setting}").getrandbits(31))
        yield SoundWords(phrase), 0.06 * synthesise(chance, _SECONDS)
    music = music_alone(_SEED, _SECONDS)
    yield music.words, music.samples


def _gone_on(pipeline: SoundPipeline, samples: Tensor, request: SoundRequest) -> Long:
    """The first seconds of a sound and what the model makes of how it goes on."""
    end = samples[: _GIVEN_S * SAMPLE_RATE_HZ][-request.windows.overlap * _HOP :]
    length = (_SECONDS - _GIVEN_S) * LATENT_RATE_HZ
    asked = SoundRequest(
        request.words, length, request.seed, request.windows, request.steps, candidates=1
    )
    made = pipeline.make(going_on(asked, end, pipeline), _untold)
    given = samples[: _GIVEN_S * SAMPLE_RATE_HZ]
    return Long(torch.cat([given, new_part(made, end)]), (len(given),))


def _untold(_step: int, _steps: int, _estimate: Tensor) -> None:
    """Nobody watches."""


def _mean(of: Callable[[Long], float], sounds: list[Long]) -> float:
    return float(np.mean([of(sound) for sound in sounds]))
