"""Graphics processors as their drivers report them, numbered as torch will number them.

Workers set CUDA_DEVICE_ORDER to PCI_BUS_ID, the order in which nvidia-smi lists; what the user
hides with CUDA_VISIBLE_DEVICES torch does not see, so it is left out here too.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

from engine.protocol.plans import DeviceInfo

_MIB = 2**20
_QUERY = (
    "--query-gpu=index,uuid,name,memory.total,memory.free,compute_cap",
    "--format=csv,noheader,nounits",
)
_QUERY_TIMEOUT_S = 10
_VISIBLE = "CUDA_VISIBLE_DEVICES"
_BF16_SINCE = 8.0
_AMD_CARDS = Path("/sys/class/drm")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of nvidia-smi's answer."""

    index: str
    uuid: str
    name: str
    total: str
    free: str
    capability: str


def nvidia_devices() -> tuple[DeviceInfo, ...]:
    """The GPUs that nvidia-smi lists and the environment leaves visible; none without a driver."""
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
    rows = [_Row(*line.split(", ")) for line in answer.stdout.splitlines() if line.strip()]
    return tuple(_nvidia_device(number, row) for number, row in enumerate(_visible(rows)))


def amd_devices(cards: Path = _AMD_CARDS) -> tuple[DeviceInfo, ...]:
    """AMD's GPUs as the kernel lists them; torch calls them cuda:N in that order."""
    totals = sorted(cards.glob("card*/device/mem_info_vram_total"))
    return tuple(_amd_device(number, total) for number, total in enumerate(totals))


def _visible(rows: list[_Row]) -> list[_Row]:
    """In the environment's order, up to the first name that is none, as CUDA reads it."""
    names = os.environ.get(_VISIBLE)
    if names is None:
        return rows
    chosen: list[_Row] = []
    for name in names.split(","):
        found = [r for r in rows if name and (r.index == name or r.uuid.startswith(name))]
        if not found:
            break
        chosen.append(found[0])
    return chosen


def _nvidia_device(number: int, row: _Row) -> DeviceInfo:
    memory = psutil.virtual_memory()
    return DeviceInfo(
        id=f"cuda:{number}",
        kind="cuda",
        name=row.name,
        memory_bytes=_bytes(row.total, memory.total),
        free_bytes=_bytes(row.free, memory.available),
        supports_bf16=float(row.capability) >= _BF16_SINCE,
    )


def _bytes(mib: str, shared_bytes: int) -> int:
    """A GPU that shares the machine's memory has none of its own to report."""
    return int(mib) * _MIB if mib.isdecimal() else shared_bytes


def _amd_device(number: int, total: Path) -> DeviceInfo:
    memory_bytes = int(total.read_text())
    used_bytes = int(total.with_name("mem_info_vram_used").read_text())
    return DeviceInfo(
        id=f"cuda:{number}",
        kind="rocm",
        name=f"AMD GPU {number}",
        memory_bytes=memory_bytes,
        free_bytes=memory_bytes - used_bytes,
        supports_bf16=True,
    )
