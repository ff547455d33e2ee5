"""How what moves in a film is turned, frame by frame: what the flow of pixels does not tell.

The flow follows a turn by a few degrees a frame to a third of it and no further, and never says
which way up something is. This knows the things that it learnt from, and so sees when they are
upright; which of two frames beside each other helps it find what moves.
"""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import torch
from diffusers.configuration_utils import register_to_config
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.models.moviegen.network import Network
from engine.models.moviegen.picture_reader import triples

SIZE = (96, 54)
"""Width and height of the frames that it looks at, whatever the film's shape."""
TOLD = 4
"""Cosine and sine of the turn, and of twice the turn, which tells upright from sideways alone."""

_NEIGHBOURS, _BATCH = 3, 256


class TurnReader(Network):
    """Triples of frames (N, 9, 54, 96) in [-1, 1] to (N, TOLD), the shorter the less sure."""

    @register_to_config
    def __init__(self, channels: tuple[int, ...] = (24, 48, 96, 128)) -> None:
        super().__init__()
        self.stages = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Conv2d(a, b, 3, stride=2, padding=1),
                    nn.GroupNorm(8, b),
                    nn.GELU(),
                    nn.Conv2d(b, b, 3, padding=1),
                    nn.GroupNorm(8, b),
                    nn.GELU(),
                )
                for a, b in itertools.pairwise((3 * _NEIGHBOURS, *channels))
            )
        )
        self.where = nn.Conv1d(channels[-1], 1, 1)
        self.mix = nn.Linear(channels[-1], channels[-1])
        self.out = nn.Linear(channels[-1], TOLD)

    def forward(self, frames: Tensor) -> Tensor:
        """What is told of each triple."""
        return self.examined(frames)[0]

    def examined(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """What is told of each triple, and how much each place (N, 24) was looked at for it."""
        x = self.stages(frames).flatten(2)
        looked = self.where(x).softmax(2)
        seen = (x * looked).sum(2)
        return self.out(nn.functional.gelu(self.mix(seen))), looked[:, 0]

    @torch.inference_mode()
    def read(self, frames: Tensor) -> Tensor:
        """What is told (F, TOLD) of the frames (F, 3, 54, 96) of one film."""
        return torch.cat([self(part) for part in triples(frames).split(_BATCH)])


def turn_frames(pictures: NDArray[np.uint8]) -> Tensor:
    """Frames (F, H, W, 3) of any size as the reader sees them, (F, 3, 54, 96) in [-1, 1]."""
    small = np.stack([cv2.resize(p, SIZE, interpolation=cv2.INTER_AREA) for p in pictures])
    return torch.from_numpy(small).permute(0, 3, 1, 2).float() / 127.5 - 1.0
