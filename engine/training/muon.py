"""Optimisers of the transformer: Muon for the matrices inside blocks, AdamW for everything else.

Muon orthogonalises the momentum of a matrix before the step, which at this size needs about a
third fewer samples for the same loss than AdamW alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from engine.training.precision import product_dtype

_MOMENTUM, _WEIGHT_DECAY = 0.95, 0.01
_NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
_ROUNDS = 5


class Muon(torch.optim.Optimizer):
    """Steps of momentum made orthogonal (Jordan 2024), for matrices and kernels of convolutions.

    As `torch.optim.Muon`, which multiplies in bfloat16 wherever it runs and takes matrices only.
    """

    def __init__(self, parameters: Iterable[Tensor], lr: float) -> None:
        super().__init__(parameters, {"lr": lr})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        """Move every parameter that has a gradient."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                momentum = self.state[parameter].setdefault("momentum", torch.zeros_like(parameter))
                momentum.lerp_(parameter.grad, 1 - _MOMENTUM)
                ahead = parameter.grad.lerp(momentum, _MOMENTUM).flatten(1)
                rate = group["lr"] * math.sqrt(max(1.0, len(ahead) / ahead.shape[1]))
                parameter.mul_(1 - group["lr"] * _WEIGHT_DECAY)
                parameter.add_(orthogonal(ahead).view_as(parameter), alpha=-rate)


def orthogonal(matrix: Tensor) -> Tensor:
    """The matrix (A, B) with singular values of 0.7 to 1.2, its directions kept."""
    a, b, c = _NEWTON_SCHULZ
    x = matrix.to(product_dtype(matrix.device))
    x = x.T if len(matrix) > matrix.shape[1] else x
    x = x / x.norm().clamp(min=1e-7)
    for _ in range(_ROUNDS):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return (x.T if len(matrix) > matrix.shape[1] else x).to(matrix.dtype)


def optimisers(model: nn.Module) -> tuple[torch.optim.Optimizer, ...]:
    """The two optimisers; each group's `peak` is its learning rate before the schedule."""
    matrices, rest = [], []
    for name, parameter in model.named_parameters():
        inside = ".blocks." in f".{name}" and name.endswith("weight") and parameter.ndim == 2
        (matrices if inside else rest).append(parameter)
    muon = Muon(matrices, lr=0.01)
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
