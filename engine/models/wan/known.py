"""What is known of a clip before a VACE model makes the rest, as its transformer takes it in.

Source: VACE (Jiang et al. 2025), section 3.2: what is kept and what is to be made are coded apart,
with a mask of which is which; pictures of who or what is to be in it go before the clip.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from engine.models.wan.conditions import Controlling, encode_video

_GREY = 128


@dataclass(frozen=True, slots=True)
class Known:
    """Frames (F, height, width, 3) of the clip's size, where each is `free` to be made

    (F, height, width), and pictures of who or what is to be in it, of any size.
    """

    frames: NDArray[np.uint8]
    free: NDArray[np.bool_]
    references: tuple[Image.Image, ...] = ()


def nothing_known(
    width: int, height: int, frames: int, references: tuple[Image.Image, ...] = ()
) -> Known:
    """A clip of which every frame is to be made."""
    blank = np.full((frames, height, width, 3), _GREY, np.uint8)
    return Known(blank, np.ones((frames, height, width), np.bool_), references)


def frames_known(frames: NDArray[np.uint8], known: NDArray[np.bool_]) -> Known:
    """A clip of whose frames (F, height, width, 3) some are `known` (F,) whole."""
    free = np.broadcast_to(~known[:, None, None], frames.shape[:3])
    return Known(frames, free)


def controlling_condition(known: Known, vae: Any, device: torch.device) -> Controlling:
    """For models that are controlled: what is kept, what is to be made, and the mask of it.

    Channels are the latents of the one, of the other, and 64 marks of which of the pixels under
    each latent are free. References lie before the clip, each as long as one latent frame.
    """
    free = torch.from_numpy(known.free.astype(np.float32))
    video = torch.from_numpy(known.frames).permute(3, 0, 1, 2).float() / 127.5 - 1.0
    kept = encode_video((video * (1 - free))[None].to(device), vae)
    # Nothing is told of what is to be made: it is coded as grey all over.
    blank = encode_video(torch.zeros_like(video)[None].to(device), vae)
    control = torch.cat([kept, blank, _marks(free, vae).to(kept)], dim=1)
    for reference in known.references:
        seen = encode_video(_on_white(reference, known.frames.shape[1:3]).to(device), vae)
        rest = control.new_zeros((1, control.shape[1] - seen.shape[1], *seen.shape[2:]))
        control = torch.cat([torch.cat([seen, rest], dim=1), control], dim=2)
    return Controlling(control, len(known.references))


def _marks(free: Tensor, vae: Any) -> Tensor:
    """(1, space², T, H, W) of a mask (F, height, width): each latent's pixels, by channels."""
    space, step = vae.config.scale_factor_spatial, vae.config.scale_factor_temporal
    frames, height, width = free.shape
    rows, columns = height // space, width // space
    pixels = free.view(frames, rows, space, columns, space).permute(2, 4, 0, 1, 3).flatten(0, 1)
    size = (-(-frames // step), rows, columns)
    return nn.functional.interpolate(pixels[None], size=size, mode="nearest-exact")


def _on_white(picture: Image.Image, size: tuple[int, ...]) -> Tensor:
    """A picture whole in the middle of white (1, 3, 1, height, width), in [-1, 1]."""
    height, width = size
    values = torch.from_numpy(np.asarray(picture.convert("RGB"), np.float32).copy())
    pixels = (values / 127.5 - 1.0).permute(2, 0, 1)[None]
    scale = min(height / pixels.shape[2], width / pixels.shape[3])
    fitted = int(pixels.shape[2] * scale), int(pixels.shape[3] * scale)
    small = nn.functional.interpolate(pixels, size=fitted, mode="bilinear", align_corners=False)
    top, left = (height - fitted[0]) // 2, (width - fitted[1]) // 2
    canvas = torch.ones((1, 3, 1, height, width))
    canvas[:, :, 0, top : top + fitted[0], left : left + fitted[1]] = small
    return canvas
