"""The places of the scene grammar, which the pocket cast learnt, painted."""

from __future__ import annotations

import colorsys

import numpy as np

from engine.models.animatic.canvas import Backdrop, Canvas, Colour, Painter, jittered, painted


def _meadow(c: Canvas) -> float:
    c.sky((0.45, 0.75, 1.0), (0.8, 0.93, 1.0))
    c.cloud(0.2)
    c.cloud(0.3)
    c.hill(0.68, 0.16, (0.5, 0.8, 0.4))
    c.hill(0.68, 0.1, (0.42, 0.75, 0.35))
    c.ground(0.64, (0.3, 0.65, 0.2), (0.5, 0.8, 0.3), 0.01)
    c.row(("tulip", "blossom", "herb"), 7, 0.93, 0.1)
    return 0.78


def _beach(c: Canvas) -> float:
    c.sky((0.35, 0.75, 1.0), (0.8, 0.95, 1.0))
    c.cloud(0.18)
    c.block(0.5, 0.66, 2.0, 0.18, (0.1, 0.55, 0.8))
    c.ground(0.62, (0.93, 0.8, 0.55), (0.98, 0.9, 0.7), 0.012)
    c.prop("palm tree", c.rng.uniform(0.1, 0.3), 0.74, 0.45)
    c.prop("palm tree", c.rng.uniform(0.7, 0.9), 0.72, 0.38)
    c.row(("spiral shell",), 3, 0.95, 0.06)
    return 0.78


def _forest(c: Canvas) -> float:
    c.sky((0.35, 0.6, 0.4), (0.6, 0.8, 0.5))
    for _ in range(9):
        c.far_prop("evergreen tree", c.rng.random(), 0.66, c.rng.uniform(0.35, 0.5))
    c.ground(0.62, (0.2, 0.4, 0.15), (0.3, 0.5, 0.2), 0.01)
    for x in (0.06, 0.24, 0.76, 0.94):
        tree = c.rng.choice(("deciduous tree", "evergreen tree"))
        c.prop(tree, x + c.rng.uniform(-0.05, 0.05), 0.74, 0.5)
    c.row(("herb", "mushroom"), 4, 0.95, 0.08)
    return 0.78


def _desert(c: Canvas) -> float:
    c.sky((0.95, 0.7, 0.4), (1.0, 0.88, 0.65))
    c.disc(c.rng.random(), 0.22, 0.07, (1.0, 0.95, 0.7))
    c.hill(0.68, 0.14, (0.87, 0.62, 0.35))
    c.hill(0.68, 0.1, (0.9, 0.67, 0.4))
    c.ground(0.63, (0.85, 0.6, 0.33), (0.95, 0.75, 0.45), 0.015)
    c.row(("cactus",), 3, 0.72, 0.22)
    return 0.78


def _snow(c: Canvas) -> float:
    c.sky((0.6, 0.75, 0.9), (0.88, 0.93, 0.98))
    for _ in range(3):
        c.peak(0.67, c.rng.uniform(0.3, 0.45), (0.5, 0.58, 0.7), (0.97, 0.98, 1.0))
    c.ground(0.63, (0.9, 0.94, 0.99), (0.97, 0.98, 1.0), 0.012)
    c.row(("evergreen tree",), 4, 0.7, 0.26)
    return 0.78


def _street(c: Canvas) -> float:
    c.sky((0.5, 0.78, 1.0), (0.85, 0.93, 1.0))
    for _ in range(9):
        c.building(0.68, (0.72, 0.6, 0.55), (0.65, 0.85, 0.95), 1.0)
    c.ground(0.64, (0.38, 0.39, 0.42), (0.45, 0.46, 0.5))
    _road_line(c, (0.95, 0.93, 0.85))
    return 0.8


def _night_city(c: Canvas) -> float:
    c.sky((0.05, 0.05, 0.2), (0.2, 0.15, 0.4))
    c.dots(25, (0.9, 0.9, 1.0), (0.003, 0.005), 0.4)
    c.disc(c.rng.random(), 0.16, 0.07, (0.98, 0.95, 0.8))
    for _ in range(9):
        c.building(0.68, (0.13, 0.13, 0.28), (1.0, 0.85, 0.4), 0.6)
    c.ground(0.64, (0.1, 0.1, 0.16), (0.16, 0.15, 0.24))
    _road_line(c, (0.75, 0.7, 0.45))
    return 0.8


def _road_line(c: Canvas, colour: Colour) -> None:
    for index in range(8):
        left, right = int((index + 0.15) / 8 * c.width), int((index + 0.6) / 8 * c.width)
        rows = slice(int(0.88 * c.height), int(0.905 * c.height))
        c.near[rows, left:right, :3] = colour


def _space(c: Canvas) -> float:
    c.sky((0.02, 0.02, 0.08), (0.08, 0.04, 0.18))
    c.dots(70, (0.95, 0.95, 1.0), (0.002, 0.006), 1.0)
    c.far_prop("ringed planet", c.rng.uniform(0.1, 0.9), 0.4, 0.25)
    c.disc(
        c.rng.random(), c.rng.uniform(0.15, 0.8), 0.06, tuple(jittered(c.rng, (0.5, 0.4, 0.6), 0.3))
    )
    return 0.72


def _underwater(c: Canvas) -> float:
    c.sky((0.2, 0.65, 0.9), (0.02, 0.25, 0.55))
    c.dots(22, (0.7, 0.92, 1.0), (0.006, 0.016), 0.85)
    c.ground(0.82, (0.7, 0.6, 0.45), (0.5, 0.55, 0.55), 0.015)
    c.row(("coral", "seedling", "spiral shell", "coral"), 5, 0.92, 0.16)
    return 0.76


def _sunset(c: Canvas) -> float:
    c.sky((0.45, 0.2, 0.5), (1.0, 0.6, 0.3))
    c.disc(c.rng.uniform(0.25, 0.75), 0.58, 0.14, (1.0, 0.85, 0.4))
    c.ground(0.62, (0.3, 0.15, 0.4), (0.9, 0.5, 0.35))
    return 0.78


def _room(c: Canvas) -> float:
    wall = c.rng.choice(((0.95, 0.85, 0.7), (0.75, 0.85, 0.8), (0.85, 0.75, 0.8)))
    c.sky(wall, wall)
    c.block(c.rng.uniform(0.3, 0.7), 0.42, 0.2, 0.3, (0.95, 0.95, 0.95))
    c.far_prop("framed picture", c.rng.choice((0.15, 0.85)), 0.4, 0.2)
    c.ground(0.68, (0.55, 0.35, 0.2), (0.65, 0.45, 0.28))
    c.prop("couch and lamp", c.rng.choice((0.22, 0.78)), 0.76, 0.36)
    c.prop("potted plant", c.rng.choice((0.06, 0.94)), 0.78, 0.24)
    return 0.84


def _stage(c: Canvas) -> float:
    c.sky((0.35, 0.04, 0.1), (0.55, 0.08, 0.15))
    for index in range(12):
        c.block((index + 0.5) / 12, 0.75, 0.012, 0.75, (0.3, 0.03, 0.08))
    for x in (0.25, 0.5, 0.75):
        beam = np.array([[x, 0], [x - 0.14, 0.8], [x + 0.14, 0.8]]) * (c.width, c.height)
        c.beam(beam.astype(np.int32), 0.28, (1.0, 0.95, 0.7))
    c.ground(0.72, (0.35, 0.2, 0.1), (0.6, 0.38, 0.2))
    return 0.84


def _sky(c: Canvas) -> float:
    c.sky((0.3, 0.65, 1.0), (0.75, 0.9, 1.0))
    for y in (0.2, 0.4, 0.55, 0.7, 0.8, 0.95, 0.9):
        c.cloud(y)
    return 0.72


def _volcano(c: Canvas) -> float:
    c.sky((0.3, 0.12, 0.15), (0.75, 0.35, 0.2))
    c.far_prop("volcano", c.rng.choice((0.28, 0.72)), 0.7, 0.55)
    c.ground(0.65, (0.2, 0.13, 0.13), (0.35, 0.2, 0.17), 0.01)
    c.row(("rock", "fire"), 4, 0.94, 0.09)
    return 0.78


def _rain(c: Canvas) -> float:
    c.sky((0.4, 0.45, 0.52), (0.62, 0.67, 0.72))
    for y in (0.1, 0.14, 0.12, 0.2):
        c.cloud(y, (0.5, 0.53, 0.58))
    c.ground(0.66, (0.32, 0.37, 0.42), (0.45, 0.5, 0.54))
    return 0.78


def _plain(c: Canvas) -> float:
    hue, saturation, value = c.rng.random(), c.rng.uniform(0.24, 0.59), c.rng.uniform(0.75, 0.98)
    colour = colorsys.hsv_to_rgb(hue, saturation, value)
    c.sky(colour, colour)
    return 0.76


_PAINTERS: dict[str, Painter] = {
    "meadow": _meadow,
    "beach": _beach,
    "forest": _forest,
    "desert": _desert,
    "snow": _snow,
    "street": _street,
    "night_city": _night_city,
    "space": _space,
    "underwater": _underwater,
    "sunset": _sunset,
    "room": _room,
    "stage": _stage,
    "sky": _sky,
    "volcano": _volcano,
    "rain": _rain,
    "plain": _plain,
}


SETTING_IDS = tuple(_PAINTERS)
"""In the order of the scene grammar, and so of the words that say them."""


def paint(
    setting_id: str, seed: int, width: int, height: int, *, is_smooth: bool = False
) -> Backdrop:
    """Paint a setting on a canvas of the given pixels; the same arguments paint the same place.

    Edges of one that `is_smooth` are; the pocket cast learnt from places whose edges are not.
    """
    return painted(_PAINTERS[setting_id], seed, width, height, is_smooth=is_smooth)
