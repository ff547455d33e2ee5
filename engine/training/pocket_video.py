"""The pocket video model from nothing to shipped weights: autoencoder, latents, transformer."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import torch

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.text import encode_prompts, load_text_encoder
from engine.training import autoencoder, transformer
from engine.training.budget import best_device
from engine.training.export import export_autoencoder, export_decoder, export_transformer
from engine.training.latents import SceneEncoder
from engine.training.scene_sets import ADDED, ON_DISK, Stream, scenes_for
from engine.training.text_encoder import convert

_AUTOENCODER_SHARE = 0.25


def train_autoencoder(minutes: float, work: Path, models: Path, device: str | None) -> None:
    """Train the autoencoder for `minutes` and ship it; no latents of the one before fit it."""
    shipped = models / "pocket-video/autoencoder"
    autoencoder.train(minutes, work, "autoencoder", shipped, device, frozen=False)
    export_autoencoder(work / "autoencoder.safetensors", shipped)


def train_decoder(minutes: float, work: Path, models: Path, device: str | None) -> None:
    """Train the decoder on for `minutes`, its encoder frozen, and ship it."""
    shipped = models / "pocket-video/autoencoder"
    autoencoder.train(minutes, work, "decoder", shipped, device, frozen=True)
    export_decoder(work / "decoder.safetensors", shipped)


def train_video(minutes: float, work: Path, models: Path, device: str | None) -> None:
    """Train all that is not there yet within `minutes`, and ship it.

    An autoencoder that ships already is kept: latents made with another would not fit it. A
    transformer that ships already is trained on.
    """
    shipped = models / "pocket-video/autoencoder"
    if not (models / "text-encoder/config.json").exists():
        convert(models / "text-encoder")
    if not (shipped / "config.json").exists():
        train_autoencoder(minutes * _AUTOENCODER_SHARE, work, models, device)
        minutes *= 1 - _AUTOENCODER_SHARE
    place = best_device(device)
    text_encoder, tokenizer = load_text_encoder(models / "text-encoder")
    torch.nn.Module.to(text_encoder, place)
    encode = partial(encode_prompts, text_encoder, tokenizer)
    autoencoder = TemporalAutoencoder.from_pretrained(shipped).to(place).eval()
    ships = models / "pocket-video/transformer"
    stream, on_disk = (ADDED, ON_DISK) if place.type == "cpu" else (Stream(), ())
    encoder = SceneEncoder(autoencoder, encode)
    with scenes_for(encoder, work / "latents", stream, on_disk) as scenes:
        transformer.train(minutes, work, scenes, encode, ships, place)
    export_transformer(work / "transformer.safetensors", ships)
