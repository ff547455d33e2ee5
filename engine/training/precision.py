"""The type that training multiplies in: bfloat16 where the device is quick at it."""

from __future__ import annotations

import torch

from engine.processor import multiplies_bf16

CPU = torch.device("cpu")


def product_dtype(device: torch.device) -> torch.dtype:
    """bfloat16, or float32 on a processor without instructions for bfloat16."""
    slow = device.type == "cpu" and not multiplies_bf16()
    return torch.float32 if slow else torch.bfloat16


def mixed_precision(device: torch.device) -> torch.autocast:
    """A block whose products are of `product_dtype`, and everything else float32."""
    enabled = product_dtype(device) is torch.bfloat16
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=enabled)
