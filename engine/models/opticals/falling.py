"""Snow and rain in front of a picture: three layers of it, the nearer the larger and the faster."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_BITS = 4
"""Of a pixel's sixteenths, in which drops are drawn: what moves must not jump from row to row."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """Drops at one distance: how many in a picture as wide as high, and in heights of the picture

    their size, their length, how far they fall in a second, and how soft they are; `cover` hides.
    """

    count: int
    size: float
    length: float
    speed: float
    soft: float
    cover: float


_LAYERS = {
    "snow": (
        _Layer(70, 0.0035, 0.0, 0.16, 0.0008, 0.75),
        _Layer(34, 0.006, 0.0, 0.25, 0.0012, 0.9),
        _Layer(9, 0.012, 0.0, 0.42, 0.004, 0.8),
    ),
    "rain": (
        _Layer(80, 0.0016, 0.03, 1.1, 0.0005, 0.35),
        _Layer(40, 0.0026, 0.055, 1.6, 0.0008, 0.45),
        _Layer(10, 0.005, 0.11, 2.4, 0.003, 0.35),
    ),
}
_COLOURS = {"snow": (1.0, 1.0, 1.0), "rain": (0.8, 0.87, 0.95)}
_SWAY, _SLANT = 0.018, 0.12


def fall(
    picture: NDArray[np.float32], weather: str, time_s: float, seed: int
) -> NDArray[np.float32]:
    """The picture (H, W, 3) with what falls in front of it at a moment of a film."""
    out = picture
    for index, layer in enumerate(_LAYERS[weather]):
        drawn = _drawn(layer, picture.shape[0], picture.shape[1], time_s, seed + 7919 * index)
        cover = drawn[..., None] * np.float32(layer.cover / 255.0)
        out = out * (1 - cover) + np.array(_COLOURS[weather], np.float32) * cover
    return out.astype(np.float32, copy=False)


def _drawn(layer: _Layer, height: int, width: int, time_s: float, seed: int) -> NDArray[np.float32]:
    """Where the drops of a layer are, (H, W) in [0, 255]."""
    rng = np.random.default_rng(seed)
    mask = np.zeros((height, width), np.uint8)
    count = max(1, round(layer.count * width / height))
    for x, y, pace, phase in rng.random((count, 4)):
        speed = layer.speed * (0.8 + 0.4 * pace)
        reach = 1.0 + 2 * layer.length + 4 * layer.size
        top = (y * reach + time_s * speed) % reach - layer.length - 2 * layer.size
        sway = 0.0 if layer.length else _SWAY * math.sin(2.1 * time_s * pace + 6.3 * phase)
        left = x * width + (sway + _SLANT * (top if layer.length else 0.0)) * height
        _draw(mask, layer, left % width, top * height, height)
    sigma = layer.soft * height
    soft = cv2.GaussianBlur(mask, (0, 0), sigma) if sigma > 0.4 else mask
    return soft.astype(np.float32)


def _draw(mask: NDArray[np.uint8], layer: _Layer, left: float, top: float, height: int) -> None:
    scale = 1 << _BITS
    point = round(left * scale), round(top * scale)
    if layer.length:
        end = (
            round((left + _SLANT * layer.length * height) * scale),
            round((top + layer.length * height) * scale),
        )
        thick = max(1, round(layer.size * height))
        cv2.line(mask, point, end, 255, thick, cv2.LINE_AA, _BITS)
    else:
        radius = max(scale // 2, round(layer.size * height * scale / 2))
        cv2.circle(mask, point, radius, 255, -1, cv2.LINE_AA, _BITS)
