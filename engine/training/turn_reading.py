"""Train the reader of turns on rendered scenes in which something spins or rolls.

How its subject is turned in each frame follows from the formula that moves it.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from engine.models.animatic.movements import ACTIONS, Moment, Pose
from engine.models.moviegen.turn_reader import TurnReader, turn_frames
from engine.training.budget import Average, Budget, load_checkpoint, log_line, save_checkpoint
from engine.training.draws import Draws, drawn
from engine.training.grammar import Scene, sample_scene
from engine.training.picture_reading import SIZES, disturbed
from engine.training.scenes import RATE_FPS, render, stage
from engine.training.sound_latents import flattened

TURNING = ("spin", "roll")
_FRAMES, _LENGTHS = 8, (36, 48, 48, 96)
_CLIPS_A_MINUTE, _MOST_CLIPS, _BATCH = 150, 6000, 64
_PLACES = (6, 4)
"""Columns and rows of places that the reader looks at one more than another."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Frames (F, 3, 54, 96) uint8, what is to be told of each (F, TOLD), and where it is to look,

    shares (F, 24) of places in rows.
    """

    frames: Tensor
    told: Tensor
    where: Tensor


def draw_lesson(seed: str, index: int) -> Lesson:
    """A part of a rendered scene in which something turns."""
    rng = random.Random(f"turns/{seed}/{index}")
    scene = sample_scene(rng)
    while scene.action.id not in TURNING:
        scene = sample_scene(rng)
    length = rng.choice(_LENGTHS)
    first = rng.randint(0, length - _FRAMES)
    width, height = rng.choice(SIZES)
    times = rng.choice((1, 1, 2))
    clip = render(scene, times * width, times * height, _FRAMES, length, first)
    frames = ((turn_frames(flattened(clip.frames)) + 1) * 127.5).round()
    turns = torch.tensor([turn_at(scene, first + n, length) for n in range(_FRAMES)])
    told = torch.stack([turns.cos(), turns.sin(), (2 * turns).cos(), (2 * turns).sin()], 1)
    return Lesson(frames.to(torch.uint8), told, _where(clip.mask))


def turn_at(scene: Scene, frame: int, length: int) -> float:
    """By how many radians a scene's subject is turned in a frame of `length`, clockwise."""
    time_s = frame / RATE_FPS
    now = Moment(frame / length, math.tau * (time_s + stage(scene).phase))
    return ACTIONS[scene.action.id](Pose(0.5, 0.5, 0.5), now).turn


def _where(mask: NDArray[np.float16]) -> Tensor:
    """Shares (F, 24) of an alpha (F, H, W) by places."""
    small = [cv2.resize(m.astype(np.float32), _PLACES, interpolation=cv2.INTER_AREA) for m in mask]
    shares = torch.from_numpy(np.stack(small)).flatten(1)
    return shares / shares.sum(1, keepdim=True).clamp_min(1e-3)


def train(minutes: float, work: Path) -> TurnReader:
    """Train on the CPU within a budget, on from `work`/turns.safetensors if it is there."""
    torch.manual_seed(0)
    model, checkpoint = TurnReader(), work / "turns.safetensors"
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint))
        log_line(work, f"resumed from {checkpoint}")
    rng = random.Random()
    count = int(min(_MOST_CLIPS, max(40, _CLIPS_A_MINUTE * minutes)))
    frames, told, where = _rendered(count, f"{rng.random()}")
    log_line(work, f"rendered {count} clips for the reader of turns")
    average, budget, step, smooth = Average(model, 0.998), Budget(minutes), 0, 0.0
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=0.02)
    while not budget.over:
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(2e-3, step, 40, 0.3)
        clips = torch.randint(0, count, (_BATCH,))
        at = torch.randint(0, _FRAMES, (_BATCH,))
        beside = (at[:, None] + torch.tensor([-1, 0, 1])).clamp(0, _FRAMES - 1)
        triples = disturbed(frames[clips[:, None], beside].flatten(1, 2))
        loss = loss_of(model, triples, told[clips, at], where[clips, at])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        average.update(model)
        smooth = loss.item() if step == 0 else 0.98 * smooth + 0.02 * loss.item()
        if step % 50 == 0:
            log_line(work, f"turns step {step} spent {budget.spent:.2f} loss {smooth:.3f}")
        step += 1
    save_checkpoint(checkpoint, average.weights, {"step": step})
    log_line(work, f"turns finished after {step} steps, loss {smooth:.3f}")
    model.load_state_dict(average.weights)
    return model.eval()


def _rendered(count: int, seed: str) -> tuple[Tensor, Tensor, Tensor]:
    """Lessons in one piece: frames (N, F, 3, 54, 96) uint8, and what is told of each frame."""
    lessons = Draws(count, seed, draw_lesson)
    first = draw_lesson(seed, 0)
    parts = (first.frames, first.told, first.where)
    frames, told, where = (torch.empty(count, *p.shape, dtype=p.dtype) for p in parts)
    # Each is copied as it comes: what a worker hands over holds an open file.
    for index, lesson in enumerate(drawn(lessons)):
        frames[index], told[index], where[index] = lesson.frames, lesson.told, lesson.where
    return frames, told, where


def loss_of(model: TurnReader, triples: Tensor, told: Tensor, where: Tensor) -> Tensor:
    """What it gets wrong of triples (N, 9, 54, 96): what it tells, and where it looks."""
    said, looked = model.examined(triples)
    missed = -(where * looked.clamp_min(1e-6).log()).sum(1).mean()
    return F.mse_loss(said, told) + 0.02 * missed
