"""Where models could run on this machine, found without importing torch.

It is a first answer, good enough to plan with; each worker reports what torch really sees.
"""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

import psutil

from engine.errors import BadRequest
from engine.processor import multiplies_bf16
from engine.protocol.plans import DeviceInfo
from engine.server.gpus import amd_devices, nvidia_devices

AUTO = "auto"


def find_devices(wanted: str = AUTO) -> tuple[DeviceInfo, ...]:
    """The devices to run workers on: all GPUs, or the CPU where there are none.

    `wanted` names others: "cpu", "cuda:0,cuda:1", "mps".

    Raises: BadRequest, for a device that is not here.
    """
    gpus = _gpus()
    here = {device.id: device for device in (*gpus, _cpu())}
    if wanted == AUTO:
        return gpus or (here["cpu"],)
    missing = [name for name in wanted.split(",") if name not in here]
    if missing:
        raise BadRequest(
            f"There is no device {missing[0]} here.", f"Choose from {', '.join(here)}."
        )
    return tuple(here[name] for name in wanted.split(","))


def _gpus() -> tuple[DeviceInfo, ...]:
    """What this torch build can drive, by its version: "2.13.0+cpu", "+cu130", "+rocm7.0"."""
    try:
        build = version("torch")
    except PackageNotFoundError:
        return ()
    if sys.platform == "darwin" and platform.machine() == "arm64":
        return (_apple(),)
    if "+cpu" in build:
        return ()
    return amd_devices() if "+rocm" in build else nvidia_devices()


def _cpu() -> DeviceInfo:
    memory = psutil.virtual_memory()
    return DeviceInfo(
        id="cpu",
        kind="cpu",
        name=platform.processor() or platform.machine(),
        memory_bytes=memory.total,
        free_bytes=memory.available,
        supports_bf16=multiplies_bf16(),
    )


def _apple() -> DeviceInfo:
    memory = psutil.virtual_memory()
    return DeviceInfo(
        id="mps",
        kind="mps",
        name="Apple GPU",
        memory_bytes=memory.total,
        free_bytes=memory.available,
        supports_bf16=True,
    )
