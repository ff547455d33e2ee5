"""Rooms that drafts have and the pocket cast never learnt."""

from __future__ import annotations

from engine.models.animatic.canvas import Canvas, Colour, Painter
from engine.models.animatic.joinery import table

_FLOOR, _FEET = 0.68, 0.84
"""Where walls end, and where feet stand, of a canvas from its top."""
_SPINES: tuple[Colour, ...] = (
    (0.75, 0.25, 0.22), (0.2, 0.42, 0.62), (0.24, 0.5, 0.34), (0.86, 0.68, 0.3), (0.5, 0.32, 0.55),
)  # fmt: skip


def _walls(c: Canvas, wall: Colour, near: Colour, far: Colour) -> float:
    """A wall, and a floor from near to far; tells where feet stand."""
    c.sky(wall, wall)
    c.ground(_FLOOR, near, far)
    c.block(0.5, _FLOOR, 2.0, 0.015, (wall[0] * 0.8, wall[1] * 0.8, wall[2] * 0.8))
    return _FEET


def _pane(c: Canvas, x: float, level: float = 0.46, size: float = 0.22) -> None:
    """A window that shows the sky."""
    c.block(x, level + 0.015, size * 0.75, size + 0.03, (0.98, 0.98, 0.97))
    c.block(x, level, size * 0.66, size, (0.62, 0.84, 0.98))
    c.block(x, level, 0.008, size, (0.98, 0.98, 0.97))


def _table(c: Canvas, x: float, level: float, width: float, colour: Colour) -> float:
    """A table that stands on a level; tells where its top is."""
    top = level - 0.15
    for side in (-0.42, 0.42):
        c.slab(x + side * width, level, 0.014, 0.15, colour)
    light = (min(colour[0] * 1.25, 1.0), min(colour[1] * 1.25, 1.0), min(colour[2] * 1.25, 1.0))
    c.slab(x, top + 0.028, width, 0.028, light)
    return top + 0.004


def _side(c: Canvas) -> float:
    """-1 or 1: which way round a room is."""
    return c.rng.choice((-1.0, 1.0))


def _kitchen(c: Canvas) -> float:
    side = _side(c)
    feet = _walls(c, (0.98, 0.93, 0.8), (0.72, 0.62, 0.52), (0.82, 0.74, 0.64))
    _pane(c, 0.5 - 0.08 * side)
    for x in (0.27, 0.41):
        c.block(0.5 + (x - 0.06) * side, 0.33, 0.12, 0.16, (0.45, 0.63, 0.62))
        c.block(0.5 + (x - 0.06) * side + 0.045, 0.29, 0.008, 0.04, (0.9, 0.9, 0.86))
    c.block(0.5, 0.7, 2.0, 0.18, (0.5, 0.68, 0.67))
    c.block(0.5, 0.535, 2.0, 0.025, (0.93, 0.9, 0.86))
    for x in (0.16, 0.3, 0.44, 0.58, 0.72, 0.86):
        c.block(x, 0.62, 0.05, 0.012, (0.9, 0.9, 0.86))
    c.block(0.5 - 0.33 * side, 0.74, 0.13, 0.5, (0.86, 0.89, 0.92))
    c.block(0.5 - 0.285 * side, 0.46, 0.01, 0.1, (0.6, 0.64, 0.68))
    for label, x in (("pot of food", 0.31), ("teapot", 0.2), ("bread", 0.08), ("jar", 0.39)):
        c.far_prop(label, 0.5 + x * side, 0.525, 0.12)
    return feet


def _bedroom(c: Canvas) -> float:
    side = _side(c)
    feet = _walls(c, (0.78, 0.82, 0.92), (0.5, 0.38, 0.34), (0.62, 0.48, 0.42))
    _pane(c, 0.5 + 0.1 * side)
    c.far_prop("framed picture", 0.5 - 0.2 * side, 0.42, 0.16)
    c.prop("bed", 0.5 - 0.2 * side, 0.79, 0.4)
    top = table(c, 0.5 + 0.3 * side, 0.76, 0.12, (0.42, 0.28, 0.2))
    c.prop("alarm clock", 0.5 + 0.3 * side, top, 0.1)
    return feet


def _bathroom(c: Canvas) -> float:
    side = _side(c)
    feet = _walls(c, (0.8, 0.92, 0.95), (0.6, 0.68, 0.74), (0.7, 0.78, 0.82))
    for row in range(1, 8):
        c.block(0.5, row * 0.085, 2.0, 0.004, (0.7, 0.83, 0.88))
    for column in range(1, 20):
        c.block(column * 0.052, _FLOOR - 0.015, 0.003, _FLOOR, (0.7, 0.83, 0.88))
    c.far_prop("mirror", 0.5 + 0.08 * side, 0.48, 0.26)
    c.prop("bathtub", 0.5 - 0.22 * side, 0.79, 0.36)
    c.prop("toilet", 0.5 + 0.28 * side, 0.76, 0.26)
    return feet


def _shelves(c: Canvas, x: float, width: float, level: float, height: float) -> None:
    """Shelves of books against a wall."""
    c.block(x, level, width, height, (0.4, 0.25, 0.15))
    rows = max(2, round(height / 0.12))
    for row in range(rows):
        foot = level - height * (row + 0.12) / rows
        spine = x - width / 2 + 0.012
        while spine < x + width / 2 - 0.02:
            thick = c.rng.uniform(0.009, 0.018)
            tall = height / rows * c.rng.uniform(0.55, 0.8)
            if c.rng.random() < 0.9:
                c.block(spine + thick / 2, foot, thick, tall, c.rng.choice(_SPINES))
            spine += thick + 0.003


def _library(c: Canvas) -> float:
    feet = _walls(c, (0.62, 0.48, 0.36), (0.42, 0.2, 0.16), (0.52, 0.28, 0.22))
    for x in (0.08, 0.28, 0.5, 0.72, 0.92):
        _shelves(c, x, 0.19, 0.685, 0.54)
    side = _side(c)
    top = table(c, 0.5 + 0.27 * side, 0.79, 0.2, (0.45, 0.28, 0.16))
    c.prop("books", 0.5 + 0.24 * side, top, 0.11)
    c.prop("candle", 0.5 + 0.32 * side, top, 0.12)
    return feet


def _office(c: Canvas) -> float:
    side = _side(c)
    feet = _walls(c, (0.86, 0.88, 0.9), (0.36, 0.42, 0.5), (0.46, 0.52, 0.6))
    c.block(0.5 - 0.1 * side, 0.5, 0.4, 0.3, (0.98, 0.98, 0.98))
    c.block(0.5 - 0.1 * side, 0.485, 0.38, 0.27, (0.6, 0.82, 0.97))
    for x, tall in ((-0.14, 0.16), (-0.07, 0.22), (0.02, 0.13), (0.1, 0.2)):
        c.block(0.5 - 0.1 * side + x, 0.485, 0.06, tall, (0.5, 0.62, 0.74))
    c.prop("file cabinet", 0.5 - 0.31 * side, 0.77, 0.26)
    top = table(c, 0.5 + 0.22 * side, 0.78, 0.26, (0.55, 0.4, 0.28))
    c.prop("desktop computer", 0.5 + 0.24 * side, top, 0.17)
    c.prop("potted plant", 0.5 + 0.36 * side, 0.78, 0.24)
    return feet


def _classroom(c: Canvas) -> float:
    side = _side(c)
    feet = _walls(c, (0.95, 0.9, 0.78), (0.62, 0.46, 0.32), (0.72, 0.56, 0.4))
    c.block(0.5, 0.515, 0.44, 0.29, (0.62, 0.42, 0.25))
    c.block(0.5, 0.5, 0.42, 0.26, (0.14, 0.36, 0.28))
    for x, y, wide in ((-0.1, 0.33, 0.14), (-0.06, 0.38, 0.22), (0.08, 0.43, 0.1)):
        c.block(0.5 + x, y, wide, 0.008, (0.9, 0.94, 0.9))
    c.far_prop("two o’clock", 0.5 + 0.3 * side, 0.32, 0.11)
    top = table(c, 0.5 - 0.28 * side, 0.78, 0.2, (0.6, 0.42, 0.26))
    c.prop("globe showing Europe-Africa", 0.5 - 0.32 * side, top, 0.13)
    c.prop("books", 0.5 - 0.24 * side, top, 0.1)
    return feet


def _hospital(c: Canvas) -> float:
    side = _side(c)
    feet = _walls(c, (0.86, 0.95, 0.95), (0.68, 0.76, 0.8), (0.78, 0.86, 0.88))
    c.block(0.5, 0.5, 2.0, 0.03, (0.55, 0.8, 0.78))
    _pane(c, 0.5 + 0.2 * side, 0.42, 0.2)
    across = c.height / c.width
    c.block(0.5, 0.35, 0.1 * across, 0.033, (0.9, 0.3, 0.3))
    c.block(0.5, 0.384, 0.033 * across, 0.1, (0.9, 0.3, 0.3))
    c.prop("bed", 0.5 - 0.22 * side, 0.78, 0.38)
    top = table(c, 0.5 + 0.3 * side, 0.76, 0.13, (0.7, 0.74, 0.78))
    c.prop("stethoscope", 0.5 + 0.3 * side, top, 0.1)
    return feet


def _restaurant(c: Canvas) -> float:
    side = _side(c)
    feet = _walls(c, (0.55, 0.26, 0.22), (0.36, 0.24, 0.18), (0.48, 0.32, 0.24))
    c.block(0.5, 0.46, 0.7, 0.02, (0.36, 0.2, 0.14))
    bottles = "bottle with popping cork", "wine glass", "sake", "cocktail glass", "beer mug"
    for place, label in enumerate(bottles):
        c.far_prop(label, 0.26 + 0.12 * place, 0.445, 0.11)
    for x in (0.2, 0.5, 0.8):
        c.block(x, 0.2, 0.004, 0.2, (0.2, 0.12, 0.1))
        c.disc(x, 0.22, 0.03, (1.0, 0.85, 0.5))
    for x, thing in ((0.25, "fork and knife with plate"), (0.75, "wine glass")):
        top = table(c, x + 0.03 * side, 0.78, 0.18, (0.62, 0.42, 0.26))
        c.prop(thing, x + 0.03 * side, top, 0.09)
    return feet


_GOODS = "canned food", "jar", "bread", "red apple", "cheese wedge", "beverage box", "pineapple"


def _shop(c: Canvas) -> float:
    feet = _walls(c, (0.93, 0.95, 0.9), (0.62, 0.64, 0.68), (0.74, 0.76, 0.8))
    for x in (0.1, 0.37, 0.63, 0.9):
        c.block(x, 0.685, 0.23, 0.44, (0.5, 0.55, 0.62))
        for row in range(3):
            c.block(x, 0.66 - 0.14 * row, 0.21, 0.12, (0.85, 0.88, 0.9))
            for place in (-0.065, 0.0, 0.065):
                c.far_prop(c.rng.choice(_GOODS), x + place, 0.658 - 0.14 * row, 0.095)
    c.prop("shopping cart", 0.5 + 0.3 * _side(c), 0.8, 0.24)
    return feet


def _hall(c: Canvas) -> float:
    feet = _walls(c, (0.56, 0.55, 0.58), (0.36, 0.34, 0.36), (0.46, 0.44, 0.46))
    for row in range(8):
        for column in range(13):
            x = (column + 0.5 * (row % 2)) / 12
            shade = c.rng.uniform(0.5, 0.62)
            c.block(x, 0.085 * row + 0.08, 0.078, 0.078, (shade, shade * 0.98, shade * 1.03))
    for x in (0.24, 0.76):
        c.block(x, 0.46, 0.09, 0.26, (0.62, 0.12, 0.16))
        c.far_prop("shield", x, 0.4, 0.13)
    c.far_prop("crossed swords", 0.5, 0.36, 0.16)
    c.slab(0.5, 1.0, 0.3, 0.29, (0.62, 0.14, 0.18))
    for x in (0.18, 0.82):
        c.prop("candle", x, 0.74, 0.2)
    return feet


def _museum(c: Canvas) -> float:
    feet = _walls(c, (0.9, 0.88, 0.84), (0.5, 0.36, 0.26), (0.6, 0.46, 0.34))
    for x in (0.22, 0.5, 0.78):
        c.far_prop("framed picture", x, 0.5, 0.26)
    for x, thing in ((0.2, "amphora"), (0.8, "moai")):
        c.slab(x, 0.77, 0.08, 0.12, (0.95, 0.95, 0.93))
        c.prop(thing, x, 0.655, 0.16)
    return feet


def _laboratory(c: Canvas) -> float:
    side = _side(c)
    feet = _walls(c, (0.84, 0.9, 0.96), (0.56, 0.62, 0.7), (0.68, 0.74, 0.8))
    c.block(0.5, 0.36, 0.62, 0.016, (0.6, 0.66, 0.72))
    for place, label in enumerate(("test tube", "petri dish", "alembic", "test tube", "dna")):
        c.far_prop(label, 0.26 + 0.12 * place, 0.346, 0.11)
    c.block(0.5, 0.7, 2.0, 0.16, (0.92, 0.94, 0.97))
    c.block(0.5, 0.555, 2.0, 0.02, (0.5, 0.58, 0.66))
    for label, x in (("microscope", 0.3), ("alembic", 0.16), ("laptop", -0.3)):
        c.far_prop(label, 0.5 + x * side, 0.545, 0.16)
    return feet


def _gym(c: Canvas) -> float:
    feet = _walls(c, (0.92, 0.84, 0.7), (0.72, 0.5, 0.28), (0.84, 0.62, 0.38))
    for x in (0.2, 0.4, 0.6, 0.8):
        _pane(c, x, 0.32, 0.16)
    c.block(0.5, 0.6, 2.0, 0.05, (0.2, 0.42, 0.66))
    for label, x in (("basketball", 0.2), ("volleyball", 0.27), ("boxing glove", 0.82)):
        c.prop(label, x, 0.77, 0.09)
    return feet


def _cell(c: Canvas) -> float:
    feet = _walls(c, (0.46, 0.47, 0.5), (0.3, 0.3, 0.33), (0.38, 0.38, 0.41))
    c.block(0.68, 0.36, 0.12, 0.14, (0.6, 0.8, 0.95))
    for x in (0.64, 0.665, 0.69, 0.715):
        c.block(x, 0.36, 0.008, 0.14, (0.2, 0.2, 0.22))
    c.prop("bed", 0.26, 0.77, 0.3)
    return feet


def _window(c: Canvas) -> float:
    c.sky((0.5, 0.72, 0.92), (0.82, 0.9, 0.96))
    c.cloud(0.26)
    c.cloud(0.34)
    c.hill(0.7, 0.14, (0.46, 0.66, 0.44))
    for x in (0.2, 0.34, 0.52, 0.66, 0.82):
        c.far_prop("deciduous tree", x + c.rng.uniform(-0.04, 0.04), 0.72, c.rng.uniform(0.2, 0.3))
    wall = c.rng.choice(((0.88, 0.8, 0.7), (0.74, 0.8, 0.82), (0.84, 0.76, 0.78)))
    frame: Colour = (0.97, 0.96, 0.94)
    for x, width in ((0.07, 0.14), (0.93, 0.14)):
        c.slab(x, 1.0, width, 1.0, wall)
    c.slab(0.5, 0.13, 1.0, 0.13, wall)
    c.slab(0.5, 1.0, 1.0, 0.27, wall)
    for x in (0.145, 0.5, 0.855):
        c.slab(x, 0.74, 0.022, 0.62, frame)
    for level in (0.15, 0.45):
        c.slab(0.5, level, 0.73, 0.03, frame)
    c.slab(0.5, 0.765, 0.8, 0.04, frame)
    c.prop("potted plant", 0.5 + 0.27 * c.rng.choice((-1.0, 1.0)), 0.745, 0.17)
    return 0.86


INTERIORS: dict[str, Painter] = {
    "window": _window,
    "kitchen": _kitchen,
    "bedroom": _bedroom,
    "bathroom": _bathroom,
    "library": _library,
    "office": _office,
    "classroom": _classroom,
    "hospital": _hospital,
    "restaurant": _restaurant,
    "shop": _shop,
    "hall": _hall,
    "museum": _museum,
    "laboratory": _laboratory,
    "gym": _gym,
    "cell": _cell,
}
