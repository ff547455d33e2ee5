"""The sticker judge: says what a sticker shows, in which style, and whether it is whole.

It is trained on drawn stickers only, clean ones and ones damaged on purpose, laid and dyed as the
sticker grammar does it and freely, and stands in where no person rates. Its accuracy on unseen
drawn stickers of combinations that are never trained is kept beside its weights. It is no general
image model and is not called one.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.training.budget import (
    Average,
    Budget,
    load_checkpoint,
    load_facts,
    log_line,
    save_checkpoint,
    take_turns,
)
from engine.training.conv_stages import conv_stages
from engine.training.draws import Draws, drawn
from engine.training.precision import CPU, mixed_precision
from engine.training.sticker_damage import damaged
from engine.training.sticker_grammar import (
    COLOURS,
    COMPANIONS,
    STICKER_SUBJECTS,
    Sticker,
    Style,
    held_out_stickers,
    sample_sticker,
)
from engine.training.sticker_pictures import Art, on_matte, still
from engine.training.sticker_truth import MOST, SIDE_PIXELS, free_still
from engine.training.stickers import sticker as packaged

SIZE_PIXELS = 96
_WIDTHS = (3, 32, 64, 128, 192, 288)
_POOL, _BATCH = 16_000, 64
_HEADS = {
    "subject": len(STICKER_SUBJECTS),
    "colour": len(COLOURS) + 1,
    "companion": len(COMPANIONS) + 1,
    "number": 3,
    "style": len(Style),
    "whole": 2,
}
_STYLES = (0.35, 0.25, 0.4)
_FREE_SHARE, _DAMAGED_SHARE, _CROWD_SHARE = 0.7, 0.3, 0.25
_OTHER_HUE_SHARE, _UNTOLD = 0.4, -100
_ACROSS = torch.tensor([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
"""What a turn of hue adds to colours, crosswise."""
_PLAIN_AGAIN = 0.6
"""How often a subject alone is drawn again: what is hard is all the rest."""


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
    """A small convolutional network over RGB stickers on grey, (B, 3, 96, 96) in [-1, 1].

    `features` (B, 576) serve diversity and the Fréchet distance.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stages = conv_stages(_WIDTHS)
        self.heads = nn.ModuleDict(
            {name: nn.Linear(2 * _WIDTHS[-1], count) for name, count in _HEADS.items()}
        )

    def features(self, pictures: Tensor) -> Tensor:
        """Mean and greatest response of every channel, (B, 576)."""
        x = pictures
        for stage in self.stages:
            x = stage(x)
        return torch.cat([x.mean(dim=(2, 3)), x.amax(dim=(2, 3))], dim=1)

    def forward(self, pictures: Tensor) -> dict[str, Tensor]:
        """Logits of every head."""
        features = self.features(pictures)
        return {name: head(features) for name, head in self.heads.items()}


def look(pictures: NDArray[np.uint8]) -> Tensor:
    """RGB on grey (B, S, S, 3) as the judge sees them, (B, 3, 96, 96) in [-1, 1]."""
    return _levels(torch.from_numpy(np.stack([_small(picture) for picture in pictures])))


def _small(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    size = (SIZE_PIXELS, SIZE_PIXELS)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _levels(small: Tensor) -> Tensor:
    """uint8 (B, H, W, 3) as (B, 3, H, W) in [-1, 1]."""
    return small.permute(0, 3, 1, 2).float() / 127.5 - 1.0


def answers(sticker: Sticker) -> dict[str, int]:
    """The right class of every head but `whole`; a number above two is right for no sticker."""
    return {
        "subject": STICKER_SUBJECTS.index(sticker.subject),
        "colour": [*COLOURS, ""].index(sticker.colour),
        "companion": [*COMPANIONS, None].index(sticker.companion),
        "number": int(sticker.twice),
        "style": list(Style).index(sticker.style),
    }


def judged_sticker(seed: str, index: int, art_of: Art = packaged) -> tuple[Tensor, Tensor]:
    """A drawn sticker as the judge sees it, uint8 (96, 96, 3), and every head's right answer."""
    rng = random.Random(f"sticker-judge/{seed}/{index}")
    sticker = _trained(rng)
    crowd = rng.randint(3, MOST) if sticker.twice and rng.random() < _CROWD_SHARE else 2
    free = crowd > 2 or rng.random() < _FREE_SHARE
    picture = _drawn(sticker, rng, art_of, free=free, crowd=crowd)
    hurt = rng.random() < _DAMAGED_SHARE
    if hurt:
        picture = damaged(picture, _drawn(_trained(rng), rng, art_of, free=free), rng)
    right = answers(sticker) | {"number": min(crowd, 3) - 1 if sticker.twice else 0}
    told = torch.tensor([*right.values(), int(not hurt)])
    return torch.from_numpy(_small(_coded(picture, rng))), told


def _trained(rng: random.Random) -> Sticker:
    """A sticker that may be trained with."""
    while True:
        sticker = sample_sticker(rng, rng.choices(tuple(Style), _STYLES)[0], moving=False)
        is_plain = not (sticker.colour or sticker.companion or sticker.twice)
        if not is_plain or rng.random() >= _PLAIN_AGAIN:
            return sticker


def _drawn(
    sticker: Sticker, rng: random.Random, art_of: Art, *, free: bool, crowd: int = 2
) -> NDArray[np.uint8]:
    """On grey, laid freely or as the grammar lays it."""
    return on_matte(free_still(sticker, rng, art_of, crowd) if free else still(sticker, art_of))


def _coded(picture: NDArray[np.uint8], rng: random.Random) -> NDArray[np.uint8]:
    """What files do to a picture, to one in three: it is made smaller, and coded with loss."""
    if rng.random() > 1 / 3:
        return picture
    side = round(SIDE_PIXELS * rng.uniform(0.5, 1.0))
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    quality = [cv2.IMWRITE_JPEG_QUALITY, rng.randint(40, 95)]
    _, data = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), quality)
    coded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert coded is not None
    return cv2.cvtColor(coded, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)


def train(minutes: float, work: Path, models: Path, _device: str | None) -> None:
    """Train the judge on the CPU and write it, with its accuracy, to models/sticker-judge.

    Goes on from `work`/judge.safetensors, if it is there, with stickers that are drawn anew.
    """
    take_turns(CPU)
    torch.manual_seed(0)
    random.seed(0)
    model, checkpoint, sittings = StickerJudge(), work / "judge.safetensors", 0
    if checkpoint.exists():
        model.load_state_dict(load_checkpoint(checkpoint), strict=False)
        sittings = int(load_facts(checkpoint)["sittings"])
        log_line(work, f"resumed from {checkpoint}")
    pictures, right = _pool(_POOL, f"pool {sittings}")
    log_line(work, f"drew {_POOL} stickers")
    budget, step = Budget(minutes), 0
    average = Average(model)
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
    while not budget.over:
        for group in optimiser.param_groups:
            group["lr"] = budget.learning_rate(2e-3, step, 100, 0.3)
        chosen = torch.randint(0, _POOL, (_BATCH,))
        seen, told = in_any_hue(_levels(pictures[chosen]), right[chosen])
        with mixed_precision(CPU):
            logits = model(_disturb(seen))
        loss = _loss(logits, told)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        average.update(model)
        if step % 50 == 0:
            log_line(work, f"step {step} spent {budget.spent:.2f} loss {loss.item():.3f}")
        step += 1
    model.load_state_dict(average.weights, strict=False)
    save_checkpoint(checkpoint, average.weights, {"sittings": sittings + 1})
    accuracy = own_accuracy(model.eval())
    log_line(work, f"accuracy on unseen stickers: {accuracy}")
    weights = {k: v.bfloat16() for k, v in model.state_dict().items() if v.is_floating_point()}
    save_checkpoint(models / "sticker-judge/model.safetensors", weights, accuracy)


def _pool(count: int, seed: str) -> tuple[Tensor, Tensor]:
    """So many drawn stickers (N, 96, 96, 3) uint8, and every head's right answers (N, 6)."""
    pictures = torch.empty(count, SIZE_PIXELS, SIZE_PIXELS, 3, dtype=torch.uint8)
    right = torch.empty(count, len(_HEADS), dtype=torch.long)
    # Each is copied as it comes: what a worker hands over holds an open file.
    for index, (picture, answer) in enumerate(drawn(Draws(count, seed, judged_sticker))):
        pictures[index], right[index] = picture, answer
    return pictures, right


def _loss(logits: dict[str, Tensor], right: Tensor) -> Tensor:
    """Cross-entropy of every head; a damaged sticker teaches only that it is damaged."""
    whole = right[:, -1] == 1
    total = F.cross_entropy(logits["whole"].float(), right[:, -1])
    for index, name in enumerate(list(_HEADS)[:-1]):
        told = whole & (right[:, index] != _UNTOLD)
        total = total + F.cross_entropy(logits[name].float()[told], right[told, index])
    return total


def in_any_hue(pictures: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """Pictures (B, 3, H, W) and their answers, some of them in other hues or in none.

    They teach nothing of colour, and that a thing is known by its shape: of combinations that are
    held out, what is dyed is never seen in its dye.
    """
    count = len(pictures)
    angle = 2 * torch.pi * torch.rand(count, 1, 1)
    strength = torch.empty(count, 1, 1).uniform_(0.0, 1.2)
    grey, axis = torch.full((3, 3), 1 / 3), _ACROSS / 3**0.5
    turn = angle.cos() * (torch.eye(3) - grey) + grey + angle.sin() * axis
    matrix = grey + strength * (turn - grey)
    chosen = torch.rand(count) < _OTHER_HUE_SHARE
    matrix = torch.where(chosen[:, None, None], matrix, torch.eye(3))
    told = right.clone()
    told[chosen, list(_HEADS).index("colour")] = _UNTOLD
    return torch.einsum("bij,bjhw->bihw", matrix, pictures).clamp(-1, 1), told


def _disturb(pictures: Tensor) -> Tensor:
    """Blur, tint, mirror, shift and noise, so that an autoencoder's softness is no clue and no

    obstacle.
    """
    if random.random() < 0.5:
        share = random.uniform(0.3, 0.7)
        small = F.interpolate(pictures, scale_factor=share, mode="area")
        pictures = F.interpolate(small, size=pictures.shape[-2:], mode="bilinear")
    if random.random() < 0.5:
        pictures = torch.roll(pictures, (random.randint(-5, 5), random.randint(-5, 5)), (2, 3))
    if random.random() < 0.5:
        pictures = pictures.flip(3)
    tint = 1 + 0.06 * torch.randn(pictures.shape[0], 3, 1, 1)
    return pictures * tint + 0.04 * torch.randn_like(pictures)


def own_accuracy(model: StickerJudge, count: int = 400) -> dict[str, float]:
    """Shares of drawn stickers of held-out combinations judged right, head by head.

    They are laid as the grammar lays them, and freely; `whole` is of as many unseen ones, of which
    some are damaged.
    """
    wanted = [s for style in Style for s in held_out_stickers(count // 3, 7, style, moving=False)]
    rng = random.Random("sticker-judge/held out")
    shares = {
        f"{name}{how}": share
        for how, free in (("", False), ("_free", True))
        for name, share in _shares(
            model, wanted, lambda s, free=free: _drawn(s, rng, packaged, free=free)
        ).items()
    }
    unseen = [judged_sticker("1", index) for index in range(count)]
    logits = _forward(model, torch.stack([picture for picture, _ in unseen]).numpy())
    right = torch.stack([answer for _, answer in unseen])[:, -1]
    return shares | {"whole": (logits["whole"].argmax(1) == right).float().mean().item()}


def _shares(
    model: StickerJudge, wanted: list[Sticker], draw: Callable[[Sticker], NDArray[np.uint8]]
) -> dict[str, float]:
    logits = _forward(model, np.stack([draw(sticker) for sticker in wanted]))
    right = [answers(sticker) for sticker in wanted]
    return {
        name: float(np.mean([g == r[name] for g, r in zip(guesses, right, strict=True)]))
        for name in right[0]
        if (guesses := logits[name].argmax(1).tolist())
    }


@torch.inference_mode()
def _forward(model: StickerJudge, pictures: NDArray[np.uint8]) -> dict[str, Tensor]:
    """Logits of pictures (B, S, S, 3) of any number."""
    parts = [model(look(pictures[at : at + 64])) for at in range(0, len(pictures), 64)]
    return {name: torch.cat([part[name] for part in parts]) for name in _HEADS}


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
