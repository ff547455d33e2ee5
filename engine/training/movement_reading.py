"""Train the reader of movements on rendered scenes: what happens in a film, and when.

The reader of pictures has learnt before what a frame shows (engine.training.picture_reading), and
is frozen: what each clip shows and how it moves is told once.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.models.foley.palette import KINDS
from engine.models.moviegen.audio_codec import LATENT_RATE_HZ
from engine.models.moviegen.cues import told_events
from engine.models.moviegen.motion import SIGNALS
from engine.models.moviegen.movement_reader import MovementReader
from engine.models.moviegen.picture_reader import PictureReader
from engine.training.budget import Average, Budget, load_checkpoint, log_line, save_checkpoint
from engine.training.draws import Draws, drawn
from engine.training.grammar import sample_scene
from engine.training.picture_reading import numbers_of
from engine.training.sound_latents import Seen, rows_of, seen
from engine.training.sound_scenes import onsets

_LENGTHS_S = (2, 4, 4, 8)
_STRETCH_S = 2
_LATENTS = _STRETCH_S * LATENT_RATE_HZ
_CLIPS_A_MINUTE, _MOST_CLIPS, _BATCH = 150, 3000, 64
_RENDERING_SHARE = 0.7
_DISTURBED = 0.08


@dataclass(frozen=True, slots=True)
class Clip:
    """What is seen of a scene, its events (T,), and the number of its kind of movement."""

    seen: Seen
    events: Tensor
    kind: int


@dataclass(frozen=True, slots=True)
class Watched:
    """A clip's rows (T, D + SIGNALS), its events (T,), and the number of its kind of movement."""

    rows: Tensor
    events: Tensor
    kind: Tensor


def draw_clip(seed: str, index: int) -> Clip:
    """A rendered scene and what happens in it."""
    rng = random.Random(f"{seed}/{index}")
    scene, length_s = sample_scene(rng), rng.choice(_LENGTHS_S)
    events = told_events(onsets(scene, length_s), length_s * LATENT_RATE_HZ, LATENT_RATE_HZ)
    return Clip(seen(scene, length_s, rng), events, numbers_of(scene)[1])


def watch(reader: PictureReader, clip: Clip) -> Watched:
    """The clip in rows."""
    rows = rows_of(reader, clip.seen, len(clip.events))
    return Watched(rows, clip.events, torch.tensor(clip.kind))


def loss_of(model: MovementReader, rows: Tensor, events: Tensor, kinds: Tensor) -> Tensor:
    """What it gets wrong of stretches (B, T, D + SIGNALS), events (B, T) and kinds (B,)."""
    told, kind = model(rows)
    wrong = F.binary_cross_entropy_with_logits(told, events, 1 + 4 * events)
    return 8.0 * wrong + 2.0 * F.cross_entropy(kind, kinds)


def train(minutes: float, work: Path, reader: PictureReader) -> MovementReader:
    """Train within a budget, on from `work`/movement.safetensors if it is there."""
    torch.manual_seed(0)
    model = MovementReader(reader.config.feature_dim, kinds=len(KINDS))
    checkpoint = work / "movement.safetensors"
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(work, f"resumed from {checkpoint}")
    rng = random.Random()
    count = int(min(_MOST_CLIPS, max(_BATCH, _RENDERING_SHARE * _CLIPS_A_MINUTE * minutes)))
    clips = drawn(Draws(count, f"movement/{rng.random()}", draw_clip))
    films = [watch(reader, clip) for clip in clips]
    log_line(work, f"watched {count} clips for the reader of movements")
    average, step, smooth = Average(model, 0.995), 0, 0.0
    budget = Budget((1 - _RENDERING_SHARE) * minutes)
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=0.02)
    while not budget.over:
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(3e-3, step, 40, 0.3)
        parts = [stretch(film, rng) for film in rng.sample(films, _BATCH)]
        loss = loss_of(model, *(torch.stack(each) for each in zip(*parts, strict=True)))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        average.update(model)
        smooth = loss.item() if step == 0 else 0.97 * smooth + 0.03 * loss.item()
        if step % 200 == 0:
            log_line(work, f"movements step {step} spent {budget.spent:.2f} loss {smooth:.3f}")
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    log_line(work, f"movements finished after {step} steps, loss {smooth:.3f}")
    model.load_state_dict(average.weights)
    return model.eval()


def stretch(film: Watched, rng: random.Random) -> tuple[Tensor, Tensor, Tensor]:
    """Two seconds of a film, its signals a little disturbed: rows, events and the kind."""
    begin = rng.randint(0, len(film.events) - _LATENTS)
    rows = film.rows[begin : begin + _LATENTS].clone()
    rows[:, -SIGNALS:] += _DISTURBED * torch.randn(_LATENTS, SIGNALS)
    return rows, film.events[begin : begin + _LATENTS], film.kind
