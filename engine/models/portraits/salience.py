"""U²-Net in its small size: which pixels of a picture are its subject (Qin et al. 2020).

The weights are those of the authors (Apache-2.0), with batch normalisation folded into the
convolutions; engine.training.portraits converts them. The modules lie in the order in which they
run, which is how the converted file counts them.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

SIDE_PIXELS = 320
"""The side of the square that it was trained on."""
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def _layer(inputs: int, outputs: int, dilation: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(inputs, outputs, 3, padding=dilation, dilation=dilation)
    return nn.Sequential(conv, nn.ReLU())


class ResidualU(nn.Module):
    """A small U-Net whose output is added to its input (RSU in the paper).

    A `flat` one dilates where the others halve the picture.
    """

    def __init__(
        self, depth: int, inputs: int, *, middle: int = 16, outputs: int = 64, flat: bool = False
    ) -> None:
        super().__init__()
        self.flat = flat
        dilations = [2**level if flat else 1 for level in range(depth - 1)]
        self.into = _layer(inputs, outputs)
        self.down = nn.ModuleList(
            _layer(middle if level else outputs, middle, dilation)
            for level, dilation in enumerate(dilations)
        )
        self.bottom = _layer(middle, middle, 2 * dilations[-1] if flat else 2)
        self.up = nn.ModuleList(
            _layer(2 * middle, middle if level else outputs, dilations[level])
            for level in reversed(range(depth - 1))
        )

    def forward(self, pictures: Tensor) -> Tensor:
        x = start = self.into(pictures)
        passed: list[Tensor] = []
        for layer in self.down:
            if passed and not self.flat:
                x = F.max_pool2d(x, 2, stride=2, ceil_mode=True)
            x = layer(x)
            passed.append(x)
        x = self.bottom(x)
        for layer in self.up:
            beside = passed.pop()
            x = layer(torch.cat([_sized(x, beside), beside], dim=1))
        return x + start


class SalientObject(nn.Module):
    """RGB (B, 3, 320, 320) in [0, 1] to how much each pixel belongs to the subject, in [0, 1]."""

    def __init__(self) -> None:
        super().__init__()
        depths = (7, 6, 5, 4)
        self.encoders = nn.ModuleList(
            ResidualU(depth, 64 if level else 3) for level, depth in enumerate(depths)
        )
        self.encoders.extend(ResidualU(4, 64, flat=True) for _ in range(2))
        self.decoders = nn.ModuleList([ResidualU(4, 128, flat=True)])
        self.decoders.extend(ResidualU(depth, 128) for depth in reversed(depths))
        self.sides = nn.ModuleList(nn.Conv2d(64, 1, 3, padding=1) for _ in range(6))
        self.joined = nn.Conv2d(6, 1, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """(B, 1, H, W)."""
        mean, spread = (pictures.new_tensor(each)[:, None, None] for each in (_MEAN, _SPREAD))
        x, passed = (pictures - mean) / spread, []
        for level, encoder in enumerate(self.encoders):
            x = encoder(F.max_pool2d(x, 2, stride=2, ceil_mode=True) if level else x)
            passed.append(x)
        seen = [passed.pop()]
        for decoder in self.decoders:
            beside = passed.pop()
            seen.append(decoder(torch.cat([_sized(seen[-1], beside), beside], dim=1)))
        sides = [side(each) for side, each in zip(self.sides, reversed(seen), strict=True)]
        return self.joined(torch.cat([_sized(side, sides[0]) for side in sides], dim=1)).sigmoid()


def _sized(x: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=False)


def load_salience(folder: Path) -> SalientObject:
    """The network of a folder, in float32. Raises: OSError, RuntimeError, SafetensorError."""
    network = SalientObject()
    stored = load_file(folder / "model.safetensors")
    network.load_state_dict({name: value.float() for name, value in stored.items()})
    return network.eval()
