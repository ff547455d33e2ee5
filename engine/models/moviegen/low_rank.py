"""A model that differs from another by updates of low rank, so that it ships in a few megabytes.

Inside the blocks every matrix is the shipped one plus a product of two thin ones, but for those
that read the conditions, which are learnt in full. Everything outside the blocks stays as it was
but for what the base model does not have.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.models.moviegen.transformer import VideoTransformer
from engine.models.packed import NAME, load_packed, save_packed

_IN_FULL = ("cross_attention.to_key", "cross_attention.to_value")
_SMALL = (".bias", "norm_self.weight", "norm_cross.weight", "norm_ffn.weight")
"""Parameters of a block that are learnt as they are."""


_FACTORS = (".widen.weight", ".narrow.weight")


class LowRank(nn.Module):
    """A frozen matrix without bias, and an update of it that begins as nothing."""

    def __init__(self, frozen: nn.Linear, rank: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(frozen.weight.detach(), requires_grad=False)
        self.narrow = nn.Linear(frozen.in_features, rank, bias=False, device=frozen.weight.device)
        self.widen = nn.Linear(rank, frozen.out_features, bias=False, device=frozen.weight.device)
        nn.init.zeros_(self.widen.weight)

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight) + self.widen(self.narrow(x))


def add_low_rank(model: VideoTransformer, rank: int, new: str) -> None:
    """Freeze `model` but for low-rank updates, what reads conditions, and modules named `new`."""
    model.requires_grad_(False)
    for name, layer in list(_matrices(model)):
        parent, _, own = name.rpartition(".")
        if name.endswith(_IN_FULL):
            layer.weight.requires_grad_(True)
        else:
            setattr(model.get_submodule(parent), own, LowRank(layer, rank))
    for name, parameter in model.named_parameters():
        if name.startswith(new) or (name.startswith("blocks.") and name.endswith(_SMALL)):
            parameter.requires_grad_(True)


def updates(model: VideoTransformer, base: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What `model` learnt, by the names of its parameters: factors, and differences from `base`."""
    learnt = {name: p.detach().cpu() for name, p in model.named_parameters() if p.requires_grad}
    return {name: value - base[name] if name in base else value for name, value in learnt.items()}


def apply_updates(base: Mapping[str, Tensor], learnt: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights of a base model with what `updates` gave folded in."""
    merged = dict(base)
    for name, value in learnt.items():
        merged[name] = base[name] + value.to(base[name].dtype) if name in base else value
    return folded(merged)


def folded(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights of a model with low-rank layers as those of one without them."""
    plain = {name: value for name, value in weights.items() if not name.endswith(_FACTORS)}
    for name, value in weights.items():
        if name.endswith(_FACTORS[0]):
            where = name.removesuffix(_FACTORS[0])
            product = value.float() @ weights[where + _FACTORS[1]].float()
            matrix = plain[where + ".weight"]
            plain[where + ".weight"] = (matrix.float() + product).to(matrix.dtype)
    return plain


def _matrices(model: nn.Module) -> Iterator[tuple[str, nn.Linear]]:
    """Linear layers without bias inside blocks, but for those of local mixing."""
    for name, layer in model.named_modules():
        inside = name.startswith("blocks.") and ".local." not in name
        if inside and isinstance(layer, nn.Linear) and layer.bias is None:
            yield name, layer


def updated(
    base: VideoTransformer, text_dims: tuple[int, ...], learnt: Mapping[str, Tensor]
) -> VideoTransformer:
    """A model that reads `text_dims` and is `base` with updates folded in, in its type."""
    with torch.device("meta"):
        model = VideoTransformer.from_config({**base.config, "text_dims": text_dims})
    model.load_state_dict(apply_updates(base.state_dict(), learnt), assign=True)
    return model.to(base.dtype)


def checksum(folder: Path) -> str:
    """The checksum of packed weights: updates fit those that they were learnt on, and no others."""
    with (folder / NAME).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def save_updates(model: VideoTransformer, base: Path, folder: Path) -> None:
    """Write what `model` learnt on the packed weights in `base`, and which those are."""
    before = VideoTransformer.from_folder(base, torch.float32).state_dict()
    save_packed(updates(model, before), folder)
    facts = {"text_dims": list(model.config.text_dims), "base_sha256": checksum(base)}
    (folder / "config.json").write_text(json.dumps(facts, indent=2) + "\n")


def load_updated(base: VideoTransformer, base_folder: Path, folder: Path) -> VideoTransformer:
    """`base` with the updates in `folder`, in its type.

    Raises: ValueError, where they were learnt on another base; OSError, SafetensorError.
    """
    facts = json.loads((folder / "config.json").read_text())
    if facts["base_sha256"] != checksum(base_folder):
        raise ValueError(f"they were learnt on other weights than those in {base_folder}")
    learnt = load_packed(folder, torch.float32)
    return updated(base, tuple(facts["text_dims"]), learnt)
