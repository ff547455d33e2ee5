"""Train the reader of pictures on rendered scenes: setting, subject, pose, motion and events.

What it must tell is known exactly, so that its features hold what a scene sounds like and when. It
is frozen afterwards, as the paper's image encoder is.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.models.foley.palette import KINDS, MACHINES, PLACES
from engine.models.moviegen.audio_configs import POCKET_PICTURE_READER
from engine.models.moviegen.picture_reader import PictureReader, small_frames, triples
from engine.training.budget import (
    Average,
    Budget,
    load_checkpoint,
    log_line,
    save_checkpoint,
)
from engine.training.draws import Draws, drawn
from engine.training.grammar import SUBJECTS, Scene, sample_scene
from engine.training.scenes import RATE_FPS, render
from engine.training.sound_scenes import kind_of, machine_of, onsets

SIZES = ((128, 72), (72, 128), (96, 96))
_CLIP_FRAMES, _CLIPS, _BATCH, _NEAR = 36, 900, 96, 12
_SILENT_NEIGHBOUR = 0.35
"""How much of an event is told to the frame after it: it began between the two."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A clip's frames (F, 3, H, W) int8-like uint8, its events (F,), where its subject is

    (F, 3: x, y and share of the frame) and the numbers of setting, kind of movement, machine and
    subject.
    """

    frames: Tensor
    events: Tensor
    place: Tensor
    answers: Tensor


def draw_lesson(seed: str, index: int) -> Lesson:
    """A rendered scene and what there is to tell of it."""
    rng = random.Random(f"{seed}/{index}")
    scene = sample_scene(rng)
    length = rng.choice((_CLIP_FRAMES, 48, 96, 120))
    first = rng.randint(0, length - _CLIP_FRAMES)
    size = SIZES[0] if rng.random() < 0.7 else rng.choice(SIZES)
    clip = render(scene, *size, _CLIP_FRAMES, length, first)
    events = event_frames(scene, length)[first : first + _CLIP_FRAMES]
    frames = ((small_frames(clip.frames) + 1) * 127.5).round().to(torch.uint8)
    return Lesson(frames, events, _places(torch.from_numpy(clip.mask)), _answers(scene))


def event_frames(scene: Scene, frames: int) -> Tensor:
    """How much something begins to sound in each frame of a clip of `frames`, (F,) in [0, 1]."""
    events = torch.zeros(frames)
    for onset_s in onsets(scene, frames / RATE_FPS):
        index = int(onset_s * RATE_FPS)
        share = onset_s * RATE_FPS - index
        if index < frames:
            events[index] = max(float(events[index]), 1 - share)
        if index + 1 < frames:
            events[index + 1] = max(float(events[index + 1]), share)
    return events


def _places(mask: Tensor) -> Tensor:
    """Centre (x, y) in [-1, 1] and share of the frame of an alpha (F, H, W)."""
    alpha = mask.float()
    total = alpha.sum(dim=(1, 2)).clamp_min(1e-3)
    y = torch.linspace(-1, 1, alpha.shape[1])[None, :, None]
    x = torch.linspace(-1, 1, alpha.shape[2])[None, None]
    centre = [(alpha * axis).sum(dim=(1, 2)) / total for axis in (x, y)]
    return torch.stack([*centre, alpha.mean(dim=(1, 2))], dim=1)


def _answers(scene: Scene) -> Tensor:
    machine = machine_of(scene)
    return torch.tensor(
        [
            PLACES.index(scene.setting.id),
            KINDS.index(kind_of(scene)),
            0 if machine is None else 1 + tuple(MACHINES).index(machine),
            SUBJECTS.index(scene.subject),
        ]
    )


class Examiner(nn.Module):
    """The reader and what is asked of it in training only."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = PictureReader(**POCKET_PICTURE_READER)
        dim = self.reader.config.feature_dim
        self.subject = nn.Linear(dim, len(SUBJECTS))
        self.where = nn.Linear(dim, 6)

    def loss(self, frames: Tensor, lesson: Lesson, chosen: Tensor) -> Tensor:
        """What it gets wrong in the chosen frames of a lesson."""
        features = self.reader(triples(frames)[chosen])
        loss = torch.zeros(())
        reader = self.reader
        heads = reader.place, reader.kind, reader.machine, self.subject
        for layer, answer in zip(heads, lesson.answers, strict=True):
            logits = layer(features)
            loss = loss + F.cross_entropy(logits, answer.expand(len(chosen)))
        moved = F.pad(lesson.place[1:] - lesson.place[:-1], (0, 0, 1, 0)) * 8
        wanted = torch.cat([lesson.place, moved], dim=1)[chosen]
        loss = loss + 4.0 * F.smooth_l1_loss(self.where(features), wanted)
        event = self.reader.event(features)[:, 0]
        weight = 1 + 3 * lesson.events[chosen]
        wrong = F.binary_cross_entropy_with_logits(event, lesson.events[chosen], weight)
        return loss + 2.0 * wrong


def train(minutes: float, work: Path) -> PictureReader:
    """Train on the CPU within a budget, resuming from `work`/reader.safetensors."""
    model, checkpoint = Examiner(), work / "reader.safetensors"
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(work, f"resumed from {checkpoint}")
    rng = random.Random()
    count = int(min(_CLIPS, max(40, 100 * minutes)))
    lessons = list(drawn(Draws(count, f"reader/{rng.random()}", draw_lesson)))
    log_line(work, f"rendered {count} clips for the reader")
    average, budget, step, smooth = Average(model, 0.995), Budget(minutes), 0, 0.0
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=0.02)
    while not budget.over:
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(2e-3, step, 40, 0.5)
        loss = torch.zeros(())
        for lesson in rng.sample(lessons, _NEAR):
            chosen = torch.randint(0, _CLIP_FRAMES, (_BATCH // _NEAR,))
            loss = loss + model.loss(disturbed(lesson.frames), lesson, chosen) / _NEAR
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        average.update(model)
        smooth = loss.item() if step == 0 else 0.97 * smooth + 0.03 * loss.item()
        if step % 50 == 0:
            log_line(work, f"reader step {step} spent {budget.spent:.2f} loss {smooth:.3f}")
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    log_line(work, f"reader finished after {step} steps, loss {smooth:.3f}")
    model.load_state_dict(average.weights)
    return model.reader.eval()


def disturbed(frames: Tensor) -> Tensor:
    """Frames (F, 3, H, W) uint8 in [-1, 1], softened and tinted as a draft's may be."""
    pixels = frames.float() / 127.5 - 1.0
    if random.random() < 0.4:
        small = F.avg_pool2d(pixels, 2)
        pixels = F.interpolate(small, size=pixels.shape[-2:], mode="bilinear")
    tint = 1 + 0.1 * torch.randn(1, 3, 1, 1)
    return pixels * tint + 0.03 * torch.randn_like(pixels)
