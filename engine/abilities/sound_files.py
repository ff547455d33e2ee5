"""Sound in and out of files: samples of what an ability was given, and WAV of what it made."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import torch
from av.error import FFmpegError
from scipy.io import wavfile
from torch import Tensor

from engine.abilities.context import JobContext
from engine.errors import BadMedia, BadRequest
from engine.protocol.assets import MediaInfo, Output
from engine.protocol.recipes import InputAsset, InputRole, Recipe

SAMPLE_RATE_HZ = 48_000
_LEVELS = 32_767
_MOST_S = 600


def sound_source(recipe: Recipe, context: JobContext) -> tuple[InputAsset, Tensor]:
    """The sound a recipe works on: mono samples (S,) float32 at 48 kHz, of the part it uses.

    Raises: BadRequest where there is none, BadMedia where it has no sound that can be read.
    """
    given = next((item for item in recipe.inputs if item.role is InputRole.SOURCE), None)
    if given is None:
        raise BadRequest("The recipe has no sound to work on.", "Add one as its source.")
    samples = read_sound(context.asset(given.sha256))
    first = round(Fraction(given.in_s or 0) * SAMPLE_RATE_HZ)
    end = round(Fraction(given.out_s) * SAMPLE_RATE_HZ) if given.out_s else len(samples)
    part = samples[first:end]
    if len(part) == 0:
        raise BadMedia(
            f"The part to use begins after the sound's end, at {len(samples) / SAMPLE_RATE_HZ:.2f}"
            " s.",
            "Choose a part that lies in the sound.",
        )
    return given, part


def require_length(samples: Tensor, least_s: float) -> None:
    """Raises: BadMedia, for a sound too short to go on from."""
    length_s = len(samples) / SAMPLE_RATE_HZ
    if length_s < least_s:
        raise BadMedia(
            f"The source is {length_s:.3f} s long, too short to go on from.",
            f"Give it at least {least_s:g} s.",
        )


def read_sound(path: Path) -> Tensor:
    """All of a file's first sound, mono (S,) float32 at 48 kHz.

    Raises: BadMedia, for a file without sound, one that is damaged, or one too long to hold.
    """
    pieces: list[np.ndarray] = []
    length = 0
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise BadMedia("The source has no sound.", "Choose a file that has some.")
            resampler = av.AudioResampler("flt", "mono", SAMPLE_RATE_HZ)
            for frame in container.decode(container.streams.audio[0]):
                for out in resampler.resample(frame):
                    pieces.append(out.to_ndarray()[0])
                    length += out.samples
                if length > _MOST_S * SAMPLE_RATE_HZ:
                    raise BadMedia(
                        f"The sound is longer than {_MOST_S // 60} minutes.", "Use a part of it."
                    )
            pieces += [out.to_ndarray()[0] for out in resampler.resample(None)]
    except (FFmpegError, ValueError) as problem:
        raise BadMedia(
            "The source cannot be read as sound.", "Use a WAV, FLAC, MP3 or MP4 file that plays."
        ) from problem
    if not length:
        raise BadMedia("The sound is empty.", "Choose a file that has some.")
    return torch.from_numpy(np.concatenate(pieces))


def save_sound(samples: Tensor, context: JobContext, name: str = "output") -> Output:
    """Keep mono samples (S,) in [-1, 1] as 16-bit WAV at 48 kHz."""
    path = context.scratch / f"{name}.wav"
    levels = (samples.clamp(-1, 1) * _LEVELS).round().to(torch.int16)
    wavfile.write(path, SAMPLE_RATE_HZ, levels.numpy())
    return context.save(path, "audio/wav", MediaInfo(sample_rate_hz=SAMPLE_RATE_HZ), name)
