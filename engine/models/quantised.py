"""Matrices held in 8 or 4 bits by bitsandbytes, on a GPU or on a processor.

Only the matrices inside a network's repeated blocks are worth it; embeddings, norms and the layers
at either end stay as they are.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from engine.errors import UnsupportedAbility
from engine.planning.weights import QUANTISED
from engine.protocol.plans import Precision

NF4_BLOCK = 64
"""Weights that share a scale; a matrix whose rows are no multiple of it is left as it is."""


def quantise_blocks(network: nn.Module, precision: Precision, dtype: torch.dtype) -> None:
    """Replace the linear layers of every repeated block by ones that hold quantised weights.

    The network lies on the meta device; `dtype` is what is computed in.

    Raises: UnsupportedAbility, where bitsandbytes is not installed.
    """
    if precision not in QUANTISED:
        return
    library = _bitsandbytes()
    for blocks in repeated_blocks(network):
        for module in list(blocks.modules()):
            for name, child in module.named_children():
                if type(child) is nn.Linear and child.in_features % NF4_BLOCK == 0:
                    setattr(module, name, _replacement(library, child, precision, dtype))


def repeated_blocks(network: nn.Module) -> list[nn.ModuleList]:
    """The outermost lists of like blocks, which make up most of a transformer."""
    found: list[nn.ModuleList] = []
    for child in network.children():
        if isinstance(child, nn.ModuleList) and len({type(block) for block in child}) == 1:
            found.append(child)
        else:
            found += repeated_blocks(child)
    return found


def hold_quantised(layer: nn.Module, weight: Tensor, device: torch.device) -> bool:
    """Quantise `weight` (outputs, inputs) into a layer of `quantise_blocks`; False for others."""
    kind = type(layer).__name__
    if kind not in ("Linear4bit", "Linear8bitLt"):
        return False
    library = _bitsandbytes()
    if kind == "Linear4bit":
        held = library.nn.Params4bit(
            weight, requires_grad=False, quant_type="nf4", blocksize=NF4_BLOCK, module=layer
        )
    else:
        held = library.nn.Int8Params(weight, requires_grad=False, has_fp16_weights=False)
    layer._parameters["weight"] = held.to(device)
    return True


def is_quantised(value: Tensor) -> bool:
    """Whether a parameter is one of bitsandbytes' own kinds."""
    return type(value).__name__ in ("Params4bit", "Int8Params")


def _replacement(
    library: Any, layer: nn.Linear, precision: Precision, dtype: torch.dtype
) -> nn.Module:
    with torch.device("meta"):
        if precision is Precision.NF4:
            return library.nn.Linear4bit(
                layer.in_features,
                layer.out_features,
                bias=layer.bias is not None,
                compute_dtype=dtype,
                quant_type="nf4",
            )
        return library.nn.Linear8bitLt(
            layer.in_features,
            layer.out_features,
            bias=layer.bias is not None,
            has_fp16_weights=False,
        )


def _bitsandbytes() -> Any:
    try:
        import bitsandbytes
    except ImportError as problem:
        raise UnsupportedAbility(
            "Weights in 8 or 4 bits need the library bitsandbytes, which is not installed.",
            "Run the set-up again, or leave the precision to the plan.",
        ) from problem
    return bitsandbytes
