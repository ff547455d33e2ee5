"""The optimiser of matrices and kernels."""

from __future__ import annotations

import torch
from torch import nn

from engine.training.muon import Muon, orthogonal


def test_a_step_goes_as_far_in_every_direction() -> None:
    steep = torch.diag(torch.logspace(0, 2, 8))[:, :6]
    for matrix in (steep, steep.T):
        values = torch.linalg.svdvals(orthogonal(matrix))
        assert orthogonal(matrix).shape == matrix.shape
        assert 0.5 < values.min() <= values.max() < 1.3


def test_it_steps_as_torch_does_with_matrices() -> None:
    torch.manual_seed(0)
    ours, theirs = (nn.Parameter(torch.ones(12, 20)) for _ in range(2))
    both = Muon([ours], lr=0.02), torch.optim.Muon([theirs], lr=0.02, weight_decay=0.01, ns_steps=5)
    for _ in range(3):
        gradient = torch.randn(12, 20)
        for parameter, optimiser in zip((ours, theirs), both, strict=True):
            parameter.grad = gradient.clone()
            optimiser.step()
    assert torch.allclose(ours, theirs, atol=2e-3)
    assert not torch.allclose(ours, torch.ones(12, 20), atol=2e-2)


def test_kernels_keep_their_shape_and_fit_what_they_are_taught() -> None:
    torch.manual_seed(0)
    wanted, learnt = nn.Conv1d(8, 8, 5), nn.Conv1d(8, 8, 5)
    assert learnt.bias is not None
    muon, rest = Muon([learnt.weight], lr=0.02), torch.optim.SGD([learnt.bias], lr=0.1)
    signal = torch.randn(4, 8, 60)
    for step in range(200):
        muon.param_groups[0]["lr"] = 0.02 * (1 - step / 200)
        loss = (learnt(signal) - wanted(signal).detach()).square().mean()
        loss.backward()
        for optimiser in (muon, rest):
            optimiser.step()
            optimiser.zero_grad()
    assert loss < 1e-3
