"""What a film shows and how it moves, as one row for every sound latent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.models.moviegen.motion import moments_of, motion_of
from engine.models.moviegen.picture_reader import PictureReader, at_latents, small_frames


def watched(
    reader: PictureReader, pictures: NDArray[np.uint8], times_s: Sequence[float]
) -> tuple[Tensor, Tensor]:
    """Features (F, D) and signals (F, SIGNALS) of frames (F, 144, 256, 3) that begin at `times_s`.

    The first frame of them has no signals, since nothing is known before it.
    """
    frames = small_frames(pictures).to(reader.device)
    return reader.read(frames).cpu(), motion_of(pictures, times_s)


def in_rows(features: Tensor, signals: Tensor, times_s: Sequence[float], length: int) -> Tensor:
    """Rows (length, D + SIGNALS) for latents, of frames that begin at `times_s`."""
    shown = at_latents(features, times_s, length)
    moved = at_latents(signals.to(features), moments_of(times_s), length)
    return torch.cat([shown, moved], dim=1)
