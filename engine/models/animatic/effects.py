"""What moves by itself in a draft: fireworks, lightning, smoke, sparks, splashes, leaves that fall.

Each is a function of the time alone, so that any frame can be made by itself. What is of somebody
goes where they are.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Levels = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where somebody is in a frame, in pixels: the middle, the highest and the lowest of them."""

    x: float
    top: float
    foot: float


@dataclass(frozen=True, slots=True)
class Effects:
    """What moves in a seeded film by names of `BEHIND` and `BEFORE`."""

    names: Sequence[str] = ()
    seed: int = 0

    def behind(self, picture: Picture, time_s: float, who: Whereabouts) -> None:
        """Draw what is behind everybody onto a picture (H, W, 3), in place."""
        for name in self.names:
            if name in BEHIND:
                BEHIND[name](picture, time_s, who, random.Random(f"{name}/{self.seed}"))

    def before(self, picture: Picture, time_s: float, who: Whereabouts) -> None:
        """Draw what is in front of everybody onto a picture (H, W, 3), in place."""
        for name in self.names:
            if name in BEFORE:
                BEFORE[name](picture, time_s, who, random.Random(f"{name}/{self.seed}"))

    @property
    def has_behind(self) -> bool:
        """Whether anything is behind everybody."""
        return any(name in BEHIND for name in self.names)


_BURSTS = 6
_BURST_S, _RISE_S = 2.2, 0.5
_RAYS = 30
_FIRES: tuple[Levels, ...] = (
    (255, 90, 90), (255, 210, 90), (120, 220, 255), (190, 140, 255), (130, 255, 150),
    (255, 150, 220),
)  # fmt: skip


def _fireworks(picture: Picture, time_s: float, _: Whereabouts, rng: random.Random) -> None:
    height, width = picture.shape[:2]
    light = np.zeros_like(picture)
    for burst in range(_BURSTS):
        x, y = rng.uniform(0.12, 0.88) * width, rng.uniform(0.14, 0.38) * height
        size, ahead = rng.uniform(0.24, 0.38) * height, burst / _BURSTS * _BURST_S
        age = (time_s + ahead + 0.7) % _BURST_S
        colour = _FIRES[burst % len(_FIRES)]
        if age < _RISE_S:
            up = y + (0.66 * height - y) * (1 - age / _RISE_S) ** 2
            _streak(light, (x, up), (x, up + 0.05 * height), (255, 230, 170), height)
            continue
        _burst(light, (x, y), size, (age - _RISE_S) / (_BURST_S - _RISE_S), colour)
    glow = cv2.GaussianBlur(light, (0, 0), height / 90)
    cv2.add(picture, cv2.add(light, cv2.add(glow, glow)), picture)


def _burst(
    light: Picture, at: tuple[float, float], size: float, age: float, colour: Levels
) -> None:
    """Rays that fly apart, fall and fade; `age` in [0, 1]."""
    faded = max(0.0, 1 - age) ** 0.8
    levels = tuple(round(part * faded) for part in colour)
    for ring, share in ((0, 1.0), (1, 0.6)):
        for ray in range(_RAYS // (1 + ring)):
            angle = 2 * math.pi * (ray + 0.5 * ring) / (_RAYS // (1 + ring))
            ends = []
            for back in (0.0, 0.12):
                then = max(0.0, age - back)
                far = size * share * (1 - math.exp(-3.5 * then))
                drop = 0.35 * size * then**2
                ends.append((at[0] + far * math.cos(angle), at[1] + far * math.sin(angle) + drop))
            _streak(light, ends[0], ends[1], levels, light.shape[0])


def _streak(
    picture: Picture,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: Sequence[int],
    height: int,
) -> None:
    points = [(round(x * 16), round(y * 16)) for x, y in (start, end)]
    cv2.line(picture, points[0], points[1], colour, max(1, height // 130), cv2.LINE_AA, 4)


_FLASHES_S, _FLASH_S = 1.9, 0.16


def _lightning(picture: Picture, time_s: float, _: Whereabouts, rng: random.Random) -> None:
    height, width = picture.shape[:2]
    count, since = divmod(time_s + 1.2, _FLASHES_S)
    if since > _FLASH_S:
        return
    cv2.convertScaleAbs(picture, picture, 1.2, 36)
    flash = random.Random(f"{rng.random()}/{count}")
    x, y = flash.uniform(0.15, 0.85) * width, 0.0
    while y < 0.55 * height:
        to = x + flash.uniform(-0.035, 0.035) * width, y + flash.uniform(0.05, 0.1) * height
        _streak(picture, (x, y), to, (255, 255, 235), 2 * height)
        x, y = to


def _puddle(picture: Picture, _: float, who: Whereabouts, rng: random.Random) -> None:
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    for _turn, (off, size) in enumerate(((0.0, 1.0), (-0.24, 0.6), (0.27, 0.7))):
        centre = round(who.x + off * width), round(who.foot + rng.uniform(-0.01, 0.03) * height)
        axes = round(0.15 * size * width), round(0.036 * size * height)
        cv2.ellipse(mask, centre, axes, 0, 0, 360, 190, -1, cv2.LINE_AA)
    _tinted(picture, mask, (120, 170, 205))


def _tinted(picture: Picture, mask: NDArray[np.uint8], colour: Levels) -> None:
    """A colour laid over a picture in place, as far as a mask of 255 says."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    cover = (mask[box].astype(np.float32) / 255)[..., None]
    under = picture[box]
    under[:] = (under * (1 - cover) + np.array(colour, np.float32) * cover).round()


_SPLASH_S = 0.62


def _splash(picture: Picture, time_s: float, who: Whereabouts, rng: random.Random) -> None:
    height = picture.shape[0]
    for drop in range(26):
        side, speed = (-1 if drop % 2 else 1), rng.uniform(0.5, 1.0)
        age = (time_s + rng.random() * _SPLASH_S) % _SPLASH_S / _SPLASH_S
        x = who.x + side * (0.03 + 0.3 * speed * age) * height
        y = who.foot - (1.3 * speed * age * (1 - age)) * 0.55 * height
        _dot(picture, (x, y), height / 110 * rng.uniform(0.7, 1.6), (150, 205, 240))


def _shaken(picture: Picture, time_s: float, who: Whereabouts, rng: random.Random) -> None:
    """Drops that fly off somebody to all sides."""
    height, tall = picture.shape[0], who.foot - who.top
    for _drop in range(46):
        angle, speed = rng.uniform(-2.9, -0.25), rng.uniform(0.5, 1.0)
        age = (time_s + rng.random() * _SPLASH_S) % _SPLASH_S / _SPLASH_S
        far = (0.35 + 0.75 * speed * age) * tall
        x = who.x + 1.2 * far * math.cos(angle)
        y = who.foot - 0.45 * tall + far * math.sin(angle) + 0.5 * age**2 * tall
        _dot(picture, (x, y), height / 90 * rng.uniform(0.6, 1.4) * (1.2 - age), (120, 190, 236))


def _twinkle(picture: Picture, time_s: float, _: Whereabouts, rng: random.Random) -> None:
    height, width = picture.shape[:2]
    for _star in range(90):
        at = rng.random() * width, rng.random() ** 1.3 * 0.5 * height
        light = 0.55 + 0.45 * math.sin(rng.uniform(1.5, 4) * time_s + 6.28 * rng.random())
        size = height / 260 * rng.uniform(0.6, 1.7)
        _dot(picture, at, size, [round(part * light) for part in (255, 250, 225)])


_BREAKER_S = 1.7


def _spray(picture: Picture, time_s: float, who: Whereabouts, rng: random.Random) -> None:
    """Foam that is thrown up where waves break."""
    height = picture.shape[0]
    for _drop in range(60):
        age = (time_s / _BREAKER_S + 0.12 * rng.random()) % 1.0
        aside, speed = rng.uniform(-1, 1), rng.uniform(0.5, 1.0)
        x = who.x + aside * (0.08 + 0.3 * age) * height
        y = 0.72 * height - 1.5 * speed * age * (1 - age) * height * (1 - 0.5 * abs(aside))
        _dot(picture, (x, y), height / 70 * rng.uniform(0.5, 1.5), (240, 248, 255))


def _dot(picture: Picture, at: tuple[float, float], radius: float, colour: Sequence[int]) -> None:
    centre = round(at[0] * 16), round(at[1] * 16)
    cv2.circle(picture, centre, max(8, round(radius * 16)), colour, -1, cv2.LINE_AA, 4)


_PUFF_S, _PUFFS = 2.4, 9


def _rising(picture: Picture, time_s: float, who: Whereabouts, rng: random.Random, *,
            size: float, colour: Levels, thick: float) -> None:  # fmt: skip
    """Puffs that rise from somebody's top, grow and thin out."""
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    for puff in range(_PUFFS):
        age = (time_s / _PUFF_S + puff / _PUFFS) % 1.0
        sway = 0.035 * height * math.sin(5 * age + 6.28 * rng.random()) * age
        x, y = who.x + sway + rng.uniform(-0.4, 0.4) * size * height, who.top - 0.3 * age * height
        radius = size * height * (0.35 + 0.9 * age)
        level = round(255 * thick * min(1.0, 5 * age) * (1 - age))
        one = np.zeros_like(mask)
        cv2.circle(one, (round(x), round(y)), max(1, round(radius)), level, -1, cv2.LINE_AA)
        cv2.max(mask, one, mask)
    soft = cv2.GaussianBlur(mask, (0, 0), max(1.0, size * height / 3))
    _tinted(picture, np.asarray(soft, np.uint8), colour)


def _steam(picture: Picture, time_s: float, who: Whereabouts, rng: random.Random) -> None:
    _rising(picture, time_s, who, rng, size=0.03, colour=(255, 255, 255), thick=0.8)


def _smoke(picture: Picture, time_s: float, who: Whereabouts, rng: random.Random) -> None:
    _rising(picture, time_s, who, rng, size=0.055, colour=(120, 120, 126), thick=0.85)


def _sparks(picture: Picture, time_s: float, who: Whereabouts, rng: random.Random) -> None:
    height = picture.shape[0]
    middle = who.top + 0.4 * (who.foot - who.top)
    for _spark in range(22):
        age = (time_s * rng.uniform(0.5, 0.8) + rng.random()) % 1.0
        sway = math.sin(7 * age + 6.28 * rng.random())
        x = who.x + (rng.uniform(-0.1, 0.1) + 0.03 * sway) * height
        _dot(picture, (x, middle - 0.5 * age * height), height / 150 * (1.3 - age), (255, 190, 70))


def _scatter(kind: str, colours: Sequence[Levels], count: int, speed: float) -> Draw:
    """What falls in turns through the whole frame, in colours."""

    def draw(picture: Picture, time_s: float, _: Whereabouts, rng: random.Random) -> None:
        height, width = picture.shape[:2]
        for one in range(count):
            pace, phase = rng.uniform(0.7, 1.3), rng.random()
            y = ((rng.random() + time_s * speed * pace) % 1.15 - 0.08) * height
            sway = math.sin(2.2 * time_s * pace + 6.28 * phase)
            x = (rng.random() * width + 0.05 * sway * width) % width
            turn = math.degrees(1.8 * time_s * pace + 6.28 * phase)
            axes = max(2, height // 60), max(1, round(height / 60 * (0.25 + 0.4 * abs(sway))))
            centre, colour = (round(x), round(y)), colours[one % len(colours)]
            if kind == "paper":
                box = cv2.boxPoints((centre, axes, turn))
                cv2.fillPoly(picture, [box.round().astype(np.int32)], colour, cv2.LINE_AA)
            else:
                cv2.ellipse(picture, centre, axes, turn, 0, 360, colour, -1, cv2.LINE_AA)

    return draw


def _bubbles(picture: Picture, time_s: float, who: Whereabouts, rng: random.Random) -> None:
    height = picture.shape[0]
    for _bubble in range(26):
        age = (time_s * rng.uniform(0.16, 0.3) + rng.random()) % 1.0
        side = rng.uniform(-1, 1)
        x = who.x + (side * (0.06 + 0.5 * age) + 0.02 * math.sin(9 * age + side)) * height
        y = who.top + 0.3 * (who.foot - who.top) - (0.55 * age - 0.1) * height
        radius = height / 60 * rng.uniform(0.6, 1.5)
        centre = round(x * 16), round(y * 16)
        thick = max(1, height // 260)
        cv2.circle(picture, centre, round(radius * 16), (214, 236, 255), thick, cv2.LINE_AA, 4)
        _dot(picture, (x - radius * 0.35, y - radius * 0.35), radius * 0.22, (255, 255, 255))


def _on_glass(picture: Picture, time_s: float, _: Whereabouts, rng: random.Random) -> None:
    """Drops on a pane between us and everything, some of which run down."""
    height, width = picture.shape[:2]
    for _drop in range(_DROPS):
        x, y = rng.random() * width, rng.random()
        size, runs = rng.uniform(0.006, 0.02) * height, rng.random() < _RUNNING
        pace = rng.uniform(0.08, 0.2)
        if runs:
            y = (y + time_s * pace) % 1.1 - 0.05
            for back in range(6):
                trail = y - 0.02 * back - 0.02
                _dot(picture, (x, trail * height), size * (0.5 - 0.06 * back), (196, 214, 230))
        at = x, y * height
        _dot(picture, at, size, (168, 192, 214))
        _dot(picture, (at[0] - size * 0.2, at[1] - size * 0.25), size * 0.66, (208, 224, 238))
        _dot(picture, (at[0] - size * 0.3, at[1] - size * 0.4), size * 0.25, (250, 252, 255))


_DROPS, _RUNNING = 90, 0.2


def _wind(picture: Picture, time_s: float, _: Whereabouts, rng: random.Random) -> None:
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    for _gust in range(7):
        y, length = rng.uniform(0.12, 0.66) * height, rng.uniform(0.1, 0.2) * width
        x = ((rng.random() + time_s * rng.uniform(0.5, 0.8)) % 1.4 - 0.2) * width
        along = np.linspace(0, 1, 16)
        points = np.stack([x - length * along, y + 0.012 * height * np.sin(5 * along)], axis=1)
        line = [points.round().astype(np.int32)]
        cv2.polylines(mask, line, False, 130, max(1, height // 160), cv2.LINE_AA)
    _tinted(picture, mask, (255, 255, 255))


Draw = Callable[[Picture, float, Whereabouts, random.Random], None]
_AUTUMN: tuple[Levels, ...] = (226, 120, 40), (240, 170, 50), (200, 70, 40), (180, 110, 50)
_PINKS: tuple[Levels, ...] = (255, 190, 210), (255, 215, 228), (250, 165, 195)
BEHIND: Mapping[str, Draw] = {
    "fireworks": _fireworks,
    "lightning": _lightning,
    "puddle": _puddle,
    "twinkle": _twinkle,
}
"""What is behind everybody, by name."""
BEFORE: Mapping[str, Draw] = {
    "splash": _splash,
    "shaken": _shaken,
    "spray": _spray,
    "steam": _steam,
    "smoke": _smoke,
    "sparks": _sparks,
    "leaves": _scatter("leaf", _AUTUMN, 22, 0.16),
    "petals": _scatter("leaf", _PINKS, 26, 0.12),
    "confetti": _scatter("paper", _FIRES, 46, 0.3),
    "wind": _wind,
    "bubbles": _bubbles,
    "on glass": _on_glass,
}
"""What is in front of everybody, by name."""
