"""Things that the art library lacks, drawn in its manner: straight RGBA (256, 256, 4) by label."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.art import art_labelled

Picture = NDArray[np.uint8]
Colour = tuple[float, float, float]
Point = tuple[float, float]

_SIDE, _FINE = 256, 3
"""Pixels of a drawing's side, and how much finer it is drawn, that its edges are smooth."""
_WOOD: Colour = (0.55, 0.36, 0.2)
_IRON: Colour = (0.27, 0.29, 0.34)


class Ink:
    """A drawing in progress; places are in pixels of 256, colours in [0, 1]."""

    def __init__(self) -> None:
        self._sheet = np.zeros((_SIDE * _FINE, _SIDE * _FINE, 4), np.float32)

    def shape(self, corners: Sequence[Point], colour: Colour, *, shade: float = 0.3) -> None:
        """A polygon, darker to its right by a shade."""
        mask = np.zeros(self._sheet.shape[:2], np.uint8)
        cv2.fillPoly(mask, [(np.array(corners) * _FINE).round().astype(np.int32)], 255)
        self._fill(mask, colour, shade)

    def oval(self, x: float, y: float, radii: Point, colour: Colour, *, shade: float = 0.3) -> None:
        """An ellipse around a place."""
        mask = np.zeros(self._sheet.shape[:2], np.uint8)
        centre = round(x * _FINE), round(y * _FINE)
        axes = max(1, round(radii[0] * _FINE)), max(1, round(radii[1] * _FINE))
        cv2.ellipse(mask, centre, axes, 0, 0, 360, 255, -1)
        self._fill(mask, colour, shade)

    def line(self, start: Point, end: Point, width: float, colour: Colour) -> None:
        """A line with round ends."""
        mask = np.zeros(self._sheet.shape[:2], np.uint8)
        ends = [(round(x * _FINE), round(y * _FINE)) for x, y in (start, end)]
        cv2.line(mask, ends[0], ends[1], 255, max(1, round(width * _FINE)))
        self._fill(mask, colour, 0.0)

    def art(self, label: str, x: float, bottom: float, height: float) -> None:
        """A drawing of the library that stands at a place."""
        side = round(height * _FINE)
        art = art_labelled(label).astype(np.float32) / np.float32(255)
        art[..., :3] *= art[..., 3:]
        small = cv2.resize(art, (side, side), interpolation=cv2.INTER_AREA)
        left, top = round(x * _FINE - side / 2), round(bottom * _FINE - side)
        under = self._sheet[top : top + side, left : left + side]
        under *= 1 - small[: under.shape[0], : under.shape[1], 3:]
        under += small[: under.shape[0], : under.shape[1]]

    def _fill(self, mask: NDArray[np.uint8], colour: Colour, shade: float) -> None:
        rows, columns = np.nonzero(mask)
        if not len(rows):
            return
        left, right = columns.min(), columns.max() + 1
        across = np.linspace(1 + shade / 2, 1 - shade, right - left, dtype=np.float32)
        box = slice(rows.min(), rows.max() + 1), slice(left, right)
        cover = (mask[box] > 0).astype(np.float32)[..., None]
        lit = np.clip(np.array(colour, np.float32) * across[None, :, None], 0, 1)
        under = self._sheet[box]
        under *= 1 - cover
        under[..., :3] += lit * cover
        under[..., 3:] += cover

    def picture(self) -> Picture:
        """What was drawn, straight RGBA (256, 256, 4)."""
        small = cv2.resize(self._sheet, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
        colours = small[..., :3] / np.maximum(small[..., 3:], 1e-4)
        whole = np.dstack([colours.clip(0, 1), small[..., 3]])
        return np.asarray((whole * 255).round(), np.uint8)


def _air_balloon(ink: Ink) -> None:
    bands: tuple[Colour, ...] = (0.9, 0.25, 0.22), (0.98, 0.75, 0.25), (0.25, 0.5, 0.86)
    bottom, top, middle = 168.0, 8.0, 128.0
    shares = [at / 24 for at in range(25)]
    round_ones = [78 * math.sin(math.pi * share**0.8) ** 0.6 for share in shares]
    widths = [w if s < 0.5 else max(w, 26.0) for w, s in zip(round_ones, shares, strict=True)]
    heights = [top + (bottom - top) * share for share in shares]
    for stripe in range(6):
        left, right = stripe / 3 - 1, (stripe + 1) / 3 - 1
        edges = [math.sin(share * math.pi / 2) for share in (left, right)]
        sides = [
            [(middle + edge * wide, y) for wide, y in zip(widths, heights, strict=True)]
            for edge in edges
        ]
        ink.shape([*sides[0], *sides[1][::-1]], bands[stripe % 3], shade=0.16)
    for side in (-1, 1):
        ink.line((middle + 26 * side, bottom), (middle + 17 * side, 210), 2.0, _IRON)
    ink.shape([(108, 208), (148, 208), (144, 246), (112, 246)], _WOOD)
    ink.shape([(104, 204), (152, 204), (152, 214), (104, 214)], (0.44, 0.28, 0.16))


def _lighthouse(ink: Ink) -> None:
    ink.oval(128, 248, (74, 26), (0.42, 0.42, 0.45))
    ink.oval(92, 240, (34, 20), (0.5, 0.5, 0.53))
    top, bottom, narrow, wide = 74.0, 236.0, 26.0, 42.0
    for band in range(6):
        y0, y1 = (top + (bottom - top) * at / 6 for at in (band, band + 1))
        w0, w1 = (narrow + (wide - narrow) * at / 6 for at in (band, band + 1))
        red: Colour = (0.86, 0.2, 0.2) if band % 2 else (0.96, 0.95, 0.93)
        ink.shape([(128 - w0, y0), (128 + w0, y0), (128 + w1, y1), (128 - w1, y1)], red)
    ink.shape([(92, 66), (164, 66), (164, 76), (92, 76)], _IRON)
    ink.shape([(108, 36), (148, 36), (148, 66), (108, 66)], (1.0, 0.92, 0.55), shade=0.1)
    for x in (108, 128, 148):
        ink.line((x, 36), (x, 66), 3, _IRON)
    ink.shape([(100, 38), (128, 10), (156, 38)], (0.76, 0.16, 0.17))
    ink.shape([(118, 204), (138, 204), (138, 240), (118, 240)], _WOOD)


def _windmill(ink: Ink) -> None:
    ink.shape([(96, 100), (160, 100), (182, 250), (74, 250)], (0.93, 0.9, 0.84))
    ink.shape([(88, 104), (128, 58), (168, 104)], (0.6, 0.3, 0.2))
    ink.shape([(114, 206), (142, 206), (142, 250), (114, 250)], _WOOD)
    for turn in range(4):
        angle = math.pi * (0.25 + turn / 2)
        along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
        sail = [
            (128 + a * along[0] + b * across[0], 98 + a * along[1] + b * across[1])
            for a, b in ((14, 0), (96, 0), (96, 24), (22, 24))
        ]
        ink.shape(sail, (0.97, 0.95, 0.9), shade=0.15)
        ink.line((128, 98), (128 + 98 * along[0], 98 + 98 * along[1]), 5, _WOOD)
    ink.oval(128, 98, (8, 8), _IRON)


def _wind_turbine(ink: Ink) -> None:
    white: Colour = (0.95, 0.96, 0.98)
    ink.shape([(124, 90), (132, 90), (136, 252), (120, 252)], white)
    for blade in range(3):
        angle = math.pi * (2 * blade / 3 - 0.4)
        cos, sin = math.cos(angle), math.sin(angle)
        ink.shape(
            [(128 - 6 * sin, 88 + 6 * cos), (128 + 84 * cos, 88 + 84 * sin),
             (128 + 6 * sin, 88 - 6 * cos)],
            white,
        )  # fmt: skip
    ink.oval(128, 88, (8, 8), (0.8, 0.82, 0.85))


def _campfire(ink: Ink) -> None:
    for x in (58, 92, 128, 164, 198):
        ink.oval(x, 236, (20, 14), (0.55, 0.55, 0.58))
    ink.line((62, 226), (190, 204), 20, (0.42, 0.26, 0.14))
    ink.line((66, 204), (194, 226), 20, _WOOD)
    ink.art("fire", 128, 216, 176)


def _sandcastle(ink: Ink) -> None:
    sand: Colour = (0.93, 0.77, 0.48)
    ink.oval(128, 240, (104, 14), (0.86, 0.7, 0.42))
    ink.shape([(56, 160), (200, 160), (214, 242), (42, 242)], sand)
    for x, top in ((64, 112), (192, 112), (128, 74)):
        ink.shape([(x - 24, top), (x + 24, top), (x + 28, 200), (x - 28, 200)], sand)
        for tooth in (-18, 0, 18):
            ink.shape(
                [(x + tooth - 6, top - 14), (x + tooth + 6, top - 14), (x + tooth + 6, top + 2),
                 (x + tooth - 6, top + 2)],
                sand,
            )  # fmt: skip
    ink.oval(128, 226, (18, 26), (0.62, 0.46, 0.26))
    ink.line((128, 60), (128, 22), 4, _WOOD)
    ink.shape([(130, 22), (166, 34), (130, 46)], (0.88, 0.22, 0.22))


def _street_lamp(ink: Ink) -> None:
    ink.shape([(112, 240), (144, 240), (148, 252), (108, 252)], _IRON)
    ink.shape([(124, 60), (132, 60), (134, 242), (122, 242)], _IRON)
    ink.shape([(108, 24), (148, 24), (140, 62), (116, 62)], (1.0, 0.92, 0.6), shade=0.1)
    ink.shape([(102, 26), (128, 6), (154, 26)], _IRON)


def _floor_lamp(ink: Ink) -> None:
    ink.oval(128, 246, (34, 8), _IRON)
    ink.shape([(125, 86), (131, 86), (131, 246), (125, 246)], _IRON)
    ink.shape([(98, 12), (158, 12), (178, 92), (78, 92)], (1.0, 0.84, 0.52), shade=0.2)


def _fireplace(ink: Ink) -> None:
    brick: Colour = (0.66, 0.32, 0.26)
    ink.shape([(24, 66), (232, 66), (232, 252), (24, 252)], brick, shade=0.2)
    for row in range(8):
        y = 84 + 22 * row
        ink.line((24, y), (232, y), 2, (0.8, 0.62, 0.54))
        for column in range(6):
            x = 40 + 38 * column + 18 * (row % 2)
            ink.line((x, y - 20), (x, y), 2, (0.8, 0.62, 0.54))
    ink.shape([(10, 44), (246, 44), (246, 70), (10, 70)], (0.46, 0.3, 0.2))
    ink.shape([(66, 112), (190, 112), (190, 252), (66, 252)], (0.13, 0.09, 0.09), shade=0.0)
    ink.line((84, 240), (172, 240), 16, _WOOD)
    ink.art("fire", 128, 238, 112)


def _pyramid(ink: Ink) -> None:
    ink.shape([(10, 248), (128, 40), (168, 248)], (0.95, 0.78, 0.46), shade=0.12)
    ink.shape([(168, 248), (128, 40), (246, 248)], (0.76, 0.56, 0.3), shade=0.1)


def _pram(ink: Ink) -> None:
    ink.line((34, 96), (70, 150), 8, _IRON)
    hood = [(128.0, 140.0)]
    hood += [
        (128 + 92 * math.cos(at * math.pi / 24), 140 - 92 * math.sin(at * math.pi / 24))
        for at in range(13)
    ]
    ink.shape(hood, (0.2, 0.36, 0.66))
    ink.shape([(50, 140), (224, 140), (196, 198), (84, 198)], (0.3, 0.5, 0.82))
    for x in (94, 186):
        ink.oval(x, 222, (26, 26), _IRON)
        ink.oval(x, 222, (16, 16), (0.86, 0.87, 0.9))


def _pirate_ship(ink: Ink) -> None:
    ink.line((128, 196), (128, 14), 6, _WOOD)
    ink.line((196, 196), (196, 50), 5, _WOOD)
    cream: Colour = (0.95, 0.91, 0.8)
    for x, top, low, wide in ((128, 40, 104, 50), (128, 108, 178, 62), (196, 66, 160, 36)):
        ink.shape(
            [(x - wide, top + 6), (x + wide * 0.8, top), (x + wide * 0.9, low), (x - wide, low)],
            cream,
        )
    ink.shape([(128, 10), (172, 18), (128, 32)], (0.1, 0.1, 0.12), shade=0.0)
    ink.line((40, 168), (8, 140), 5, _WOOD)
    ink.shape([(30, 172), (240, 160), (226, 230), (64, 230)], (0.5, 0.31, 0.17))
    ink.shape([(196, 132), (244, 126), (240, 166), (196, 170)], (0.42, 0.25, 0.13))
    ink.line((36, 182), (236, 172), 4, (0.86, 0.66, 0.3))
    for x in (88, 124, 160, 196):
        ink.oval(x, 202, (7, 7), (0.16, 0.1, 0.07))


def _robot(ink: Ink) -> None:
    steel: Colour = (0.78, 0.8, 0.86)
    for side in (-1, 1):
        ink.line((128 + 22 * side, 200), (128 + 24 * side, 240), 18, (0.5, 0.53, 0.6))
        ink.oval(128 + 28 * side, 244, (24, 9), (0.36, 0.4, 0.48))
        ink.line((128 + 52 * side, 142), (128 + 66 * side, 190), 15, (0.5, 0.53, 0.6))
        ink.oval(128 + 67 * side, 196, (13, 13), (0.36, 0.4, 0.48))
    ink.shape([(78, 128), (178, 128), (168, 208), (88, 208)], steel)
    ink.shape([(100, 146), (156, 146), (152, 184), (104, 184)], (0.28, 0.32, 0.42), shade=0.1)
    for x, tone in ((114, (0.95, 0.3, 0.3)), (128, (0.98, 0.8, 0.3)), (142, (0.3, 0.8, 0.5))):
        ink.oval(x, 165, (5, 5), tone)
    ink.art("robot", 128, 136, 132)


def _tray(ink: Ink) -> None:
    for x in (74, 128, 182):
        ink.art("wine glass", x, 190, 118)
    ink.oval(128, 192, (112, 15), (0.62, 0.64, 0.68))
    ink.oval(128, 188, (106, 11), (0.84, 0.86, 0.9))
    for x in (74, 182, 128):
        ink.art("wine glass", x, 191, 118)


def _tent(ink: Ink) -> None:
    green: Colour = (0.16, 0.66, 0.26)
    ink.shape([(96, 70), (188, 70), (248, 244), (156, 244)], green, shade=0.35)
    ink.shape([(96, 70), (156, 244), (24, 244)], (0.12, 0.48, 0.2), shade=0.2)
    ink.shape([(96, 100), (122, 244), (70, 244)], (0.1, 0.14, 0.12), shade=0.0)
    ink.shape([(96, 100), (70, 244), (50, 244)], (0.3, 0.76, 0.38), shade=0.1)
    ink.line((96, 70), (96, 58), 5, _WOOD)


_DRAWERS: dict[str, Callable[[Ink], None]] = {
    "hot air balloon": _air_balloon,
    "lighthouse": _lighthouse,
    "windmill": _windmill,
    "wind turbine": _wind_turbine,
    "campfire": _campfire,
    "sandcastle": _sandcastle,
    "street lamp": _street_lamp,
    "floor lamp": _floor_lamp,
    "fireplace": _fireplace,
    "pyramid": _pyramid,
    "pram": _pram,
    "pirate ship": _pirate_ship,
    "walking robot": _robot,
    "tray of glasses": _tray,
    "pitched tent": _tent,
}
DRAWN = frozenset(_DRAWERS)
"""The labels of all of it."""


@cache
def drawn_art(label: str) -> Picture:
    """A thing of `DRAWN`: straight RGBA (256, 256, 4)."""
    ink = Ink()
    _DRAWERS[label](ink)
    return ink.picture()


def thing_labelled(label: str) -> Picture:
    """A thing of the library, or one that it lacks: straight RGBA (256, 256, 4)."""
    return drawn_art(label) if label in DRAWN else art_labelled(label)
