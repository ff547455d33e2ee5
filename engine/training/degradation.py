"""Clips made worse in the ways an upsampler must undo (papers, A.6): blur, noise, compression,

twice over in the manner of Real-ESRGAN's second order, and our own autoencoder's artefacts.
"""

from __future__ import annotations

import random

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from engine.models.moviegen.autoencoder import TemporalAutoencoder

Frames = NDArray[np.uint8]

_OWN_SHARE = 0.7
"""How often the small clip goes through the autoencoder: every draft did."""


def degrade(
    frames: Frames, factor: int, autoencoder: TemporalAutoencoder, rng: random.Random
) -> Frames:
    """A clip (F, H, W, 3) as it looks when it was made `factor` times smaller, and enlarged again

    bilinearly to its own size.
    """
    height, width = frames.shape[1:3]
    small = _resized(_spoilt(frames, rng), width // factor, height // factor, cv2.INTER_AREA)
    small = _through(autoencoder, small) if rng.random() < _OWN_SHARE else _spoilt(small, rng)
    return _resized(small, width, height, cv2.INTER_LINEAR)


def _spoilt(frames: Frames, rng: random.Random) -> Frames:
    """One order: the same blur, noise and compression for every frame of a clip."""
    sigma, noise, quality = rng.uniform(0.1, 1.2), rng.uniform(0.0, 5.0), rng.randint(45, 95)
    grain = np.random.default_rng(rng.getrandbits(31))
    out = np.empty_like(frames)
    for index, frame in enumerate(frames):
        soft = cv2.GaussianBlur(frame, (0, 0), sigma).astype(np.float32)
        rough = np.clip(soft + grain.normal(0, noise, soft.shape), 0, 255).astype(np.uint8)
        _, data = cv2.imencode(".jpg", rough, [cv2.IMWRITE_JPEG_QUALITY, quality])
        compressed = cv2.imdecode(data, cv2.IMREAD_COLOR)
        assert compressed is not None
        out[index] = compressed
    return out


def _resized(frames: Frames, width: int, height: int, how: int) -> Frames:
    pictures = [cv2.resize(frame, (width, height), interpolation=how) for frame in frames]
    return np.stack(pictures).astype(np.uint8, copy=False)


@torch.inference_mode()
def _through(autoencoder: TemporalAutoencoder, frames: Frames) -> Frames:
    """Coded and decoded as a draft is, filled up to whole patches first."""
    height, width = frames.shape[1:3]
    patch = autoencoder.space_factor
    edges = (0, 0), (0, -height % patch), (0, -width % patch), (0, 0)
    padded = torch.from_numpy(np.pad(frames, edges, mode="edge"))
    video = padded.permute(3, 0, 1, 2)[None].to(autoencoder.device).float() / 127.5 - 1.0
    made = autoencoder.decode(autoencoder.encode(video), len(frames))[0].float()
    pixels = (made * 127.5 + 127.5).round().clamp(0, 255).to(torch.uint8).cpu()
    return pixels.permute(1, 2, 3, 0)[:, :height, :width].cpu().numpy()
