"""Train both readers together on rendered scenes: what each frame shows, and what happens in them.

The reader of pictures has learnt before what a frame shows (engine.training.picture_reading); what
moves between frames it learns to keep only when the reader of movements asks it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.models.foley.palette import KINDS
from engine.models.moviegen.audio_codec import LATENT_RATE_HZ
from engine.models.moviegen.movement_reader import MovementReader
from engine.models.moviegen.picture_reader import RATE_FPS, PictureReader, at_latents, triples
from engine.training.budget import Average, Budget, load_checkpoint, log_line, save_checkpoint
from engine.training.draws import Draws, drawn
from engine.training.grammar import sample_scene
from engine.training.picture_reading import disturbed, numbers_of, told_events
from engine.training.sound_latents import seen
from engine.training.sound_scenes import onsets

_LENGTHS_S = (2, 4, 4, 8)
_STRETCH_S = 2
_FRAMES, _LATENTS = _STRETCH_S * RATE_FPS, _STRETCH_S * LATENT_RATE_HZ
_CLIPS_A_MINUTE, _MOST_CLIPS, _BATCH = 150, 3000, 10


@dataclass(frozen=True, slots=True)
class Watched:
    """A clip's frames (F, 3, H, W) uint8, its events (T,), and the numbers of its place, its kind

    of movement and its machine (3,).
    """

    frames: Tensor
    events: Tensor
    answers: Tensor


def draw_clip(seed: str, index: int) -> Watched:
    """A rendered scene and what happens in it."""
    rng = random.Random(f"{seed}/{index}")
    scene, length_s = sample_scene(rng), rng.choice(_LENGTHS_S)
    events = told_events(onsets(scene, length_s), length_s * LATENT_RATE_HZ, LATENT_RATE_HZ)
    return Watched(seen(scene, length_s, rng), events, torch.tensor(numbers_of(scene)))


class Watcher(nn.Module):
    """Both readers."""

    def __init__(self, reader: PictureReader) -> None:
        super().__init__()
        self.reader = reader
        self.movement = MovementReader(reader.config.feature_dim, kinds=len(KINDS))

    def loss(self, frames: Tensor, events: Tensor, answers: Tensor) -> Tensor:
        """What they get wrong of stretches (B, F, 9, H, W) uint8, events (B, T), answers (B, 3)."""
        count = len(frames)
        features = self.reader(disturbed(frames.flatten(0, 1))).unflatten(0, (count, -1))
        times_s = [index / RATE_FPS for index in range(frames.shape[1])]
        at = torch.stack([at_latents(each, times_s, _LATENTS) for each in features])
        told, kind = self.movement(at)
        shown = features.mean(1)
        named = F.cross_entropy(self.reader.place(shown), answers[:, 0])
        named = named + 2.0 * F.cross_entropy(kind, answers[:, 1])
        named = named + F.cross_entropy(self.reader.machine(shown), answers[:, 2])
        wrong = F.binary_cross_entropy_with_logits(told, events, 1 + 4 * events)
        return named + 8.0 * wrong


def train(minutes: float, work: Path, reader: PictureReader) -> Watcher:
    """Train within a budget, on from `work`/watcher.safetensors if it is there."""
    torch.manual_seed(0)
    model, checkpoint = Watcher(reader).train(), work / "watcher.safetensors"
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(work, f"resumed from {checkpoint}")
    rng, budget = random.Random(), Budget(minutes)
    count = int(min(_MOST_CLIPS, max(2 * _BATCH, _CLIPS_A_MINUTE * minutes)))
    films = list(drawn(Draws(count, f"movement/{rng.random()}", draw_clip)))
    log_line(work, f"rendered {count} clips for the readers")
    average, step, smooth = Average(model, 0.995), 0, 0.0
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=0.02)
    while not budget.over:
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(2e-3, step, 40, 0.4)
        parts = [stretch(film, rng) for film in rng.sample(films, _BATCH)]
        loss = model.loss(*(torch.stack(each) for each in zip(*parts, strict=True)))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        average.update(model)
        smooth = loss.item() if step == 0 else 0.97 * smooth + 0.03 * loss.item()
        if step % 50 == 0:
            log_line(work, f"readers step {step} spent {budget.spent:.2f} loss {smooth:.3f}")
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    log_line(work, f"readers finished after {step} steps, loss {smooth:.3f}")
    model.load_state_dict(average.weights)
    return model.eval()


def stretch(film: Watched, rng: random.Random) -> tuple[Tensor, Tensor, Tensor]:
    """Two seconds of a film: triples of frames (F, 9, H, W), events (T,) and answers (3,).

    It begins where a frame and a latent begin together, with the second.
    """
    start_s = rng.randint(0, len(film.events) // LATENT_RATE_HZ - _STRETCH_S)
    first = start_s * RATE_FPS
    around = triples(film.frames)[first : first + _FRAMES]
    begin = start_s * LATENT_RATE_HZ
    return around, film.events[begin : begin + _LATENTS], film.answers
