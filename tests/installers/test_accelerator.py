"""What the drivers of each kind of machine leave in its file system, and what is read from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from installers.accelerator import Accelerator, detect

NODES = "sys/class/kfd/kfd/topology/nodes"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Accelerator.CPU),
        ({"proc/driver/nvidia/gpus/0000:01:00.0/information": ""}, Accelerator.CUDA),
        ({"proc/driver/nvidia/version": "the driver without a card"}, Accelerator.CPU),
        ({"dev/nvidia0": ""}, Accelerator.CUDA),
        ({"dev/dxg": "", "usr/lib/wsl/lib/libcuda.so.1": ""}, Accelerator.CUDA),
        ({"dev/dxg": ""}, Accelerator.CPU),
        ({"dev/kfd": "", f"{NODES}/0/properties": "cpu_cores_count 8\nsimd_count 0\n",
          f"{NODES}/1/properties": "simd_count 256\n"}, Accelerator.ROCM),
        ({"dev/kfd": "", f"{NODES}/0/properties": "simd_count 0\n"}, Accelerator.CPU),
    ],
)  # fmt: skip
def test_linux(tmp_path: Path, files: dict[str, str], expected: Accelerator) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert detect(tmp_path, "Linux", "x86_64") is expected


def test_windows(tmp_path: Path) -> None:
    assert detect(tmp_path, "Windows", "AMD64") is Accelerator.CPU
    driver = tmp_path / "Windows/System32/nvcuda.dll"
    driver.parent.mkdir(parents=True)
    driver.touch()
    assert detect(tmp_path, "Windows", "AMD64") is Accelerator.CUDA


def test_mac(tmp_path: Path) -> None:
    assert detect(tmp_path, "Darwin", "arm64") is Accelerator.MPS
    assert detect(tmp_path, "Darwin", "x86_64") is Accelerator.CPU
