"""Train listeners: synthesised sounds brought near to the words that say what they are.

One ranks candidates and ships with the sound model; the other judges what was made, and neither
ever sees the other's sounds.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from engine.models.foley.music import MOODS
from engine.models.foley.palette import MOVEMENTS
from engine.models.moviegen.audio_configs import POCKET_LISTENER
from engine.models.moviegen.listener import Listener, log_mel
from engine.training.budget import (
    Average,
    Budget,
    load_checkpoint,
    log_line,
    save_checkpoint,
)
from engine.training.draws import Draws, drawn
from engine.training.grammar import sample_scene
from engine.training.sound_scenes import (
    AMBIENCE_PHRASES,
    music_alone,
    sound_of,
)

ACTIONS = tuple(MOVEMENTS.values())
MUSIC = tuple(f"{word} instrumental music" for mood in MOODS for word in mood.words[:1])
_SOUNDS_A_MINUTE, _MOST_SOUNDS, _SOUND_S, _BATCH = 1200, 12_000, 4.0, 48
_LEAST_FRAMES = 100
"""Of a sound's 201: two seconds, which a swelling tone takes to tell itself from a fading one."""
_SHARPNESS = 16.0
_NOISE, _NOISE_MAGNITUDE = 0.002, 24.5
"""The loudest noise that is added, and how large noise of unit loudness is in a band's middle."""
_UNHEARD = 200

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Phrases to unit vectors (N, D)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """`log_mel` of a sound (BANDS, T) float16, and the indices (3,) of its ambience, action and

    music; -1 where it has none.
    """

    mel: Tensor
    answers: Tensor


def heard_sound(seed: str, index: int) -> Heard:
    """A synthesised sound; one in five is music alone."""
    rng = random.Random(f"{seed}/{index}")
    if index % 5 == 4:
        sound = music_alone(rng.getrandbits(31), _SOUND_S)
    else:
        sound = sound_of(sample_scene(rng), _SOUND_S, 0.15)
    played = -1
    for place, mood in enumerate(MOODS):
        if sound.words.music.split(" ")[0] in mood.words:
            played = place
    ambience = AMBIENCE_PHRASES.index(sound.ambience) if sound.ambience else -1
    action = ACTIONS.index(MOVEMENTS[sound.action]) if sound.action else -1
    mel = log_mel(torch.from_numpy(sound.samples)[None])[0].half()
    return Heard(mel, torch.tensor([ambience, action, played]))


def likeness(vectors: Tensor, phrases: Tensor) -> Tensor:
    """Logits (B, N) of N phrases for what was heard (B, D)."""
    return _SHARPNESS * vectors @ phrases.T


def train(minutes: float, work: Path, embed: Embed, name: str) -> Listener:
    """Train one within a budget; `name` seeds its sounds. Resumes from `work`/name.safetensors."""
    torch.manual_seed(len(name))
    model, checkpoint = Listener(**POCKET_LISTENER), work / f"{name}.safetensors"
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(work, f"resumed from {checkpoint}")
    phrases = [torch.from_numpy(embed(group)) for group in (AMBIENCE_PHRASES, ACTIONS, MUSIC)]
    rng = random.Random()
    count = int(min(_MOST_SOUNDS, max(40, _SOUNDS_A_MINUTE * minutes)))
    mels, answers = _synthesised(count, f"{name}/{rng.random()}")
    log_line(work, f"synthesised {count} sounds for {name}")
    average, budget, step, smooth = Average(model, 0.995), Budget(minutes), 0, 0.0
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=0.02)
    while not budget.over:
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(2e-3, step, 40, 0.5)
        chosen = torch.randint(0, count, (_BATCH,))
        loss = loss_of(model, part_of(mels[chosen].float(), rng), answers[chosen], phrases)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        average.update(model)
        smooth = loss.item() if step == 0 else 0.97 * smooth + 0.03 * loss.item()
        if step % 50 == 0:
            log_line(work, f"{name} step {step} spent {budget.spent:.2f} loss {smooth:.3f}")
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    log_line(work, f"{name} finished after {step} steps, loss {smooth:.3f}")
    model.load_state_dict(average.weights)
    right = heard_right(model.eval(), phrases, f"{name}/unheard")
    log_line(work, f"{name} hears ambience, action and music of unheard sounds right: {right}")
    return model


def _synthesised(count: int, seed: str) -> tuple[Tensor, Tensor]:
    """So many sounds: (N, BANDS, T) float16, and their answers (N, 3)."""
    first = heard_sound(seed, 0)
    mels = torch.empty(count, *first.mel.shape, dtype=first.mel.dtype)
    answers = torch.empty(count, len(first.answers), dtype=torch.long)
    # Each is copied as it comes: what a worker hands over holds an open file.
    for index, heard in enumerate(drawn(Draws(count, seed, heard_sound))):
        mels[index], answers[index] = heard.mel, heard.answers
    return mels, answers


def part_of(mels: Tensor, rng: random.Random) -> Tensor:
    """A part of sounds (B, BANDS, T), two seconds or longer, louder or softer, over some noise."""
    length = rng.randint(_LEAST_FRAMES, mels.shape[2])
    begin = rng.randint(0, mels.shape[2] - length)
    count = len(mels)
    gain = torch.empty(count, 1, 1).uniform_(0.3, 1.5)
    magnitude = gain * (4.0 * mels[..., begin : begin + length] - 2.0).exp()
    noise = _NOISE * _NOISE_MAGNITUDE * torch.rand(count, 1, 1) * torch.rand(count, 1, 1)
    rough = noise * (1 + 0.2 * torch.randn_like(magnitude))
    return (torch.hypot(magnitude, rough).clamp_min(1e-5).log() + 2.0) / 4.0


def loss_of(model: Listener, mels: Tensor, answers: Tensor, phrases: list[Tensor]) -> Tensor:
    """Cross entropy of each group of phrases, over the parts (B, BANDS, T) that have one of it."""
    vectors = model.heard(mels)
    loss = torch.zeros(())
    for place, group in enumerate(phrases):
        has = answers[:, place] >= 0
        if has.any():
            loss = loss + F.cross_entropy(likeness(vectors[has], group), answers[has, place])
    return loss


@torch.inference_mode()
def heard_right(model: Listener, phrases: list[Tensor], seed: str) -> tuple[float, ...]:
    """Shares of sounds that it never heard of which it says what they are, group by group."""
    mels, answers = _synthesised(_UNHEARD, seed)
    vectors = torch.cat([model.heard(part.float()) for part in mels.split(_BATCH)])
    right = []
    for place, group in enumerate(phrases):
        has = answers[:, place] >= 0
        hit = likeness(vectors[has], group).argmax(1) == answers[has, place]
        right.append(round(hit.float().mean().item(), 3))
    return tuple(right)
