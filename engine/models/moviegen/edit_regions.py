"""Where an edit may change a film, and what the network is told of it in place of finding out.

A region is a share of each pixel. It is told as the frames are that `image_to_video` is given: what
is outside is known, and in it stands nothing, or the colour that the instruction names.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import avg_pool3d

from engine.models.moviegen.autoencoder import TemporalAutoencoder

Masks = NDArray[np.float32]
"""(F, h, w) in [0, 1]."""

SEEN = frozenset({"remove", "replace", "recolour", "segment", "background"})
"""Tasks that are about what stands out: whoever edits has to look for it, or be shown it."""

TONED = frozenset({"recolour", "segment"})
"""Tasks that name a colour, which is then told as what it looks like."""

SHOWN = frozenset({"add", "style", "weather"})
"""Tasks that leave most of what is in their region where it is."""

BOXED = frozenset({"remove", "replace"})
"""Tasks whose region must not tell the shape of what is to go."""
_ROOM, _FEET, _LEAST_ROOM = 0.1, 0.16, 6
"""How far a box reaches around what is in it, as a share of its longer side, at its feet, where a

shadow is, and in pixels at the least.
"""
_ADDED_ACROSS = 0.4
"""Of the width, in which what is added finds its place."""
_SURE = 0.5
_PIXELS, _FRAMES = 16, 4
"""Of a latent."""
_FLAT_PIXELS = 160


def region_of(task: str, side: str, mattes: Masks) -> Masks:
    """Where an edit may change frames, of the shape of the mattes of what stands out in them.

    `side` is where something is added; for that, and for a look of the whole, mattes do not count.
    """
    if task in BOXED:
        return np.stack([_box(matte) for matte in mattes])
    if task in TONED:
        return mattes
    if task == "background":
        return np.float32(1.0) - mattes
    region = np.zeros_like(mattes)
    wide = round(_ADDED_ACROSS * mattes.shape[2]) if task == "add" else mattes.shape[2]
    region[:, :, slice(0, wide) if side == "left" else slice(-wide, None)] = 1.0
    return region


def flat_latents(autoencoder: TemporalAutoencoder, tones: Sequence[Sequence[float]]) -> Tensor:
    """Latents (N, C) of frames that are all of one colour, red, green and blue in [0, 1]."""
    flat = torch.tensor(tones, device=autoencoder.device, dtype=autoencoder.dtype) * 2 - 1
    size = _FRAMES, _FLAT_PIXELS, _FLAT_PIXELS
    latents = autoencoder.encode(flat[:, :, None, None, None].expand(-1, -1, *size))
    middle = latents.shape[-1] // 2
    return latents[:, :, 0, middle, middle].float()


def _box(matte: Masks) -> Masks:
    rows, columns = np.nonzero(matte > _SURE)
    box = np.zeros_like(matte)
    if not len(rows):
        return box
    top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    longer = max(bottom - top, right - left)
    room, feet = (max(_LEAST_ROOM, round(share * longer)) for share in (_ROOM, _FEET))
    box[max(0, top - room) : bottom + feet, max(0, left - room) : right + room] = 1.0
    return box


def softened(region: Masks) -> Masks:
    """A region with soft ends that lie inside it, for laying a new picture over an old one."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    wider = [cv2.copyMakeBorder(each, 8, 8, 8, 8, cv2.BORDER_REPLICATE) for each in region]
    cores = [cv2.erode(each, kernel) for each in wider]
    soft = [cv2.GaussianBlur(core, (0, 0), 2.0)[8:-8, 8:-8] for core in cores]
    return np.minimum(np.stack(soft), region).astype(np.float32, copy=False)


def latent_region(region: Masks) -> Tensor:
    """The share of each latent that a region covers, (1, T, H, W); the last frame is held."""
    missing = -len(region) % _FRAMES
    held = np.concatenate([region, np.repeat(region[-1:], missing, axis=0)])
    return avg_pool3d(torch.from_numpy(held)[None, None], (_FRAMES, _PIXELS, _PIXELS))[0]


def told_of_region(source: Tensor, region: Tensor, hint: Tensor) -> Tensor:
    """Condition channels (B, C + 1, T, H, W): what is known outside, the hint inside, and where.

    Args:
        source: latents of the film (B, C, T, H, W).
        region: share of each place that may change (B, 1, T, H, W).
        hint: what is told of the region, see `hint_of`, or of several films, one each.
    """
    known = 1.0 - region
    return torch.cat([source * known + hint * region, known], dim=1)


def hint_of(task: str, source: Tensor, tone: Tensor | None) -> Tensor:
    """What is told of a region: the source where it is to be seen again, the latents (C,) of the

    tone that the instruction names, or nothing, all of them of the source's shape (B, C, T, H, W).
    """
    if task in SHOWN:
        return source
    if tone is None or task not in TONED:
        return torch.zeros_like(source)
    return tone.to(source)[None, :, None, None, None].expand_as(source)


def kept_outside(
    x: Tensor, source: Tensor, region: Tensor, noise: Tensor, time: Tensor | float
) -> Tensor:
    """`x` where a region is, and elsewhere what the source is on its path from noise at `time`."""
    path = time * source + (1.0 - time) * noise
    return torch.where(region > 0, x, path)
