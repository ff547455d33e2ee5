"""The sticker judge: says what a sticker shows, in which style, and whether it is whole.

It is trained on drawn stickers only, clean ones and ones damaged on purpose, and stands in where no
person rates. Its accuracy on unseen drawn stickers is kept beside its weights and reported with
every score it gives. It is no general image model and is not called one.
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

from engine.training.budget import Budget, load_checkpoint, log_line, save_checkpoint, take_turns
from engine.training.conv_stages import conv_stages
from engine.training.draws import Draws, drawn
from engine.training.sticker_grammar import (
    COLOURS,
    COMPANIONS,
    STICKER_SUBJECTS,
    Sticker,
    Style,
    sample_sticker,
)
from engine.training.sticker_pictures import on_matte, still

SIZE_PIXELS = 64
_POOL, _BATCH = 6000, 64
_HEADS = {
    "subject": len(STICKER_SUBJECTS),
    "colour": len(COLOURS) + 1,
    "companion": len(COMPANIONS) + 1,
    "twice": 2,
    "style": len(Style),
    "whole": 2,
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the judge makes of one sticker: shares in [0, 1].

    `aligned` is the least sure of subject, colour, companion and number; `on_style` and `whole` are
    its sureness of the wanted style and of an undamaged picture; `subject` whether its first guess
    is the subject, `right` whether every part of the prompt is.
    """

    aligned: float
    on_style: float
    whole: float
    subject: bool
    right: bool


class StickerJudge(nn.Module):
    """A small residual network over RGB stickers on grey, (B, 3, 64, 64) in [-1, 1].

    `features` (B, 512) serve diversity and the Fréchet distance.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 48, 96, 160, 256)
        self.stages = conv_stages(widths)
        self.heads = nn.ModuleDict(
            {name: nn.Linear(2 * widths[-1], count) for name, count in _HEADS.items()}
        )

    def features(self, pictures: Tensor) -> Tensor:
        """Mean and greatest response of every channel, (B, 512)."""
        x = pictures
        for stage in self.stages:
            x = stage(x)
        return torch.cat([x.mean(dim=(2, 3)), x.amax(dim=(2, 3))], dim=1)

    def forward(self, pictures: Tensor) -> dict[str, Tensor]:
        """Logits of every head."""
        features = self.features(pictures)
        return {name: head(features) for name, head in self.heads.items()}


def look(pictures: NDArray[np.uint8]) -> Tensor:
    """RGB on grey (B, S, S, 3) as the judge sees them, (B, 3, 64, 64) in [-1, 1]."""
    size = (SIZE_PIXELS, SIZE_PIXELS)
    small = [cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in pictures]
    return torch.from_numpy(np.stack(small)).permute(0, 3, 1, 2).float() / 127.5 - 1.0


def answers(sticker: Sticker) -> dict[str, int]:
    """The right class of every head but `whole`."""
    return {
        "subject": STICKER_SUBJECTS.index(sticker.subject),
        "colour": [*COLOURS, ""].index(sticker.colour),
        "companion": [*COMPANIONS, None].index(sticker.companion),
        "twice": int(sticker.twice),
        "style": list(Style).index(sticker.style),
    }


def judged_sticker(seed: str, index: int) -> tuple[Tensor, Tensor]:
    """A drawn sticker as the judge sees it, with the right answers of every head."""
    rng = random.Random(f"sticker-judge/{seed}/{index}")
    sticker = sample_sticker(rng, moving=False)
    picture = on_matte(still(sticker))
    damaged = rng.random() < 0.3
    if damaged:
        other = on_matte(still(sample_sticker(rng, moving=False)))
        picture = _damage(picture, other, rng)
    right = [*answers(sticker).values(), int(not damaged)]
    return look(picture[None])[0].half(), torch.tensor(right)


def _damage(
    picture: NDArray[np.uint8], other: NDArray[np.uint8], rng: random.Random
) -> NDArray[np.uint8]:
    """What generators do wrong: another thing's pieces, melting, missing parts, mush."""
    kind, size = rng.randrange(4), picture.shape[0]
    if kind == 0:
        hurt = picture.copy()
        for _ in range(rng.randint(2, 5)):
            side = rng.randint(36, 80)
            y, x = rng.randint(0, size - side), rng.randint(0, size - side)
            hurt[y : y + side, x : x + side] = other[y : y + side, x : x + side]
        return hurt
    if kind == 1:
        noise = np.random.default_rng(rng.getrandbits(32)).normal(size=(2, 9, 9))
        reach = rng.uniform(10, 22)
        bend = [
            cv2.resize(n.astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC)
            for n in noise
        ]
        grid_y, grid_x = np.mgrid[:size, :size].astype(np.float32)
        return cv2.remap(
            picture, grid_x + reach * bend[0], grid_y + reach * bend[1], cv2.INTER_LINEAR
        ).astype(np.uint8, copy=False)
    if kind == 2:
        hurt = picture.copy()
        cut = rng.randint(90, 150)
        if rng.random() < 0.5:
            hurt[:cut] = 128
        else:
            hurt[:, -cut:] = 128
        return hurt
    small = cv2.resize(picture, (rng.randint(7, 14),) * 2, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (size, size), interpolation=cv2.INTER_CUBIC).astype(
        np.uint8, copy=False
    )


def train(minutes: float, work: Path, models: Path, _device: str | None) -> None:
    """Train the judge on the CPU and write it, with its accuracy, to models/sticker-judge."""
    take_turns(torch.device("cpu"))
    torch.manual_seed(0)
    pairs = list(drawn(Draws(_POOL, "0", judged_sticker)))
    pictures = torch.stack([picture for picture, _ in pairs])
    right = torch.stack([answer for _, answer in pairs])
    log_line(work, f"drew {_POOL} stickers")
    model, budget, step = StickerJudge(), Budget(minutes), 0
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.02)
    while not budget.over:
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(2e-3, step, 50, 0.4)
        chosen = torch.randint(0, _POOL, (_BATCH,))
        logits = model(_disturb(pictures[chosen].float()))
        loss = _loss(logits, right[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 50 == 0:
            log_line(work, f"step {step} spent {budget.spent:.2f} loss {loss.item():.3f}")
        step += 1
    accuracy = own_accuracy(model.eval())
    log_line(work, f"accuracy on unseen stickers: {accuracy}")
    weights = {k: v.bfloat16() for k, v in model.state_dict().items() if v.is_floating_point()}
    save_checkpoint(models / "sticker-judge/model.safetensors", weights, accuracy)


def _loss(logits: dict[str, Tensor], right: Tensor) -> Tensor:
    """Cross-entropy of every head; a damaged sticker teaches only that it is damaged."""
    whole = right[:, -1] == 1
    total = F.cross_entropy(logits["whole"], right[:, -1])
    for index, name in enumerate(list(_HEADS)[:-1]):
        total = total + F.cross_entropy(logits[name][whole], right[whole, index])
    return total


def _disturb(pictures: Tensor) -> Tensor:
    """Blur, tint, shift and noise, so that an autoencoder's softness is no clue and no obstacle."""
    if random.random() < 0.6:
        small = F.interpolate(pictures, scale_factor=random.choice((0.4, 0.55)), mode="area")
        pictures = F.interpolate(small, size=pictures.shape[-2:], mode="bilinear")
    if random.random() < 0.5:
        pictures = torch.roll(pictures, (random.randint(-4, 4), random.randint(-4, 4)), (2, 3))
    tint = 1 + 0.08 * torch.randn(pictures.shape[0], 3, 1, 1)
    return pictures * tint + 0.04 * torch.randn_like(pictures)


@torch.inference_mode()
def own_accuracy(model: StickerJudge, count: int = 400) -> dict[str, float]:
    """Shares of unseen drawn stickers judged right, head by head."""
    pairs = list(drawn(Draws(count, "1", judged_sticker)))
    right = torch.stack([answer for _, answer in pairs])
    logits = model(torch.stack([picture for picture, _ in pairs]).float())
    whole = right[:, -1] == 1
    shares = {}
    for index, name in enumerate(_HEADS):
        hit = logits[name].argmax(1) == right[:, index]
        shares[name] = (hit if name == "whole" else hit[whole]).float().mean().item()
    return shares


def load_sticker_judge(models: Path) -> StickerJudge | None:
    """The judge that ships, or None before one was trained."""
    weights = models / "sticker-judge/model.safetensors"
    if not weights.exists():
        return None
    model = StickerJudge()
    model.load_state_dict({k: v.float() for k, v in load_checkpoint(weights).items()}, strict=False)
    return model.eval()


@torch.inference_mode()
def opinions(
    model: StickerJudge, pictures: NDArray[np.uint8], wanted: list[Sticker]
) -> list[Opinion]:
    """The judge's opinion of pictures (B, S, S, 3) on grey, each against what was asked for."""
    logits = model(look(pictures))
    sure = {name: part.softmax(1) for name, part in logits.items()}
    found = []
    for index, sticker in enumerate(wanted):
        right = answers(sticker)
        parts = [float(sure[name][index, right[name]]) for name in list(_HEADS)[:4]]
        first = [int(sure[name][index].argmax()) == right[name] for name in list(_HEADS)[:4]]
        style = float(sure["style"][index, right["style"]])
        found.append(
            Opinion(min(parts), style, float(sure["whole"][index, 1]), first[0], all(first))
        )
    return found
