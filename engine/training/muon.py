"""Optimisers of the transformer: Muon for the matrices inside blocks, AdamW for everything else.

Muon orthogonalises the momentum of a matrix before the step, which at this size needs about a
third fewer samples for the same loss than AdamW alone.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def optimisers(model: nn.Module) -> tuple[torch.optim.Optimizer, ...]:
    """The two optimisers; each group's `peak` is its learning rate before the schedule."""
    matrices, rest = [], []
    for name, parameter in model.named_parameters():
        inside = ".blocks." in f".{name}" and name.endswith("weight") and parameter.ndim == 2
        (matrices if inside else rest).append(parameter)
    muon = torch.optim.Muon(matrices, lr=0.01, momentum=0.95, weight_decay=0.01, ns_steps=5)
    adamw = torch.optim.AdamW(rest, lr=1e-3, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
    for optimiser, peak in ((muon, 0.01), (adamw, 1.5e-3)):
        for group in optimiser.param_groups:
            group["peak"] = peak
    return muon, adamw


def apply_rates(optimisers_: tuple[torch.optim.Optimizer, ...], factor: float) -> None:
    """Set every group's learning rate to its peak times `factor`."""
    for optimiser in optimisers_:
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * factor


def learn(
    model: nn.Module,
    loss: Tensor,
    optimisers_: tuple[torch.optim.Optimizer, ...],
    clip_norm: float = 1.0,
) -> None:
    """One step of learning: gradients of `loss`, clipped to `clip_norm`, applied and cleared."""
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
    for optimiser in optimisers_:
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)


def count_parameters(model: nn.Module) -> int:
    """Parameters of a model, on any device, the meta device included."""
    return sum(parameter.numel() for parameter in model.parameters())
