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
from engine.models.moviegen.cues import told_events
from engine.models.moviegen.picture_reader import PictureReader, small_frames
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
_CLIP_FRAMES, _CLIPS, _BATCH, _LESSONS = 36, 1600, 96, 32
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
    events = told_events(onsets(scene, length / RATE_FPS), length, RATE_FPS)[
        first : first + _CLIP_FRAMES
    ]
    frames = ((small_frames(clip.frames) + 1) * 127.5).round().to(torch.uint8)
    return Lesson(frames, events, _places(torch.from_numpy(clip.mask)), _answers(scene))


def _places(mask: Tensor) -> Tensor:
    """Centre (x, y) in [-1, 1] and share of the frame of an alpha (F, H, W)."""
    alpha = mask.float()
    total = alpha.sum(dim=(1, 2)).clamp_min(1e-3)
    y = torch.linspace(-1, 1, alpha.shape[1])[None, :, None]
    x = torch.linspace(-1, 1, alpha.shape[2])[None, None]
    centre = [(alpha * axis).sum(dim=(1, 2)) / total for axis in (x, y)]
    return torch.stack([*centre, alpha.mean(dim=(1, 2))], dim=1)


def numbers_of(scene: Scene) -> tuple[int, int, int]:
    """Which place, kind of movement and machine a scene shows."""
    machine = machine_of(scene)
    return (
        PLACES.index(scene.setting.id),
        KINDS.index(kind_of(scene)),
        0 if machine is None else 1 + tuple(MACHINES).index(machine),
    )


def _answers(scene: Scene) -> Tensor:
    return torch.tensor([*numbers_of(scene), SUBJECTS.index(scene.subject)])


class Examiner(nn.Module):
    """The reader and what is asked of it in training only."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = PictureReader(**POCKET_PICTURE_READER)
        dim = self.reader.config.feature_dim
        self.kind, self.event = nn.Linear(dim, len(KINDS)), nn.Linear(dim, 1)
        self.subject = nn.Linear(dim, len(SUBJECTS))
        self.where = nn.Linear(dim, 6)

    def loss(self, questions: Questions) -> Tensor:
        """What it gets wrong."""
        reader = self.reader
        features = reader(disturbed(questions.triples))
        loss = torch.zeros(())
        heads = reader.place, self.kind, reader.machine, self.subject
        for layer, answer in zip(heads, questions.answers.unbind(1), strict=True):
            loss = loss + F.cross_entropy(layer(features), answer)
        loss = loss + 4.0 * F.smooth_l1_loss(self.where(features), questions.places)
        event, weight = self.event(features)[:, 0], 1 + 3 * questions.events
        return loss + 2.0 * F.binary_cross_entropy_with_logits(event, questions.events, weight)


@dataclass(frozen=True, slots=True)
class Questions:
    """Frames with their neighbours (N, 9, H, W) uint8, and what there is to tell of each:

    `answers` (N, 4) as a lesson has them, `places` (N, 6) and how they change, `events` (N,).
    """

    triples: Tensor
    answers: Tensor
    places: Tensor
    events: Tensor


def asked(lesson: Lesson, count: int) -> Questions:
    """`count` frames of a lesson, chosen by chance."""
    chosen = torch.randint(0, len(lesson.frames), (count,))
    around = (chosen[:, None] + torch.tensor([-1, 0, 1])).clamp(0, len(lesson.frames) - 1)
    moved = F.pad(lesson.place[1:] - lesson.place[:-1], (0, 0, 1, 0)) * 8
    return Questions(
        lesson.frames[around].flatten(1, 2),
        lesson.answers.expand(count, -1),
        torch.cat([lesson.place, moved], dim=1)[chosen],
        lesson.events[chosen],
    )


def joined(parts: list[Questions]) -> Questions:
    """Questions of several lessons as one batch."""
    return Questions(
        torch.cat([part.triples for part in parts]),
        torch.cat([part.answers for part in parts]),
        torch.cat([part.places for part in parts]),
        torch.cat([part.events for part in parts]),
    )


def train(minutes: float, work: Path) -> PictureReader:
    """Train on the CPU within a budget, resuming from `work`/reader.safetensors."""
    model, checkpoint = Examiner(), work / "reader.safetensors"
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(work, f"resumed from {checkpoint}")
    rng = random.Random()
    count = int(min(_CLIPS, max(40, 200 * minutes)))
    lessons = list(drawn(Draws(count, f"reader/{rng.random()}", draw_lesson)))
    log_line(work, f"rendered {count} clips for the reader")
    average, budget, step, smooth = Average(model, 0.995), Budget(minutes), 0, 0.0
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=0.02)
    while not budget.over:
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(2e-3, step, 40, 0.5)
        batch = [asked(lesson, _BATCH // _LESSONS) for lesson in rng.sample(lessons, _LESSONS)]
        loss = model.loss(joined(batch))
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


def disturbed(triples: Tensor) -> Tensor:
    """Triples of frames (N, 9, H, W) uint8 in [-1, 1], softened and tinted as a draft's may be."""
    pixels = triples.float() / 127.5 - 1.0
    soft = F.interpolate(F.avg_pool2d(pixels, 2), size=pixels.shape[-2:], mode="bilinear")
    pixels = torch.where(torch.rand(len(triples), 1, 1, 1) < 0.4, soft, pixels)
    tint = 1 + 0.1 * torch.randn(len(triples), 3, 1, 1).repeat(1, 3, 1, 1)
    return pixels * tint + 0.03 * torch.randn_like(pixels)
