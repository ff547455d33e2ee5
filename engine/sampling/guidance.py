"""Guidance: combining several predictions of one model into the direction to follow."""

from __future__ import annotations

from torch import Tensor


def classifier_free(conditional: Tensor, unconditional: Tensor, scale: float) -> Tensor:
    """u_0 + scale (u_c - u_0); 1 is the conditional prediction itself."""
    return unconditional + scale * (conditional - unconditional)


def two_scale_shares(source_scale: float, instruction_scale: float) -> tuple[float, float, float]:
    """What each prediction counts in editing: neither, the source alone, source and instruction.

    u = u(0,0) + s_V (u(c_V,0) - u(0,0)) + s_I (u(c_V,c_I) - u(c_V,0)), in the manner of
    InstructPix2Pix; the paper's own formula was not found (papers.md, C). The shares sum to 1; one
    that is zero need not be predicted.
    """
    return 1 - source_scale, source_scale - instruction_scale, instruction_scale
