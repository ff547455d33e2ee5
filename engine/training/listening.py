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
from engine.models.moviegen.audio_codec import SAMPLE_RATE_HZ
from engine.models.moviegen.audio_configs import POCKET_LISTENER
from engine.models.moviegen.listener import Listener
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
_SOUNDS, _SOUND_S, _CROP_S, _BATCH = 1200, 4.0, 2.0, 24
_SHARPNESS = 16.0

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Phrases to unit vectors (N, D)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound (S,), and the indices of its ambience, action and music; -1 where it has none."""

    samples: Tensor
    answers: tuple[int, int, int]


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
    return Heard(torch.from_numpy(sound.samples), (ambience, action, played))


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
    count = int(min(_SOUNDS, max(40, 60 * minutes)))
    heard = list(drawn(Draws(count, f"{name}/{rng.random()}", heard_sound)))
    log_line(work, f"synthesised {count} sounds for {name}")
    average, budget, step, smooth = Average(model, 0.995), Budget(minutes), 0, 0.0
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=0.02)
    while not budget.over:
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(2e-3, step, 40, 0.5)
        loss = _loss(model, rng.sample(heard, _BATCH), phrases, rng)
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
    return model.eval()


def _loss(model: Listener, heard: list[Heard], phrases: list[Tensor], rng: random.Random) -> Tensor:
    """Cross entropy of each group of phrases, over the sounds that have one of it."""
    length = round(_CROP_S * SAMPLE_RATE_HZ)
    crops = []
    for each in heard:
        start = rng.randrange(len(each.samples) - length)
        crops.append(each.samples[start : start + length] * rng.uniform(0.3, 1.5))
    sounds = torch.stack(crops)
    vectors = model(sounds + 0.002 * rng.random() * torch.randn_like(sounds))
    answers = torch.tensor([each.answers for each in heard])
    loss = torch.zeros(())
    for place, group in enumerate(phrases):
        has = answers[:, place] >= 0
        if has.any():
            loss = loss + F.cross_entropy(likeness(vectors[has], group), answers[has, place])
    return loss
