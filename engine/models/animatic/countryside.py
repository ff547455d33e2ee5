"""Places out of town that drafts have and the pocket cast never learnt."""

from __future__ import annotations

import math

import cv2
import numpy as np

from engine.models.animatic.canvas import Canvas, Colour, Painter
from engine.models.animatic.joinery import crater, fence, hanging, path, roof

_SKY: tuple[Colour, Colour] = (0.42, 0.74, 1.0), (0.82, 0.94, 1.0)
_GRASS: tuple[Colour, Colour] = (0.3, 0.65, 0.22), (0.5, 0.78, 0.32)
_WATER: Colour = (0.2, 0.58, 0.85)
_WOOD: Colour = (0.5, 0.34, 0.2)


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


def _lawn(c: Canvas) -> None:
    """A blue sky over grass."""
    c.sky(*_SKY)
    c.cloud(0.2)
    c.cloud(0.28)
    c.hill(0.68, 0.1, (0.46, 0.77, 0.38))
    c.ground(0.64, *_GRASS, 0.008)


def _trees(c: Canvas, labels: tuple[str, ...], places: tuple[float, ...], size: float) -> None:
    for x in places:
        there = x + c.rng.uniform(-0.03, 0.03)
        c.prop(c.rng.choice(labels), there, 0.72, size * c.rng.uniform(0.85, 1.15))


def _park(c: Canvas) -> float:
    _lawn(c)
    for x in (0.2, 0.45, 0.7):
        c.far_prop("deciduous tree", x + c.rng.uniform(-0.08, 0.08), 0.66, 0.2)
    path(c, 0.82, 0.09, (0.86, 0.78, 0.62))
    _trees(c, ("deciduous tree",), (0.16, 0.84), 0.46)
    c.row(("tulip", "blossom"), 5, 0.8, 0.06)
    return 0.8


def _garden(c: Canvas) -> float:
    _lawn(c)
    fence(c, 0.69, (0.95, 0.95, 0.93))
    _trees(c, ("deciduous tree",), (0.85,), 0.4)
    c.row(("rose", "tulip", "sunflower", "hibiscus", "blossom"), 9, 0.76, 0.12)
    c.row(("tulip", "hyacinth", "blossom"), 8, 0.97, 0.12)
    return 0.82


def _fence(c: Canvas, level: float, colour: Colour) -> None:
    for rail in (0.035, 0.075):
        c.slab(0.5, level - rail, 2.0, 0.014, colour)
    for post in range(25):
        c.slab(post / 24, level, 0.012, 0.11, colour)


def _farm(c: Canvas) -> float:
    _lawn(c)
    side = c.rng.choice((-1.0, 1.0))
    c.far_prop("sheaf of rice", 0.5 - 0.1 * side, 0.66, 0.1)
    x = 0.5 + 0.25 * side
    c.slab(x, 0.72, 0.2, 0.22, (0.72, 0.2, 0.17))
    c.slab(x, 0.72, 0.07, 0.13, (0.95, 0.93, 0.9))
    c.slab(x, 0.715, 0.056, 0.115, (0.5, 0.13, 0.12))
    roof(c, x, 0.5, 0.25, 0.12, (0.42, 0.3, 0.28))
    fence(c, 0.74, _WOOD)
    c.row(("ear of corn", "herb", "sunflower"), 5, 0.96, 0.1)
    return 0.82


def _village(c: Canvas) -> float:
    _lawn(c)
    homes = "house", "house with garden", "hut", "houses"
    for x, size in ((0.2, 0.34), (0.4, 0.26), (0.62, 0.28), (0.82, 0.36)):
        c.prop(c.rng.choice(homes), x, 0.71, size)
    path(c, 0.84, 0.1, (0.84, 0.74, 0.56))
    return 0.82


def _mountains(c: Canvas) -> float:
    c.sky((0.4, 0.68, 0.98), (0.86, 0.94, 1.0))
    c.cloud(0.2)
    for x, tall in ((0.14, 0.34), (0.86, 0.38), (0.34, 0.46), (0.62, 0.42)):
        c.peak_at(x, 0.69, tall, (0.48, 0.54, 0.64), (0.97, 0.98, 1.0))
    c.hill(0.7, 0.09, (0.4, 0.62, 0.4))
    c.hill(0.7, 0.07, (0.36, 0.58, 0.34))
    c.ground(0.66, (0.36, 0.56, 0.28), (0.48, 0.66, 0.38), 0.012)
    for x in (0.1, 0.2, 0.33, 0.7, 0.8, 0.92):
        c.prop("evergreen tree", x, 0.71, c.rng.uniform(0.14, 0.22))
    c.row(("rock",), 3, 0.95, 0.09)
    return 0.8


def _lake(c: Canvas) -> float:
    c.sky(*_SKY)
    c.cloud(0.2)
    for x, tall in ((0.2, 0.2), (0.45, 0.26), (0.75, 0.22)):
        c.peak_at(x, 0.56, tall, (0.5, 0.58, 0.7), (0.95, 0.97, 1.0))
    for x in (0.06, 0.18, 0.3, 0.56, 0.7, 0.9):
        c.far_prop("evergreen tree", x, 0.575, 0.12)
    c.block(0.5, 0.8, 2.0, 0.24, _WATER)
    for _ in range(14):
        level = c.rng.uniform(0.6, 0.7)
        c.block(c.rng.random(), level, c.rng.uniform(0.03, 0.07), 0.005, (0.65, 0.86, 0.97))
    c.ground(0.72, *_GRASS, 0.012)
    c.row(("herb", "rock", "seedling"), 5, 0.8, 0.08)
    return 0.82


def _river(c: Canvas) -> float:
    _lawn(c)
    for x in (0.1, 0.24, 0.5, 0.78, 0.9):
        c.far_prop("deciduous tree", x, 0.67, 0.22)
    c.slab(0.5, 0.8, 2.0, 0.1, _WATER)
    for _ in range(12):
        level = c.rng.uniform(0.72, 0.79)
        c.slab(c.rng.random(), level, c.rng.uniform(0.03, 0.08), 0.006, (0.68, 0.88, 0.98))
    c.row(("rock", "herb", "seedling"), 7, 0.83, 0.07)
    return 0.82


def _jungle(c: Canvas) -> float:
    c.sky((0.2, 0.46, 0.28), (0.56, 0.78, 0.42))
    for _ in range(8):
        c.far_prop("palm tree", c.rng.random(), 0.68, c.rng.uniform(0.36, 0.52))
    c.ground(0.64, (0.14, 0.36, 0.14), (0.24, 0.48, 0.2), 0.012)
    for x in (0.12, 0.26, 0.76, 0.9):
        c.prop(c.rng.choice(("palm tree", "deciduous tree")), x, 0.75, 0.52)
    c.row(("herb", "hibiscus", "herb"), 8, 0.8, 0.13)
    c.row(("herb", "mushroom"), 5, 0.98, 0.14)
    return 0.8


def _cave(c: Canvas) -> float:
    c.sky((0.16, 0.13, 0.14), (0.26, 0.21, 0.2))
    c.disc(0.5, 0.5, 0.24, (0.5, 0.62, 0.74))
    c.disc(0.5, 0.54, 0.19, (0.75, 0.88, 0.98))
    for x in (0.08, 0.2, 0.3, 0.68, 0.8, 0.93):
        hanging(c, x, 0.12, c.rng.uniform(0.1, 0.24), (0.12, 0.1, 0.1))
    c.ground(0.66, (0.2, 0.16, 0.15), (0.34, 0.28, 0.25), 0.015)
    c.row(("rock",), 5, 0.75, 0.14)
    return 0.8


def _campsite(c: Canvas) -> float:
    _lawn(c)
    for x in (0.08, 0.2, 0.34, 0.66, 0.8, 0.92):
        c.far_prop("evergreen tree", x, 0.67, c.rng.uniform(0.26, 0.36))
    side = c.rng.choice((-1.0, 1.0))
    c.prop("tent", 0.5 + 0.24 * side, 0.76, 0.32)
    c.prop("wood", 0.5 - 0.26 * side, 0.78, 0.12)
    c.prop("fire", 0.5 - 0.26 * side, 0.75, 0.15)
    return 0.82


def _road(c: Canvas) -> float:
    _lawn(c)
    for x in (0.15, 0.4, 0.62, 0.88):
        c.far_prop("deciduous tree", x, 0.66, 0.16)
    c.slab(0.5, 0.95, 2.0, 0.21, (0.4, 0.41, 0.44))
    for place in range(9):
        c.slab((place + 0.4) / 9, 0.855, 0.05, 0.014, (0.95, 0.93, 0.85))
    return 0.8


def _battlefield(c: Canvas) -> float:
    c.sky((0.42, 0.36, 0.34), (0.86, 0.6, 0.4))
    for y in (0.12, 0.2, 0.28, 0.24):
        c.cloud(y, (0.34, 0.3, 0.3))
    for x, tall in ((0.2, 0.12), (0.7, 0.1)):
        c.peak_at(x, 0.68, tall, (0.34, 0.28, 0.26), None)
    c.ground(0.65, (0.34, 0.26, 0.2), (0.46, 0.36, 0.27), 0.015)
    for x in (0.16, 0.84):
        c.prop("fire", x, 0.71, 0.17)
    c.row(("rock", "wood"), 5, 0.74, 0.08)
    c.row(("rock",), 3, 0.97, 0.1)
    return 0.8


def _cemetery(c: Canvas) -> float:
    c.sky((0.36, 0.4, 0.5), (0.66, 0.68, 0.72))
    c.cloud(0.2, (0.52, 0.55, 0.62))
    c.far_prop("church", 0.5 + 0.22 * c.rng.choice((-1.0, 1.0)), 0.68, 0.34)
    c.ground(0.65, (0.2, 0.32, 0.2), (0.32, 0.44, 0.3), 0.012)
    c.row(("headstone",), 5, 0.74, 0.16)
    return 0.82


def _moon(c: Canvas) -> float:
    c.sky((0.01, 0.01, 0.04), (0.04, 0.04, 0.1))
    c.dots(70, (0.95, 0.95, 1.0), (0.002, 0.005), 0.65)
    c.far_prop("globe showing Americas", c.rng.uniform(0.3, 0.75), 0.4, 0.18)
    c.hill(0.68, 0.08, (0.5, 0.5, 0.53))
    c.ground(0.64, (0.5, 0.5, 0.53), (0.66, 0.66, 0.69), 0.012)
    for _ in range(9):
        crater(c, c.rng.random(), c.rng.uniform(0.7, 0.95), (0.44, 0.44, 0.47))
    return 0.8


COUNTRYSIDE: dict[str, Painter] = {
    "sea": _sea,
    "park": _park,
    "garden": _garden,
    "farm": _farm,
    "village": _village,
    "mountains": _mountains,
    "lake": _lake,
    "river": _river,
    "jungle": _jungle,
    "cave": _cave,
    "campsite": _campsite,
    "road": _road,
    "battlefield": _battlefield,
    "cemetery": _cemetery,
    "moon": _moon,
}
