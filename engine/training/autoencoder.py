"""Train the pocket temporal autoencoder on crops of rendered scenes.

One image batch to three video batches, as in the paper (A.1). Most crops hold the subject,
because a backdrop is easy and a face is not. No perceptual network can be had as a package, so
edges stand in for one: the error of horizontal and vertical differences.
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.configs import POCKET_AUTOENCODER
from engine.training.budget import (
    Average,
    Budget,
    best_device,
    load_checkpoint,
    log_line,
    save_checkpoint,
    take_turns,
)
from engine.training.draws import Draws, drawn
from engine.training.grammar import sample_scene
from engine.training.scenes import Clip, render

CROP_PIXELS = 128
CLIP_FRAMES = 8
_BATCH = 8
_CLIPS = 500
_KL_WEIGHT = 3e-4
_SUBJECT_WEIGHT = 2.0


def draw_clip(seed: str, index: int) -> Clip:
    """A short rendered scene."""
    rng = random.Random(f"{seed}/{index}")
    size = rng.choice(((512, 288), (512, 288), (384, 384), (288, 512)))
    return render(sample_scene(rng), *size, CLIP_FRAMES, rng.choice((16, 24, 36, 48)))


class CropPool:
    """Rendered clips in memory, from which every step cuts new crops.

    Rendering competes with training for the same cores, so it ends before training begins.
    """

    def __init__(self, clips: int, seed: int) -> None:
        self.clips = list(drawn(Draws(clips, str(seed), draw_clip)))
        self.rng = random.Random(seed)

    def batch(self, count: int) -> tuple[Tensor, Tensor]:
        """Frames (B, 3, T, S, S) uint8 and subject alpha (B, T, S, S) of random crops."""
        crops = [_crop(self.rng.choice(self.clips), self.rng) for _ in range(count)]
        frames, masks = zip(*crops, strict=True)
        return torch.stack(frames), torch.stack(masks)


def _crop(clip: Clip, rng: random.Random) -> tuple[Tensor, Tensor]:
    _, height, width, _ = clip.frames.shape
    x, y = rng.randint(0, width - CROP_PIXELS), rng.randint(0, height - CROP_PIXELS)
    rows, columns = np.nonzero(clip.mask[rng.randrange(CLIP_FRAMES)] > 0.5)
    if len(rows) and rng.random() < 0.75:
        pick = rng.randrange(len(rows))
        x = int(np.clip(columns[pick] - CROP_PIXELS // 2, 0, width - CROP_PIXELS))
        y = int(np.clip(rows[pick] - CROP_PIXELS // 2, 0, height - CROP_PIXELS))
    window = np.s_[:, y : y + CROP_PIXELS, x : x + CROP_PIXELS]
    frames = torch.from_numpy(clip.frames[window].copy()).permute(3, 0, 1, 2)
    return frames, torch.from_numpy(clip.mask[window].copy())


def reconstruction_loss(output: Tensor, target: Tensor, mask: Tensor, sharpness: Tensor) -> Tensor:
    """Squared error, and with `sharpness` above 0 absolute errors of pixels and of edges too.

    Absolute edge errors from the start hold the model at a flat picture, which has none; squared
    error first finds the colours. All (B, C, T, H, W) in [-1, 1].
    """
    weight = 1.0 + _SUBJECT_WEIGHT * mask.unsqueeze(1)
    difference = output - target
    squared = 4.0 * (difference.square() * weight).mean()
    across = (difference[..., 1:] - difference[..., :-1]).abs().mean()
    down = (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean()
    return squared + sharpness * ((difference.abs() * weight).mean() + across + down)


def train(minutes: float, folder: Path, device_name: str | None = None) -> None:
    """Train within a budget, resuming from `folder`/autoencoder.safetensors if it is there."""
    device = best_device(device_name)
    take_turns(device)
    torch.manual_seed(0)
    model = TemporalAutoencoder(**POCKET_AUTOENCODER).to(device)
    checkpoint = folder / "autoencoder.safetensors"
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(folder, f"resumed from {checkpoint}")
    average = Average(model)
    optimiser = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.98), fused=True)

    def loss_of(frames: Tensor, mask: Tensor, sharpness: Tensor) -> tuple[Tensor, Tensor]:
        with torch.autocast(device.type, dtype=torch.bfloat16):
            posterior = model.encode_distribution(frames)
            output = model.decode(posterior.sample(), frames.shape[2]).float()
        loss = reconstruction_loss(output, frames, mask, sharpness)
        return loss + _KL_WEIGHT * posterior.kl(), (output - frames).square().mean().detach()

    step_loss = torch.compile(loss_of, dynamic=False)
    pool = CropPool(_CLIPS, random.randrange(2**31))
    log_line(folder, f"rendered {_CLIPS} clips")
    budget, step, smooth = Budget(minutes), 0, 0.0
    while not budget.over:
        frames, mask = pool.batch(_BATCH)
        if step % 4 == 3:
            frames, mask = frames[:, :, :1], mask[:, :1]
        pixels = frames.to(device).float() / 127.5 - 1.0
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(1.2e-3, step, 150, 0.55)
        sharpness = torch.tensor(min(max(budget.spent / 0.3 - 1.0, 0.0), 1.0), device=device)
        loss, error = step_loss(pixels.contiguous(), mask.to(device).float(), sharpness)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        average.update(model)
        smooth = float(error) if step < 50 else 0.98 * smooth + 0.02 * float(error)
        if step % 100 == 0:
            psnr_db = 10 * np.log10(4.0 / max(smooth, 1e-9))
            log_line(folder, f"step {step} spent {budget.spent:.2f} psnr {psnr_db:.2f} dB")
        if step % 300 == 299:
            save_checkpoint(checkpoint, average.weights, {"step": step})
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    log_line(folder, f"finished after {step} steps")
