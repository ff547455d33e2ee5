"""Latents to frames, whole or in tiles that are blended outside the device."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.models.wan.conditions import latent_statistics
from engine.planning.activations import TILE_PIXELS

_OVERLAP_PIXELS = 64

Frames = NDArray[np.uint8]
OnDecoded = Callable[[int, int], None]
"""(parts decoded, parts in all); it may raise to stop."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle of a picture, in pixels, half-open."""

    top: int
    left: int
    bottom: int
    right: int


def decode(latents: Tensor, vae: Any, tiled: bool, on_decoded: OnDecoded) -> Frames:
    """Frames (F, height, width, 3) of normalised latents (1, C, T, H, W)."""
    mean, std = latent_statistics(vae, latents)
    latents = (latents * std + mean).to(vae.dtype)
    space = vae.config.scale_factor_spatial
    height, width = latents.shape[3] * space, latents.shape[4] * space
    tiles = list(tiles_of(height, width)) if tiled else [Tile(0, 0, height, width)]
    parts = len(tiles) * latents.shape[2]
    with torch.inference_mode(), _counted(vae.decoder, parts, on_decoded):
        if len(tiles) == 1:
            return _to_bytes(vae.decode(latents, return_dict=False)[0][0].cpu())
        return _blend(latents, vae, tiles, (height, width))


def tiles_of(height: int, width: int) -> Iterator[Tile]:
    """Tiles of at most 256 pixels a side that cover a picture, neighbours sharing 64."""
    for top in _starts(height):
        for left in _starts(width):
            yield Tile(top, left, min(top + TILE_PIXELS, height), min(left + TILE_PIXELS, width))


def tile_weight(tile: Tile, height: int, width: int) -> Tensor:
    """How much each pixel of a tile counts (rows, columns): fading towards its neighbours."""
    rows = _fade(tile.bottom - tile.top, tile.top > 0, tile.bottom < height)
    columns = _fade(tile.right - tile.left, tile.left > 0, tile.right < width)
    return rows[:, None] * columns[None, :]


def _blend(latents: Tensor, vae: Any, tiles: list[Tile], size: tuple[int, int]) -> Frames:
    space, step = vae.config.scale_factor_spatial, vae.config.scale_factor_temporal
    frames = (latents.shape[2] - 1) * step + 1
    sums = torch.zeros((3, frames, *size))
    weights = torch.zeros(size)
    for tile in tiles:
        rows = slice(tile.top // space, tile.bottom // space)
        columns = slice(tile.left // space, tile.right // space)
        pixels = vae.decode(latents[..., rows, columns], return_dict=False)[0][0].float().cpu()
        weight = tile_weight(tile, *size)
        place = (slice(tile.top, tile.bottom), slice(tile.left, tile.right))
        sums[(..., *place)] += pixels * weight
        weights[place] += weight
    return _to_bytes(sums.div_(weights))


def _to_bytes(video: Tensor) -> Frames:
    """(3, F, H, W) in [-1, 1] to bytes (F, H, W, 3), one frame at a time to save memory."""
    _, frames, height, width = video.shape
    out = np.empty((frames, height, width, 3), np.uint8)
    for index in range(frames):
        picture = (video[:, index].float() + 1.0) * 127.5
        out[index] = picture.round_().clamp_(0, 255).permute(1, 2, 0).to(torch.uint8).numpy()
    return out


@contextmanager
def _counted(decoder: Any, parts: int, on_decoded: OnDecoded) -> Iterator[None]:
    """Tell of each latent frame of each tile as its turn comes."""
    done = 0

    def count(*_: Any) -> None:
        nonlocal done
        on_decoded(min(done, parts), parts)
        done += 1

    handle = decoder.register_forward_pre_hook(count)
    try:
        yield
    finally:
        handle.remove()


def _starts(length: int) -> list[int]:
    """Where tiles begin, so that the last one is as large as the others."""
    if length <= TILE_PIXELS:
        return [0]
    stride = TILE_PIXELS - _OVERLAP_PIXELS
    return [*range(0, length - TILE_PIXELS, stride), length - TILE_PIXELS]


def _fade(length: int, before: bool, after: bool) -> Tensor:
    ramp = (torch.arange(_OVERLAP_PIXELS) + 0.5) / _OVERLAP_PIXELS
    weight = torch.ones(length)
    if before:
        weight[:_OVERLAP_PIXELS] *= ramp
    if after:
        weight[-_OVERLAP_PIXELS:] *= ramp.flip(0)
    return weight
