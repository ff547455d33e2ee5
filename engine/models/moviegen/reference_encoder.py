"""What a picture of someone says about who it is, as tokens beside those of the text.

The paper begins from Long-prompt MetaCLIP and sees a masked crop of a face (Personalized Movie Gen
Video). No such encoder comes as a package, so the pocket size has a small one of its own, trained
on drawn characters; it sees a cut-out of whatever is to appear.
"""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from diffusers.configuration_utils import register_to_config
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.models.moviegen.network import Network
from engine.models.moviegen.transformer import TextFeatures

SIDE_PIXELS = 64
TOKENS = 16
"""Tokens of one picture, a grid of four by four."""
MOST_PICTURES = 5
_MARGIN = 1.08
_LEAST_ALPHA = 24


def _stage(inputs: int, outputs: int) -> nn.Module:
    """Half the size, without anything that depends on the other pictures of a batch."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=2, padding=1),
        nn.GroupNorm(8, outputs),
        nn.GELU(),
        nn.Conv2d(outputs, outputs, 3, padding=1),
        nn.GroupNorm(8, outputs),
        nn.GELU(),
    )


class ReferenceEncoder(Network):
    """Cut-outs (B, 4, 64, 64), premultiplied in [0, 1], to tokens (B, 16, D)."""

    @register_to_config
    def __init__(
        self,
        widths: tuple[int, ...] = (48, 96, 160, 256),
        token_dim: int = 256,
        identity: int = 128,
    ) -> None:
        super().__init__()
        self.stages = nn.ModuleList(_stage(a, b) for a, b in itertools.pairwise((4, *widths)))
        self.token_out = nn.Linear(widths[-1], token_dim)
        self.places = nn.Parameter(0.02 * torch.randn(TOKENS, token_dim))
        self.identity_out = nn.Linear(2 * token_dim, identity)

    def forward(self, pictures: Tensor) -> Tensor:
        """Tokens (B, 16, D)."""
        x = pictures * 2.0 - 1.0
        for stage in self.stages:
            x = stage(x)
        return self.token_out(x.flatten(2).transpose(1, 2)) + self.places

    def identity(self, tokens: Tensor) -> Tensor:
        """Unit vectors (B, D') whose dot product says whether two pictures show the same."""
        pooled = torch.cat([tokens.mean(dim=1), tokens.amax(dim=1)], dim=-1)
        return F.normalize(self.identity_out(pooled), dim=-1)


def reference_picture(rgba: NDArray[np.uint8]) -> Tensor:
    """A straight RGBA cut-out (H, W, 4) as the encoder sees it, (4, 64, 64)."""
    art = rgba.astype(np.float32) / 255.0
    art[..., :3] *= art[..., 3:]
    return squared(art)


def squared(art: NDArray[np.float32]) -> Tensor:
    """Premultiplied RGBA (H, W, 4) in [0, 1], cut to what it shows: (4, 64, 64)."""
    rows, columns = np.nonzero(art[..., 3] > _LEAST_ALPHA / 255.0)
    if len(rows):
        art = art[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    height, width = art.shape[:2]
    side = round(max(height, width) * _MARGIN)
    square = np.zeros((side, side, 4), np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = art
    small = cv2.resize(square, (SIDE_PIXELS, SIDE_PIXELS), interpolation=cv2.INTER_AREA)
    return torch.from_numpy(small.astype(np.float32, copy=False)).permute(2, 0, 1)


def with_references(text: TextFeatures, tokens: Tensor, there: Tensor) -> TextFeatures:
    """Text features with those of pictures after them, as one more encoder's.

    Args:
        text: features of prompts.
        tokens: (B, pictures, 16, D).
        there: (B, pictures), true where there is such a picture.
    """
    states = tokens.flatten(1, 2).to(text.states[0].dtype)
    mask = there[:, :, None].expand(-1, -1, tokens.shape[2]).flatten(1)
    return TextFeatures((*text.states, states), torch.cat([text.mask, mask], dim=1), text.pooled)
