"""The one device a worker runs on: what it is, its memory, and how much of it a job took.

torch is imported only for a device that is not the CPU.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psutil

from engine.processor import multiplies_bf16
from engine.protocol.plans import DeviceInfo

WARM_SHARE_CPU = 0.4
WARM_SHARE_GPU = 0.7
"""Share of a device's memory that models may keep between jobs: a CPU's is the editor's too."""

_CLEAR_REFS = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")
_RESET_PEAK = "5"


class Device(Protocol):
    """Memory of one device."""

    @property
    def info(self) -> DeviceInfo:
        """The device, with the memory that would be free if no model were kept warm here."""
        ...

    @property
    def warm_bytes(self) -> int:
        """How much models may keep between jobs."""
        ...

    def free_cache(self) -> None:
        """Give memory that no tensor uses back to the system."""
        ...

    def reset_peak(self) -> None:
        """Start measuring a job."""
        ...

    def peak_bytes(self) -> int:
        """Most device memory used since then; 0 where the device shares the machine's memory."""
        ...


@dataclass(frozen=True, slots=True)
class CpuDevice:
    """The machine's own processor and memory."""

    @property
    def info(self) -> DeviceInfo:
        """See Device."""
        memory = psutil.virtual_memory()
        return DeviceInfo(
            id="cpu",
            kind="cpu",
            name=platform.processor() or platform.machine(),
            memory_bytes=memory.total,
            free_bytes=min(memory.total, memory.available + psutil.Process().memory_info().rss),
            supports_bf16=multiplies_bf16(),
        )

    @property
    def warm_bytes(self) -> int:
        """See Device."""
        return int(self.info.memory_bytes * WARM_SHARE_CPU)

    def free_cache(self) -> None:
        """See Device: the allocator returns freed memory by itself."""

    def reset_peak(self) -> None:
        """See Device: the machine's memory is measured per process, in `reset_ram_peak`."""

    def peak_bytes(self) -> int:
        """See Device."""
        return 0


@dataclass(frozen=True, slots=True)
class CudaDevice:
    """A GPU that torch drives through CUDA or ROCm; `id` is "cuda:N" for both."""

    id: str

    @property
    def info(self) -> DeviceInfo:
        """See Device."""
        cuda, torch = _torch().cuda, _torch()
        free_bytes, total_bytes = cuda.mem_get_info(self.id)
        return DeviceInfo(
            id=self.id,
            kind="rocm" if torch.version.hip else "cuda",
            name=cuda.get_device_name(self.id),
            memory_bytes=total_bytes,
            free_bytes=free_bytes + cuda.memory_reserved(self.id),
            supports_bf16=cuda.get_device_capability(self.id)[0] >= 8 or bool(torch.version.hip),
        )

    @property
    def warm_bytes(self) -> int:
        """See Device."""
        return int(self.info.memory_bytes * WARM_SHARE_GPU)

    def free_cache(self) -> None:
        """See Device."""
        _torch().cuda.empty_cache()

    def reset_peak(self) -> None:
        """See Device."""
        _torch().cuda.reset_peak_memory_stats(self.id)

    def peak_bytes(self) -> int:
        """See Device."""
        return int(_torch().cuda.max_memory_reserved(self.id))


@dataclass(frozen=True, slots=True)
class MpsDevice:
    """The GPU of an Apple machine, which shares the machine's memory."""

    @property
    def info(self) -> DeviceInfo:
        """See Device."""
        memory = psutil.virtual_memory()
        return DeviceInfo(
            id="mps",
            kind="mps",
            name=platform.processor() or "Apple GPU",
            memory_bytes=int(_torch().mps.recommended_max_memory()),
            free_bytes=memory.available + int(_torch().mps.driver_allocated_memory()),
            supports_bf16=True,
        )

    @property
    def warm_bytes(self) -> int:
        """See Device."""
        return int(self.info.memory_bytes * WARM_SHARE_CPU)

    def free_cache(self) -> None:
        """See Device."""
        _torch().mps.empty_cache()

    def reset_peak(self) -> None:
        """See Device: the memory is the process's."""

    def peak_bytes(self) -> int:
        """See Device."""
        return int(_torch().mps.driver_allocated_memory())


def open_device(device_id: str) -> Device:
    """The device of that id. Raises: ValueError, for one that torch cannot use here."""
    if device_id == "cpu":
        return CpuDevice()
    torch = _torch()
    if device_id == "mps" and torch.backends.mps.is_available():
        return MpsDevice()
    if device_id.startswith("cuda") and torch.cuda.is_available():
        return CudaDevice(device_id)
    raise ValueError(f"torch {torch.__version__} cannot use the device {device_id} here")


def reset_ram_peak() -> None:
    """Forget this process's peak of resident memory, where the system allows that."""
    if _CLEAR_REFS.exists():
        _CLEAR_REFS.write_text(_RESET_PEAK)


def ram_peak_bytes() -> int:
    """Peak of resident memory of this process, since the reset where there was one."""
    if _STATUS.exists():
        line = next(s for s in _STATUS.read_text().splitlines() if s.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    memory = psutil.Process().memory_info()
    return int(getattr(memory, "peak_wset", memory.rss))


def _torch() -> Any:
    import torch

    return torch
