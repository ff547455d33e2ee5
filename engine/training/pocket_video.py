"""The pocket video model from nothing to shipped weights: autoencoder, latents, transformer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.text import encode_prompts, load_text_encoder
from engine.training import autoencoder, decoder, transformer
from engine.training.budget import best_device, log_line
from engine.training.export import export_autoencoder, export_decoder, export_transformer
from engine.training.latents import (
    LONG_FRAMES,
    SHORT_FRAMES,
    LatentWriter,
    PlateDataset,
    SceneDataset,
)
from engine.training.text_encoder import convert

_AUTOENCODER_SHARE = 0.25
_GPU_SCENES = 16
"""How many times as many scenes a GPU is given: it would have seen these a hundred times over."""


@dataclass(frozen=True, slots=True)
class _Scenes:
    """Scenes of one kind: how many of each aspect, and how many are encoded at a time.

    `length_frames` is the clip's where only its middle is rendered.
    """

    name: str
    counts: Mapping[str, int]
    frames: int
    batch: int
    length_frames: int = 0


_PLATES = {"16:9": 400, "9:16": 60, "1:1": 60}
_SCENES = (
    _Scenes("still", {"16:9": 2500, "9:16": 150, "1:1": 150}, 1, 50),
    _Scenes("moment_short", {"16:9": 3000, "9:16": 150, "1:1": 150}, 4, 25, SHORT_FRAMES),
    _Scenes("moment_long", {"16:9": 200}, 4, 25, LONG_FRAMES),
    _Scenes("short", {"16:9": 500, "9:16": 30, "1:1": 30}, SHORT_FRAMES, 10),
    _Scenes("long", {"16:9": 60}, LONG_FRAMES, 5),
)


def train_autoencoder(minutes: float, work: Path, models: Path, device: str | None) -> None:
    """Train the autoencoder for `minutes` and ship it."""
    autoencoder.train(minutes, work, device)
    export_autoencoder(work / "autoencoder.safetensors", models / "pocket-video/autoencoder")


def train_decoder(minutes: float, work: Path, models: Path, device: str | None) -> None:
    """Train the decoder on for `minutes`, its encoder frozen, and ship it."""
    shipped = models / "pocket-video/autoencoder"
    decoder.train(minutes, work, shipped, device)
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
    encode = partial(encode_prompts, *load_text_encoder(models / "text-encoder"))
    latents = work / "latents"
    latents.mkdir(parents=True, exist_ok=True)
    log_line(work, "rendering and encoding scenes, once")
    place = best_device(device)
    model = TemporalAutoencoder.from_pretrained(shipped).to(place)
    writer = LatentWriter(model, encode, latents, place)
    more = 1 if place.type == "cpu" else _GPU_SCENES
    for aspect, count in _PLATES.items():
        writer.write(f"plate-{aspect.replace(':', 'x')}", PlateDataset(count * more, aspect, 1), 20)
    for scenes in _SCENES:
        for aspect, count in scenes.counts.items():
            data = SceneDataset(
                count * more, aspect, scenes.frames, seed=1, length_frames=scenes.length_frames
            )
            writer.write(f"{scenes.name}-{aspect.replace(':', 'x')}", data, scenes.batch)
    ships = models / "pocket-video/transformer"
    transformer.train(minutes, work, latents, encode, ships, device)
    export_transformer(work / "transformer.safetensors", ships)
