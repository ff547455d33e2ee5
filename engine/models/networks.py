"""The networks of a checkpoint, brought to the device for their stage of a job as its plan says.

A stage borrows its network: `with networks.on_device("transformer") as transformer`. Before and
after, the weights are where the plan's offload has them wait. Nothing here knows what the networks
are for.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar, assert_never

import torch
from accelerate import init_empty_weights
from diffusers.hooks.group_offloading import apply_group_offloading
from torch import nn

from engine.catalogue import Component
from engine.models.checkpoint import (
    Landing,
    Weights,
    check_filled,
    fill,
    move_buffers,
    open_weights,
    read_config,
)
from engine.models.quantised import quantise_blocks, repeated_blocks
from engine.models.streaming import stream_from_disk
from engine.planning.sizes import MIB
from engine.planning.weights import ALWAYS_FP32, Held, held
from engine.protocol.plans import Offload, Precision

CPU = torch.device("cpu")

T = TypeVar("T")

Build = Callable[[dict[str, Any]], nn.Module]
"""Makes a network from its config.json."""

Report = Callable[[str, int, int], None]
"""(phase, step, steps): says how far loading is; it may raise to stop."""

_DTYPES = {Precision.FP32: torch.float32}


class Warm(Protocol):
    """Keeps what was loaded for the next job; see engine.abilities.context.Models."""

    def get(self, key: str, size_bytes: int, load: Callable[[], T]) -> T:
        """What `load` made for this key, now or before."""
        ...


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which networks, in what precision, waiting where: the plan's choice for one model."""

    model: str
    checkpoint: Path
    components: Mapping[str, Component]
    builders: Mapping[str, Build]
    precision: Precision
    offload: Offload
    device: torch.device


@dataclass(frozen=True, slots=True)
class Networks:
    """The networks of one checkpoint during one job."""

    arrangement: Arrangement
    warm: Warm
    report: Report

    def has(self, name: str) -> bool:
        """Whether the checkpoint has a network of that name."""
        return name in self.arrangement.components

    def dtype(self, name: str) -> torch.dtype:
        """The type a network computes in."""
        if self.arrangement.components[name].kind in ALWAYS_FP32:
            return torch.float32
        return _DTYPES.get(self.arrangement.precision, torch.bfloat16)

    @contextmanager
    def on_device(self, name: str) -> Generator[Any]:
        """Lend a network, ready to compute, for as long as the block lasts.

        Raises: BadWeights, WeightsNotInstalled; whatever `report` raises.
        """
        place, size = self.arrangement, self._size(name)
        match place.offload:
            case Offload.NONE:
                yield self.warm.get(self._key(name), size.total, lambda: self._load(name))
            case Offload.GROUP if self._streams(name):
                load = partial(self._load_grouped, name)
                yield self.warm.get(self._key(name), size.outside_blocks, load)
            case Offload.MODEL | Offload.GROUP:
                network = self.warm.get(self._key(name), 0, lambda: self._load(name, CPU))
                network.to(place.device)
                try:
                    yield network
                finally:
                    network.to(CPU)
            case Offload.DISK if self._streams(name):
                with _for_once(self._load_streaming(name)) as network:
                    yield network
            case Offload.STAGE | Offload.DISK:
                with _for_once(self._load(name)) as network:
                    yield network
            case _:
                assert_never(place.offload)
        _give_back(place.device)

    def _size(self, name: str) -> Held:
        return held(self.arrangement.components[name], self.arrangement.precision)

    def _key(self, name: str) -> str:
        place = self.arrangement
        return f"{place.model}/{name}/{place.precision.value}/{place.offload.value}"

    def _load(self, name: str, device: torch.device | None = None) -> nn.Module:
        network, weights, landing = self._begin(name, device or self.arrangement.device)
        total, done = weights.size_bytes, 0

        def on_loaded(count: int) -> None:
            nonlocal done
            done = min(total, done + count)
            self.report(f"loading the {name.replace('_', ' ')}", done // MIB, total // MIB)

        fill(network, weights.tensors(), landing, on_loaded)
        return _finish(network, weights, landing)

    def _load_grouped(self, name: str) -> nn.Module:
        """Blocks wait in memory and pass through the device one by one."""
        network, device = self._load(name, CPU), self.arrangement.device
        for parent in _parents_of_blocks(network):
            apply_group_offloading(
                parent,
                onload_device=device,
                offload_device=CPU,
                offload_type="block_level",
                num_blocks_per_group=1,
                use_stream=device.type == "cuda",
            )
        return network

    def _load_streaming(self, name: str) -> nn.Module:
        network, weights, landing = self._begin(name, self.arrangement.device)
        stream_from_disk(network, weights, landing)
        move_buffers(network, landing.device)
        _tie(network)
        return network

    def _streams(self, name: str) -> bool:
        return self.arrangement.components[name].kind not in ALWAYS_FP32

    def _begin(self, name: str, device: torch.device) -> tuple[nn.Module, Weights, Landing]:
        """The network on the meta device, its weights, and how they are to land."""
        place = self.arrangement
        folder = place.checkpoint / name
        config, weights = read_config(folder), open_weights(folder)
        with init_empty_weights(include_buffers=False):
            network = place.builders[place.components[name].class_name](config)
        dtype = self.dtype(name)
        if self._streams(name):
            quantise_blocks(network, place.precision, dtype)
        keep = getattr(network, "_keep_in_fp32_modules", None) or ()
        network.eval().requires_grad_(False)
        is_diffusers = type(network).__module__.startswith("diffusers")
        return network, weights, Landing(device, dtype, frozenset(keep if is_diffusers else ()))


def _finish(network: nn.Module, weights: Weights, landing: Landing) -> nn.Module:
    _tie(network)
    check_filled(network, weights.folder)
    move_buffers(network, landing.device)
    return network


def _tie(network: nn.Module) -> None:
    """transformers stores shared embeddings once and shares them after loading."""
    tie = getattr(network, "tie_weights", None)
    if callable(tie):
        tie()


@contextmanager
def _for_once(network: nn.Module) -> Generator[nn.Module]:
    """Lend a network and let go of its weights after, whoever still holds the network."""
    try:
        yield network
    finally:
        for module in network.modules():
            module._parameters.clear()
            module._buffers.clear()


def _parents_of_blocks(network: nn.Module) -> list[nn.Module]:
    lists = repeated_blocks(network)
    return [m for m in network.modules() if any(child in lists for child in m.children())]


def _give_back(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.empty_cache()
