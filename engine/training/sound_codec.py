"""Train the pocket sound codec on synthesised sound: spectra at several resolutions and the wave.

It is told how far logarithmic spectra are apart, in windows from 5 to 43 ms, and how much of the
energy it misses (Yamamoto et al. 2020); there is no discriminator, which takes more minutes than a
laptop has. The wave itself counts little: where its phase cannot be known, silence is nearest to
it. Latents are drawn from the posterior and held near a unit Gaussian.

The decoder can be trained on alone: latents stay what they are, and so does all that makes them.
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
from engine.models.moviegen.listener import mel_bands
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
_BAND_QUIETEST = 2e-4
_BANDS = {2048: 80, 1024: 48, 512: 28, 256: 14}
"""Bands of each window: no more than its bins tell apart."""
_BIN_WEIGHT, _BAND_WEIGHT, _GRAIN_WEIGHT = 0.3, 1.0, 1.5
_GRAIN_FRAMES = 12
_DECODER_SOUNDS_A_MINUTE, _DECODER_RATE = 15, 0.3
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


def band_distance(sound: Tensor, other: Tensor) -> Tensor:
    """Mean distance of the loudness of mel bands of samples (B, S), in nepers."""
    return torch.stack([_band_distance(*pair) for pair in _spectra(sound, other)]).mean()


def _band_distance(made: Tensor, real: Tensor) -> Tensor:
    """How far mel bands of magnitudes (B, F, T) are apart, in nepers.

    No bin of noise is where it was; bands of many are, as loud as an ear hears them (Kumar et al.
    2023).
    """
    bands = _bands_of(real)
    far = (bands @ made + _BAND_QUIETEST).log() - (bands @ real + _BAND_QUIETEST).log()
    return far.abs().mean()


def _bands_of(spectrum: Tensor) -> Tensor:
    """The mel bands (N, F) of magnitudes (B, F, T)."""
    window = 2 * (spectrum.shape[1] - 1)
    return mel_bands(window, _BANDS[window]).to(spectrum)


def grain_distance(sound: Tensor, other: Tensor) -> Tensor:
    """How differently rough samples (B, S) are, in nepers: noise is, a buzz as loud is not."""
    return torch.stack([_grain_distance(*pair) for pair in _spectra(sound, other)]).mean()


def _grain_distance(made: Tensor, real: Tensor) -> Tensor:
    """How differently rough magnitudes (B, F, T) are, in nepers: by how much each bin strays from

    its mean for some frames, band by band. Noise strays, a buzz as loud does not (McDermott and
    Simoncelli 2011); every other distance here is smallest for the buzz.
    """
    bands = _bands_of(real)
    rough = []
    for spectrum in (made, real):
        levels = (spectrum + _QUIETEST).log()
        count = levels.shape[2] // _GRAIN_FRAMES * _GRAIN_FRAMES
        stray = levels[..., :count].unflatten(2, (-1, _GRAIN_FRAMES)).var(dim=3)
        rough.append((bands @ stray + 1e-4).sqrt())
    return (rough[0] - rough[1]).abs().mean()


def coded(model: AudioCodec, sound: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Mean and log variance (B, C, T) of samples (B, S), and the samples made of a draw."""
    mean, log_variance = model.posterior(sound[:, None])
    latents = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
    noise = torch.randn(latents.shape[-1] * model.hop, device=sound.device)
    return mean, log_variance, model.reconstruct(latents, noise)[:, 0, : sound.shape[-1]]


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


def decoder_loss(
    model: AudioCodec, sound: Tensor, code: Callable[..., tuple[Tensor, Tensor, Tensor]] = coded
) -> tuple[Tensor, Tensor]:
    """The loss of samples (B, S) for a decoder alone, and what of it is of bands and of grain."""
    _, _, out = code(model, sound)
    far = torch.stack(
        [
            torch.stack(
                [
                    _log_distance(made, real),
                    _convergence(_bands_of(real) @ made, _bands_of(real) @ real),
                    _band_distance(made, real),
                    _grain_distance(made, real),
                ]
            )
            for made, real in _spectra(out, sound)
        ]
    ).mean(0)
    weights = torch.tensor([_BIN_WEIGHT, 1.0, _BAND_WEIGHT, _GRAIN_WEIGHT], device=far.device)
    wave = (out - sound).abs().mean()
    return (weights * far).sum() + _WAVE_WEIGHT * wave, far[2:].detach()


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
        if not parameter.requires_grad:
            continue
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
    device = best_device(device_name)
    take_turns(device)
    torch.manual_seed(0)
    checkpoint, shipped = work / "decoder.safetensors", models / "pocket-sound" / "codec"
    model = AudioCodec(**POCKET_CODEC)
    before = AudioCodec.from_folder(shipped, torch.float32).state_dict()
    model.load_state_dict(before, strict=False)  # it may have no noise yet
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(work, f"resumed from {checkpoint}")
    model.encoder.requires_grad_(False)
    model.to(device)
    budget, step, smooth = Budget(minutes), 0, torch.zeros(2, device=device)
    slow = device.type == "cpu"
    count = int(min(_GPU_SOUNDS, max(24, _DECODER_SOUNDS_A_MINUTE * minutes)))
    pool = torch.empty(count, round(_SOUND_S * SAMPLE_RATE_HZ), dtype=torch.half)
    # Each is copied as it comes: what a worker hands over holds an open file.
    for index, sound in enumerate(drawn(Draws(count, f"decoder/{random.random()}", draw_sound))):
        pool[index] = sound
    pool = pool.to(device)
    log_line(work, f"synthesised {count} sounds")
    average, both = Average(model, 0.998), optimisers(model)
    code = torch.compile(coded, dynamic=False) if compiled and slow else coded
    batch = _BATCH if slow else _GPU_BATCH
    while not budget.over:
        apply_rates(both, budget.learning_rate(_DECODER_RATE, step, 50, 0.3))
        crops = _crops(pool, batch, _CROP_LATENTS * model.hop)
        loss, far = decoder_loss(model, crops, code)
        learn(model, loss, both)
        average.update(model)
        smooth = far if step == 0 else smooth.lerp(far, max(0.02, 1 / (step + 1)))
        if step % 50 == 0:
            bands, grain = smooth.tolist()
            log_line(
                work, f"step {step} spent {budget.spent:.3f} bands {bands:.4f} grain {grain:.4f}"
            )
        if step % 100 == 99:
            save_checkpoint(checkpoint, average.weights, {"step": step})
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    log_line(work, f"finished after {step} steps")
    model.load_state_dict(average.weights)
    model.cpu().eval()
    model.save_config(str(shipped))
    save_packed(model.state_dict(), shipped)


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
