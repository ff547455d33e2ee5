"""The identity judge: whether two pictures show the same character, for scores alone.

It is the encoder's kind of network, made smaller, and trained apart from it: from another seed and
on other pictures. Neither has seen the identities that are held out; how well it tells those from
one another is kept beside its weights and reported with every score it gives.
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.models.moviegen.reference_encoder import ReferenceEncoder, reference_picture
from engine.models.packed import NAME
from engine.models.portraits.cutting import cut_out
from engine.models.portraits.salience import SalientObject
from engine.training.budget import best_device, log_line, take_turns
from engine.training.identities import held_out_identities, view
from engine.training.person_encoder import draw_views, train_encoder
from engine.training.stickers import sticker

_CONFIG = {"widths": (32, 64, 128, 192), "token_dim": 192, "identity": 96}
_FOLDER = "identity-judge"


def train(minutes: float, work: Path, models: Path, device_name: str | None) -> None:
    """Train the judge, its pictures drawn apart, and write it below `models`."""
    device = best_device(device_name)
    take_turns(device)
    torch.manual_seed(1)
    views = draw_views("judge", device)
    model = ReferenceEncoder(**_CONFIG).to(device)
    train_encoder(model, views, minutes, work)
    model.to("cpu").to_folder(models / _FOLDER)
    log_line(work, f"tells {own_accuracy(model.eval()):.3f} of the unseen from all others of them")


class IdentityJudge:
    """Unit vectors of pictures; their dot product says how alike who they show is."""

    def __init__(self, model: ReferenceEncoder, salience: SalientObject) -> None:
        self.model, self.salience = model.eval(), salience

    @torch.inference_mode()
    def of_pictures(self, pictures: Tensor) -> Tensor:
        """Cut-outs (N, 4, 64, 64) as unit vectors (N, D)."""
        return self.model.identity(self.model(pictures))

    def of_frames(self, frames: NDArray[np.uint8]) -> list[Tensor | None]:
        """Who each frame (H, W, 3) shows, (D,); None where nothing stands out in it."""
        cuts = [cut_out(self.salience, frame, None, ()) for frame in frames]
        return [
            None if cut is None else self.of_pictures(reference_picture(cut.rgba)[None])[0]
            for cut in cuts
        ]


def load_judge(models: Path, salience: SalientObject) -> IdentityJudge | None:
    """The shipped judge; None where none was trained."""
    if not (models / _FOLDER / NAME).exists():
        return None
    return IdentityJudge(ReferenceEncoder.from_folder(models / _FOLDER, torch.float32), salience)


@torch.inference_mode()
def own_accuracy(model: ReferenceEncoder) -> float:
    """The share of unseen identities whose other picture is nearest to their own of all."""
    first, second = (_seen(number) for number in (0, 1))
    known, asked = (model.identity(model(pictures)) for pictures in (first, second))
    nearest = (asked @ known.T).argmax(dim=1)
    return float((nearest == torch.arange(len(asked))).float().mean())


def _seen(number: int) -> Tensor:
    """A picture of every held-out identity, each turned, lit and drawn in its own way."""
    pictures = [
        view(sticker(label), random.Random(f"unseen/{number}/{label}"), other=bool(number))
        for label in held_out_identities()
    ]
    return torch.stack(pictures)
