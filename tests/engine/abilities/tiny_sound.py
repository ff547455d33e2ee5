"""A pocket sound model of the real classes, so small that what it makes is noise, at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from engine.models.moviegen.audio_codec import AudioCodec
from engine.models.moviegen.audio_configs import (
    POCKET_AUDIO_TRANSFORMER,
    POCKET_CODEC,
    POCKET_LISTENER,
    POCKET_PICTURE_READER,
)
from engine.models.moviegen.audio_transformer import AudioTransformer
from engine.models.moviegen.listener import Listener
from engine.models.moviegen.movement_reader import MovementReader
from engine.models.moviegen.network import Network
from engine.models.moviegen.picture_reader import PictureReader
from engine.models.moviegen.turn_reader import TurnReader
from tests.engine.abilities.tiny_pocket import TEXT_ENCODER

TINY_CODEC: dict[str, Any] = POCKET_CODEC | {
    "encoder_channels": (4, 4, 4, 8),
    "decoder_channels": (8, 4, 4, 4),
    "latent_channels": 4,
    "residual_units": 1,
}
TINY_TRANSFORMER: dict[str, Any] = POCKET_AUDIO_TRANSFORMER | {
    "layers": 1,
    "dim": 16,
    "ffn_dim": 16,
    "heads": 2,
    "latent_channels": 4,
    "context_channels": 5,
    "modulation_dim": 8,
    "local_channels": 4,
}
_NARROW = (4, 4, 4, 8)


def write_tiny_sound(folder: Path) -> Path:
    """The folder of a whole model, the text encoder beside it."""
    folder.mkdir(exist_ok=True)
    torch.manual_seed(7)
    home = folder / "pocket-sound"
    _write(AudioCodec(**TINY_CODEC), home / "codec")
    _write(AudioTransformer(**TINY_TRANSFORMER), home / "transformer")
    reader: dict[str, Any] = POCKET_PICTURE_READER | {"channels": _NARROW, "feature_dim": 8}
    _write(PictureReader(**reader), home / "reader")
    _write(MovementReader(8, passage=4, channels=8), home / "movement")
    _write(TurnReader(channels=(8, 8, 8, 8)), home / "turns")
    listener: dict[str, Any] = POCKET_LISTENER | {"channels": _NARROW}
    _write(Listener(**listener), home / "listener")
    (folder / "text-encoder").symlink_to(TEXT_ENCODER)
    return home


def _write(model: Network, folder: Path) -> None:
    for name, parameter in model.named_parameters():
        if not name.endswith("alpha"):
            torch.nn.init.normal_(parameter, std=0.1)
    model.save_pretrained(folder, safe_serialization=True)
