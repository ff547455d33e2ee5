"""Train the pocket temporal autoencoder, or its decoder alone, on crops of scenes and stickers.

One batch of stills to three of clips, as in the paper (A.1). No perceptual network can be had as a
package, so edges stand in for one: the error of horizontal and vertical differences. Alpha is
learnt from stickers over grey, where it is known; scenes teach colours alone (papers, F: the
transparency decoder). With the encoder frozen, latents that transformers were trained on stay
valid.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from engine.models.moviegen.autoencoder import TemporalAutoencoder, with_alpha
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
from engine.training.crops import CropPool, Crops, draw_loop, draw_scene, pool_of
from engine.training.precision import mixed_precision

_KL_WEIGHT = 3e-4
_SUBJECT_WEIGHT = 2.0
_ALPHA_WEIGHT = 0.7
_STILL_TIMES = 4
"""How many times as many crops a step of stills has."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything: clips rendered, and crops of scenes and of stickers a step."""

    scenes: int
    loops: int
    scene_crops: int
    loop_crops: int


_CPU = Scale(400, 400, 5, 3)
_GPU = Scale(2400, 1600, 44, 20)


def unmeasured(shipped: Path) -> TemporalAutoencoder:
    """The shipped autoencoder in float32 without the statistics of its latents, or a new one.

    Its decoder has alpha: one that had none is given it.
    """
    if not (shipped / "config.json").exists():
        model = TemporalAutoencoder(**POCKET_AUTOENCODER)
    else:
        model = TemporalAutoencoder.from_pretrained(shipped, torch_dtype=torch.float32)
    given = {name: value for name, value in model.config.items() if not name.startswith("_")}
    bare = TemporalAutoencoder(
        **{**given, "alpha": True, "latents_mean": None, "latents_std": None}
    )
    weights = model.state_dict()
    bare.load_state_dict(weights if model.config.alpha else with_alpha(weights))
    return bare


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


@dataclass(frozen=True, slots=True)
class Loss:
    """What a step minimises, and the squared errors (scenes, stickers) that are logged."""

    total: Tensor
    errors: Tensor


def crop_loss(
    model: TemporalAutoencoder, crops: Crops, scenes: int, sharpness: Tensor, *, frozen: bool
) -> Loss:
    """The loss of crops of which the first `scenes` are of scenes and the others of stickers."""
    with mixed_precision(crops.frames.device):
        with torch.set_grad_enabled(not frozen):
            posterior = model.encode_distribution(crops.frames)
        latents = posterior.mean if frozen else posterior.sample()
        output = model.decode_rgba(latents, crops.frames.shape[2]).float()
    colours, alpha = output[:, :3], output[:, 3:]
    total = reconstruction_loss(colours, crops.frames, crops.alpha, sharpness)
    wanted, nowhere = crops.alpha[scenes:].unsqueeze(1) * 2 - 1, torch.zeros_like(crops.alpha)
    matte = reconstruction_loss(alpha[scenes:], wanted, nowhere[scenes:], sharpness)
    total = total + _ALPHA_WEIGHT * matte
    if not frozen:
        total = total + _KL_WEIGHT * posterior.kl()
    wrong = (colours - crops.frames).detach().square()
    return Loss(total, torch.stack([wrong[:scenes].mean(), wrong[scenes:].mean()]))


def train(
    minutes: float,
    folder: Path,
    name: str,
    shipped: Path,
    device_name: str | None,
    *,
    frozen: bool,
) -> None:
    """Train within a budget, on from `folder`/`name`.safetensors if it is there, else `shipped`.

    With `frozen` the encoder stays as it is.
    """
    device = best_device(device_name)
    take_turns(device)
    torch.manual_seed(0)
    model, new = unmeasured(shipped).to(device), not (shipped / "config.json").exists()
    checkpoint = folder / f"{name}.safetensors"
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(folder, f"resumed from {checkpoint}")
        new = False
    learning = model.decoder if frozen else model
    model.encoder.requires_grad_(not frozen)
    average, scale = Average(model, 0.998), _CPU if device.type == "cpu" else _GPU
    optimiser = torch.optim.AdamW(learning.parameters(), betas=(0.9, 0.98), fused=True)
    step_loss = torch.compile(crop_loss, dynamic=False) if device.type == "cpu" else crop_loss
    scenes = pool_of(draw_scene, scale.scenes, device, random.randrange(2**31))
    loops = pool_of(draw_loop, scale.loops, device, random.randrange(2**31))
    log_line(folder, f"rendered {scale.scenes} scenes and {scale.loops} loops")
    budget, step, smooth = Budget(minutes), 0, torch.zeros(2, device=device)
    while not budget.over:
        crops, count = _step_crops(scenes, loops, scale, step)
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(1.2e-3 if new else 8e-4, step, 100, 0.5)
        edges = min(max(budget.spent / 0.3 - 1.0, 0.0), 1.0) if new else 1.0
        sharpness = torch.tensor(edges, device=device)
        loss = step_loss(model, crops, count, sharpness, frozen=frozen)
        optimiser.zero_grad(set_to_none=True)
        loss.total.backward()
        torch.nn.utils.clip_grad_norm_(learning.parameters(), 1.0)
        optimiser.step()
        average.update(model)
        smooth = loss.errors if step < 20 else smooth.lerp(loss.errors, 0.02)
        if step % 100 == 0:
            log_line(folder, f"step {step} spent {budget.spent:.2f} {_in_words(smooth)}")
        if step % 300 == 299:
            save_checkpoint(checkpoint, average.weights, {"step": step})
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    log_line(folder, f"finished after {step} steps, {_in_words(smooth)}")


def _step_crops(scenes: CropPool, loops: CropPool, scale: Scale, step: int) -> tuple[Crops, int]:
    """One step's crops, scenes first, and how many are of scenes; every fourth time stills."""
    stills = step % 4 == 3
    times = _STILL_TIMES if stills else 1
    parts = scenes.batch(times * scale.scene_crops), loops.batch(times * scale.loop_crops)
    if stills:
        parts = parts[0].first_frames(), parts[1].first_frames()
    frames = torch.cat([part.frames for part in parts]).contiguous()
    return Crops(frames, torch.cat([part.alpha for part in parts])), times * scale.scene_crops


def _in_words(errors: Tensor) -> str:
    scenes, stickers = (10 * torch.log10(4.0 / errors.clamp_min(1e-9))).tolist()
    return f"scenes {scenes:.2f} dB, stickers {stickers:.2f} dB"
