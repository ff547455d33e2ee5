"""What the network is told of frames that are given: each frame, of the one nearest to it."""

from __future__ import annotations

import torch
from torch import Tensor


def told_of(latents: Tensor, mask: Tensor) -> Tensor:
    """Condition channels (B, C + 1, T, H, W): the nearest given frame on every frame, and the mask.

    A place then knows what stood there before it is moved, and need not seek it through attention,
    which takes far longer to learn. Without any given frame all of it is zero.

    Args:
        latents: (B, C, T, H, W), read only where the mask is 1.
        mask: (B, 1, T, H, W), 1 on whole frames that are given and 0 elsewhere.
    """
    given = mask[:, 0, :, 0, 0] > 0
    places = torch.arange(given.shape[1], device=given.device)
    distance = (places[:, None] - places[None]).abs().float()
    distance = distance.expand(len(given), -1, -1).masked_fill(~given[:, None], torch.inf)
    nearest = distance.argmin(dim=2)
    index = nearest[:, None, :, None, None].expand_as(latents)
    held = latents.gather(2, index) * given.any(dim=1)[:, None, None, None, None]
    return torch.cat([held, mask], dim=1)
