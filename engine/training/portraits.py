"""Convert the packaged face detector and cut-out network to safetensors, once.

The cut-out network keeps 16 bits: in 8 its outlines are lost, for its normalisation is folded in.

Run it with: python3 -m engine.training.portraits
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from engine.models.packed import save_packed
from engine.models.portraits.face_networks import FaceNetworks
from engine.models.portraits.salience import SalientObject
from engine.training.packages import FACENET, U2NETP, Package, fetch

_MODELS = Path(__file__).resolve().parents[2] / "resources" / "models"
_PACKED = "large matrices packed to 8 bits a row, the rest rounded to bfloat16"
_NETS = {"proposer": "pnet", "refiner": "rnet", "judge": "onet"}


def convert_faces(folder: Path) -> None:
    """Write the three networks that find faces."""
    weights: dict[str, Tensor] = {}
    for own, theirs in _NETS.items():
        path = fetch(FACENET) / f"facenet_pytorch/data/{theirs}.pt"
        # The package has no other form; what ships is safetensors.
        stored = torch.load(path, weights_only=True)  # noqa: TID251
        names = getattr(FaceNetworks(), own).state_dict()
        for name, value in zip(names, stored.values(), strict=True):
            weights[f"{own}.{name}"] = value
    networks = FaceNetworks()
    networks.load_state_dict(weights)
    save_packed(networks.state_dict(), folder)
    _tell(folder, FACENET, "facenet-pytorch, after Zhang et al. 2016", _PACKED)


def convert_salience(folder: Path) -> None:
    """Write the network that finds the subject of a picture."""
    tensors, order = _read_onnx((fetch(U2NETP) / "rembg/u2netp.onnx").read_bytes())
    model = SalientObject()
    layers = [layer for layer in model.modules() if isinstance(layer, torch.nn.Conv2d)]
    for layer, (weight, bias) in zip(layers, order, strict=True):
        layer.weight.data.copy_(tensors[weight])
        assert layer.bias is not None
        layer.bias.data.copy_(tensors[bias])
    folder.mkdir(parents=True, exist_ok=True)
    halves = {name: value.half() for name, value in model.state_dict().items()}
    save_file(halves, folder / "model.safetensors")
    _tell(folder, U2NETP, "xuebinqin/U-2-Net, u2netp", "rounded to float16")


def _tell(folder: Path, package: Package, upstream: str, changes: str) -> None:
    source = {
        "upstream": upstream,
        "package": f"{package.name} {package.version}",
        "sha256": package.sha256,
        "licence": package.licence,
        "changes": changes,
    }
    (folder / "SOURCE.json").write_text(json.dumps(source, indent=2) + "\n")


def _read_onnx(data: bytes) -> tuple[dict[str, Tensor], list[tuple[str, str]]]:
    """Float tensors by name, and the (weight, bias) of every convolution as they run.

    The few fields of the format that are needed are read here: the library that reads all of them
    is not worth a dependency.
    """
    graph = next(value for field, value in _fields(data) if field == 7)
    tensors: dict[str, Tensor] = {}
    order: list[tuple[str, str]] = []
    for field, value in _fields(graph):
        if field == 5:
            parts = list(_fields(value))
            name = next(bytes(part).decode() for number, part in parts if number == 8)
            shape = [int(part) for number, part in parts if number == 1]
            raw = next((bytes(part) for number, part in parts if number == 9), b"")
            if len(raw) == 4 * int(np.prod(shape)):
                values = np.frombuffer(raw, np.float32).reshape(shape)
                tensors[name] = torch.from_numpy(values.copy())
        elif field == 1:
            parts = list(_fields(value))
            if (4, b"Conv") in parts:
                names = [bytes(part).decode() for number, part in parts if number == 1]
                order.append((names[1], names[2]))
    return tensors, order


def _fields(data: bytes | int) -> Iterator[tuple[int, bytes | int]]:
    """Numbers and contents of the fields of a protocol buffer's message."""
    assert isinstance(data, bytes)
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = _varint(data, at)
            yield key >> 3, value
        elif kind == 2:
            size, at = _varint(data, at)
            yield key >> 3, data[at : at + size]
            at += size
        else:
            at += 4 if kind == 5 else 8


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


if __name__ == "__main__":
    convert_faces(_MODELS / "portraits/faces")
    convert_salience(_MODELS / "portraits/salience")
