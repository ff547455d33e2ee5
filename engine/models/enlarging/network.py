"""The network of Real-ESRGAN for drawn video: a picture to one of four times its size.

Its authors call it SRVGGNetCompact (Wang et al. 2021): 18 convolutions at the picture's own size,
whose last gives the 16 pixels that each pixel becomes, as differences from that pixel. The weights
are theirs, realesr-animevideov3 (BSD-3-Clause); engine.training.enlarging converts them.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

FACTOR = 4
LAYERS = 18
REACH = LAYERS
"""How many pixels away from a pixel the network looks, at most: one for each convolution."""
_WIDTH = 64


class CompactEnlarger(nn.Module):
    """RGB (B, 3, H, W) in [0, 1] to (B, 3, 4 H, 4 W), which may go a little beyond."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, _WIDTH, 3, padding=1), nn.PReLU(_WIDTH))
        for _ in range(LAYERS - 2):
            self.body.append(nn.Conv2d(_WIDTH, _WIDTH, 3, padding=1)).append(nn.PReLU(_WIDTH))
        self.body.append(nn.Conv2d(_WIDTH, 3 * FACTOR**2, 3, padding=1))

    def forward(self, pictures: Tensor) -> Tensor:
        details = F.pixel_shuffle(self.body(pictures), FACTOR)
        return details + F.interpolate(pictures, scale_factor=FACTOR, mode="nearest")


def load_enlarger(folder: Path, device: torch.device) -> CompactEnlarger:
    """The network of a folder: half precision on a GPU, float32 elsewhere; channels lie last.

    Raises: OSError, RuntimeError, SafetensorError.
    """
    network = CompactEnlarger()
    network.load_state_dict(load_file(folder / "model.safetensors"))
    dtype = torch.float16 if device.type == "cuda" else torch.float32
    network = network.eval().to(device, dtype)
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
