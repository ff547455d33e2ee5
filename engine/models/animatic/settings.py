"""Places that are painted: backdrops in two layers, so that a camera has parallax.

A painter fills a far layer (sky and distance) and a near layer (ground and props, with alpha)
from a seeded generator; the same seed paints the same place.
"""

from __future__ import annotations

import colorsys
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.art import prop as art_prop

Image = NDArray[np.float32]
Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A painted place, both layers (H, W, 4) premultiplied float32 RGBA in [0, 1].

    `ground` is the height of the floor as a fraction from the top: where feet stand.
    """

    far: Image
    near: Image
    ground: float


def paste(layer: Image, rgba: Image, centre_x: float, bottom: float) -> None:
    """Lay `rgba` over `layer` in place with its bottom centre at the given pixel; may overhang."""
    height, width = rgba.shape[:2]
    left, top = round(centre_x - width / 2), round(bottom - height)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + width, layer.shape[1]), min(top + height, layer.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    part = rgba[y0 - top : y1 - top, x0 - left : x1 - left]
    under = layer[y0:y1, x0:x1]
    under *= 1.0 - part[..., 3:]
    under += part


def _jitter(rng: random.Random, colour: Colour, amount: float = 0.04) -> NDArray[np.float32]:
    return np.clip([c + rng.uniform(-amount, amount) for c in colour], 0, 1).astype(np.float32)


class Canvas:
    """Two layers being painted; all positions are fractions of the canvas."""

    def __init__(self, rng: random.Random, width: int, height: int, *, is_smooth: bool) -> None:
        self.rng, self.width, self.height = rng, width, height
        self._mask_type = np.uint8 if is_smooth else np.float32  # OpenCV smooths edges in 8 bits
        self.far = np.ones((height, width, 4), np.float32)
        self.near = np.zeros((height, width, 4), np.float32)

    def sky(self, top: Colour, bottom: Colour) -> None:
        blend = np.linspace(0, 1, self.height, dtype=np.float32)[:, None, None]
        a, b = _jitter(self.rng, top), _jitter(self.rng, bottom)
        self.far[..., :3] = a * (1 - blend) + b * blend

    def ground(self, level: float, near: Colour, far: Colour, bump: float = 0.0) -> None:
        """A floor from `level` down, shaded from far to near, with a wavy edge of height `bump`."""
        x = np.arange(self.width) / self.width
        phase = self.rng.uniform(0, 6.28)
        edge = level + bump * np.sin(x * self.rng.uniform(5, 9) + phase)
        rows = np.arange(self.height)[:, None] / self.height
        inside = np.clip((rows - edge[None]) * self.height, 0, 1).astype(np.float32)
        depth = np.clip((rows - level) / (1 - level), 0, 1).astype(np.float32)[..., None]
        a, b = _jitter(self.rng, far), _jitter(self.rng, near)
        colour = np.broadcast_to(a * (1 - depth) + b * depth, (*inside.shape, 3))
        self.near *= 1 - inside[..., None]
        self.near[..., :3] += colour * inside[..., None]
        self.near[..., 3] += inside

    def hill(self, level: float, height: float, colour: Colour) -> None:
        mask, full = self._mask()
        centre = (int(self.rng.random() * self.width), int(level * self.height))
        axes = (int(self.width * self.rng.uniform(0.25, 0.45)), int(self.height * height))
        cv2.ellipse(mask, centre, axes, 0, 180, 360, full, -1, cv2.LINE_AA)
        self.fill(self.far, mask, _jitter(self.rng, colour))

    def peak(self, level: float, height: float, colour: Colour, cap: Colour | None) -> None:
        x, half = self.rng.random() * self.width, self.width * self.rng.uniform(0.14, 0.24)
        top, base = (level - height) * self.height, level * self.height
        outline = np.array([[x - half, base], [x, top], [x + half, base]], np.int32)
        self._polygon(self.far, outline, colour)
        if cap is not None:
            snow = (outline - outline[1]) * 0.35 + outline[1]
            self._polygon(self.far, snow.astype(np.int32), cap)

    def block(self, x: float, level: float, width: float, height: float, colour: Colour) -> None:
        left, right = int((x - width / 2) * self.width), int((x + width / 2) * self.width)
        top, bottom = int((level - height) * self.height), int(level * self.height)
        cv2.rectangle(self.far, (left, top), (right, bottom), (*map(float, colour), 1.0), -1)

    def building(self, level: float, wall: Colour, window: Colour, lit: float) -> None:
        rng = self.rng
        x, width, height = rng.random(), rng.uniform(0.08, 0.14), rng.uniform(0.25, 0.55)
        self.block(x, level, width, height, tuple(_jitter(rng, wall, 0.07)))
        pane_w, pane_h = width / 5, 0.035
        for row in range(int(height / 0.08) - 1):
            for column in (-1, 0, 1):
                if rng.random() < lit:
                    bottom = level - height + 0.07 + row * 0.08
                    self.block(x + column * width / 3.4, bottom, pane_w, pane_h, window)

    def disc(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1) -> None:
        mask, full = self._mask()
        centre = int(x * self.width), int(y * self.height)
        cv2.circle(mask, centre, max(int(radius * self.height), 1), full, -1, cv2.LINE_AA)
        self.fill(self.far, mask, np.asarray(colour, np.float32), strength)

    def dots(self, count: int, colour: Colour, radius: tuple[float, float], below: float) -> None:
        for _ in range(count):
            place = self.rng.random(), self.rng.random() * below
            self.disc(*place, self.rng.uniform(*radius), colour)

    def cloud(self, y: float, colour: Colour = (1, 1, 1)) -> None:
        x, size = self.rng.random(), self.rng.uniform(0.04, 0.07)
        for offset, scale in ((-1.3, 0.7), (0, 1.0), (1.2, 0.8)):
            self.disc(x + offset * size * 0.6, y - scale * size * 0.3, size * scale, colour, 0.9)

    def prop(self, label: str, x: float, level: float, size: float) -> None:
        """A sticker standing in the near layer; `size` is a fraction of the canvas height."""
        art = art_prop(label, max(int(size * self.height), 8))
        paste(self.near, art, x * self.width, level * self.height)

    def far_prop(self, label: str, x: float, level: float, size: float) -> None:
        art = art_prop(label, max(int(size * self.height), 8))
        paste(self.far, art, x * self.width, level * self.height)

    def row(self, labels: tuple[str, ...], count: int, level: float, size: float) -> None:
        """Props spread evenly with jitter, the middle included."""
        for index in range(count):
            x = (index + 0.5 + self.rng.uniform(-0.3, 0.3)) / count
            self.prop(self.rng.choice(labels), x, level, size * self.rng.uniform(0.8, 1.2))

    def _polygon(self, layer: Image, outline: NDArray[np.int32], colour: Colour) -> None:
        mask, full = self._mask()
        cv2.fillPoly(mask, [outline], full, cv2.LINE_AA)
        self.fill(layer, mask, _jitter(self.rng, colour, 0.02))

    def beam(self, outline: NDArray[np.int32], strength: float, colour: Colour) -> None:
        """Light in a shape of corners (N, 2) in pixels."""
        mask, full = self._mask()
        cv2.fillPoly(mask, [outline], full, cv2.LINE_AA)
        self.fill(self.far, mask, np.array(colour, np.float32), strength)

    def _mask(self) -> tuple[NDArray[Any], float]:
        """An empty mask (H, W), and what it holds where it is full."""
        mask = np.zeros((self.height, self.width), self._mask_type)
        return mask, 255.0 if mask.dtype == np.uint8 else 1.0

    @staticmethod
    def fill(
        layer: Image, mask: NDArray[Any], colour: NDArray[np.float32], strength: float = 1.0
    ) -> None:
        """Lay a colour over a layer in place, where a mask says so and as far as `strength`."""
        rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
        if not len(rows):
            return
        box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        under, cover = layer[box], mask[box].astype(np.float32)
        cover *= np.float32(strength / 255.0 if mask.dtype == np.uint8 else strength)
        under *= 1 - cover[..., None]
        under[..., :3] += colour * cover[..., None]
        under[..., 3] += cover


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
        c.rng.random(), c.rng.uniform(0.15, 0.8), 0.06, tuple(_jitter(c.rng, (0.5, 0.4, 0.6), 0.3))
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


Painter = Callable[[Canvas], float]
"""Paints both layers of a place, and tells the height of its floor."""
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


def painted(painter: Painter, seed: int, width: int, height: int, *, is_smooth: bool) -> Backdrop:
    """What a painter makes of a seed."""
    canvas = Canvas(random.Random(seed), width, height, is_smooth=is_smooth)
    ground = painter(canvas)
    return Backdrop(canvas.far, canvas.near, ground)
