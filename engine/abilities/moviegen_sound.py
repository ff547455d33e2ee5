"""What every sound job of the Movie Gen family shares: its networks, its words, its request."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import torch
from torch import Tensor

from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import telling_damage
from engine.abilities.moviegen_source import source_of
from engine.abilities.video_input import Film, part_used, pictures_at
from engine.catalogue import Entry
from engine.errors import BadRequest, Internal, WeightsNotInstalled
from engine.models.moviegen.audio_codec import LATENT_RATE_HZ, AudioCodec
from engine.models.moviegen.audio_pipeline import (
    Networks,
    SoundPipeline,
    SoundRequest,
    Windows,
)
from engine.models.moviegen.audio_transformer import AudioTransformer
from engine.models.moviegen.listener import Listener
from engine.models.moviegen.motion import SIZE
from engine.models.moviegen.movement_reader import MovementReader
from engine.models.moviegen.picture_reader import RATE_FPS, PictureReader, at_latents
from engine.models.moviegen.sound_captions import SoundWords, voice_word, words_of
from engine.models.moviegen.text import load_text_encoder
from engine.models.moviegen.turn_reader import TurnReader, turn_frames
from engine.models.moviegen.watching import in_rows, watched
from engine.protocol.recipes import Recipe

CANDIDATES = "candidates"
"""The option of a recipe that says how many are made, of which the best is kept."""

_DEFAULT_CANDIDATES, _MOST_CANDIDATES = 2, 16
_PIECE = 600
"""Frames that are watched at once."""
_TRAIN = "python3 main.py train pocket-sound"
_READER, _MOVEMENT, _TURNS = "reader", "movement", "turns"
_PARTS = ("codec", "transformer", "listener")


def sound_words(recipe: Recipe) -> SoundWords:
    """What a recipe's prompt asks for.

    Raises: BadRequest, where it asks for a voice.
    """
    word = voice_word(recipe.prompt)
    if word:
        raise BadRequest(
            f'This model makes no speech and no singing, and the prompt asks for it ("{word}").',
            "Describe noises or instrumental music, and record or import the voice.",
        )
    return words_of(recipe.prompt)


def request_of(
    recipe: Recipe,
    entry: Entry,
    length: int,
) -> SoundRequest:
    """A request for `length` latents in the recipe's words.

    Raises: BadRequest.
    """
    if entry.windows is None:
        raise Internal(f"{entry.id} does not say how long its windows are.")
    guidance, defaults = recipe.sampler.guidance_scale, entry.defaults
    return SoundRequest(
        words=sound_words(recipe),
        length=length,
        seed=recipe.seed,
        windows=Windows(entry.windows.frames, entry.windows.overlap),
        steps=recipe.sampler.steps or defaults.steps,
        guidance_scale=defaults.guidance_scale if guidance is None else guidance,
        candidates=_candidates(recipe),
    )


def _candidates(recipe: Recipe) -> int:
    count = recipe.options.get(CANDIDATES, _DEFAULT_CANDIDATES)
    if not isinstance(count, int) or not 1 <= count <= _MOST_CANDIDATES:
        raise BadRequest(f"{count} candidates cannot be made.", f"Ask for 1 to {_MOST_CANDIDATES}.")
    return count


def make_sound(request: SoundRequest, context: JobContext, pipeline: SoundPipeline) -> Tensor:
    """Samples (S,) of a request, every step of it told."""

    def on_step(step: int, steps: int, _estimate: Tensor) -> None:
        context.report("composing", step, steps)

    return pipeline.make(request, on_step)


def latents_in(seconds: Fraction) -> int:
    """Latents that a stretch of time takes."""
    return max(1, math.ceil(seconds * LATENT_RATE_HZ))


def film_to_score(
    recipe: Recipe, entry: Entry, context: JobContext
) -> tuple[Film, Fraction, Fraction]:
    """The film that a recipe makes sound for, and from when to when.

    Raises: BadRequest, BadMedia.
    """
    given, film = source_of(recipe, context)
    in_s, out_s = part_used(film, given)
    if latents_in(out_s - in_s) > entry.rules.max_frames:
        most = entry.rules.max_frames // (LATENT_RATE_HZ * 60)
        raise BadRequest(f"The film is longer than {most} minutes.", "Use a part of it.")
    return film, in_s, out_s


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen of a film, for each of its latents: `rows` (T, D + SIGNALS), and what is told

    of how it is turned, `turns` (T, TOLD).
    """

    rows: Tensor
    turns: Tensor


def look_at(eyes: Eyes, film: Film, in_s: Fraction, out_s: Fraction) -> Looked:
    """All that the eyes see of the part of a film from `in_s` to `out_s`.

    Frames of fast films are left out, so that about as many are seen a second as were learnt.
    """
    step = max(1, round(film.rate / RATE_FPS))
    first, last = film.at(in_s), film.at(out_s)
    times = [film.times_s[index] for index in range(first, last + 1, step)]
    times = [time for time in times if time < out_s] or [film.times_s[first]]
    features: list[Tensor] = []
    signals: list[Tensor] = []
    turned: list[Tensor] = []
    for start in range(0, len(times), _PIECE):
        around = times[max(0, start - 1) : start + _PIECE + 1]
        pictures = pictures_at(film, around, SIZE, crop=False)
        shown, moved = watched(eyes.reader, pictures, [float(time - in_s) for time in around])
        own = slice(min(start, 1), min(start, 1) + _PIECE)
        features.append(shown[own])
        signals.append(moved[own])
        told = eyes.turns.read(turn_frames(pictures).to(eyes.turns.device))
        turned.append(told.cpu()[own])
    starts_s = [float(time - in_s) for time in times]
    length = latents_in(out_s - in_s)
    return Looked(
        in_rows(torch.cat(features), torch.cat(signals), starts_s, length),
        at_latents(torch.cat(turned), starts_s, length),
    )


def load_sound(entry: Entry, context: JobContext) -> SoundPipeline:
    """The networks of a job, warm from an earlier one if there was any, in float32.

    Raises: BadWeights, WeightsNotInstalled.
    """
    folder, device = context.weights, torch.device(context.device)
    parts = [_installed(entry, folder / name) for name in _PARTS]
    size_bytes = sum(component.parameters for component in entry.components) * 4
    key = f"{entry.id}/{context.device}"
    return context.models.get(key, size_bytes, lambda: _load(parts, folder, device))


@dataclass(frozen=True, slots=True)
class Eyes:
    """What sees: frames, what happens over them, and how what is in them is turned."""

    reader: PictureReader
    movement: MovementReader
    turns: TurnReader


def load_eyes(entry: Entry, context: JobContext) -> Eyes:
    """The eyes alone, warm from an earlier job if there was any, in float32.

    Raises: BadWeights, WeightsNotInstalled.
    """
    names = _READER, _MOVEMENT, _TURNS
    reader, movement, turns = (_installed(entry, context.weights / name) for name in names)
    size_bytes = sum(part.parameters * 4 for part in entry.components if part.name in names)
    device = torch.device(context.device)

    def read() -> Eyes:
        with telling_damage(context.weights):
            return Eyes(
                PictureReader.from_folder(reader, torch.float32).eval().to(device),
                MovementReader.from_folder(movement, torch.float32).eval().to(device),
                TurnReader.from_folder(turns, torch.float32).eval().to(device),
            )

    return context.models.get(f"{entry.id}/eyes/{context.device}", size_bytes, read)


def _installed(entry: Entry, folder: Path) -> Path:
    """The folder of a network that is there. Raises: WeightsNotInstalled."""
    if not (folder / "config.json").exists():
        raise WeightsNotInstalled(
            f"{entry.title} is not installed: {folder.name} has not been trained on this machine.",
            f"Train it with {_TRAIN}.",
        )
    return folder


def _load(parts: list[Path], folder: Path, device: torch.device) -> SoundPipeline:
    codec, transformer, listener = parts
    with telling_damage(folder):
        encoder, tokenizer = load_text_encoder(folder.parent / "text-encoder")
        networks = Networks(
            AudioCodec.from_folder(codec, torch.float32).eval().to(device),
            AudioTransformer.from_folder(transformer, torch.float32).eval().to(device),
            Listener.from_folder(listener, torch.float32).eval().to(device),
            encoder,
            tokenizer,
        )
    return SoundPipeline(networks)
