"""Train the pocket upsampler: scenes rendered large, made worse, and won back (papers, A.6).

Every frame is coded as a still of its own. Latents of the clip as it should be and of the worse
one are cached; a step sees crops of them, all frames of a window at a place that the positions
know. Flow matching from noise, the worse clip given beside it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.models.moviegen.autoencoder import TemporalAutoencoder
from engine.models.moviegen.configs import POCKET_UPSAMPLER
from engine.models.moviegen.pipeline import to_uint8
from engine.models.moviegen.text import encode_prompts, load_text_encoder
from engine.models.moviegen.transformer import TextFeatures, TokenGrid, VideoTransformer
from engine.models.moviegen.upsampling import UpscaleRequest, upscale
from engine.sampling.flow_matching import interpolate, logit_normal_times, velocity_target
from engine.training.budget import (
    Average,
    Budget,
    best_device,
    load_checkpoint,
    log_line,
    save_checkpoint,
    take_turns,
)
from engine.training.contact_sheet import Row, save_sheet
from engine.training.degradation import Frames, degrade
from engine.training.grammar import caption, sample_scene
from engine.training.latents import TEXT_TOKENS, Encode, pad_text
from engine.training.muon import apply_rates, learn, optimisers
from engine.training.packages import DataError
from engine.training.precision import mixed_precision
from engine.training.scenes import render
from engine.training.transformer import null_text

NAME = "upsampler"
_FACTOR = 2
_NULL_TEXT_SHARE = 0.3
_CHECKPOINT_STEPS = 100


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run trains on. `sizes` are pixels of the large clips and how many scenes of each;

    a step learns from `batch` crops of `crop_tokens` squared tokens and `frames` frames, on a GPU
    from `gpu_batch`.
    """

    sizes: Mapping[tuple[int, int], int] = field(
        default_factory=lambda: {(1024, 576): 90, (576, 1024): 30, (768, 768): 30}
    )
    frames: int = 14
    crop_tokens: int = 9
    batch: int = 3
    gpu_batch: int = 24
    shape: Mapping[str, Any] = field(default_factory=lambda: POCKET_UPSAMPLER)


@dataclass(frozen=True, slots=True)
class Sample:
    """Latents (C, T, H, W) float16 of a clip and of it made worse, and its caption's features."""

    clip: Tensor
    worse: Tensor
    states: Tensor
    mask: Tensor
    pooled: Tensor

    def to(self, device: torch.device) -> Sample:
        """The same on another device."""
        return Sample(*(getattr(self, name).to(device) for name in self.__dataclass_fields__))


@dataclass(frozen=True, slots=True)
class Crops:
    """What one step learns from: (B, C, T, H, W) at one place of the grid."""

    clip: Tensor
    worse: Tensor
    text: TextFeatures
    origin: TokenGrid


def train(
    minutes: float,
    work: Path,
    models: Path,
    device_name: str | None,
    settings: Settings = Settings(),
) -> None:
    """Train for `minutes`, going on from `work`'s checkpoint if there is one, and ship it.

    Raises: DataError, where the autoencoder or the text encoder it works with is missing.
    """
    home = models / "pocket-video"
    for part in (home / "autoencoder", models / "text-encoder"):
        if not (part / "config.json").exists():
            raise DataError(
                f"The upsampler works with the pocket model's parts, and {part} is not there. "
                "Make them first: python3 main.py train pocket-video"
            )
    device = best_device(device_name)
    take_turns(device)
    encode = partial(encode_prompts, *load_text_encoder(models / "text-encoder"))
    autoencoder = TemporalAutoencoder.from_pretrained(home / "autoencoder").to(device).eval()
    samples = [sample.to(device) for sample in _samples(settings, autoencoder, encode, work)]
    if device.type != "cpu":
        settings = replace(settings, batch=settings.gpu_batch)
    model = _learn(minutes, work, samples, null_text(encode).to(device), settings, device)
    model.to(torch.bfloat16).save_pretrained(home / NAME, safe_serialization=True)
    save_sheet(_rows(model.float(), autoencoder, samples[0], encode), work / "samples.jpg")


def upsampling_loss(model: VideoTransformer, crops: Crops, device: torch.device) -> Tensor:
    """Mean squared velocity error (section 3.1.2), the worse clip given."""
    clip, worse = crops.clip.to(device), crops.worse.to(device)
    noise = torch.randn_like(clip)
    time = logit_normal_times(len(clip)).to(device)
    with mixed_precision(device):
        noisy = interpolate(clip, noise, time)
        velocity = model(noisy, time, crops.text.to(device), worse, crops.origin)
    return (velocity.float() - velocity_target(clip, noise)).square().mean()


def crops_of(
    samples: list[Sample], settings: Settings, rng: random.Random, null: TextFeatures
) -> Crops:
    """Crops of samples of one size, at one place of the grid, some without their caption."""
    first = rng.choice(samples)
    alike = [sample for sample in samples if sample.clip.shape == first.clip.shape]
    chosen = [first, *(rng.choice(alike) for _ in range(settings.batch - 1))]
    rows, columns = (side // 2 for side in first.clip.shape[2:])
    side = min(settings.crop_tokens, rows, columns)
    top, left = rng.randint(0, rows - side), rng.randint(0, columns - side)
    cut = np.s_[..., 2 * top : 2 * (top + side), 2 * left : 2 * (left + side)]
    return Crops(
        torch.stack([sample.clip[cut] for sample in chosen]).float(),
        torch.stack([sample.worse[cut] for sample in chosen]).float(),
        _text([s if rng.random() > _NULL_TEXT_SHARE else None for s in chosen], null),
        TokenGrid(0, top, left),
    )


def _text(chosen: list[Sample | None], null: TextFeatures) -> TextFeatures:
    assert null.pooled is not None
    parts = [
        (null.states[0][0], null.mask[0], null.pooled[0])
        if sample is None
        else (sample.states.float(), sample.mask, sample.pooled.float())
        for sample in chosen
    ]
    states, mask, pooled = (torch.stack(list(column)) for column in zip(*parts, strict=True))
    return TextFeatures((states,), mask, pooled)


def _samples(
    settings: Settings, autoencoder: TemporalAutoencoder, encode: Encode, work: Path
) -> Iterator[Sample]:
    """Cached latents of every scene; those that are not there yet are made, one file each."""
    folder = work / "latents"
    folder.mkdir(parents=True, exist_ok=True)
    for (width, height), count in settings.sizes.items():
        log_line(work, f"rendering and encoding {count} scenes of {width} x {height}")
        for index in range(count):
            path = folder / f"{width}x{height}x{settings.frames}-{index:04}.safetensors"
            if not path.exists():
                made = _make(width, height, settings.frames, index, autoencoder, encode)
                partial_path = path.with_suffix(".partial")
                save_file(made, partial_path)
                partial_path.replace(path)
            yield Sample(**load_file(path))


def _make(
    width: int,
    height: int,
    frames: int,
    index: int,
    autoencoder: TemporalAutoencoder,
    encode: Encode,
) -> dict[str, Tensor]:
    rng = random.Random(f"upsampler/{width}x{height}/{index}")
    scene = sample_scene(rng)
    clip = render(scene, width, height, frames).frames
    worse = degrade(clip, _FACTOR, autoencoder, rng)
    features = encode([caption(scene, still=True)])
    assert features.pooled is not None
    made = {
        "clip": _coded(clip, autoencoder),
        "worse": _coded(worse, autoencoder),
        "states": pad_text(features.states[0], TEXT_TOKENS)[0].half(),
        "mask": pad_text(features.mask, TEXT_TOKENS)[0],
        "pooled": features.pooled[0].half(),
    }
    return {name: value.contiguous().cpu() for name, value in made.items()}


@torch.inference_mode()
def _coded(frames: Frames, autoencoder: TemporalAutoencoder) -> Tensor:
    """Latents (C, T, H, W) float16, each frame coded as a still."""
    stills = torch.from_numpy(frames).permute(0, 3, 1, 2)[:, :, None].to(autoencoder.device)
    parts = [autoencoder.encode(still[None].float() / 127.5 - 1.0) for still in stills]
    return torch.cat(parts, dim=2)[0].half()


def _learn(
    minutes: float,
    work: Path,
    samples: list[Sample],
    null: TextFeatures,
    settings: Settings,
    device: torch.device,
) -> VideoTransformer:
    """The averaged model after the budget."""
    checkpoint = work / f"{NAME}.safetensors"
    torch.manual_seed(0)
    model = VideoTransformer(**settings.shape)
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(work, f"resumed from {checkpoint}")
    model.to(device)
    average, both = Average(model, 0.998), optimisers(model)
    rng, budget, step, smooth = random.Random(), Budget(minutes), 0, 0.0
    while not budget.over:
        apply_rates(both, budget.learning_rate(1.0, step, 30, 0.6))
        loss = upsampling_loss(model, crops_of(samples, settings, rng, null), device)
        learn(model, loss, both)
        average.update(model)
        smooth = loss.item() if step == 0 else 0.97 * smooth + 0.03 * loss.item()
        if step % 50 == 0:
            log_line(work, f"step {step} spent {budget.spent:.3f} loss {smooth:.4f}")
        if step % _CHECKPOINT_STEPS == _CHECKPOINT_STEPS - 1:
            save_checkpoint(checkpoint, average.weights, {"step": step})
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    log_line(work, f"finished after {step} steps, loss {smooth:.4f}")
    model.load_state_dict(average.weights)
    return model.eval()


def _rows(
    model: VideoTransformer, autoencoder: TemporalAutoencoder, sample: Sample, encode: Encode
) -> list[Row]:
    """What the model makes of a fixed scene, between what it was given and what it should be."""
    worse, clip = (part[None].float().to(model.device) for part in (sample.worse, sample.clip))
    request = UpscaleRequest("", seed=1, steps=8, window=worse.shape[2], overlap=0)
    made = upscale(model, worse, encode, request, lambda *_: None)
    shown = ("given", worse), ("made", made), ("as it should be", clip)
    return [Row(name, _pixels(autoencoder, latents)) for name, latents in shown]


@torch.inference_mode()
def _pixels(autoencoder: TemporalAutoencoder, latents: Tensor) -> Frames:
    stills = [to_uint8(autoencoder.decode(part, 1)[0]) for part in latents.split(1, dim=2)]
    return torch.cat(stills).numpy()
