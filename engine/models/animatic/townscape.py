"""Places in town that drafts have and the pocket cast never learnt."""

from __future__ import annotations

from engine.models.animatic.canvas import Canvas, Colour, Painter
from engine.models.animatic.joinery import bench, cables, crowd, path, swing

_SKY: tuple[Colour, Colour] = (0.45, 0.76, 1.0), (0.84, 0.94, 1.0)
_STONE: tuple[Colour, Colour] = (0.6, 0.6, 0.62), (0.7, 0.7, 0.72)
_AWNINGS: tuple[Colour, ...] = (0.84, 0.26, 0.24), (0.2, 0.55, 0.5), (0.9, 0.62, 0.2)


def _open_sky(c: Canvas) -> None:
    c.sky(*_SKY)
    c.cloud(0.2)
    c.cloud(0.27)


def _market(c: Canvas) -> float:
    _open_sky(c)
    for _ in range(6):
        c.building(0.66, (0.8, 0.68, 0.58), (0.6, 0.78, 0.88), 0.8)
    c.ground(0.65, (0.66, 0.58, 0.48), (0.76, 0.68, 0.58))
    for place, colour in enumerate(_AWNINGS):
        _stall(c, 0.22 + 0.28 * place, colour)
    return 0.84


_WARES = "red apple", "tangerine", "banana", "tomato", "leafy green", "fish", "bread", "carrot"


def _stall(c: Canvas, x: float, colour: Colour) -> None:
    for post in (-0.1, 0.1):
        c.slab(x + post, 0.75, 0.008, 0.3, (0.45, 0.32, 0.22))
    c.slab(x, 0.75, 0.22, 0.11, (0.62, 0.44, 0.28))
    for place in (-0.075, -0.025, 0.025, 0.075):
        c.prop(c.rng.choice(_WARES), x + place, 0.655, 0.075)
    for stripe in range(8):
        light = colour if stripe % 2 else (0.97, 0.96, 0.93)
        c.slab(x - 0.105 + 0.03 * stripe, 0.49, 0.03, 0.075, light)


def _bridge(c: Canvas) -> float:
    _open_sky(c)
    for x, tall in ((0.2, 0.1), (0.55, 0.13), (0.85, 0.09)):
        c.peak_at(x, 0.6, tall, (0.5, 0.64, 0.7), None)
    c.block(0.5, 0.8, 2.0, 0.22, (0.2, 0.55, 0.82))
    for _ in range(16):
        level = c.rng.uniform(0.61, 0.72)
        c.block(c.rng.random(), level, c.rng.uniform(0.03, 0.07), 0.005, (0.62, 0.84, 0.96))
    red: Colour = (0.82, 0.28, 0.2)
    for tower in (0.24, 0.76):
        c.slab(tower, 0.74, 0.025, 0.6, red)
    cables(c, (0.24, 0.76), 0.16, 0.62, 0.74, red)
    c.slab(0.5, 0.7, 2.0, 0.014, red)
    c.slab(0.5, 1.0, 2.0, 0.26, (0.44, 0.45, 0.48))
    c.slab(0.5, 0.755, 2.0, 0.018, (0.62, 0.24, 0.18))
    return 0.82


def _station(c: Canvas) -> float:
    c.sky((0.6, 0.7, 0.78), (0.82, 0.86, 0.9))
    c.block(0.5, 0.3, 2.0, 0.09, (0.3, 0.36, 0.42))
    for x in (0.16, 0.39, 0.62, 0.85):
        c.block(x, 0.7, 0.018, 0.42, (0.36, 0.42, 0.48))
    c.block(0.5, 0.69, 2.0, 0.05, (0.42, 0.38, 0.36))
    for rail in (0.655, 0.675):
        c.block(0.5, rail, 2.0, 0.007, (0.7, 0.72, 0.75))
    c.far_prop("ten o’clock", 0.5, 0.42, 0.12)
    c.ground(0.69, *_STONE)
    c.slab(0.5, 0.71, 2.0, 0.014, (0.95, 0.8, 0.3))
    bench(c, 0.5 + 0.28 * c.rng.choice((-1.0, 1.0)), 0.8, 0.2, (0.5, 0.34, 0.2))
    return 0.84


def _airport(c: Canvas) -> float:
    _open_sky(c)
    side = c.rng.choice((-1.0, 1.0))
    c.block(0.5 - 0.12 * side, 0.65, 0.5, 0.1, (0.8, 0.84, 0.88))
    c.block(0.5 - 0.12 * side, 0.63, 0.48, 0.04, (0.4, 0.62, 0.8))
    c.block(0.5 + 0.25 * side, 0.65, 0.04, 0.3, (0.76, 0.8, 0.84))
    c.block(0.5 + 0.25 * side, 0.36, 0.09, 0.07, (0.36, 0.56, 0.74))
    c.ground(0.64, (0.46, 0.48, 0.5), (0.56, 0.58, 0.6))
    for place in range(7):
        c.slab((place + 0.5) / 7, 0.86, 0.07, 0.02, (0.95, 0.95, 0.93))
    return 0.82


def _castle(c: Canvas) -> float:
    _open_sky(c)
    c.hill(0.7, 0.2, (0.48, 0.76, 0.4))
    c.ground(0.66, (0.3, 0.6, 0.24), (0.46, 0.74, 0.34), 0.01)
    c.prop("castle", 0.5 + 0.1 * c.rng.choice((-1.0, 1.0)), 0.7, 0.54)
    path(c, 0.83, 0.1, (0.8, 0.72, 0.58))
    return 0.82


def _pitch(c: Canvas) -> float:
    _open_sky(c)
    c.block(0.5, 0.64, 2.0, 0.16, (0.62, 0.66, 0.74))
    crowd(c, 160, 0.62, 0.12)
    c.block(0.5, 0.66, 2.0, 0.035, (0.2, 0.4, 0.66))
    c.ground(0.65, (0.26, 0.62, 0.24), (0.36, 0.72, 0.32))
    for stripe in range(5):
        c.slab(0.1 + 0.2 * stripe, 1.0, 0.1, 0.35, (0.34, 0.68, 0.3))
    c.slab(0.5, 0.72, 2.0, 0.008, (0.95, 0.97, 0.95))
    c.prop("goal net", 0.5 + 0.28 * c.rng.choice((-1.0, 1.0)), 0.73, 0.28)
    return 0.82


def _playground(c: Canvas) -> float:
    _open_sky(c)
    for x in (0.14, 0.4, 0.66, 0.9):
        c.far_prop("deciduous tree", x, 0.66, 0.24)
    c.ground(0.64, (0.86, 0.72, 0.5), (0.93, 0.82, 0.6), 0.008)
    side = c.rng.choice((-1.0, 1.0))
    c.prop("playground slide", 0.5 + 0.25 * side, 0.74, 0.36)
    swing(c, 0.5 - 0.25 * side, 0.74, 0.34)
    return 0.82


def _fair(c: Canvas) -> float:
    _open_sky(c)
    c.ground(0.66, (0.78, 0.68, 0.52), (0.86, 0.77, 0.62))
    places = [0.2, 0.48, 0.78]
    c.rng.shuffle(places)
    rides = ("ferris wheel", 0.48), ("roller coaster", 0.36), ("circus tent", 0.38)
    for x, (label, size) in zip(places, rides, strict=True):
        c.prop(label, x, 0.71, size)
    return 0.82


def _pool(c: Canvas) -> float:
    _open_sky(c)
    for x in (0.12, 0.34, 0.7, 0.9):
        c.far_prop("palm tree", x, 0.66, 0.34)
    c.ground(0.64, (0.88, 0.84, 0.76), (0.94, 0.9, 0.84))
    c.slab(0.5, 0.79, 2.0, 0.1, (0.16, 0.66, 0.88))
    for _ in range(14):
        level = c.rng.uniform(0.71, 0.78)
        c.slab(c.rng.random(), level, c.rng.uniform(0.03, 0.07), 0.006, (0.7, 0.93, 1.0))
    c.prop("umbrella on ground", 0.5 + 0.3 * c.rng.choice((-1.0, 1.0)), 0.7, 0.3)
    return 0.84


TOWNSCAPE: dict[str, Painter] = {
    "market": _market,
    "bridge": _bridge,
    "station": _station,
    "airport": _airport,
    "castle": _castle,
    "pitch": _pitch,
    "playground": _playground,
    "fair": _fair,
    "pool": _pool,
}
