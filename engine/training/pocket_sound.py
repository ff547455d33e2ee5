"""The pocket sound model from nothing to shipped weights: codec, eyes, ears, cache, transformer."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import torch
from scipy.io import wavfile

from engine.abilities.foley_seen import heard_in
from engine.abilities.moviegen_sound import Eyes
from engine.abilities.sound_told import told_of
from engine.models.moviegen.audio_codec import LATENT_RATE_HZ, SAMPLE_RATE_HZ, AudioCodec
from engine.models.moviegen.audio_pipeline import Networks, SoundPipeline, SoundRequest, Windows
from engine.models.moviegen.audio_transformer import AudioTransformer
from engine.models.moviegen.listener import Listener
from engine.models.moviegen.movement_reader import MovementReader
from engine.models.moviegen.network import Network
from engine.models.moviegen.picture_reader import PictureReader
from engine.models.moviegen.sound_captions import CAPTION_TOKENS, SoundWords
from engine.models.moviegen.text import encode_prompts, load_text_encoder, phrase_vectors
from engine.models.moviegen.turn_reader import TurnReader
from engine.models.packed import save_packed
from engine.training import (
    listening,
    movement_reading,
    picture_reading,
    sound_codec,
    sound_transformer,
    turn_reading,
)
from engine.training.budget import Budget, best_device, log_line, take_turns
from engine.training.grammar import held_out_scenes
from engine.training.sound_latents import (
    LONG_S,
    SHORT_S,
    Encoders,
    looked_at,
    padded,
    write_shard,
)
from engine.training.text_encoder import convert

FOLDER = "pocket-sound"
JUDGE = "sound-judge"
_CODEC_SHARE, _LISTENER_SHARE, _JUDGE_SHARE = 0.3, 0.06, 0.06
_READER_SHARE, _MOVEMENT_SHARE, _TURNS_SHARE = 0.12, 0.16, 0.04
_SHORT_A_MINUTE, _LONG_A_MINUTE = 24, 4
_MOST_SHORT, _MOST_LONG = 6000, 2400
_GPU_TIMES = 40
"""How many times as many sounds are drawn for a GPU, whose minutes hold far more steps."""
_SAMPLES, _SAMPLE_S, _SAMPLE_SEED = 6, 4, 2026


def train_codec(minutes: float, work: Path, models: Path, device: str | None) -> None:
    """Train the codec for `minutes` and ship it; latents of another codec no longer fit."""
    sound_codec.train(minutes, work, models, device)


def train_decoder(minutes: float, work: Path, models: Path, device: str | None) -> None:
    """Train the codec's decoder on for `minutes`, and ship it; latents stay what they are."""
    sound_codec.train_decoder(minutes, work, models, device)


def train(minutes: float, work: Path, models: Path, device: str | None) -> None:
    """Train all that is not there yet within `minutes`, and ship it.

    A codec that ships already is kept: latents made with another would not fit it.
    """
    processor, budget = best_device(device), Budget(minutes)
    take_turns(processor)
    folder = models / FOLDER
    if not (models / "text-encoder/config.json").exists():
        convert(models / "text-encoder")
    if not (folder / "codec/config.json").exists():
        train_codec(minutes * _CODEC_SHARE, work, models, device)
    encoder = load_text_encoder(models / "text-encoder")
    embed = phrase_vectors(*encoder)
    if not (folder / "movement/config.json").exists():
        if not (folder / "reader/config.json").exists():
            ship(picture_reading.train(minutes * _READER_SHARE, work), folder / "reader")
        reader = PictureReader.from_folder(folder / "reader", torch.float32).eval()
        ship(movement_reading.train(minutes * _MOVEMENT_SHARE, work, reader), folder / "movement")
    if not (folder / "turns/config.json").exists():
        ship(turn_reading.train(minutes * _TURNS_SHARE, work), folder / "turns")
    for name, place, share in (
        ("listener", folder / "listener", _LISTENER_SHARE),
        (JUDGE, models / JUDGE, _JUDGE_SHARE),
    ):
        if not (place / "config.json").exists():
            ship(listening.train(minutes * share, work, embed, name), place)
    codec = AudioCodec.from_folder(folder / "codec", torch.float32).eval().to(processor)
    torch.nn.Module.to(encoder[0], processor)
    caption = partial(encode_prompts, *encoder, most_tokens=CAPTION_TOKENS)
    encoders = Encoders(codec, caption)
    log_line(work, "synthesising and encoding sounds, once")
    times = 1 if processor.type == "cpu" else _GPU_TIMES
    counts = (
        (SHORT_S, times * _SHORT_A_MINUTE * minutes, _MOST_SHORT),
        (LONG_S, times * _LONG_A_MINUTE * minutes, _MOST_LONG),
    )
    shards = [
        write_shard(encoders, work / "latents", int(min(most, max(16, many))), seconds, work)
        for seconds, many, most in counts
    ]
    left = max(1 - budget.spent, 0.1) * minutes
    null, place = padded(caption([""])), folder / "transformer"
    ship(sound_transformer.train(left, work, shards, null, device, place), place)
    write_samples(models, work / "samples")


def ship(model: Network, folder: Path) -> None:
    """Write a network as bytes and scales."""
    model.save_config(str(folder))
    save_packed(model.state_dict(), folder)


def load_eyes(folder: Path) -> Eyes:
    """The shipped readers, on the CPU in float32."""
    return Eyes(
        PictureReader.from_folder(folder / "reader", torch.float32).eval(),
        MovementReader.from_folder(folder / "movement", torch.float32).eval(),
        TurnReader.from_folder(folder / "turns", torch.float32).eval(),
    )


def load_pipeline(models: Path) -> SoundPipeline:
    """The shipped sound model, on the CPU in float32."""
    folder = models / FOLDER
    encoder, tokenizer = load_text_encoder(models / "text-encoder")
    networks = Networks(
        AudioCodec.from_folder(folder / "codec", torch.float32).eval(),
        AudioTransformer.from_folder(folder / "transformer", torch.float32).eval(),
        Listener.from_folder(folder / "listener", torch.float32).eval(),
        encoder,
        tokenizer,
    )
    return SoundPipeline(networks)


def write_samples(models: Path, folder: Path) -> None:
    """The fixed grid: the same held-out scenes and one piece of music, run after run, as WAV."""
    folder.mkdir(parents=True, exist_ok=True)
    pipeline = load_pipeline(models)
    eyes = load_eyes(models / FOLDER)
    length = _SAMPLE_S * LATENT_RATE_HZ
    windows = Windows(LONG_S * LATENT_RATE_HZ, LATENT_RATE_HZ)
    captions: dict[str, str] = {}
    for index, scene in enumerate(held_out_scenes(_SAMPLES, _SAMPLE_SEED)):
        seen = heard_in(eyes, looked_at(eyes, scene, _SAMPLE_S), index)
        request = SoundRequest(SoundWords(), length, index, windows)
        request = told_of(seen, request.words).asked_of(request)
        name = f"{index}-{scene.action.id}-{scene.setting.id}.wav"
        captions[name] = f"{scene.subject.noun} {scene.action.words[0]} {scene.setting.words[0]}"
        _write(folder / name, pipeline.make(request, lambda *_: None))
    music = SoundWords(music="calm instrumental music, slow, piano")
    request = SoundRequest(music, length, 0, windows)
    _write(folder / "music.wav", pipeline.make(request, lambda *_: None))
    (folder / "captions.json").write_text(json.dumps(captions, indent=2))


def _write(path: Path, samples: torch.Tensor) -> None:
    levels = (samples.clamp(-1, 1) * 32767).round().to(torch.int16)
    wavfile.write(path, SAMPLE_RATE_HZ, levels.numpy())
