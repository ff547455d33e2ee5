"""Devices, as drivers of other machines would report them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import BadRequest
from engine.server.devices import find_devices
from engine.server.gpus import amd_devices, nvidia_devices

TWO_CARDS = """0, GPU-aaaa-1, NVIDIA GeForce RTX 4090, 24564, 23000, 8.9
1, GPU-bbbb-2, Tesla T4, 15360, 15000, 7.5"""
SHARED = "0, GPU-cccc-3, NVIDIA GB10, [N/A], [N/A], 12.1"


@pytest.fixture
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the PATH for an nvidia-smi of the test's own."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return tmp_path


def install(driver: Path, answer: str, code: int = 0) -> None:
    tool = driver / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\ncat <<'EOF'\n{answer}\nEOF\nexit {code}\n")
    tool.chmod(0o755)


def test_each_card_is_a_device(driver: Path) -> None:
    install(driver, TWO_CARDS)
    first, second = nvidia_devices()
    assert (first.id, first.name) == ("cuda:0", "NVIDIA GeForce RTX 4090")
    assert (first.memory_bytes, first.free_bytes) == (24564 * 2**20, 23000 * 2**20)
    assert (first.supports_bf16, second.supports_bf16) == (True, False)


@pytest.mark.parametrize(
    ("visible", "names"),
    [
        ("1", ["Tesla T4"]),
        ("1,0", ["Tesla T4", "NVIDIA GeForce RTX 4090"]),
        ("GPU-bbbb", ["Tesla T4"]),
        ("0,9,1", ["NVIDIA GeForce RTX 4090"]),
        ("", []),
        ("-1", []),
    ],
)
def test_what_the_user_hides_is_left_out(
    driver: Path, monkeypatch: pytest.MonkeyPatch, visible: str, names: list[str]
) -> None:
    install(driver, TWO_CARDS)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    devices = nvidia_devices()
    assert [device.name for device in devices] == names
    assert [device.id for device in devices] == [f"cuda:{n}" for n in range(len(names))]


def test_a_card_without_memory_of_its_own_has_the_machines(driver: Path) -> None:
    install(driver, SHARED)
    (device,) = nvidia_devices()
    assert device.memory_bytes > device.free_bytes > 0


def test_a_driver_that_fails_is_no_card(driver: Path) -> None:
    install(driver, "NVIDIA-SMI has failed", code=9)
    assert nvidia_devices() == ()


def test_amd_cards_are_counted_as_torch_counts_them(tmp_path: Path) -> None:
    device = tmp_path / "card0" / "device"
    device.mkdir(parents=True)
    (device / "mem_info_vram_total").write_text("17163091968\n")
    (device / "mem_info_vram_used").write_text("1000000\n")
    (card,) = amd_devices(tmp_path)
    assert (card.id, card.kind, card.free_bytes) == ("cuda:0", "rocm", 17162091968)


def test_devices_are_chosen_by_name() -> None:
    assert [device.id for device in find_devices("cpu")] == ["cpu"]
    with pytest.raises(BadRequest, match="no device tpu:0 here"):
        find_devices("cpu,tpu:0")
