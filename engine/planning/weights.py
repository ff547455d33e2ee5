"""How many bytes a network's weights take, by the precision they are held in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.catalogue import Component
from engine.protocol.plans import Precision

_BYTES_OF = {
    Precision.FP32: 4.0,
    Precision.BF16: 2.0,
    Precision.INT8: 1.0 + 4 / 1024,  # one float32 scale per row of a matrix
    Precision.NF4: 0.5 + 4 / 64,  # one float32 scale per 64 weights, as bitsandbytes has it
}
QUANTISED = frozenset({Precision.INT8, Precision.NF4})

ALWAYS_FP32 = frozenset({"wan_vae", "clip_vision"})
"""Small networks that lose visible detail in bfloat16; they are never streamed either."""

GROUPS_ON_DEVICE = 3
"""Blocks on the device while weights stream through it: in use, next, and not yet let go."""


@dataclass(frozen=True, slots=True)
class Held:
    """A network's bytes in memory: all of it, its one largest block, and what is in no block."""

    total: int
    block: int
    outside_blocks: int

    @property
    def streamed(self) -> int:
        """Bytes on the device while the blocks stream through it."""
        return min(self.total, self.outside_blocks + GROUPS_ON_DEVICE * self.block)


def held(component: Component, precision: Precision) -> Held:
    """Bytes of a network when its blocks' matrices are held in `precision`.

    What is quantised leaves its other weights in bfloat16, and what must stay float32 does.
    """
    if component.kind in ALWAYS_FP32:
        whole = component.parameters * 4
        return Held(whole, 0, whole)
    around = Precision.BF16 if precision in QUANTISED else precision
    rest = component.parameters - component.block_parameters - component.fp32_parameters
    blocks = round(component.block_parameters * _BYTES_OF[precision])
    outside = round(max(0, rest) * _BYTES_OF[around] + component.fp32_parameters * 4)
    block = blocks // component.blocks if component.blocks else 0
    return Held(blocks + outside, block, outside)


def total(components: Iterable[Component], precision: Precision) -> int:
    """Bytes of several networks together."""
    return sum(held(component, precision).total for component in components)
