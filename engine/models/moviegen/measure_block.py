"""What one block of the paper's transformer costs on a device, and what the whole would.

    python -m engine.models.moviegen.measure_block --device cuda:0 --json

Random weights in bfloat16 at the paper's size: time and memory do not depend on what a model has
learnt. The share is of the rate at which the same device multiplies large matrices.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor

from engine.models.moviegen.configs import PAPER_TRANSFORMER
from engine.models.moviegen.transformer import Block, TokenGrid

PAPER_GRID = TokenGrid(32, 48, 48)
"""73,728 tokens: 256 frames of 768 × 768."""

_TEXT_TOKENS = 512
_STEPS, _FORWARDS_A_STEP = 50, 2
_REPEATS = 5


@dataclass(frozen=True, slots=True)
class BlockCost:
    """Seconds are medians; `sample_s` is 50 guided steps of all layers, without the autoencoder."""

    tokens: int
    parameters: int
    block_s: float
    block_flops: float
    block_rate_flops: float
    matrix_rate_flops: float
    share_of_matrix_rate: float
    peak_bytes: int
    sample_s: float


def block_flops(config: dict[str, Any], tokens: int, text: int = _TEXT_TOKENS) -> float:
    """Floating-point operations of one block's forward: a multiply and an add are two."""
    dim, ffn = config["dim"], config["ffn_dim"]
    linear = tokens * (4 * dim**2 + 2 * dim**2 + 3 * dim * ffn) + text * 2 * dim**2
    attention = 2 * tokens * (tokens + text) * dim
    return 2.0 * (linear + attention)


def measure_block(
    config: dict[str, Any], grid: TokenGrid, device: torch.device, matrix_side: int = 8192
) -> BlockCost:
    """Time one block on `device` over a grid of tokens, beside a matrix product of that side."""
    dtype = torch.bfloat16
    with torch.device(device):
        block = Block(
            config["dim"], config["heads"], config["ffn_dim"], config.get("qk_norm", False), 0
        ).to(dtype)
        tokens = grid.frames * grid.rows * grid.columns
        x = torch.randn(1, tokens, config["dim"], dtype=dtype)
        text = torch.randn(1, _TEXT_TOKENS, config["dim"], dtype=dtype)
        mask = torch.zeros(1, 1, 1, _TEXT_TOKENS, dtype=dtype)
        modulation = torch.randn(1, 6, config["dim"], dtype=dtype)
        square = torch.randn(matrix_side, matrix_side, dtype=dtype)
    with torch.inference_mode():
        matrix_s = _median_s(lambda: square @ square, device)
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)
        block_s = _median_s(lambda: block(x, text, mask, modulation, grid), device)
    peak = torch.cuda.max_memory_allocated(device) if device.type == "cuda" else 0
    flops, matrix_rate = block_flops(config, tokens), 2.0 * matrix_side**3 / matrix_s
    return BlockCost(
        tokens=tokens,
        parameters=sum(parameter.numel() for parameter in block.parameters()),
        block_s=block_s,
        block_flops=flops,
        block_rate_flops=flops / block_s,
        matrix_rate_flops=matrix_rate,
        share_of_matrix_rate=flops / block_s / matrix_rate,
        peak_bytes=peak,
        sample_s=block_s * config["layers"] * _STEPS * _FORWARDS_A_STEP,
    )


def _median_s(run: Callable[[], Tensor], device: torch.device) -> float:
    """Median seconds of `run` after one that warms up; a GPU is waited for."""
    taken = []
    for _ in range(_REPEATS + 1):
        started = time.perf_counter()
        run()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken[1:])


def main(argv: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time one block of the paper's transformer.")
    parser.add_argument("--device", default="cuda:0", help="cuda:0 or cpu (%(default)s)")
    parser.add_argument(
        "--frames", type=int, default=32, help="latent frames of 48 × 48 tokens (%(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args(argv)
    grid = PAPER_GRID._replace(frames=arguments.frames)
    cost = measure_block(PAPER_TRANSFORMER, grid, torch.device(arguments.device))
    report = json.dumps(asdict(cost), indent=2) if arguments.json else _as_table(cost)
    sys.stdout.write(f"{report}\n")
    return 0


def _as_table(cost: BlockCost) -> str:
    return "\n".join(
        (
            f"{cost.tokens} tokens, {cost.parameters / 1e6:.0f} M parameters a block",
            f"block    {cost.block_s * 1e3:.1f} ms, {cost.block_rate_flops / 1e12:.2f} TFLOP/s",
            f"matrices {cost.matrix_rate_flops / 1e12:.2f} TFLOP/s",
            f"share    {cost.share_of_matrix_rate:.0%}, peak {cost.peak_bytes / 2**30:.1f} GiB",
            f"sample   {cost.sample_s:.0f} s for 50 guided steps of 48 blocks, extrapolated",
        )
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
