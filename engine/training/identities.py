"""Who can be asked for: drawn characters and things, and pictures of them to be known by.

One in eight is never trained with, neither by what ships nor by what scores it; which ones is
settled by their names, so that another drawing of the same is held out with it.
"""

from __future__ import annotations

import hashlib
import json
import random
from functools import cache

import cv2
import numpy as np
import torch
from torch import Tensor

from engine.models.moviegen.reference_encoder import squared
from engine.training.grammar import SUBJECTS
from engine.training.packages import EMOJIBASE, fetch
from engine.training.sticker_grammar import Style
from engine.training.sticker_pictures import Rgba, finished
from engine.training.stickers import all_labels, sticker

NOUN = "character"
"""What a caption calls someone whose looks the pictures tell."""

CROSS_FROM = 4
VIEWS = 8
"""Pictures of each; those from CROSS_FROM on are drawn, bent and coloured otherwise."""

_GROUPS = (0, 1, 3, 4, 6, 7)
"""Emojibase's groups of faces, people, animals, food, activities and objects."""
_HELD_OUT_SHARE = 0.125
_STYLES = (Style.RENDERED, Style.RENDERED, Style.COMIC, Style.DIE_CUT)


@cache
def identities() -> tuple[str, ...]:
    """Labels of everyone and everything that has a sticker here, in emojibase's order."""
    entries = json.loads((fetch(EMOJIBASE) / "package/en/data.json").read_text())
    wanted = {entry["label"] for entry in entries if entry.get("group") in _GROUPS}
    return tuple(label for label in all_labels() if label in wanted)


@cache
def trained_identities() -> tuple[str, ...]:
    """Those that training may see."""
    return tuple(label for label in identities() if not held_out(label))


@cache
def held_out_identities() -> tuple[str, ...]:
    """Those that it may not."""
    return tuple(label for label in identities() if held_out(label))


def held_out(label: str) -> bool:
    """Whether nobody trains with it; what the video model knows already never is."""
    digest = hashlib.sha256(f"identity/{label}".encode()).digest()
    known = any(subject.label == label for subject in SUBJECTS)
    return not known and int.from_bytes(digest[:4]) / 2**32 < _HELD_OUT_SHARE


def views_of(seed: str, index: int) -> Tensor:
    """One trained identity, uint8 (VIEWS + 1, 4, 64, 64): its views, and as it is drawn."""
    label = trained_identities()[index]
    rng = random.Random(f"views/{seed}/{label}")
    art = sticker(label)
    seen = [view(art, rng, other=number >= CROSS_FROM) for number in range(VIEWS)]
    return (torch.stack([*seen, squared(art)]) * 255.0).round().to(torch.uint8)


def view(art: Rgba, rng: random.Random, *, other: bool) -> Tensor:
    """A picture of it (4, 64, 64): turned, from another side, in another size and light.

    `other` is also drawn in another manner, bent further, tinted, and may miss a part.
    """
    return squared(posed(art, rng, other=other))


def posed(art: Rgba, rng: random.Random, *, other: bool) -> Rgba:
    """The same in the art's own size."""
    if other:
        art = finished(np.pad(art, ((14, 14), (14, 14), (0, 0))), rng.choice(_STYLES))
    art = _bent(art, rng, 0.16 if other else 0.07)
    gain = np.array([rng.uniform(0.8, 1.15)] * 3 + [1.0], np.float32)
    if other:
        gain[:3] *= [rng.uniform(0.85, 1.1) for _ in range(3)]
    art = np.minimum(art * gain, art[..., 3:])
    if rng.random() < (0.3 if other else 0.15):
        art = _coarse(art, rng.randint(28, 56))
    if other and rng.random() < 0.3:
        art = _missing_a_part(art, rng)
    return art.astype(np.float32, copy=False)


def _bent(art: Rgba, rng: random.Random, reach: float) -> Rgba:
    """Rotated, mirrored and seen from another side: corners move by up to `reach` of the side."""
    side = art.shape[0]
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    turn = rng.gauss(0, 2.0 * reach)
    cos, sin = np.cos(turn), np.sin(turn)
    moved = (corners - 0.5) @ np.array([[cos, sin], [-sin, cos]]) * 0.8 + 0.5
    moved += np.array([[rng.uniform(-reach, reach) for _ in range(2)] for _ in range(4)])
    if rng.random() < 0.25:
        corners[:, 0] = 1 - corners[:, 0]
    matrix = cv2.getPerspectiveTransform(corners * side, moved.astype(np.float32) * side)
    bent = cv2.warpPerspective(art, matrix, (side, side), flags=cv2.INTER_AREA)
    return bent.astype(np.float32, copy=False)


def _coarse(art: Rgba, side: int) -> Rgba:
    small = cv2.resize(art, (side, side), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, art.shape[:2], interpolation=cv2.INTER_LINEAR).astype(np.float32)


def _missing_a_part(art: Rgba, rng: random.Random) -> Rgba:
    """Without what lies beyond one edge of a smaller frame."""
    kept, side = art.copy(), art.shape[0]
    cut = round(side * rng.uniform(0.25, 0.42))
    part = rng.choice((np.s_[:cut], np.s_[-cut:], np.s_[:, :cut], np.s_[:, -cut:]))
    kept[part] = 0.0
    return kept
