"""What places are painted on: two layers, so that a camera has parallax.

A painter fills a far layer (sky and distance) and a near layer (ground and props, with alpha)
from a seeded generator; the same seed paints the same place.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
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


def jittered(rng: random.Random, colour: Colour, amount: float = 0.04) -> NDArray[np.float32]:
    """A colour a little off, by chance."""
    return np.clip([c + rng.uniform(-amount, amount) for c in colour], 0, 1).astype(np.float32)


class Canvas:
    """Two layers being painted; all positions are fractions of the canvas."""

    def __init__(self, rng: random.Random, width: int, height: int, *, is_smooth: bool) -> None:
        self.rng, self.width, self.height = rng, width, height
        self._mask_type = np.uint8 if is_smooth else np.float32  # OpenCV smooths edges in 8 bits
        self.far = np.ones((height, width, 4), np.float32)
        self.near = np.zeros((height, width, 4), np.float32)

    @classmethod
    def over(cls, backdrop: Backdrop, rng: random.Random) -> Canvas:
        """A canvas that goes on with what a place is painted of, with smooth edges."""
        height, width = backdrop.far.shape[:2]
        canvas = cls(rng, width, height, is_smooth=True)
        canvas.far, canvas.near = backdrop.far.copy(), backdrop.near.copy()
        return canvas

    def sky(self, top: Colour, bottom: Colour) -> None:
        blend = np.linspace(0, 1, self.height, dtype=np.float32)[:, None, None]
        a, b = jittered(self.rng, top), jittered(self.rng, bottom)
        self.far[..., :3] = a * (1 - blend) + b * blend

    def ground(self, level: float, near: Colour, far: Colour, bump: float = 0.0) -> None:
        """A floor from `level` down, shaded from far to near, with a wavy edge of height `bump`."""
        x = np.arange(self.width) / self.width
        phase = self.rng.uniform(0, 6.28)
        edge = level + bump * np.sin(x * self.rng.uniform(5, 9) + phase)
        rows = np.arange(self.height)[:, None] / self.height
        inside = np.clip((rows - edge[None]) * self.height, 0, 1).astype(np.float32)
        depth = np.clip((rows - level) / (1 - level), 0, 1).astype(np.float32)[..., None]
        a, b = jittered(self.rng, far), jittered(self.rng, near)
        colour = np.broadcast_to(a * (1 - depth) + b * depth, (*inside.shape, 3))
        self.near *= 1 - inside[..., None]
        self.near[..., :3] += colour * inside[..., None]
        self.near[..., 3] += inside

    def hill(self, level: float, height: float, colour: Colour) -> None:
        mask, full = self._mask()
        centre = (int(self.rng.random() * self.width), int(level * self.height))
        axes = (int(self.width * self.rng.uniform(0.25, 0.45)), int(self.height * height))
        cv2.ellipse(mask, centre, axes, 0, 180, 360, full, -1, cv2.LINE_AA)
        self.fill(self.far, mask, jittered(self.rng, colour))

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
        self.block(x, level, width, height, tuple(jittered(rng, wall, 0.07)))
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
        self.fill(layer, mask, jittered(self.rng, colour, 0.02))

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

    def slab(self, x: float, level: float, width: float, height: float, colour: Colour) -> None:
        """A box in the near layer that stands on a level."""
        left, right = round((x - width / 2) * self.width), round((x + width / 2) * self.width)
        top, bottom = round((level - height) * self.height), round(level * self.height)
        cv2.rectangle(self.near, (left, top), (right, bottom), (*map(float, colour), 1.0), -1)

    def shape(self, outline: Sequence[tuple[float, float]], colour: Colour) -> None:
        """A shape of corners in the near layer."""
        corners = np.array(outline) * (self.width, self.height)
        self._polygon(self.near, corners.astype(np.int32), colour)

    def disc_near(self, x: float, y: float, radii: tuple[float, float], colour: Colour) -> None:
        """An oval in the near layer; its radii are of the canvas' width and height."""
        mask, full = self._mask()
        axes = max(1, round(radii[0] * self.width)), max(1, round(radii[1] * self.height))
        centre = round(x * self.width), round(y * self.height)
        cv2.ellipse(mask, centre, axes, 0, 0, 360, full, -1, cv2.LINE_AA)
        self.fill(self.near, mask, np.asarray(colour, np.float32))

    def peak_at(
        self, x: float, level: float, height: float, colour: Colour, cap: Colour | None
    ) -> None:
        """A mountain at a place, with snow on it where a colour says so."""
        half = height * self.height * 0.72
        middle, top, base = x * self.width, (level - height) * self.height, level * self.height
        outline = np.array([[middle - half, base], [middle, top], [middle + half, base]], np.int32)
        self._polygon(self.far, outline, colour)
        if cap is not None:
            snow = (outline - outline[1]) * 0.34 + outline[1]
            self._polygon(self.far, snow.astype(np.int32), cap)


Painter = Callable[[Canvas], float]
"""Paints both layers of a place, and tells the height of its floor."""


def painted(painter: Painter, seed: int, width: int, height: int, *, is_smooth: bool) -> Backdrop:
    """What a painter makes of a seed."""
    canvas = Canvas(random.Random(seed), width, height, is_smooth=is_smooth)
    ground = painter(canvas)
    return Backdrop(canvas.far, canvas.near, ground)
