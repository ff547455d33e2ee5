"""Which accelerator this machine has, from its driver's traces; nothing is loaded or started.

Detection runs at every start of the program, so it only looks at files. Whether a model fits the
device is the engine's question, not the set-up's.
"""

from __future__ import annotations

import ctypes
import platform
from enum import StrEnum
from pathlib import Path


class Accelerator(StrEnum):
    """The kinds of torch build that exist."""

    CUDA = "cuda"
    ROCM = "rocm"
    MPS = "mps"
    CPU = "cpu"


def detect(
    root: Path = Path("/"), system: str = platform.system(), machine: str = platform.machine()
) -> Accelerator:
    """The accelerator whose driver is installed and sees a device. `root` is the file system's."""
    if system == "Darwin":
        return Accelerator.MPS if machine == "arm64" else Accelerator.CPU
    if system == "Windows":
        driver = root / "Windows" / "System32" / "nvcuda.dll"
        return Accelerator.CUDA if driver.exists() else Accelerator.CPU
    if _sees_nvidia(root):
        return Accelerator.CUDA
    return Accelerator.ROCM if _sees_amd(root) else Accelerator.CPU


def _sees_nvidia(root: Path) -> bool:
    cards = root / "proc/driver/nvidia/gpus"
    if cards.is_dir() and any(cards.iterdir()):
        return True
    if (root / "dev/nvidia0").exists():
        return True
    # Under Windows' subsystem for Linux the card has no node of its own.
    return (root / "dev/dxg").exists() and (root / "usr/lib/wsl/lib/libcuda.so.1").exists()


def _sees_amd(root: Path) -> bool:
    """A node of the kernel's compute topology with SIMD units is a GPU; one without is the CPU."""
    if not (root / "dev/kfd").exists():
        return False
    nodes = (root / "sys/class/kfd/kfd/topology/nodes").glob("*/properties")
    return any(_simd_count(node.read_text()) > 0 for node in nodes)


def _simd_count(properties: str) -> int:
    for line in properties.splitlines():
        name, _, value = line.partition(" ")
        if name == "simd_count":
            return int(value)
    return 0


def cuda_version() -> tuple[int, int] | None:
    """The newest CUDA (major, minor) that the installed NVIDIA driver can run, or None."""
    for name in ("libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1", "nvcuda.dll"):
        try:
            driver = ctypes.CDLL(name)
        except OSError:
            continue
        version = ctypes.c_int(0)
        if driver.cuDriverGetVersion(ctypes.byref(version)) == 0:
            return version.value // 1000, version.value % 1000 // 10
    return None
