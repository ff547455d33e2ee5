"""Pictures of who is to act, drawn or taken, as files that a recipe reads."""

from __future__ import annotations

from pathlib import Path

import cv2
import msgspec
import numpy as np
import torch
from PIL import Image

from engine.models.moviegen.low_rank import add_low_rank, save_updates
from engine.models.moviegen.reference_encoder import ReferenceEncoder
from engine.models.moviegen.transformer import VideoTransformer
from engine.protocol.recipes import Ability, InputAsset, InputRole, Recipe
from tests.engine.abilities.tiny_pocket import CLIP
from tests.fakes.job_context import FakeJobContext

MODELS = Path(__file__).resolve().parents[3] / "resources" / "models"
ASTRONAUT = MODELS.parents[1] / "tests/engine/models/portraits/astronaut.jpg"


def draw_toy(path: Path) -> Path:
    """A red toy with eyes on transparency, 200 × 240."""
    toy = np.zeros((240, 200, 4), np.uint8)
    cv2.ellipse(toy, (100, 120), (80, 110), 0, 0, 360, (220, 30, 40, 255), -1, cv2.LINE_AA)
    for x in (70, 130):
        cv2.circle(toy, (x, 80), 14, (255, 255, 255, 255), -1, cv2.LINE_AA)
        cv2.circle(toy, (x, 80), 6, (10, 10, 10, 255), -1, cv2.LINE_AA)
    Image.fromarray(toy).save(path)
    return path


def two_people(path: Path) -> Path:
    """The same portrait twice, side by side."""
    photo = np.asarray(Image.open(ASTRONAUT).convert("RGB"))
    Image.fromarray(np.concatenate([photo, photo[:, ::-1]], axis=1)).save(path)
    return path


def write_tiny_person(models: Path) -> Path:
    """A person model over the tiny video model in `models`, of updates that change it."""
    base = models / "pocket-video/transformer"
    video = VideoTransformer.from_folder(base, torch.float32)
    video.to_folder(base)
    encoder = ReferenceEncoder()
    widths = (*video.config.text_dims, encoder.config.token_dim)
    model = VideoTransformer.from_config({**video.config, "text_dims": widths})
    model.load_state_dict(video.state_dict(), strict=False)
    add_low_rank(model, 2, new="text_in.1.")
    home = models / "pocket-person"
    save_updates(model, base, home / "updates")
    encoder.to_folder(home / "encoder")
    (models / "portraits").symlink_to(MODELS / "portraits")
    return home


def recipe_with(
    context: FakeJobContext, *pictures: Path, model: str = "pocket-animatic", **options: object
) -> Recipe:
    """A short personalised clip of these pictures."""
    hashes = [f"{number:064x}" for number in range(len(pictures))]
    context.assets.update(zip(hashes, pictures, strict=True))
    return msgspec.structs.replace(
        CLIP,
        ability=Ability.PERSONALIZE_VIDEO,
        model=model,
        prompt="waves on a beach at sunset",
        inputs=tuple(InputAsset(role=InputRole.REFERENCE, sha256=name) for name in hashes),
        options=dict(options),
    )
