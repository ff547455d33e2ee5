"""Weights that ship in 8 bits: each matrix row as bytes and its scales, half the size of bfloat16.

Small models lie in the tree and travel with every clone. They are unpacked as they are read and
computed with in bfloat16 or float32; this is storage, not arithmetic (engine.models.quantised is).
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

NAME = "packed.safetensors"
_SCALE = ".scale"
_LEVELS = 127.0
_LEAST_VALUES = 4096
"""Smaller tensors, norms and biases, stay as they are."""


def pack(weights: dict[str, Tensor], group: int = 0) -> dict[str, Tensor]:
    """Weights with every matrix as int8 rows and float32 scales, the rest in bfloat16.

    A row has one scale, or one for each `group` of its values where its length is a multiple: for
    networks with a few columns much larger than the others, which would drown the rest of a row.
    """
    packed: dict[str, Tensor] = {}
    for name, value in weights.items():
        if value.ndim < 2 or value.numel() < _LEAST_VALUES:
            packed[name] = value.to(torch.bfloat16).contiguous()
            continue
        rows = value.float().flatten(1)
        if group and rows.shape[1] % group == 0:
            rows = rows.unflatten(1, (-1, group))
        scale = rows.abs().amax(dim=-1, keepdim=True).clamp_min(1e-12) / _LEVELS
        packed[name] = (rows / scale).round().to(torch.int8).view(value.shape).contiguous()
        packed[name + _SCALE] = scale.squeeze(-1)
    return packed


def unpack(packed: dict[str, Tensor], dtype: torch.dtype) -> dict[str, Tensor]:
    """The inverse of `pack`, in `dtype`; each value is within half a scale of what it was."""
    weights: dict[str, Tensor] = {}
    for name, value in packed.items():
        if name.endswith(_SCALE):
            continue
        scale = packed.get(name + _SCALE)
        if scale is None:
            weights[name] = value.to(dtype)
        else:
            rows = value.float().view(*scale.shape, -1) * scale[..., None]
            weights[name] = rows.view(value.shape).to(dtype)
    return weights


def save_packed(weights: dict[str, Tensor], folder: Path, group: int = 0) -> None:
    """Write packed weights into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(pack(weights, group), folder / NAME)


def load_packed(folder: Path, dtype: torch.dtype) -> dict[str, Tensor]:
    """The weights in `folder`. Raises: OSError, SafetensorError."""
    return unpack(load_file(folder / NAME), dtype)
