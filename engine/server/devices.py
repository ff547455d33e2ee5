"""Where models could run on this machine, found without importing torch.

It is a first answer, good enough to plan with; each worker reports what torch really sees.
"""

from __future__ import annotations

import logging
import platform
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from engine.errors import BadRequest
from engine.protocol.plans import DeviceInfo

AUTO = "auto"
_MIB = 2**20
_QUERY = ("--query-gpu=name,memory.total,memory.free,compute_cap", "--format=csv,noheader,nounits")
_QUERY_TIMEOUT_S = 10
_BF16_SINCE = 8.0
_AMD_MEMORY = "/sys/class/drm"

log = logging.getLogger(__name__)


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
    return _amd() if "+rocm" in build else _nvidia()


def _cpu() -> DeviceInfo:
    memory = psutil.virtual_memory()
    return DeviceInfo(
        id="cpu",
        kind="cpu",
        name=platform.processor() or platform.machine(),
        memory_bytes=memory.total,
        free_bytes=memory.available,
        supports_bf16=True,
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


def _nvidia() -> tuple[DeviceInfo, ...]:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ()
    try:
        answer = subprocess.run(
            [tool, *_QUERY], capture_output=True, text=True, timeout=_QUERY_TIMEOUT_S, check=True
        )
    except (subprocess.SubprocessError, OSError):
        log.warning("nvidia-smi does not answer; going on without a GPU", exc_info=True)
        return ()
    rows = [line.split(", ") for line in answer.stdout.splitlines() if line.strip()]
    return tuple(_nvidia_device(index, row) for index, row in enumerate(rows))


def _nvidia_device(index: int, row: list[str]) -> DeviceInfo:
    name, total_mib, free_mib, capability = row
    return DeviceInfo(
        id=f"cuda:{index}",
        kind="cuda",
        name=name,
        memory_bytes=int(total_mib) * _MIB,
        free_bytes=int(free_mib) * _MIB,
        supports_bf16=float(capability) >= _BF16_SINCE,
    )


def _amd() -> tuple[DeviceInfo, ...]:
    """torch counts ROCm devices as cuda:N, in the order of their cards."""
    totals = sorted(Path(_AMD_MEMORY).glob("card*/device/mem_info_vram_total"))
    return tuple(_amd_device(index, total) for index, total in enumerate(totals))


def _amd_device(index: int, total: Path) -> DeviceInfo:
    memory_bytes = int(total.read_text())
    used_bytes = int(total.with_name("mem_info_vram_used").read_text())
    return DeviceInfo(
        id=f"cuda:{index}",
        kind="rocm",
        name=f"AMD GPU {index}",
        memory_bytes=memory_bytes,
        free_bytes=memory_bytes - used_bytes,
        supports_bf16=True,
    )
