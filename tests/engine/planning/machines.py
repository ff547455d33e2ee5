"""Machines and recipes to plan for."""

from __future__ import annotations

from engine.catalogue import FOLDER as CATALOGUE_FOLDER
from engine.catalogue import Catalogue, read_catalogue
from engine.planning.machine import Machine
from engine.planning.sizes import GIB
from engine.protocol.plans import DeviceInfo
from engine.protocol.recipes import Ability, Recipe

CPU_NAME = "a processor"


def catalogue() -> Catalogue:
    """The models this program knows."""
    return read_catalogue(CATALOGUE_FOLDER)


def gpu(gib: float, ram_gib: float = 64.0, disk_gib: float = 500.0) -> Machine:
    """A machine with one idle GPU."""
    memory = round(gib * GIB)
    device = DeviceInfo(
        id="cuda:0",
        kind="cuda",
        name="RTX 4090",
        memory_bytes=memory,
        free_bytes=memory,
        supports_bf16=True,
    )
    return Machine((device,), round(ram_gib * GIB), round(ram_gib * GIB), round(disk_gib * GIB))


def processor(ram_gib: float, disk_gib: float = 500.0) -> Machine:
    """A machine without a GPU, all its memory free."""
    memory = round(ram_gib * GIB)
    device = DeviceInfo(
        id="cpu",
        kind="cpu",
        name=CPU_NAME,
        memory_bytes=memory,
        free_bytes=memory,
        supports_bf16=True,
    )
    return Machine((device,), memory, memory, round(disk_gib * GIB))


def video(model: str, width: int = 0, height: int = 0, frames: int = 0, **more: object) -> Recipe:
    """A text-to-video recipe; zeros ask for the model's own size and length."""
    fields = {"prompt": "a red boat", "rate": "16/1", **more}
    return Recipe(
        ability=Ability.TEXT_TO_VIDEO,
        model=model,
        width=width,
        height=height,
        frames=frames,
        **fields,
    )
