"""A pocket video model of the real classes, so small that what it makes is noise, at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.configs import (
    POCKET_AUTOENCODER,
    POCKET_EDITOR,
    POCKET_TRANSFORMER,
    POCKET_UPSAMPLER,
)
from engine.models.moviegen.network import Network
from engine.models.moviegen.transformer import VideoTransformer
from engine.protocol.recipes import Ability, Recipe, Sampler

TEXT_ENCODER = Path(__file__).resolve().parents[3] / "resources" / "models" / "text-encoder"
CLIP = Recipe(
    ability=Ability.TEXT_TO_VIDEO,
    model="pocket-video",
    prompt="a fox jumps up and down in the snow",
    seed=5,
    width=512,
    height=288,
    frames=8,
    rate="12/1",
    sampler=Sampler(steps=2),
)
"""A short clip of the pocket video model's in few steps."""
_CODEC: dict[str, Any] = {
    "block_channels": (8, 8, 8, 8),
    "encoder_layers": (0, 0, 0, 1),
    "decoder_layers": (0, 0, 0, 1),
}
_DENOISER: dict[str, Any] = {"layers": 1, "dim": 24, "ffn_dim": 16, "heads": 2, "local_channels": 4}


def write_tiny_pocket(
    folder: Path, *, upsampler: bool = False, stickers: bool = False, editor: bool = False
) -> Path:
    """The folder of a whole model, the text encoder beside it."""
    folder.mkdir(exist_ok=True)
    torch.manual_seed(7)
    home = folder / "pocket-video"
    codec: dict[str, Any] = POCKET_AUTOENCODER | _CODEC | {"alpha": stickers}
    _write(TemporalAutoencoder(**codec), home / "autoencoder")
    _write(VideoTransformer(**POCKET_TRANSFORMER | _DENOISER), home / "transformer")
    if upsampler:
        _write(VideoTransformer(**POCKET_UPSAMPLER | _DENOISER), home / "upsampler")
    if editor:
        _write(VideoTransformer(**POCKET_EDITOR | _DENOISER), home / "edit-transformer")
    for name in ("sticker-transformer", "loop-transformer") if stickers else ():
        model = VideoTransformer(**POCKET_TRANSFORMER | _DENOISER)
        _disturb(model)
        model.to_folder(home / name)
    (folder / "text-encoder").symlink_to(TEXT_ENCODER)
    return home


def _write(model: Network, folder: Path) -> None:
    _disturb(model)
    model.to(torch.bfloat16).save_pretrained(folder, safe_serialization=True)


def _disturb(model: Network) -> None:
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.05)
