"""The pocket video model from nothing to shipped weights: autoencoder, latents, transformer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from transformers import BertModel, PreTrainedTokenizerFast

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.pipeline import MovieGenPipeline
from engine.models.moviegen.text import encode_prompts, load_text_encoder
from engine.training import autoencoder, transformer
from engine.training.budget import best_device
from engine.training.contact_sheet import Row
from engine.training.export import export_autoencoder, export_decoder, export_transformer
from engine.training.finetune import pocket_model
from engine.training.grammar import held_out_scenes
from engine.training.latents import SceneEncoder
from engine.training.precision import mixed_precision
from engine.training.sample_grid import SampleGrid
from engine.training.samples import make_clip, prompt_of
from engine.training.scene_sets import ADDED, ON_DISK, Stream, scenes_for
from engine.training.text_encoder import convert

_AUTOENCODER_SHARE = 0.25
_DRAWN_CLIPS, _DRAWN_SEED = 6, 7


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
    text = load_text_encoder(models / "text-encoder")
    torch.nn.Module.to(text[0], place)
    encode = partial(encode_prompts, *text)
    autoencoder = TemporalAutoencoder.from_pretrained(shipped).to(place).eval()
    ships = models / "pocket-video/transformer"
    stream, on_disk = (ADDED, ON_DISK) if place.type == "cpu" else (Stream(), ())
    encoder = SceneEncoder(autoencoder, encode)
    with scenes_for(encoder, work / "latents", stream, on_disk) as scenes:
        grid = SampleGrid(work, partial(drawn_clips, autoencoder, text))
        transformer.train(minutes, work, scenes, encode, ships, place, grid)
    export_transformer(work / "transformer.safetensors", ships)


def drawn_clips(
    autoencoder: TemporalAutoencoder,
    text: tuple[BertModel, PreTrainedTokenizerFast],
    weights: Mapping[str, Tensor],
) -> list[Row]:
    """Clips of a few scenes that were never trained, by a transformer of these weights."""
    drawer = pocket_model(weights).to(autoencoder.device).eval()
    pipeline = MovieGenPipeline(autoencoder, drawer, *text)
    with mixed_precision(drawer.device):
        return [
            Row(prompt_of(scene), make_clip(pipeline, prompt_of(scene), scene.seed % 1000))
            for scene in held_out_scenes(_DRAWN_CLIPS, _DRAWN_SEED)
        ]
