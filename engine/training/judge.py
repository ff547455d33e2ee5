"""The judge: says which subject, setting and action a clip shows. Trained on rendered truth only.

It never sees a generated clip in training, and its own accuracy on unseen rendered clips is
reported beside every score it gives. It is no general image model and is not called one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.training.budget import (
    Budget,
    best_device,
    load_checkpoint,
    log_line,
    save_checkpoint,
    take_turns,
)
from engine.training.conv_stages import conv_stages
from engine.training.draws import Draws, drawn
from engine.training.grammar import ACTIONS, SETTINGS, SUBJECTS, Scene, sample_scene
from engine.training.scenes import render

FRAMES = 8
SIZE = (128, 72)
_CLIP_FRAMES = 24
_BATCH, _GPU_BATCH = 32, 192
_POOL, _GPU_POOL = 1600, 12_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge sees, as indices into SUBJECTS, SETTINGS and ACTIONS."""

    subject: int
    setting: int
    action: int


class Judge(nn.Module):
    """A small residual network over frames; its frame features are compared over time.

    `features` (B, 128), the mean over frames, serve the Fréchet distance.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stages = conv_stages((3, 32, 64, 96, 128))
        self.place = nn.Linear(128 * 5 * 8, 96)
        self.motion = nn.Sequential(
            nn.Conv1d(96, 128, 3, padding=1), nn.GELU(), nn.Flatten(), nn.Linear(128 * FRAMES, 128)
        )
        self.subject = nn.Linear(128, len(SUBJECTS))
        self.setting = nn.Linear(128, len(SETTINGS))
        self.action = nn.Sequential(nn.GELU(), nn.Linear(128, len(ACTIONS)))

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Logits of subject, setting and action, and features, of frames (B, F, 3, H, W)."""
        batch = frames.shape[0]
        x = frames.flatten(0, 1)
        for stage in self.stages:
            x = stage(x)
        places = self.place(x.flatten(1)).unflatten(0, (batch, -1)).transpose(1, 2)
        features = x.amax(dim=(2, 3)).unflatten(0, (batch, -1)).mean(dim=1)
        whole = x.mean(dim=(2, 3)).unflatten(0, (batch, -1)).mean(dim=1)
        action = self.action(self.motion(places))
        return self.subject(features), self.setting(whole), action, features


def look(frames: NDArray[np.uint8]) -> Tensor:
    """FRAMES evenly spaced frames at SIZE as the judge sees them, (FRAMES, 3, H, W) in [-1, 1]."""
    chosen = np.linspace(0, len(frames) - 1, FRAMES).round().astype(int)
    small = [cv2.resize(frames[i], SIZE, interpolation=cv2.INTER_AREA) for i in chosen]
    return torch.from_numpy(np.stack(small)).permute(0, 3, 1, 2).float() / 127.5 - 1.0


def judged_clip(seed: str, index: int) -> tuple[Tensor, Tensor]:
    """A rendered clip as the judge sees it, with the three right answers."""
    scene = sample_scene(random.Random(f"judge/{seed}/{index}"))
    frames = render(scene, 256, 144, _CLIP_FRAMES).frames
    return look(frames), torch.tensor(answers(scene))


def answers(scene: Scene) -> tuple[int, int, int]:
    """The right indices of a scene."""
    return (
        SUBJECTS.index(scene.subject),
        SETTINGS.index(scene.setting),
        ACTIONS.index(scene.action),
    )


def train(minutes: float, work: Path, models: Path, device_name: str | None) -> None:
    """Train the judge within a budget, its rendering apart, and write it with its accuracy."""
    device = best_device(device_name)
    take_turns(device)
    torch.manual_seed(0)
    pool, count = (_POOL, _BATCH) if device.type == "cpu" else (_GPU_POOL, _GPU_BATCH)
    # Copies: what a worker process sent holds a file open.
    clips = [(seen.half(), right.clone()) for seen, right in drawn(Draws(pool, "0", judged_clip))]
    frames = torch.stack([clip[0] for clip in clips]).to(device)
    right = torch.stack([clip[1] for clip in clips]).to(device)
    log_line(work, f"rendered {pool} clips")
    model, budget, step = Judge().to(device), Budget(minutes), 0
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.02)
    while not budget.over:
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(2e-3, step, 50, 0.4)
        chosen = torch.randint(0, pool, (count,), device=device)
        logits = model(_disturb(frames[chosen].float()))[:3]
        loss = torch.zeros((), device=device)
        for index, part in enumerate(logits):
            loss = loss + F.cross_entropy(part, right[chosen, index])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 50 == 0:
            log_line(work, f"step {step} spent {budget.spent:.2f} loss {loss.item():.3f}")
        step += 1
    accuracy = own_accuracy(model.cpu().eval())
    log_line(work, f"accuracy on unseen clips: {accuracy}")
    weights = {k: v for k, v in model.state_dict().items() if v.is_floating_point()}
    save_checkpoint(models / "judge/model.safetensors", weights, accuracy)


def _disturb(frames: Tensor) -> Tensor:
    """Blur and noise, so that a draft's softness is no clue and no obstacle."""
    if random.random() < 0.5:
        small = F.interpolate(frames.flatten(0, 1), scale_factor=0.5, mode="area")
        frames = F.interpolate(small, size=frames.shape[-2:], mode="bilinear").view(frames.shape)
    tint = 1 + 0.1 * torch.randn(frames.shape[0], 1, 3, 1, 1, device=frames.device)
    return frames * tint + 0.05 * torch.randn_like(frames)


@torch.inference_mode()
def own_accuracy(model: Judge, count: int = 200) -> dict[str, float]:
    """Shares of unseen rendered clips judged right."""
    pairs = list(drawn(Draws(count, "1", judged_clip)))
    right = torch.stack([answer for _, answer in pairs])
    logits = model(torch.stack([frames for frames, _ in pairs]))[:3]
    hits = [(part.argmax(1) == right[:, i]).float().mean().item() for i, part in enumerate(logits)]
    return dict(zip(("subject", "setting", "action"), hits, strict=True))


def load_judge(models: Path) -> Judge | None:
    """The judge that ships, or None before one was trained."""
    weights = models / "judge/model.safetensors"
    if not weights.exists():
        return None
    model = Judge()
    model.load_state_dict(load_checkpoint(weights), strict=False)
    return model.eval()


@torch.inference_mode()
def judge_clip(model: Judge, frames: NDArray[np.uint8]) -> Verdict:
    """What a clip (F, H, W, 3) shows."""
    subject, setting, action, _ = model(look(frames)[None])
    return Verdict(int(subject.argmax()), int(setting.argmax()), int(action.argmax()))
