"""The two kinds of configuration of the sound classes: `paper` (Movie Gen Audio) and `pocket`."""

from __future__ import annotations

from typing import Any

from engine.models.moviegen.cues import CUES

PAPER_CODEC: dict[str, Any] = {
    "first_stride": 1,
    "strides": (2, 8, 10, 12),
    "encoder_channels": (64, 128, 256, 512, 1024),
    "decoder_channels": (1536, 768, 384, 192, 96),
    "latent_channels": 128,
}

POCKET_CODEC: dict[str, Any] = {
    "first_stride": 8,
    "strides": (4, 5, 12),
    "encoder_channels": (40, 80, 144, 192),
    "decoder_channels": (240, 168, 96, 48),
    "latent_channels": 32,
    "noise_bands": 48,
}

PAPER_AUDIO_TRANSFORMER: dict[str, Any] = {
    "layers": 36,
    "dim": 4608,
    "ffn_dim": 18432,
    "heads": 36,
    "latent_channels": 128,
    "context_channels": 128,
    "picture_dim": 1024,
    "text_dims": (768,),
    "modulation_dim": 18432,
    "max_positions": 750,
}
"""The paper gives depth, width, feed-forward width and 13B; its blocks are 12.2B of these.

How wide the shared modulation network is inside it does not say: as wide as the feed-forward
part, which brings the count to within 1 %.
"""

POCKET_AUDIO_TRANSFORMER: dict[str, Any] = {
    "layers": 6,
    "dim": 256,
    "ffn_dim": 768,
    "heads": 4,
    "latent_channels": 32,
    "context_channels": 33,
    "picture_dim": CUES,
    "text_dims": (384,),
    "modulation_dim": 256,
    "max_positions": 256,
    "qk_norm": True,
    "local_channels": 64,
}

POCKET_PICTURE_READER: dict[str, Any] = {"channels": (32, 64, 96, 128), "feature_dim": 96}

POCKET_LISTENER: dict[str, Any] = {"channels": (16, 32, 64, 96), "text_dim": 384}
