"""What places are built of beside art: roofs, paths, benches, cables; and furniture to sit on.

Positions are fractions of the canvas, as the canvas has them.
"""

from __future__ import annotations

from engine.models.animatic.canvas import Canvas, Colour

_WOOD: Colour = (0.56, 0.38, 0.22)
_STEEL: Colour = (0.42, 0.45, 0.5)
_DARKER, _LIGHTER = 0.78, 1.2
TABLE_HIGH, BENCH_HIGH = 0.15, 0.11
"""How high a table's top and a seat are above the floor, of the canvas."""


def shaded(colour: Colour, share: float) -> Colour:
    """A colour darker or lighter by a share."""
    red, green, blue = (min(part * share, 1.0) for part in colour)
    return red, green, blue


def roof(c: Canvas, x: float, level: float, width: float, height: float, colour: Colour) -> None:
    """A gable that stands on a level."""
    c.shape([(x - width / 2, level), (x, level - height), (x + width / 2, level)], colour)


def path(c: Canvas, level: float, height: float, colour: Colour) -> None:
    """A path across the ground, in its middle at a level."""
    top, low = level - height / 2, level + height / 2
    c.shape([(0.0, top + 0.02), (0.5, top), (1.0, top + 0.02), (1.0, low), (0.0, low)], colour)


def hanging(c: Canvas, x: float, top: float, length: float, colour: Colour) -> None:
    """A spike from a ceiling."""
    c.shape([(x - 0.04, 0.0), (x + 0.04, 0.0), (x, top + length)], colour)


def crater(c: Canvas, x: float, y: float, colour: Colour) -> None:
    """A hole in the ground, larger the nearer it is."""
    size = 0.02 + 0.1 * max(0.0, y - 0.66)
    c.disc_near(x, y, (size, size * 0.42), colour)
    c.disc_near(x, y + size * 0.1, (size * 0.82, size * 0.3), shaded(colour, _DARKER))


def cables(
    c: Canvas, towers: tuple[float, float], top: float, low: float, deck: float, colour: Colour
) -> None:
    """A suspension bridge's: between two towers, and from each to the end of the canvas."""
    left, right = towers
    step = 0.035
    spans = (2 * left - right, left), (left, right), (right, 2 * right - left)
    for begin, end in spans:
        middle = (begin + end) / 2
        count = round((end - begin) / step)
        points = [begin + (end - begin) * place / count for place in range(count + 1)]
        heights = [low - (low - top) * ((x - middle) / (end - middle)) ** 2 for x in points]
        for place, (x, y) in enumerate(zip(points, heights, strict=True)):
            c.slab(x, deck, 0.003, max(deck - y, 0.0), colour)
            if place:
                x0, y0 = points[place - 1], heights[place - 1]
                c.shape(
                    [(x0, y0 - 0.006), (x, y - 0.006), (x, y + 0.006), (x0, y0 + 0.006)], colour
                )


def crowd(c: Canvas, count: int, level: float, height: float) -> None:
    """Heads of who watches from a stand far off, in rows above a level."""
    colours = (0.9, 0.5, 0.4), (0.95, 0.85, 0.6), (0.5, 0.6, 0.85), (0.85, 0.85, 0.9)
    for _ in range(count):
        there = c.rng.random(), level - c.rng.random() * height
        c.disc(*there, 0.008, c.rng.choice(colours))


def swing(c: Canvas, x: float, level: float, height: float) -> None:
    """A swing that hangs from a frame."""
    for side in (-1, 1):
        foot, top = x + side * 0.09, x + side * 0.06
        c.shape(
            [(foot - 0.006, level), (top - 0.006, level - height), (top + 0.006, level - height),
             (foot + 0.006, level)],
            (0.8, 0.3, 0.25),
        )  # fmt: skip
        c.slab(x + side * 0.03, level - 0.1, 0.003, height - 0.1, _STEEL)
    c.slab(x, level - height, 0.14, 0.016, (0.8, 0.3, 0.25))
    c.slab(x, level - 0.09, 0.075, 0.014, _WOOD)


def fence(c: Canvas, level: float, colour: Colour) -> None:
    """Pickets across the whole canvas."""
    for rail in (0.035, 0.075):
        c.slab(0.5, level - rail, 2.0, 0.014, colour)
    for post in range(25):
        c.slab(post / 24, level, 0.012, 0.11, colour)


def table(c: Canvas, x: float, level: float, width: float, colour: Colour = _WOOD) -> float:
    """A table that stands on a level; tells where its top is."""
    top = level - TABLE_HIGH
    for side in (-0.42, 0.42):
        c.slab(x + side * width, level, 0.014, TABLE_HIGH, colour)
    c.slab(x, top + 0.028, width, 0.028, shaded(colour, _LIGHTER))
    return top + 0.004


def bench(c: Canvas, x: float, level: float, width: float, colour: Colour = _WOOD) -> float:
    """A bench with a back that stands on a level; tells where its seat is."""
    seat = level - BENCH_HIGH
    for side in (-0.4, 0.4):
        c.slab(x + side * width, level, 0.012, BENCH_HIGH * 2.1, _STEEL)
    for row in (0.035, 0.075, 0.115):
        c.slab(x, seat - row + 0.024, width, 0.026, colour)
    c.slab(x, seat + 0.03, width * 1.04, 0.03, shaded(colour, _LIGHTER))
    return seat + 0.006


def sofa(c: Canvas, x: float, level: float, width: float, colour: Colour) -> float:
    """A sofa that stands on a level; tells where its seat is."""
    seat = level - BENCH_HIGH
    for side in (-0.4, 0.4):
        c.slab(x + side * width, level, 0.02, 0.03, (0.3, 0.2, 0.14))
    c.slab(x, level - 0.02, width * 0.9, BENCH_HIGH * 2.3, shaded(colour, _DARKER))
    c.slab(x, level - 0.02, width * 0.94, BENCH_HIGH * 0.95, colour)
    for side in (-0.46, 0.46):
        c.slab(x + side * width, level - 0.02, width * 0.13, BENCH_HIGH * 1.55, shaded(colour, 1.1))
        there = x + side * width, level - 0.02 - BENCH_HIGH * 1.55
        c.disc_near(*there, (width * 0.066, 0.025), shaded(colour, 1.1))
    return seat


def bed(c: Canvas, x: float, level: float, width: float, colour: Colour) -> float:
    """A bed seen from its side, its pillow at the left; tells where one lies."""
    top = level - BENCH_HIGH
    wood: Colour = (0.46, 0.3, 0.2)
    c.slab(x - width / 2, level, 0.025, 0.26, wood)
    c.slab(x + width / 2, level, 0.025, 0.16, wood)
    c.slab(x, level - 0.02, width, 0.06, wood)
    c.slab(x, level - 0.06, width * 0.98, 0.05, (0.96, 0.96, 0.97))
    c.slab(x + width * 0.16, level - 0.055, width * 0.66, 0.062, colour)
    c.disc_near(x - width * 0.38, top - 0.005, (width * 0.1, 0.026), (0.98, 0.98, 1.0))
    return top + 0.01
