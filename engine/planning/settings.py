"""Which settings to try, best first: the most faithful weights, and of those the quickest way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from engine.catalogue import Entry
from engine.errors import BadRequest
from engine.planning.machine import shares_ram
from engine.planning.needs import Setting
from engine.planning.weights import QUANTISED
from engine.protocol.plans import DeviceInfo, Offload, Precision
from engine.protocol.recipes import Recipe

Choice = TypeVar("Choice", Precision, Offload)

PRECISION, OFFLOAD, TILED = "precision", "offload", "tiled_decode"
"""Options of a recipe by which a user overrides the plan."""

_ON_GPU = (Offload.NONE, Offload.MODEL, Offload.STAGE, Offload.GROUP)
_ON_CPU = (Offload.NONE, Offload.STAGE)
_NO_STREAMING = frozenset({Offload.NONE, Offload.MODEL, Offload.STAGE})


def settings_for(recipe: Recipe, entry: Entry, device: DeviceInfo) -> list[Setting]:
    """Every setting that the device and the recipe's own options allow, best first.

    Raises: BadRequest, for an option that is no setting.
    """
    precision = _chosen(recipe, PRECISION, Precision)
    offload = _chosen(recipe, OFFLOAD, Offload)
    tiled = recipe.options.get(TILED)
    allowed = [
        setting
        for setting in _all_settings(entry, device)
        if precision in (None, setting.precision)
        and offload in (None, setting.offload)
        and tiled in (None, setting.tiled)
    ]
    if not allowed:
        raise BadRequest(
            f"{entry.title} cannot be run that way on {device.name}.",
            "Leave precision, offload and tiled_decode out of the options.",
        )
    return allowed


def _all_settings(entry: Entry, device: DeviceInfo) -> Iterator[Setting]:
    offloads = _ON_CPU if shares_ram(device) else _ON_GPU
    precisions = [p for p in entry.precisions if _suits(p, device)]
    for precision in precisions:
        for offload in offloads:
            if offload in _NO_STREAMING or precision not in QUANTISED:
                yield Setting(precision, offload, tiled=False)
                yield Setting(precision, offload, tiled=True)
    faithful = next((p for p in precisions if p not in QUANTISED), None)
    if faithful is not None and any(component.blocks for component in entry.components):
        yield Setting(faithful, Offload.DISK, tiled=False)
        yield Setting(faithful, Offload.DISK, tiled=True)


def _suits(precision: Precision, device: DeviceInfo) -> bool:
    """What is quantised is multiplied in bfloat16, which a processor may be too slow at."""
    if precision is Precision.BF16 or (precision in QUANTISED and device.kind == "cpu"):
        return device.supports_bf16
    return precision not in QUANTISED or device.kind == "cuda"


def _chosen(recipe: Recipe, option: str, kind: type[Choice]) -> Choice | None:
    value = recipe.options.get(option)
    if value is None:
        return None
    try:
        return kind(str(value))
    except ValueError:
        choices = ", ".join(member.value for member in kind)
        raise BadRequest(
            f'The option {option} cannot be "{value}".', f"Choose from {choices}."
        ) from None
