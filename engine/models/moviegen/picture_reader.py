"""What a film shows, as one feature for every sound latent: the eyes of the audio transformer.

The paper takes a frozen image encoder's features of each frame. No such encoder can be had at the
pocket's size, so this one is trained on scenes whose setting, subject, motion and events are known,
and is frozen as well. It sees a frame with its neighbours: sound is about what changes.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from diffusers.configuration_utils import register_to_config
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.models.moviegen.audio_codec import LATENT_RATE_HZ
from engine.models.moviegen.network import Network

RATE_FPS = 12
"""Frames a second that it was trained on; faster films are thinned out to about as many."""

SIZE = (64, 36)
_NEIGHBOURS = 3
_BATCH = 256


class PictureReader(Network):
    """Triples of frames (N, 9, 36, 64) in [-1, 1] to features (N, D), and what those tell.

    They tell which of `places` and `machines` is seen, by their numbers in
    engine.models.foley.palette; what happens over time the reader of movements tells.
    """

    @register_to_config
    def __init__(
        self,
        channels: tuple[int, ...] = (32, 64, 96, 128),
        feature_dim: int = 96,
        places: int = 16,
        machines: int = 6,
    ) -> None:
        super().__init__()
        widths = (3 * _NEIGHBOURS, *channels)
        self.stages = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Conv2d(a, b, 3, stride=2, padding=1),
                    nn.GroupNorm(4, b),
                    nn.GELU(),
                    nn.Conv2d(b, b, 3, padding=1),
                    nn.GELU(),
                )
                for a, b in itertools.pairwise(widths)
            )
        )
        rows, columns = SIZE[1], SIZE[0]
        for _ in channels:
            rows, columns = -(-rows // 2), -(-columns // 2)
        self.feature = nn.Sequential(
            nn.Conv2d(channels[-1], 24, 1),
            nn.Flatten(),
            nn.Linear(24 * rows * columns, feature_dim),
        )
        self.whole = nn.Linear(channels[-1], feature_dim)
        self.norm = nn.LayerNorm(feature_dim)
        self.place = nn.Linear(feature_dim, places)
        self.machine = nn.Linear(feature_dim, machines)

    def forward(self, triples: Tensor) -> Tensor:
        """Features (N, D), of unit variance."""
        x = self.stages(triples)
        return self.norm(self.feature(x) + self.whole(x.amax(dim=(2, 3))))

    @torch.inference_mode()
    def read(self, frames: Tensor) -> Tensor:
        """Features (F, D) of the frames (F, 3, 36, 64) of one film."""
        return torch.cat([self(part) for part in triples(frames).split(_BATCH)])

    @torch.inference_mode()
    def told(self, rows: Tensor) -> tuple[int, int]:
        """Place and machine of a film with features (F, D), or rows that begin with them."""
        shown = rows[:, : self.config.feature_dim].mean(0)
        return int(self.place(shown).argmax()), int(self.machine(shown).argmax())


def triples(frames: Tensor) -> Tensor:
    """Each frame with the one before and the one after it: (F, 3, H, W) to (F, 9, H, W)."""
    before = torch.cat([frames[:1], frames[:-1]])
    after = torch.cat([frames[1:], frames[-1:]])
    return torch.cat([before, frames, after], dim=1)


def small_frames(pictures: NDArray[np.uint8]) -> Tensor:
    """Frames (F, H, W, 3) of any size as the reader sees them, (F, 3, 36, 64) in [-1, 1]."""
    small = np.stack([cv2.resize(p, SIZE, interpolation=cv2.INTER_AREA) for p in pictures])
    return torch.from_numpy(small).permute(0, 3, 1, 2).float() / 127.5 - 1.0


def at_latents(features: Tensor, times_s: Sequence[float], length: int) -> Tensor:
    """Features (F, D) of frames that begin at `times_s`, as one for each of `length` latents.

    Between two frames it is what lies between their features.
    """
    wanted = torch.arange(length, dtype=torch.float64) / LATENT_RATE_HZ
    known = torch.tensor(times_s, dtype=torch.float64)
    after = torch.searchsorted(known, wanted, right=True).clamp(1, max(1, len(known) - 1))
    if len(known) == 1:
        return features.expand(length, -1)
    step = (known[after] - known[after - 1]).clamp_min(1e-6)
    share = ((wanted - known[after - 1]) / step).clamp(0, 1).to(features)[:, None]
    return torch.lerp(features[after - 1], features[after], share)


def resized(features: Tensor, length: int) -> Tensor:
    """Features (T, D) cut or filled with their last to `length`."""
    if len(features) >= length:
        return features[:length]
    return F.pad(features.T[None], (0, length - len(features)), mode="replicate")[0].T
