"""Train the pocket sound codec on synthesised sound: spectra at several resolutions and the wave.

It is told how far logarithmic spectra are apart, in windows from 5 to 43 ms, and how much of the
energy it misses (Yamamoto et al. 2020); there is no discriminator, which takes more minutes than a
laptop has. The wave itself counts little: where its phase cannot be known, silence is nearest to
it. Latents are drawn from the posterior and held near a unit Gaussian.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.models.moviegen.audio_codec import SAMPLE_RATE_HZ, AudioCodec
from engine.models.moviegen.audio_configs import POCKET_CODEC
from engine.models.packed import save_packed
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
from engine.training.muon import Muon, apply_rates, learn
from engine.training.sound_scenes import music_alone, sound_of

_WINDOWS = (2048, 1024, 512, 256)
_CROP_LATENTS, _BATCH, _GPU_BATCH = 16, 8, 96
_SOUNDS, _GPU_SOUNDS, _SOUND_S = 600, 1500, 3.0
_KL_WEIGHT = 2e-3
_WAVE_WEIGHT = 2.0
_KERNEL_RATE, _REST_RATE = 0.008, 5e-4
_QUIETEST = 1e-3


def draw_sound(seed: str, index: int) -> Tensor:
    """A synthesised sound (S,): a scene's, music, or a single tone of any pitch."""
    rng = random.Random(f"{seed}/{index}")
    if index % 8 == 7:
        return _tone(rng, _SOUND_S)
    if index % 4 == 1:
        return torch.from_numpy(music_alone(rng.getrandbits(31), _SOUND_S).samples)
    return torch.from_numpy(sound_of(sample_scene(rng), _SOUND_S, 0.2).samples)


def _tone(rng: random.Random, seconds: float) -> Tensor:
    """Two tones and some noise, which is what any sound is made of."""
    t = torch.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    first, second = (40 * 2 ** (8.0 * rng.random()) for _ in range(2))
    tones = torch.sin(2 * np.pi * first * t) + rng.random() * torch.sin(2 * np.pi * second * t)
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    hiss = 0.02 * rng.random() * torch.randn(len(t), generator=generator)
    return 0.2 * rng.random() * tones + hiss


def spectral_distance(sound: Tensor, other: Tensor) -> Tensor:
    """Mean distance of log-magnitude spectra (B, S) over windows of several lengths, in nepers.

    Bins that are quieter than _QUIETEST in both do not count: most of most sounds are, and a codec
    that gave silence back would be near them all.
    """
    return torch.stack([_log_distance(*pair) for pair in _spectra(sound, other)]).mean()


def _spectra(sound: Tensor, other: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """The magnitudes (B, F, T) of both in windows of each length."""
    for window in _WINDOWS:
        taper = torch.hann_window(window, device=sound.device)
        first, second = (
            torch.stft(
                x, window, window // 4, window=taper, return_complex=True, normalized=True
            ).abs()
            for x in (sound, other)
        )
        yield first, second


def _log_distance(a: Tensor, b: Tensor) -> Tensor:
    heard = torch.maximum(a, b).detach() > _QUIETEST
    distance = ((a + _QUIETEST).log() - (b + _QUIETEST).log()).abs()
    return (distance * heard).sum() / heard.sum().clamp_min(1)


def _convergence(made: Tensor, real: Tensor) -> Tensor:
    """How much of the energy of `real` is missed, where it is loudest above all."""
    missed = torch.linalg.vector_norm(made - real, dim=(1, 2))
    return (missed / torch.linalg.vector_norm(real, dim=(1, 2)).clamp_min(_QUIETEST)).mean()


def coded(model: AudioCodec, sound: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Mean and log variance (B, C, T) of samples (B, S), and the samples made of a draw."""
    mean, log_variance = model.posterior(sound[:, None])
    latents = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
    return mean, log_variance, model.reconstruct(latents)[:, 0, : sound.shape[-1]]


def codec_loss(
    model: AudioCodec, sound: Tensor, code: Callable[..., tuple[Tensor, Tensor, Tensor]] = coded
) -> tuple[Tensor, Tensor]:
    """The loss of samples (B, S), and how far their spectra are from the reconstruction's."""
    mean, log_variance, out = code(model, sound)
    distances = [
        torch.stack([_log_distance(made, real), _convergence(made, real)])
        for made, real in _spectra(out, sound)
    ]
    spectra, convergence = torch.stack(distances).mean(0)
    wave = (out - sound).abs().mean()
    kl = 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance).mean()
    loss = spectra + convergence + _WAVE_WEIGHT * wave + _KL_WEIGHT * kl
    return loss, spectra.detach()


def _crops(pool: Tensor, count: int, samples: int) -> Tensor:
    """Crops (B, S) of sounds (N, S'), where they lie, at levels of their own."""
    device = pool.device
    starts = torch.randint(0, pool.shape[1] - samples, (count, 1), device=device)
    chosen = torch.randint(0, len(pool), (count, 1), device=device)
    crops = pool[chosen, starts + torch.arange(samples, device=device)].float()
    return (crops * (0.4 + 1.1 * torch.rand(count, 1, device=device))).clamp(-1, 1)


def optimisers(model: AudioCodec) -> tuple[torch.optim.Optimizer, ...]:
    """Muon for kernels, AdamW for the rest: a quarter fewer steps than AdamW alone."""
    kernels, rest = [], []
    for parameter in model.parameters():
        is_kernel = parameter.ndim == 3 and min(parameter.shape[:2]) > 1
        (kernels if is_kernel else rest).append(parameter)
    muon = Muon(kernels, lr=_KERNEL_RATE)
    adamw = torch.optim.AdamW(rest, lr=_REST_RATE, betas=(0.8, 0.99), weight_decay=0.0, fused=True)
    for optimiser, peak in ((muon, _KERNEL_RATE), (adamw, _REST_RATE)):
        for group in optimiser.param_groups:
            group["peak"] = peak
    return muon, adamw


def train(
    minutes: float,
    work: Path,
    models: Path,
    device_name: str | None = None,
    *,
    compiled: bool = True,
) -> None:
    """Train within a budget, on from `work`/codec.safetensors or what ships, and ship it."""
    device = best_device(device_name)
    take_turns(device)
    torch.manual_seed(0)
    model = AudioCodec(**POCKET_CODEC).to(device)
    checkpoint, shipped = work / "codec.safetensors", models / "pocket-sound" / "codec"
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(work, f"resumed from {checkpoint}")
    elif (shipped / "config.json").exists():
        model.load_state_dict(AudioCodec.from_folder(shipped, torch.float32).state_dict())
        log_line(work, f"begun from {shipped}")
    budget, step, smooth = Budget(minutes), 0, torch.zeros((), device=device)
    slow = device.type == "cpu"
    count = int(min(_SOUNDS, max(24, 40 * minutes))) if slow else _GPU_SOUNDS
    batch = _BATCH if slow else _GPU_BATCH
    sounds = drawn(Draws(count, f"codec/{random.random()}", draw_sound))
    pool = torch.stack([sound.half() for sound in sounds]).to(device)
    log_line(work, f"synthesised {count} sounds")
    average, both = Average(model, 0.998), optimisers(model)
    code = torch.compile(coded, dynamic=False) if compiled and slow else coded
    while not budget.over:
        apply_rates(both, budget.learning_rate(1.0, step, 50, 0.15))
        loss, spectra = codec_loss(model, _crops(pool, batch, _CROP_LATENTS * model.hop), code)
        learn(model, loss, both)
        average.update(model)
        smooth = spectra if step == 0 else smooth.lerp(spectra, 0.03)
        if step % 50 == 0:
            log_line(work, f"step {step} spent {budget.spent:.3f} spectra {smooth.item():.4f}")
        if step % 200 == 199:
            save_checkpoint(checkpoint, average.weights, {"step": step})
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    log_line(work, f"finished after {step} steps, spectra {smooth.item():.4f}")
    model.load_state_dict(average.weights)
    ship(model.cpu().eval(), shipped, list(pool[:64].float().cpu()))


def ship(model: AudioCodec, folder: Path, sounds: list[Tensor]) -> None:
    """Measure the latents' mean and spread on `sounds`, and write the codec packed."""
    with torch.inference_mode():
        model.mean.zero_()
        model.std.fill_(1.0)
        latents = torch.cat([model.encode(sound[None, None])[0] for sound in sounds], dim=1)
    with torch.no_grad():
        model.mean.copy_(latents.mean(1).view_as(model.mean))
        model.std.copy_(latents.std(1).clamp_min(1e-3).view_as(model.std))
    model.save_config(str(folder))
    save_packed(model.state_dict(), folder)
