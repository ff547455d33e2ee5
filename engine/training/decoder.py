"""Train the decoder on, with the encoder frozen: sharper, and with alpha for stickers.

Latents that transformers were trained on stay valid. Alpha is learnt from stickers over grey, where
it is known; scenes teach colours alone (papers, F: the transparency decoder).
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.models.moviegen.autoencoder import TemporalAutoencoder, with_alpha
from engine.training.autoencoder import CROP_PIXELS, CropPool, reconstruction_loss
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
from engine.training.sticker_grammar import sample_sticker
from engine.training.sticker_pictures import SIZE_PIXELS, loop, on_matte

_BATCH = 8
_SCENES, _LOOPS = 300, 500
_PEAK_RATE = 8e-4
_ALPHA_WEIGHT = 0.7


def draw_loop(seed: str, index: int) -> Tensor:
    """A sticker loop, premultiplied RGBA (8, S, S, 4) uint8."""
    sticker = sample_sticker(random.Random(f"decoder/{seed}/{index}"), moving=True)
    return torch.from_numpy(np.round(loop(sticker) * 255).astype(np.uint8))


class LoopPool:
    """Sticker loops in memory, from which every step cuts crops that touch the sticker."""

    def __init__(self, count: int, seed: int) -> None:
        self.loops = list(drawn(Draws(count, str(seed), draw_loop)))
        self.rng = random.Random(seed)

    def batch(self, count: int) -> tuple[Tensor, Tensor]:
        """Frames over grey (B, 3, T, S, S) uint8 and their alpha (B, T, S, S) in [0, 1]."""
        crops = np.stack([self._crop().numpy() for _ in range(count)])
        crops = (crops / 255).astype(np.float32)
        frames = torch.from_numpy(on_matte(crops)).permute(0, 4, 1, 2, 3)
        return frames, torch.from_numpy(crops[..., 3].copy())

    def _crop(self) -> Tensor:
        frames = self.rng.choice(self.loops)
        limit = SIZE_PIXELS - CROP_PIXELS
        x, y = self.rng.randint(0, limit), self.rng.randint(0, limit)
        return frames[:, y : y + CROP_PIXELS, x : x + CROP_PIXELS]


def load_widened(shipped: Path) -> TemporalAutoencoder:
    """The shipped autoencoder in float32, its decoder given alpha if it has none."""
    model = TemporalAutoencoder.from_pretrained(shipped, torch_dtype=torch.float32)
    if model.config.alpha:
        return model
    given = {name: value for name, value in model.config.items() if not name.startswith("_")}
    wider = TemporalAutoencoder(**{**given, "alpha": True})
    wider.load_state_dict(with_alpha(model.state_dict()))
    return wider


def train(minutes: float, folder: Path, shipped: Path, device_name: str | None) -> None:
    """Train within a budget, resuming from `folder`/decoder.safetensors if it is there."""
    device = best_device(device_name)
    take_turns(device)
    torch.manual_seed(0)
    model = load_widened(shipped).to(device)
    model.encoder.requires_grad_(False)
    checkpoint = folder / "decoder.safetensors"
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(folder, f"resumed from {checkpoint}")
    average = Average(model, 0.998)
    optimiser = torch.optim.AdamW(model.decoder.parameters(), betas=(0.9, 0.98), fused=True)

    def loss_of(frames: Tensor, mask: Tensor, alpha_weight: Tensor) -> tuple[Tensor, Tensor]:
        with torch.autocast(device.type, dtype=torch.bfloat16):
            with torch.no_grad():
                latents = model.encode(frames)
            output = model.decode_rgba(latents, frames.shape[2]).float()
        sharpness = torch.ones((), device=device)
        colours, alpha = output[:, :3], output[:, 3:]
        loss = reconstruction_loss(colours, frames, mask, sharpness)
        wanted = mask.unsqueeze(1) * 2 - 1
        matte = reconstruction_loss(alpha, wanted, torch.zeros_like(mask), sharpness)
        return loss + alpha_weight * matte, (colours - frames).square().mean().detach()

    step_loss = torch.compile(loss_of, dynamic=False)
    scenes, loops = CropPool(_SCENES, random.randrange(2**31)), LoopPool(_LOOPS, 0)
    log_line(folder, f"drew {_SCENES} scenes and {_LOOPS} loops")
    budget, step = Budget(minutes), 0
    smooth = {"scenes": 0.0, "stickers": 0.0}
    while not budget.over:
        kind = "stickers" if step % 2 else "scenes"
        frames, mask = (loops if step % 2 else scenes).batch(_BATCH)
        if step % 8 >= 6:
            frames, mask = frames[:, :, :1], mask[:, :1]
        pixels = frames.to(device).float() / 127.5 - 1.0
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(_PEAK_RATE, step, 50, 0.4)
        alpha_weight = torch.tensor(_ALPHA_WEIGHT if step % 2 else 0.0, device=device)
        loss, error = step_loss(pixels.contiguous(), mask.to(device).float(), alpha_weight)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.decoder.parameters(), 1.0)
        optimiser.step()
        average.update(model)
        smooth[kind] = float(error) if step < 20 else 0.98 * smooth[kind] + 0.02 * float(error)
        if step % 100 == 0:
            told = " ".join(
                f"{k} {10 * np.log10(4 / max(v, 1e-9)):.2f} dB" for k, v in smooth.items()
            )
            log_line(folder, f"step {step} spent {budget.spent:.2f} {told} loss {loss.item():.4f}")
        if step % 300 == 299:
            save_checkpoint(checkpoint, average.weights, {"step": step})
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    log_line(folder, f"finished after {step} steps")
