"""The trunk that both judges look with: each stage halves a picture and widens its channels."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from torch import nn


def conv_stages(widths: Sequence[int]) -> nn.ModuleList:
    """A stage for each step of `widths`, (B, C, H, W) -> (B, C', ⌈H/2⌉, ⌈W/2⌉), to run in turn."""
    return nn.ModuleList(
        nn.Sequential(
            nn.Conv2d(a, b, 3, stride=2, padding=1),
            nn.BatchNorm2d(b),
            nn.GELU(),
            nn.Conv2d(b, b, 3, padding=1),
            nn.BatchNorm2d(b),
            nn.GELU(),
        )
        for a, b in itertools.pairwise(widths)
    )
