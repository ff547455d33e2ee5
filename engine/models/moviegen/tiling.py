"""Temporal tiling: stretches of latents decoded by themselves and faded into each other."""

from __future__ import annotations

import torch
from torch import Tensor


def tile_spans(length: int, tile: int, overlap: int) -> list[tuple[int, int]]:
    """Half-open spans of at most `tile` that cover `length`, neighbours sharing `overlap`.

    Raises:
        ValueError: the overlap leaves no way forward.
    """
    if not 0 <= overlap < tile:
        raise ValueError(f"overlap {overlap} must be at least 0 and less than tile {tile}")
    spans = [(0, min(tile, length))]
    while spans[-1][1] < length:
        start = spans[-1][1] - overlap
        spans.append((start, min(start + tile, length)))
    return spans


def blend_tiles(parts: list[Tensor], overlap: int) -> Tensor:
    """Join tiles along time (dim 2), fading the last `overlap` frames of each into the next."""
    joined = parts[0]
    for part in parts[1:]:
        fade = torch.linspace(1, 0, overlap + 2, device=part.device, dtype=part.dtype)[1:-1]
        weight = fade.view(1, 1, -1, 1, 1)
        kept, tail = joined[:, :, :-overlap], joined[:, :, -overlap:]
        mixed = weight * tail + (1 - weight) * part[:, :, :overlap]
        joined = torch.cat([kept, mixed, part[:, :, overlap:]], dim=2)
    return joined
