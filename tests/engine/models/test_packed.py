"""Packed weights are those they were made of, but for half a level."""

from __future__ import annotations

from pathlib import Path

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.models.packed import load_packed, pack, save_packed, unpack


@given(st.integers(0, 2**31), st.floats(1e-4, 1e3))
@settings(max_examples=25)
def test_every_value_is_within_half_a_level_of_what_it_was(seed: int, spread: float) -> None:
    torch.manual_seed(seed)
    weights = {"a.weight": torch.randn(64, 96) * spread, "a.bias": torch.randn(64)}
    back = unpack(pack(weights), torch.float32)
    level = weights["a.weight"].abs().amax(dim=1, keepdim=True) / 127
    assert ((back["a.weight"] - weights["a.weight"]).abs() <= 0.501 * level).all()
    assert torch.equal(back["a.bias"], weights["a.bias"].bfloat16().float())


def test_a_row_of_zeros_stays_zero() -> None:
    weights = {"a": torch.zeros(64, 80)}
    assert torch.equal(unpack(pack(weights), torch.float32)["a"], weights["a"])


def test_a_convolution_keeps_its_shape_and_a_file_is_half_of_bfloat16(tmp_path: Path) -> None:
    weights = {"conv.weight": torch.randn(96, 96, 3, 3)}
    save_packed(weights, tmp_path)
    size = (tmp_path / "packed.safetensors").stat().st_size
    assert size < 0.52 * 2 * weights["conv.weight"].numel()
    assert load_packed(tmp_path, torch.bfloat16)["conv.weight"].shape == (96, 96, 3, 3)


def test_a_row_with_one_large_value_keeps_the_others_where_groups_have_scales() -> None:
    row = torch.randn(64, 128)
    row[:, 0] = 500.0
    near, far = (unpack(pack({"w": row}, group), torch.float32)["w"] for group in (32, 0))
    assert (near - row)[:, 32:].abs().max() < 0.05 < (far - row)[:, 32:].abs().max()
