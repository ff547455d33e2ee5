"""Places that drafts have and the pocket cast never learnt: they are painted, and no network's."""

from __future__ import annotations

import math

import cv2
import numpy as np

from engine.models.animatic.settings import Canvas, Painter


def _sea(c: Canvas) -> float:
    c.sky((0.38, 0.72, 1.0), (0.85, 0.95, 1.0))
    c.cloud(0.16)
    c.cloud(0.26)
    c.cloud(0.22)
    c.block(0.5, 1.0, 2.0, 0.42, (0.1, 0.46, 0.74))
    c.ground(0.62, (0.05, 0.36, 0.62), (0.16, 0.58, 0.82), 0.004)
    for row in range(9):
        _crests(c, 0.645 + 0.32 * (row / 8) ** 1.6, 0.35 + 0.65 * row / 8)
    return 0.74


def _crests(c: Canvas, level: float, size: float) -> None:
    """A row of short light waves at a height; the nearer, the larger."""
    mask = np.zeros((c.height, c.width), np.uint8)
    step = 0.16 * size
    x = c.rng.random() * step
    while x < 1:
        centre = int(x * c.width), int((level + c.rng.uniform(-0.01, 0.01)) * c.height)
        axes = max(2, int(0.036 * size * c.width)), max(1, int(0.012 * size * c.height))
        thick = max(1, round(0.006 * size * c.height))
        cv2.ellipse(mask, centre, axes, 0, 200, 340, 255, thick, cv2.LINE_AA)
        x += step * c.rng.uniform(0.7, 1.6)
    light = np.array((0.75, 0.92, 1.0), np.float32)
    c.fill(c.near, mask, light, 0.25 + 0.35 * math.sqrt(size))


MORE_PAINTERS: dict[str, Painter] = {"sea": _sea}
