"""Reading a network's weights from safetensors, one tensor at a time.

The libraries' own loaders read a network in one go; this one says how far it is, stops when told
to, never holds a tensor twice for longer than it takes to cast it, and quantises each matrix as it
comes in, on any device. It does not know which networks make a pipeline.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from engine.errors import BadWeights, WeightsNotInstalled
from engine.models.quantised import hold_quantised, is_quantised

_INDEXES = ("diffusion_pytorch_model.safetensors.index.json", "model.safetensors.index.json")
_SINGLES = ("diffusion_pytorch_model.safetensors", "model.safetensors")
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")
_AGAIN = "Check it with: python3 main.py models verify, then download it again."

OnLoaded = Callable[[int, int], None]
"""(bytes read, bytes in all); it may raise to stop."""


@dataclass(frozen=True, slots=True)
class TensorFile:
    """One safetensors file of a network and the tensors to be had from it."""

    path: Path
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """The tensors of one network, in the files of its folder in a checkpoint."""

    folder: Path
    files: tuple[TensorFile, ...]

    @property
    def size_bytes(self) -> int:
        """Bytes of all its files."""
        return sum(file.path.stat().st_size for file in self.files)

    def tensors(self, below: str = "", outside: tuple[str, ...] = ()) -> Iterator[Named]:
        """Names and tensors, mapped from the disk: those below a prefix, which their names lose.

        Those whose names begin with one of `outside` are left out. Raises: BadWeights.
        """
        for file in self.files:
            names = [n for n in file.names if n.startswith(below) and not n.startswith(outside)]
            for name, tensor in _read(file.path, names):
                yield name.removeprefix(below), tensor


@dataclass(frozen=True, slots=True)
class Landing:
    """Where weights go and as what. Names with a part in `keep_fp32` stay float32."""

    device: torch.device
    dtype: torch.dtype
    keep_fp32: frozenset[str] = frozenset()

    def dtype_of(self, name: str) -> torch.dtype:
        """The type in which a tensor is held."""
        return torch.float32 if self.keep_fp32 & set(name.split(".")) else self.dtype


Named = tuple[str, Tensor]


def read_config(folder: Path) -> dict[str, object]:
    """A network's configuration. Raises: WeightsNotInstalled, BadWeights."""
    path = folder / "config.json"
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise missing(path) from None
    except (OSError, ValueError) as problem:
        raise damaged(path, str(problem)) from problem


def open_weights(folder: Path) -> Weights:
    """Find the tensors of the network in `folder`, in one file or in shards.

    Raises: WeightsNotInstalled, BadWeights.
    """
    for name in _INDEXES:
        if (folder / name).exists():
            return Weights(folder, _shards(folder / name))
    for name in _SINGLES:
        if (folder / name).exists():
            return Weights(folder, (_single(folder / name),))
    if any(path for pattern in _PICKLES for path in folder.glob(pattern)):
        raise BadWeights(
            f"The weights in {folder} are pickles, which could run any program.",
            "Use a copy of the model in the safetensors format.",
        )
    raise missing(folder / _SINGLES[0])


def fill(
    network: nn.Module,
    tensors: Iterable[Named],
    landing: Landing,
    on_loaded: Callable[[int], None] = lambda _bytes: None,
) -> None:
    """Give the parameters of a network that lies on the meta device their weights.

    Tensors that the network has no place for are passed over. `on_loaded` is told the bytes of
    each that landed.

    Raises: BadWeights; whatever `on_loaded` raises.
    """
    for name, tensor in tensors:
        owner, leaf = _owner(network, name)
        if owner is not None and leaf in owner._parameters:
            _land(owner, leaf, tensor, landing, name)
            on_loaded(tensor.nbytes)


def move_buffers(network: nn.Module, device: torch.device) -> None:
    """Bring what is no weight, such as tables of rotations, to the device."""
    for module in network.modules():
        for leaf, buffer in module._buffers.items():
            if buffer is not None:
                module._buffers[leaf] = buffer.to(device)


def check_filled(network: nn.Module, folder: Path) -> None:
    """Raises: BadWeights, when a parameter was in none of the files."""
    absent = [name for name, value in network.named_parameters() if value.is_meta]
    if absent:
        more = f" and {len(absent) - 1} others" if len(absent) > 1 else ""
        raise BadWeights(f"The weights in {folder} lack {absent[0]}{more}.", _AGAIN)


def empty(network: nn.Module) -> None:
    """Let go of a network's weights: its parameters lie on the meta device again."""
    for module in network.modules():
        for leaf, value in module._parameters.items():
            if value is not None:
                blank = torch.empty_like(value, device="meta")
                module._parameters[leaf] = nn.Parameter(blank, requires_grad=False)


def damaged(path: Path, why: str) -> BadWeights:
    """The error for a file that cannot be read."""
    return BadWeights(f"The weights file {path} is damaged ({' '.join(why.split())}).", _AGAIN)


def missing(path: Path) -> WeightsNotInstalled:
    """The error for a file that is not there."""
    return WeightsNotInstalled(
        f"The model is not complete: {path} is not there.",
        "Run python3 main.py models verify to see what is missing, then download it again.",
    )


def _shards(index: Path) -> tuple[TensorFile, ...]:
    try:
        places: dict[str, str] = json.loads(index.read_text("utf-8"))["weight_map"]
    except (OSError, ValueError, KeyError) as problem:
        raise damaged(index, str(problem)) from problem
    shards: dict[str, list[str]] = {}
    for name, shard in places.items():
        shards.setdefault(shard, []).append(name)
    absent = [shard for shard in shards if not (index.parent / shard).exists()]
    if absent:
        raise missing(index.parent / absent[0])
    return tuple(TensorFile(index.parent / s, tuple(names)) for s, names in shards.items())


def _single(path: Path) -> TensorFile:
    try:
        with safe_open(path, framework="pt") as file:
            return TensorFile(path, tuple(file.keys()))
    except (SafetensorError, OSError) as problem:
        raise damaged(path, str(problem)) from problem


def _read(path: Path, names: list[str]) -> Iterator[Named]:
    if not names:
        return
    try:
        with safe_open(path, framework="pt") as file:
            for name in names:
                yield name, file.get_tensor(name)
    except (SafetensorError, OSError) as problem:
        raise damaged(path, str(problem)) from problem


def _owner(network: nn.Module, name: str) -> tuple[nn.Module | None, str]:
    path, _, leaf = name.rpartition(".")
    try:
        return network.get_submodule(path), leaf
    except AttributeError:
        return None, leaf


def _land(owner: nn.Module, leaf: str, tensor: Tensor, landing: Landing, name: str) -> None:
    present = owner._parameters[leaf]
    if present is not None and not is_quantised(present) and present.shape != tensor.shape:
        raise BadWeights(
            f"The weights are another model's: {name} is {tuple(tensor.shape)} and should be "
            f"{tuple(present.shape)}.",
            _AGAIN,
        )
    value = tensor.to(landing.dtype_of(name))
    if leaf == "weight" and hold_quantised(owner, value, landing.device):
        return
    owner._parameters[leaf] = nn.Parameter(value.to(landing.device), requires_grad=False)
