"""What generators do wrong to a sticker, done to true ones on purpose: RGB on grey, (S, S, 3)."""

from __future__ import annotations

import random

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

_GREY = 128
_REACH = (0.035, 0.09)
"""How far melting moves anything, in shares of the side."""


def damaged(picture: Picture, other: Picture, rng: random.Random) -> Picture:
    """A picture hurt in one of six ways, some with pieces of another of the same size."""
    way = rng.choice((_patched, _molten, _cut_short, _coarse, _mixed, _smeared))
    return way(picture, other, rng)


def _patched(picture: Picture, other: Picture, rng: random.Random) -> Picture:
    """With pieces of another thing on it."""
    hurt, size = picture.copy(), picture.shape[0]
    left, top, width, height = _box(picture)
    for _ in range(rng.randint(2, 5)):
        side = round(size * rng.uniform(0.14, 0.31))
        y = min(size - side, max(0, top + rng.randint(0, height) - side // 2))
        x = min(size - side, max(0, left + rng.randint(0, width) - side // 2))
        hurt[y : y + side, x : x + side] = other[y : y + side, x : x + side]
    return hurt


def _molten(picture: Picture, _other: Picture, rng: random.Random) -> Picture:
    """Bent until its parts are no longer in their places."""
    size = picture.shape[0]
    noise = np.random.default_rng(rng.getrandbits(32)).normal(size=(2, 9, 9)).astype(np.float32)
    reach = rng.uniform(*_REACH) * size
    bend = [cv2.resize(n, (size, size), interpolation=cv2.INTER_CUBIC) * reach for n in noise]
    down, across = np.mgrid[:size, :size].astype(np.float32)
    bent = cv2.remap(
        picture, across + bend[0], down + bend[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return bent.astype(np.uint8, copy=False)


def _cut_short(picture: Picture, _other: Picture, rng: random.Random) -> Picture:
    """Without its upper part, or without one side."""
    hurt = picture.copy()
    left, top, width, height = _box(picture)
    share = rng.uniform(0.35, 0.6)
    if rng.random() < 0.5:
        hurt[: top + round(share * height)] = _GREY
    elif rng.random() < 0.5:
        hurt[:, left + width - round(share * width) :] = _GREY
    else:
        hurt[:, : left + round(share * width)] = _GREY
    return hurt


def _coarse(picture: Picture, _other: Picture, rng: random.Random) -> Picture:
    """Known by its colours alone: mush."""
    fine = rng.randint(7, 14)
    small = cv2.resize(picture, (fine, fine), interpolation=cv2.INTER_AREA)
    how = rng.choice((cv2.INTER_CUBIC, cv2.INTER_LINEAR))
    return cv2.resize(small, picture.shape[1::-1], interpolation=how).astype(np.uint8, copy=False)


def _mixed(picture: Picture, other: Picture, rng: random.Random) -> Picture:
    """Half one thing and half another: one over the other, or one beside the other."""
    size = picture.shape[0]
    if rng.random() < 0.5:
        share = rng.uniform(0.4, 0.6)
        return cv2.addWeighted(picture, share, other, 1 - share, 0).astype(np.uint8, copy=False)
    left, _, width, _ = _box(picture)
    middle = left + width * rng.uniform(0.4, 0.6)
    soft = ((np.arange(size) - middle) / (size * 0.05) + 0.5).clip(0, 1)[None, :, None]
    return (picture * (1 - soft) + other * soft).round().astype(np.uint8)


def _smeared(picture: Picture, _other: Picture, rng: random.Random) -> Picture:
    """Its inside wiped away while its outline stays sharp, as small networks draw."""
    blur = picture.shape[0] * rng.uniform(0.06, 0.11)
    soft = cv2.GaussianBlur(picture, (0, 0), blur).astype(np.float32)
    inside = cv2.GaussianBlur(seen(picture).astype(np.float32), (0, 0), 1.5)[..., None]
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, 22, (8, 8, 3)).astype(np.float32)
    spots = cv2.resize(noise, picture.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    hurt = (soft + spots) * inside + picture * (1 - inside)
    return hurt.clip(0, 255).round().astype(np.uint8)


def seen(picture: Picture) -> NDArray[np.bool_]:
    """Where anything is, (S, S): what differs from the grey that stickers are laid on."""
    return np.abs(picture.astype(np.int16) - _GREY).max(axis=2) > 8


def _box(picture: Picture) -> tuple[int, int, int, int]:
    """Left, top, width and height of what is seen; the whole where nothing is."""
    left, top, width, height = cv2.boundingRect(seen(picture).astype(np.uint8))
    return (left, top, width, height) if width else (0, 0, *picture.shape[1::-1])
