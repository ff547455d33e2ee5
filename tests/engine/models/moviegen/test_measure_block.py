"""The cost of a block is counted by the paper's own sizes, and measured on whatever is here."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from engine.models.moviegen.configs import PAPER_TRANSFORMER
from engine.models.moviegen.measure_block import PAPER_GRID, block_flops, measure_block
from engine.models.moviegen.transformer import Block, TokenGrid

_SMALL: dict[str, Any] = PAPER_TRANSFORMER | {"dim": 96, "ffn_dim": 256, "heads": 2, "layers": 3}


def test_operations_are_those_that_torch_counts() -> None:
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        block = Block(6144, 48, 16384, qk_norm=False, local_channels=0)
        x, text = torch.empty(1, 1024, 6144), torch.empty(1, 512, 6144)
        mask, modulation = torch.zeros(1, 1, 1, 512), torch.zeros(1, 6, 6144)
        block(x, text, mask, modulation, TokenGrid(1, 32, 32))
    counted = counter.get_total_flops()
    assert block_flops(PAPER_TRANSFORMER, 1024) == pytest.approx(counted, rel=0.01)


def test_the_papers_longest_clip_is_what_is_measured() -> None:
    assert PAPER_GRID.frames * PAPER_GRID.rows * PAPER_GRID.columns == 73_728


def test_a_small_block_is_measured_here() -> None:
    cost = measure_block(_SMALL, TokenGrid(2, 6, 6), torch.device("cpu"), matrix_side=256)
    assert cost.tokens == 72
    assert cost.block_rate_flops == pytest.approx(block_flops(_SMALL, 72) / cost.block_s)
    assert cost.sample_s == pytest.approx(cost.block_s * 3 * 50 * 2)
