"""Networks larger than memory: each block's weights are read from the disk when its turn comes.

The files are mapped, so what the system can keep of them in memory it does, and the rest is read
again at the next pass. diffusers' group offloading streams from memory; this streams from the
checkpoint itself and writes no second copy of it.
"""

from __future__ import annotations

from typing import Any

from torch import nn

from engine.models.checkpoint import Landing, Weights, empty, fill
from engine.models.quantised import repeated_blocks


def stream_from_disk(network: nn.Module, weights: Weights, landing: Landing) -> None:
    """Load what is outside the blocks now, and let each block come and go by itself.

    `network` lies on the meta device. Its passes then hold one block at a time.
    """
    prefixes = tuple(f"{name}." for name in _block_names(network))
    fill(network, weights.tensors(outside=prefixes), landing)
    for prefix in prefixes:
        _let_come_and_go(network.get_submodule(prefix[:-1]), prefix, weights, landing)


def _let_come_and_go(block: nn.Module, prefix: str, weights: Weights, landing: Landing) -> None:
    def arrive(module: nn.Module, _inputs: Any) -> None:
        fill(module, weights.tensors(below=prefix), landing)

    def leave(module: nn.Module, _inputs: Any, _output: Any) -> None:
        empty(module)

    block.register_forward_pre_hook(arrive)
    block.register_forward_hook(leave, always_call=True)


def _block_names(network: nn.Module) -> list[str]:
    names = {module: name for name, module in network.named_modules()}
    return [names[block] for blocks in repeated_blocks(network) for block in blocks]
