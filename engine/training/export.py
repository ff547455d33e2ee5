"""From a training folder to what ships: folders of safetensors that the engine loads."""

from __future__ import annotations

from pathlib import Path

import torch

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.configs import POCKET_TRANSFORMER
from engine.models.moviegen.network import Network
from engine.models.moviegen.transformer import VideoTransformer
from engine.training.autoencoder import unmeasured
from engine.training.budget import best_device, load_checkpoint
from engine.training.latents import measure_statistics

_STATISTIC_SCENES = 96


def export_autoencoder(checkpoint: Path, folder: Path) -> TemporalAutoencoder:
    """Measure the latents' mean and spread, and write the autoencoder in bfloat16."""
    bare = unmeasured(folder)
    bare.load_state_dict(load_checkpoint(checkpoint))
    mean, std = measure_statistics(bare.to(best_device()).eval(), _STATISTIC_SCENES, seed=11)
    measured = dict(bare.config) | {"latents_mean": mean, "latents_std": std}
    model = TemporalAutoencoder.from_config(measured)
    model.load_state_dict(bare.state_dict())
    _write(model, folder)
    return model.eval()


def export_decoder(checkpoint: Path, folder: Path) -> None:
    """Put a decoder that was trained on in place of the one in `folder`; latents stay valid."""
    before = TemporalAutoencoder.from_pretrained(folder)
    model = TemporalAutoencoder.from_config(dict(before.config) | {"alpha": True})
    model.load_state_dict(load_checkpoint(checkpoint))
    _write(model, folder)


def export_transformer(checkpoint: Path, folder: Path) -> None:
    """Write the averaged transformer, packed."""
    model = VideoTransformer(**POCKET_TRANSFORMER)
    model.load_state_dict(load_checkpoint(checkpoint))
    model.to_folder(folder)


def _write(model: Network, folder: Path) -> None:
    model.to(torch.bfloat16).save_pretrained(folder, safe_serialization=True)
