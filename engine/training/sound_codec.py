"""Train the pocket sound codec on synthesised sound: spectra at several resolutions and the wave.

It is told how far logarithmic spectra are apart, in windows from 5 to 43 ms, and how much of the
energy it misses (Yamamoto et al. 2020); there is no discriminator, which takes more minutes than a
laptop has. The wave itself counts little: where its phase cannot be known, silence is nearest to
it. Latents are drawn from the posterior and held near a unit Gaussian. Noise is told from what
else there is, and learnt by how loud it is.

The decoder can be trained on alone: latents stay what they are, and so does all that makes them.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from engine.models.moviegen.audio_codec import (
    SAMPLE_RATE_HZ,
    AudioCodec,
)
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
from engine.training.noise_apart import QUIETEST_NOISE, without_noise
from engine.training.sound_distances import bands_apart, convergence, log_distance, spectra
from engine.training.sound_scenes import music_alone, sound_of

_CROP_LATENTS, _BATCH, _GPU_BATCH = 16, 8, 96
_SOUNDS_A_MINUTE, _MOST_SOUNDS, _SOUND_S = 15, 1500, 3.0
_KL_WEIGHT = 2e-3
_WAVE_WEIGHT = 2.0
_KERNEL_RATE, _REST_RATE, _NOISE_RATE = 0.008, 5e-4, 1.5e-3
_NOISE_WEIGHT = 0.5
_NOISE_SHARE, _NOISE_BATCH, _NOISE_LATENTS = 0.2, 24, 50
"""Of a decoder's minutes those in which noise is learnt first; sounds a step, and their length."""
_DECODER_RATE = 0.4
"""Of the codec's rates, what a decoder that has learnt before has."""


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


Coded = tuple[Tensor, Tensor, Tensor, Tensor]
"""Mean and log variance (B, C, T) of latents; samples (B, S) and loudness of noise (B, N, T)."""


def coded(model: AudioCodec, sound: Tensor) -> Coded:
    """What samples (B, S) are as latents, and what is made of a draw of those."""
    assert model.noise is not None  # the pocket's has one
    mean, log_variance = model.posterior(sound[:, None])
    latents = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
    made = model.reconstruct(latents)[:, 0, : sound.shape[-1]]
    return mean, log_variance, made, model.noise.loudness(latents)


def _missed_noise(loud: Tensor, noise: Tensor) -> Tensor:
    """How far logarithms of loudness (B, N, T) are from those of the noise there is, in nepers."""
    return ((loud.exp() + QUIETEST_NOISE).log() - noise).abs().mean()


def codec_loss(
    model: AudioCodec, sound: Tensor, code: Callable[..., Coded] = coded
) -> tuple[Tensor, Tensor]:
    """The loss of samples (B, S), and how far (2,) bands of them and their noise are off.

    Noise is no work of the samples' own: there is no telling where each was, and what is nearest
    to all it could have been is a buzz.
    """
    assert model.noise is not None  # the pocket's has one
    mean, log_variance, made, loud = code(model, sound)
    wanted, noise = without_noise(sound, model.noise)
    far = [
        torch.stack([log_distance(*pair), convergence(*pair), bands_apart(*pair)])
        for pair in spectra(made, wanted)
    ]
    bins, missed_energy, bands = torch.stack(far).mean(0)
    missed = _missed_noise(loud, noise)
    loss = bins + 0.5 * missed_energy + bands + _NOISE_WEIGHT * missed
    wave = (made - wanted).abs().mean()
    kl = 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance).mean()
    loss = loss + _WAVE_WEIGHT * wave + _KL_WEIGHT * kl
    return loss, torch.stack([bands, missed]).detach()


def _crops(pool: Tensor, count: int, samples: int) -> Tensor:
    """Crops (B, S) of sounds (N, S'), where they lie, at levels of their own."""
    device = pool.device
    starts = torch.randint(0, pool.shape[1] - samples, (count, 1), device=device)
    chosen = torch.randint(0, len(pool), (count, 1), device=device)
    crops = pool[chosen, starts + torch.arange(samples, device=device)].float()
    return (crops * (0.4 + 1.1 * torch.rand(count, 1, device=device))).clamp(-1, 1)


def optimisers(model: AudioCodec) -> tuple[torch.optim.Optimizer, ...]:
    """Muon for kernels, AdamW for the rest: a quarter fewer steps than AdamW alone.

    What says how loud noise is learns by AdamW too, and faster: all bands together move slowly in
    a step of Muon, which moves every direction as far.
    """
    noise = [] if model.noise is None else list(model.noise.parameters())
    kernels, rest = [], []
    for network in (model.encoder, model.decoder):
        for parameter in network.parameters():
            if parameter.requires_grad:
                is_kernel = parameter.ndim == 3 and min(parameter.shape[:2]) > 1
                (kernels if is_kernel else rest).append(parameter)
    muon = Muon(kernels, lr=_KERNEL_RATE)
    groups = [{"params": rest, "peak": _REST_RATE}, {"params": noise, "peak": _NOISE_RATE}]
    adamw = torch.optim.AdamW(groups, lr=_REST_RATE, betas=(0.8, 0.99), weight_decay=0.0)
    for group in muon.param_groups:
        group["peak"] = _KERNEL_RATE
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
    run = _Run(minutes, work, "codec", 1.0, 0.15)
    model, pool = _learnt(run, _begun(run, models), best_device(device_name), compiled=compiled)
    ship(model, models / "pocket-sound" / "codec", list(pool[:64].float().cpu()))


def train_decoder(
    minutes: float,
    work: Path,
    models: Path,
    device_name: str | None = None,
    *,
    compiled: bool = True,
) -> None:
    """Train the decoder of the codec that ships within a budget, and ship it with the old encoder.

    Goes on from `work`/decoder.safetensors if it is there.
    """
    run = _Run(minutes * (1 - _NOISE_SHARE), work, "decoder", _DECODER_RATE, 0.3)
    model = _begun(run, models)
    model.encoder.requires_grad_(False)
    if not run.checkpoint.exists():
        learn_noise(minutes * _NOISE_SHARE, work, model)
    model, _ = _learnt(run, model, best_device(device_name), compiled=compiled)
    folder = models / "pocket-sound" / "codec"
    model.save_config(str(folder))
    save_packed(model.state_dict(), folder)


def learn_noise(minutes: float, work: Path, model: AudioCodec) -> None:
    """Teach a codec, on the CPU, how loud noise is by the latents that it makes, in place.

    They are made once: a step takes a hundredth of one of the decoder.
    """
    assert model.noise is not None  # the pocket's has one
    budget, step, smooth = Budget(minutes), 0, 0.0
    count = int(min(_MOST_SOUNDS, max(_NOISE_BATCH, 4 * _SOUNDS_A_MINUTE * minutes)))
    latents, spread_by, loud = _noise_of(model, count)
    last = model.noise.layers[-1]
    assert isinstance(last, nn.Conv1d)
    assert last.bias is not None
    if not last.weight.any():  # it has not learnt yet, and begins at what is usual
        with torch.no_grad():
            last.bias.copy_(loud.mean((0, 2)))
    optimiser = torch.optim.AdamW(model.noise.parameters(), weight_decay=0.01)
    average, share = Average(model.noise, 0.998), loud.shape[2] // latents.shape[2]
    inside = slice(3 * share, -3 * share)
    while not budget.over:
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(2e-3, step, 50, 0.3)
        chosen = torch.randint(0, count, (_NOISE_BATCH,))
        begin = random.randrange(latents.shape[2] - _NOISE_LATENTS + 1)
        part = slice(begin, begin + _NOISE_LATENTS)
        drawn_from = latents[chosen, :, part]
        drawn_from = drawn_from + spread_by[chosen, :, part] * torch.randn_like(drawn_from)
        wanted = loud[chosen, :, begin * share : (begin + _NOISE_LATENTS) * share]
        loss = _missed_noise(model.noise.loudness(drawn_from)[..., inside], wanted[..., inside])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        average.update(model.noise)
        smooth = loss.item() if step == 0 else 0.98 * smooth + 0.02 * loss.item()
        if step % 200 == 0:
            log_line(work, f"noise step {step} spent {budget.spent:.2f} off by {smooth:.3f}")
        step += 1
    model.noise.load_state_dict(average.weights)


@torch.no_grad()
def _noise_of(model: AudioCodec, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Latents (N, C, T) of sounds of any level, their deviations, and their noise's loudness."""
    assert model.noise is not None  # the pocket's has one
    rows: list[tuple[Tensor, Tensor, Tensor]] = []
    for sound in drawn(Draws(count, f"noise/{random.random()}", draw_sound)):
        louder = (0.4 + 1.1 * random.random()) * sound.clone()[None]
        mean, log_variance = model.posterior(louder[:, None])
        _, loud = without_noise(louder, model.noise)
        rows.append((mean[0], (0.5 * log_variance[0]).exp(), loud[0]))
    latents, deviations, louds = (torch.stack(parts) for parts in zip(*rows, strict=True))
    return latents, deviations, louds


@dataclass(frozen=True, slots=True)
class _Run:
    """A training: its `name` is its checkpoint's, `peak` its share of the rates, which fall from

    `decay_from` of its minutes on.
    """

    minutes: float
    work: Path
    name: str
    peak: float
    decay_from: float

    @property
    def checkpoint(self) -> Path:
        return self.work / f"{self.name}.safetensors"


def _begun(run: _Run, models: Path) -> AudioCodec:
    """A codec as an earlier run left it, or as it ships; from nothing where there is none."""
    torch.manual_seed(0)
    model, shipped = AudioCodec(**POCKET_CODEC), models / "pocket-sound" / "codec"
    if run.checkpoint.exists():
        model.load_state_dict(load_checkpoint(run.checkpoint))
        log_line(run.work, f"resumed from {run.checkpoint}")
    elif (shipped / "config.json").exists():
        before = AudioCodec.from_folder(shipped, torch.float32).state_dict()
        model.load_state_dict(before, strict=False)  # one of before 30 November 2026 has no noise
        log_line(run.work, f"begun from {shipped}")
    return model


def _learnt(
    run: _Run, model: AudioCodec, device: torch.device, *, compiled: bool
) -> tuple[AudioCodec, Tensor]:
    """The codec as it is when the minutes are over, on the CPU, and the sounds it learnt (N, S)."""
    take_turns(device)
    model, budget, step = model.to(device), Budget(run.minutes), 0
    slow, smooth = device.type == "cpu", torch.zeros(2, device=device)
    minutes = run.minutes if slow else _MOST_SOUNDS
    count = int(min(_MOST_SOUNDS, max(24, _SOUNDS_A_MINUTE * minutes)))
    pool = torch.empty(count, round(_SOUND_S * SAMPLE_RATE_HZ), dtype=torch.half)
    # Each is copied as it comes: what a worker hands over holds an open file.
    sounds = drawn(Draws(count, f"{run.name}/{random.random()}", draw_sound))
    for index, sound in enumerate(sounds):
        pool[index] = sound
    pool, batch = pool.to(device), _BATCH if slow else _GPU_BATCH
    log_line(run.work, f"synthesised {count} sounds")
    average, both = Average(model, 0.998), optimisers(model)
    code = torch.compile(coded, dynamic=False) if compiled and slow else coded
    while not budget.over:
        apply_rates(both, budget.learning_rate(run.peak, step, 50, run.decay_from))
        loss, far = codec_loss(model, _crops(pool, batch, _CROP_LATENTS * model.hop), code)
        learn(model, loss, both)
        average.update(model)
        smooth = smooth.lerp(far, max(0.02, 1 / (step + 1)))
        if step % 50 == 0:
            bands, noise = (f"{value:.4f}" for value in smooth.tolist())
            log_line(run.work, f"step {step} spent {budget.spent:.3f} bands {bands} noise {noise}")
        if step % 100 == 99:
            save_checkpoint(run.checkpoint, average.weights, {"step": step})
        step += 1
    save_checkpoint(run.checkpoint, average.weights, {"step": step})
    log_line(run.work, f"finished after {step} steps")
    model.load_state_dict(average.weights)
    return model.cpu().eval(), pool


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
