"""The two kinds of configuration of one set of classes: `paper` and `pocket`.

The paper's sizes are those of Movie Gen; they are instantiated on the meta device, counted and
planned here, and run with random weights on a large GPU. The pocket sizes are trained and ship.
"""

from __future__ import annotations

from typing import Any

from engine.models.moviegen.blocking import PLACE_CHANNELS
from engine.planning.edit_words import TASKS

PAPER_AUTOENCODER: dict[str, Any] = {
    "pixel_channels": 3,
    "latent_channels": 16,
    "patch_size": 1,
    "block_channels": (128, 256, 512, 512),
    "encoder_layers": (2, 2, 2, 2),
    "decoder_layers": (3, 3, 3, 3),
    "spatial_downsample": (True, True, True, False),
    "temporal_downsample": (True, True, True, False),
    "attention": True,
}

POCKET_AUTOENCODER: dict[str, Any] = {
    "pixel_channels": 3,
    "latent_channels": 16,
    "patch_size": 8,
    "block_channels": (96, 192, 192, 256),
    "encoder_layers": (0, 1, 1, 2),
    "decoder_layers": (1, 1, 1, 2),
    "spatial_downsample": (True, False, False, False),
    "temporal_downsample": (False, True, True, False),
    "attention": False,
}

PAPER_TRANSFORMER: dict[str, Any] = {
    "layers": 48,
    "dim": 6144,
    "ffn_dim": 16384,
    "heads": 48,
    "latent_channels": 16,
    "patch_size": 2,
    "text_dims": (4096, 1280, 1472),
    "max_positions": (32, 96, 96),
}

POCKET_TRANSFORMER: dict[str, Any] = {
    "layers": 8,
    "dim": 384,
    "ffn_dim": 1024,
    "heads": 6,
    "latent_channels": 16,
    "condition_channels": 17,
    "patch_size": 2,
    "text_dims": (384,),
    "pooled_dim": 384,
    "max_positions": (48, 20, 20),
    "qk_norm": True,
    "local_channels": 96,
    "place_channels": PLACE_CHANNELS,
}

PAPER_EDITOR: dict[str, Any] = {
    **PAPER_TRANSFORMER,
    "source_channels": 16,
    "tasks": len(TASKS),
    "task_dim": 6144,
}

POCKET_EDITOR: dict[str, Any] = {
    **POCKET_TRANSFORMER,
    "place_channels": 0,
    "source_channels": 16,
    "tasks": len(TASKS),
    "task_dim": 128,
}

PAPER_UPSAMPLER: dict[str, Any] = {
    "layers": 26,
    "dim": 4096,
    "ffn_dim": 11008,
    "heads": 32,
    "latent_channels": 16,
    "condition_channels": 16,
    "patch_size": 2,
    "text_dims": (4096, 1280, 1472),
    "max_positions": (14, 120, 120),
}
"""The paper gives 7B parameters and the transformer's design; depth and width are ours."""

POCKET_UPSAMPLER: dict[str, Any] = {
    "layers": 4,
    "dim": 192,
    "ffn_dim": 512,
    "heads": 4,
    "latent_channels": 16,
    "condition_channels": 16,
    "patch_size": 2,
    "text_dims": (384,),
    "pooled_dim": 384,
    "max_positions": (14, 32, 32),
    "qk_norm": True,
    "local_channels": 64,
}
