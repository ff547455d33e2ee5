"""Places seen from above, as a drone flies over them: their ground fills the frame."""

from __future__ import annotations

import cv2
import numpy as np

from engine.models.animatic.canvas import Canvas, Colour, Painter, jittered
from engine.models.animatic.joinery import shaded

_GREENS: tuple[Colour, ...] = (0.2, 0.5, 0.22), (0.27, 0.58, 0.26), (0.16, 0.43, 0.2)
_AUTUMN: tuple[Colour, ...] = (
    (0.88, 0.5, 0.16), (0.93, 0.68, 0.2), (0.78, 0.28, 0.15), (0.55, 0.55, 0.2),
)  # fmt: skip
_SEA: Colour = (0.1, 0.5, 0.72)


def _toned(c: Canvas, colour: Colour) -> Colour:
    """A colour a little off."""
    red, green, blue = map(float, jittered(c.rng, colour, 0.05))
    return red, green, blue


def _crowns(c: Canvas, colours: tuple[Colour, ...], count: int, within: float = 1.0) -> None:
    """Tree tops, lit from the upper left."""
    for _ in range(count):
        x, y = c.rng.random() * within, c.rng.random()
        size = c.rng.uniform(0.035, 0.075)
        tone = _toned(c, c.rng.choice(colours))
        c.disc(x + 0.008, y + 0.02, size, shaded(tone, 0.55), 0.8)
        c.disc(x, y, size, tone)
        c.disc(x - 0.006, y - 0.014, size * 0.62, shaded(tone, 1.18), 0.8)


def _woods(colours: tuple[Colour, ...]) -> Painter:
    def paint(c: Canvas) -> float:
        c.sky(shaded(colours[0], 0.6), shaded(colours[0], 0.6))
        _crowns(c, colours, 620)
        return 0.76

    return paint


def _fields(c: Canvas) -> float:
    tones: tuple[Colour, ...] = (
        (0.5, 0.72, 0.3), (0.84, 0.76, 0.36), (0.38, 0.6, 0.26), (0.68, 0.78, 0.4),
        (0.62, 0.46, 0.28),
    )  # fmt: skip
    c.sky((0.36, 0.55, 0.26), (0.36, 0.55, 0.26))
    rows, columns = 5, 6
    for row in range(rows):
        for column in range(columns):
            tone = _toned(c, c.rng.choice(tones))
            x, y = (column + 0.5) / columns, (row + 1) / rows
            c.block(x, y - 0.012, 1 / columns - 0.014, 1 / rows - 0.024, shaded(tone, 1.0))
            for furrow in range(5):
                level = y - 0.03 - furrow * 0.034
                c.block(x, level, 1 / columns - 0.03, 0.006, shaded(tone, 0.88))
    _crowns(c, _GREENS, 46)
    return 0.76


def _roofs(c: Canvas) -> float:
    c.sky((0.42, 0.43, 0.46), (0.42, 0.43, 0.46))
    tones: tuple[Colour, ...] = (
        (0.72, 0.7, 0.68), (0.6, 0.4, 0.34), (0.54, 0.58, 0.64), (0.8, 0.74, 0.64),
    )  # fmt: skip
    rows, columns = 6, 8
    for row in range(rows):
        for column in range(columns):
            x, y = (column + 0.5) / columns, (row + 0.88) / rows
            if c.rng.random() < 0.14:
                c.block(x, y, 0.1, 0.12, (0.36, 0.6, 0.3))
                continue
            tone = c.rng.choice(tones)
            tall = c.rng.uniform(0.01, 0.05)
            c.block(x + 0.008, y, 0.094, 0.125, shaded(tone, 0.5))
            c.block(x, y - tall, 0.094, 0.125, shaded(tone, c.rng.uniform(0.9, 1.12)))
            c.block(x + 0.02, y - tall - 0.06, 0.02, 0.03, shaded(tone, 0.75))
    for road in range(rows):
        for dash in range(18):
            c.block((dash + 0.3) / 18, (road + 0.985) / rows, 0.018, 0.006, (0.9, 0.88, 0.8))
    return 0.76


def _lights(c: Canvas) -> float:
    c.sky((0.06, 0.07, 0.16), (0.06, 0.07, 0.16))
    rows, columns = 6, 8
    for row in range(rows):
        for column in range(columns):
            x, y = (column + 0.5) / columns, (row + 0.88) / rows
            c.block(x, y, 0.1, 0.13, shaded((0.17, 0.18, 0.32), c.rng.uniform(0.8, 1.25)))
            for pane in range(12):
                if c.rng.random() < 0.45:
                    at = x - 0.036 + 0.024 * (pane % 4), y - 0.02 - 0.04 * (pane // 4)
                    c.block(*at, 0.01, 0.016, (1.0, 0.84, 0.44))
    for road in range(rows):
        for lamp in range(26):
            c.disc((lamp + 0.3) / 26, (road + 0.97) / rows, 0.008, (1.0, 0.78, 0.4))
    for street in range(columns):
        for lamp in range(22):
            tone = (1.0, 0.95, 0.8) if lamp % 2 else (0.95, 0.3, 0.24)
            c.disc(street / columns, c.rng.random(), 0.005, tone)
    return 0.76


def _shore(c: Canvas) -> float:
    c.sky((0.95, 0.86, 0.64), (0.95, 0.86, 0.64))
    down = np.linspace(0, 1, c.height)
    for edge, colour in ((0.6, (0.96, 0.98, 0.98)), (0.57, (0.3, 0.76, 0.84)), (0.46, _SEA)):
        bow = edge + 0.04 * np.sin(7 * down + edge * 9) + 0.02 * np.sin(17 * down)
        outline = np.stack([bow * c.width, down * c.height], axis=1)
        corners = np.vstack([[(0, 0)], outline, [(0, c.height)]]).round().astype(np.int32)
        c.beam(corners, 1.0, colour)
    for _ in range(9):
        x, y = c.rng.uniform(0.7, 0.97), c.rng.random()
        c.disc(x, y, 0.028, c.rng.choice(((0.9, 0.3, 0.26), (0.98, 0.8, 0.3), (0.95, 0.95, 0.97))))
        c.disc(x, y, 0.008, (0.9, 0.9, 0.88))
    _wrinkles(c, 60, 0.44)
    return 0.76


def _wrinkles(c: Canvas, count: int, within: float) -> None:
    """Short light waves on water that is seen from above."""
    mask = np.zeros((c.height, c.width), np.uint8)
    for _ in range(count):
        at = int(c.rng.random() * within * c.width), int(c.rng.random() * c.height)
        axes = int(c.rng.uniform(0.012, 0.03) * c.width), int(0.012 * c.height)
        cv2.ellipse(mask, at, axes, 0, 200, 340, 255, max(1, c.height // 220), cv2.LINE_AA)
    c.fill(c.far, mask, np.array((0.7, 0.9, 0.98), np.float32), 0.6)


def _open_sea(c: Canvas) -> float:
    c.sky((0.08, 0.42, 0.66), (0.12, 0.52, 0.74))
    _wrinkles(c, 170, 1.0)
    return 0.76


AERIAL: dict[str, Painter] = {
    "above_forest": _woods(_GREENS),
    "above_autumn_forest": _woods(_AUTUMN),
    "above_fields": _fields,
    "above_city": _roofs,
    "above_night_city": _lights,
    "above_beach": _shore,
    "above_sea": _open_sea,
}
"""Places from above, by the names of their painters."""
