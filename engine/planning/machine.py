"""What a machine has: its devices, its memory and its disk, as the planner counts them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import psutil

from engine.planning.sizes import GIB
from engine.protocol.plans import DeviceInfo

CPU = "cpu"

_GPU_SPARE = GIB // 4
"""Left to the desktop, whose needs change while a job runs."""

_RAM_SPARE = GIB
_RAM_SPARE_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Machine:
    """Devices in the order they should be tried, and bytes of memory and disk."""

    devices: tuple[DeviceInfo, ...]
    ram_bytes: int
    ram_free_bytes: int
    disk_free_bytes: int

    @property
    def usable_ram_bytes(self) -> int:
        """Memory a job may count on, the editor's own share left to it."""
        spare = max(_RAM_SPARE, round(self.ram_bytes * _RAM_SPARE_SHARE))
        return max(0, self.ram_free_bytes - spare)


def usable_bytes(device: DeviceInfo) -> int:
    """Device memory a job may count on."""
    return max(0, device.free_bytes - _GPU_SPARE)


def shares_ram(device: DeviceInfo) -> bool:
    """Whether the device computes in the machine's own memory."""
    return device.kind in ("cpu", "mps")


def this_machine(devices: tuple[DeviceInfo, ...], models: Path) -> Machine:
    """This machine, with the given devices and the disk that holds `models`.

    A device that shares the machine's memory may know better how much of it a job could have.
    """
    memory = psutil.virtual_memory()
    known = [device.free_bytes for device in devices if shares_ram(device)]
    return Machine(
        devices=devices,
        ram_bytes=memory.total,
        ram_free_bytes=max([memory.available, *known]),
        disk_free_bytes=shutil.disk_usage(_existing(models)).free,
    )


def what_if(machine: Machine, device_bytes: int, name: str = "") -> Machine:
    """The machine with a GPU of so much memory, all of it free, in place of its devices."""
    device = DeviceInfo(
        id="cuda:0",
        kind="cuda",
        name=name or f"a GPU with {device_bytes / GIB:.3g} GiB",
        memory_bytes=device_bytes,
        free_bytes=device_bytes,
        supports_bf16=True,
    )
    return replace(machine, devices=(device,))


def with_memory(device: DeviceInfo, memory_bytes: int) -> DeviceInfo:
    """The device with another amount of memory, all of it free."""
    return msgspec.structs.replace(device, memory_bytes=memory_bytes, free_bytes=memory_bytes)


def _existing(folder: Path) -> Path:
    """The nearest folder that is there already."""
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
