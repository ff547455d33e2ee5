"""The judge: says which subject, setting and action a clip shows. Trained on known truth only.

It never sees a generated clip in training, and its own accuracy on unseen truth is reported
beside every score it gives. It is no general image model and is not called one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

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
from engine.training.draws import Draws, drawn
from engine.training.grammar import ACTIONS, SETTINGS, SUBJECTS
from engine.training.judge_truth import (
    FRAMES,
    GLANCES,
    Sight,
    Truth,
    sight,
    trained_clip,
    unseen_body,
    unseen_cut_out,
    unseen_render,
)

_BATCH, _GPU_BATCH = 32, 192
_POOL, _GPU_POOL = 2000, 12_000
_RIGHT, _LEFT, _ROLL = ([a.id for a in ACTIONS].index(each) for each in ("right", "left", "roll"))
_DEEP = 128


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge sees, as indices into SUBJECTS, SETTINGS and ACTIONS."""

    subject: int
    setting: int
    action: int


@dataclass(frozen=True, slots=True)
class Seen:
    """Logits (B, …) of subject, setting and action; `covered` (B, G, h, w), the logits of where

    the subject is in each frame that was looked at; `features` (B, 256), of the subject.
    """

    subject: Tensor
    setting: Tensor
    action: Tensor
    covered: Tensor
    features: Tensor


class Judge(nn.Module):
    """Finds the subject in a few frames and names it, and what is around it; movement is told from

    how frames differ.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(*_halved(3, 24, 5), *_halved(24, 48, 3), *_halved(48, 96, 3))
        self.where = nn.Conv2d(96, 1, 3, padding=1)
        self.deep = nn.Sequential(*_kept(96, _DEEP), *_kept(_DEEP, _DEEP))
        self.subject = nn.Linear(2 * _DEEP, len(SUBJECTS))
        self.setting = nn.Linear(2 * _DEEP, len(SETTINGS))
        self.motion = nn.Sequential(
            *_in_time(3, 16, (2, 2, 2)),
            *_in_time(16, 32, (1, 2, 2)),
            *_in_time(32, 48, (2, 2, 2)),
            nn.Conv3d(48, 16, 1),
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(16 * (FRAMES // 4) * 5 * 8, 96),
            nn.GELU(),
        )
        self.action = nn.Linear(96, len(ACTIONS))

    def forward(self, pictures: Tensor, moved: Tensor) -> Seen:
        """What is seen in pictures (B, G, 3, H, W) in [-1, 1] and movement (B, 3, FRAMES, …)."""
        low = self.trunk(pictures.flatten(0, 1))
        covered = self.where(low).unflatten(0, pictures.shape[:2])[:, :, 0]
        deep = self.deep(low).unflatten(0, pictures.shape[:2])
        share = covered.sigmoid()[:, :, None]
        who, around = _pooled(deep, share), _pooled(deep, 1 - share)
        action = self.action(self.motion(moved))
        return Seen(self.subject(who), self.setting(around), action, covered, who)


def _pooled(deep: Tensor, share: Tensor) -> Tensor:
    """Mean and greatest of features (B, G, C, h, w) where `share` (B, G, 1, h, w) is, (B, 2 C)."""
    there = (deep * share).sum((1, 3, 4)) / share.sum((1, 3, 4)).clamp(min=0.1)
    return torch.cat([there, (deep * share).amax((1, 3, 4))], dim=1)


def _halved(a: int, b: int, side: int) -> list[nn.Module]:
    return [nn.Conv2d(a, b, side, stride=2, padding=side // 2), nn.BatchNorm2d(b), nn.GELU()]


def _kept(a: int, b: int) -> list[nn.Module]:
    return [nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.GELU()]


def _in_time(a: int, b: int, stride: tuple[int, int, int]) -> list[nn.Module]:
    return [nn.Conv3d(a, b, 3, stride=stride, padding=1), nn.BatchNorm3d(b), nn.GELU()]


def look(model: Judge, what: Sight) -> Seen:
    """What a judge sees in one clip; the first of a batch of one."""
    return model(_in_floats(what.pictures)[None], what.moved.float()[None])


def _in_floats(pictures: Tensor) -> Tensor:
    return pictures.float() / 127.5 - 1.0


def train(minutes: float, work: Path, models: Path, device_name: str | None) -> None:
    """Train the judge within a budget, its rendering apart, and write it with its accuracy.

    It goes on from the weights in `models`, if there are any.
    """
    device = best_device(device_name)
    take_turns(device)
    torch.manual_seed(0)
    random.seed(0)
    pool, count = (_POOL, _BATCH) if device.type == "cpu" else (_GPU_POOL, _GPU_BATCH)
    clips = _stacked(drawn(Draws(pool, "0", trained_clip)), pool, device)
    log_line(work, f"rendered {pool} clips")
    shipped = load_judge(models)
    if shipped is not None:
        log_line(work, "goes on from the judge that ships")
    model = (shipped or Judge()).train().to(device)
    budget, step = Budget(minutes), 0
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.02)
    while not budget.over:
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(2e-3, step, 50, 0.4)
        chosen = torch.randint(0, pool, (count,), device=device)
        loss = _loss(model, _some(clips, chosen))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 50 == 0:
            log_line(work, f"step {step} spent {budget.spent:.2f} loss {loss.item():.3f}")
        step += 1
    accuracy = own_accuracy(model.cpu().eval())
    log_line(work, f"accuracy on unseen clips after {step} steps: {accuracy}")
    weights = {k: v.bfloat16() for k, v in model.state_dict().items() if v.is_floating_point()}
    save_checkpoint(models / "judge/model.safetensors", weights, accuracy)


def _stacked(truths: Iterable[Truth], count: int, device: torch.device) -> Truth:
    """Many as one, on the device; room is taken once, since they fill gigabytes."""
    room: list[Tensor] = []
    for index, truth in enumerate(truths):
        parts = truth.sight.pictures, truth.sight.moved, truth.covered, truth.right
        if not room:
            room = [torch.empty(count, *p.shape, dtype=p.dtype, device=device) for p in parts]
        for place, part in zip(room, parts, strict=True):
            place[index] = part
    pictures, moved, covered, right = room
    return Truth(Sight(pictures, moved), covered, right)


def _some(clips: Truth, chosen: Tensor) -> Truth:
    """The chosen of many clips, each with one picture of its own."""
    glance = torch.randint(0, GLANCES, chosen.shape, device=chosen.device)
    pictures = clips.sight.pictures[chosen, glance][:, None]
    covered = clips.covered[chosen, glance][:, None]
    return Truth(Sight(pictures, clips.sight.moved[chosen]), covered, clips.right[chosen])


def _loss(model: Judge, batch: Truth) -> Tensor:
    """Of a batch, mirrored now and then and disturbed: who, where, what is done, which cells.

    Where the subject is out of sight nobody can tell who it is.
    """
    right, covered = batch.right, batch.covered.float()
    mirrored = (torch.rand(len(right), device=right.device) < 0.5) & (right[:, 2] != _ROLL)
    pictures, moved, covered = (
        torch.where(mirrored.view(-1, *[1] * (part.ndim - 1)), part.flip(-1), part)
        for part in (_in_floats(batch.sight.pictures), batch.sight.moved.float(), covered)
    )
    seen = model(_disturbed(pictures), _disturbed_movement(moved))
    in_sight = (covered.sum((1, 2, 3)) / 4).clamp(max=1.0)
    who = (F.cross_entropy(seen.subject, right[:, 0], reduction="none") * in_sight).mean()
    where = F.cross_entropy(seen.setting, right[:, 1])
    action = F.cross_entropy(seen.action, _mirror(right[:, 2], mirrored))
    return who + where + action + 2 * F.binary_cross_entropy_with_logits(seen.covered, covered)


def _mirror(actions: Tensor, mirrored: Tensor) -> Tensor:
    """Right is left where a clip is mirrored."""
    turned = torch.where(actions == _RIGHT, _LEFT, torch.where(actions == _LEFT, _RIGHT, actions))
    return torch.where(mirrored, turned, actions)


def _disturbed(pictures: Tensor) -> Tensor:
    """Blur, noise and other colours, so that a draft's look is no clue and no obstacle."""
    if random.random() < 0.5:
        soft = F.avg_pool2d(pictures.flatten(0, 1), 2)
        size = pictures.shape[-2:]
        pictures = F.interpolate(soft, size=size, mode="bilinear").view(pictures.shape)
    one = pictures.new_ones(len(pictures), 1, 3, 1, 1)
    tint, light = 1 + 0.12 * torch.randn_like(one), 0.08 * torch.randn_like(one)
    grey = pictures.mean(dim=2, keepdim=True)
    colour = torch.rand_like(grey[..., :1, :1]) ** 0.3
    coloured = grey + colour * (pictures - grey)
    return coloured * tint + light + 0.08 * random.random() * torch.randn_like(pictures)


def _disturbed_movement(moved: Tensor) -> Tensor:
    """Stronger and weaker, light for dark, and with noise."""
    one = moved.new_ones(len(moved), 1, 1, 1, 1)
    strength = 0.6 + torch.rand_like(one)
    signs = torch.cat([torch.randn_like(one).sign(), one, one], dim=1)
    moved = moved * strength * signs
    return moved + 0.04 * torch.randn_like(moved) if random.random() < 0.5 else moved


@torch.inference_mode()
def own_accuracy(model: Judge, count: int = 200) -> dict[str, float]:
    """Shares of unseen clips judged right: renders, cut-out films by the name `cut_out_…`, and by

    `body_…` those that show the whole body of somebody whose face was learnt first.
    """
    return {
        **_shares(model, unseen_render, count, ""),
        **_shares(model, unseen_cut_out, count, "cut_out_"),
        **_shares(model, unseen_body, count, "body_"),
    }


def _shares(
    model: Judge, draw: Callable[[str, int], Truth], count: int, prefix: str
) -> dict[str, float]:
    hits = torch.zeros(3)
    for truth in drawn(Draws(count, "1", draw)):
        hits += torch.tensor(list(astuple(_verdict(look(model, truth.sight))))) == truth.right
    names = (f"{prefix}{name}" for name in ("subject", "setting", "action"))
    return dict(zip(names, (hits / count).tolist(), strict=True))


def load_judge(models: Path) -> Judge | None:
    """The judge that ships, or None before one was trained."""
    weights = models / "judge/model.safetensors"
    if not weights.exists():
        return None
    model = Judge()
    model.load_state_dict({k: v.float() for k, v in load_checkpoint(weights).items()}, strict=False)
    return model.eval()


@torch.inference_mode()
def judge_clip(model: Judge, frames: NDArray[np.uint8]) -> Verdict:
    """What a clip (F, H, W, 3) shows."""
    return _verdict(look(model, sight(frames)))


def _verdict(seen: Seen) -> Verdict:
    return Verdict(*(int(part.argmax()) for part in (seen.subject, seen.setting, seen.action)))
