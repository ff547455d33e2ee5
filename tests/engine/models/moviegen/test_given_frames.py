"""What the network is told of given frames."""

from __future__ import annotations

import torch

from engine.models.moviegen.given_frames import told_of


def test_each_frame_is_told_of_the_nearest_given_one() -> None:
    latents, mask = torch.randn(3, 2, 5, 2, 2), torch.zeros(3, 1, 5, 2, 2)
    mask[0, :, 2] = 1.0
    mask[1, :, [0, 4]] = 1.0
    told = told_of(latents, mask)
    assert torch.equal(told[:, 2:], mask)
    assert all(torch.equal(told[0, :2, frame], latents[0, :, 2]) for frame in range(5))
    nearest = [0, 0, 0, 4, 4]  # the middle is as near to both, and takes the first
    assert all(torch.equal(told[1, :2, n], latents[1, :, near]) for n, near in enumerate(nearest))
    assert told[2].abs().max() == 0.0
