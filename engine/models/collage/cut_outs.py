"""One drawn thing made fit to be laid: an even edge, no specks, no fringe of what was around it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.animatic.film import without_grain
from engine.models.opticals.colours import Colour, dyed, lightness

Levels = NDArray[np.float32]

_EDGE_BLUR_PIXELS = 1.8
"""A drawn edge wavers by about as much; its corners are rounded no further."""
_ART_BLUR_PIXELS = 0.8
_SURE, _DEEP_PIXELS = 0.85, 7
"""Alpha from which a colour at the edge is the thing's own, and how wide the edge is."""
_SPECK_SHARE, _HOLE_SHARE = 0.015, 0.006
"""Of the largest piece: what is smaller is no part of the thing, and no hole in it."""
_ROOM_PIXELS = 4
_GREY, _DARK = (0.12, 0.3), 0.25
"""Strengths of colour, from the greatest to the least of its parts, up to which and from which a

place has none and has one; and what is too dark to have any.
"""
_LIGHTEST, _DARKEST = 0.65, 0.15
"""White things are shaded before they are dyed, and none is dyed so dark that its face is lost."""
_HUES, _MAIN_SHARE = (25.0, 60.0), 0.45
"""Degrees of hue that are as good as none, and that are another colour; and the share of a thing

from which a colour is its chief one.
"""


@dataclass(frozen=True, slots=True)
class CutOut:
    """A thing alone: colours (H, W, 3) in [0, 1], which go on beyond its edge, and how much it

    covers (H, W), 0.5 at the edge and softer than it will be laid. `box` is what it fills: left,
    top, width and height in pixels. Art that was not drawn by a network `is_clean`.
    """

    colours: Levels
    cover: Levels
    box: tuple[int, int, int, int]
    is_clean: bool = False

    @classmethod
    def of(cls, rgba: NDArray[np.uint8]) -> CutOut:
        """What is seen of straight RGBA (H, W, 4); all of it where nothing is."""
        room = ((_ROOM_PIXELS, _ROOM_PIXELS), (_ROOM_PIXELS, _ROOM_PIXELS), (0, 0))
        wide = np.pad(rgba, room)
        alpha = wide[..., 3].astype(np.float32) / 255
        inside = _whole(cv2.GaussianBlur(alpha, (0, 0), _EDGE_BLUR_PIXELS) >= 0.5)
        cover = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), _EDGE_BLUR_PIXELS)
        deep = cv2.erode(inside.astype(np.uint8), np.ones((_DEEP_PIXELS, _DEEP_PIXELS), np.uint8))
        sure = inside & ((alpha > _SURE) | (deep > 0))
        colours = without_grain(_beyond_the_edge(wide[..., :3], sure))
        box = cv2.boundingRect(inside.astype(np.uint8))
        return cls(
            colours.astype(np.float32) / np.float32(255),
            cover.astype(np.float32, copy=False),
            (box[0], box[1], box[2], box[3]) if inside.any() else (0, 0, *inside.shape[::-1]),
        )

    @classmethod
    def of_art(cls, rgba: NDArray[np.uint8]) -> CutOut:
        """A thing of the art library, straight RGBA (H, W, 4), as it is."""
        room = ((_ROOM_PIXELS, _ROOM_PIXELS), (_ROOM_PIXELS, _ROOM_PIXELS), (0, 0))
        wide = np.pad(rgba, room)
        alpha = wide[..., 3].astype(np.float32) / np.float32(255)
        colours = _beyond_the_edge(wide[..., :3], alpha > _SURE).astype(np.float32)
        cover = cv2.GaussianBlur(alpha, (0, 0), _ART_BLUR_PIXELS)
        left, top, width, height = cv2.boundingRect((alpha >= 0.5).astype(np.uint8))
        box = left, top, width, height
        return cls(colours / np.float32(255), cover.astype(np.float32, copy=False), box, True)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of what it fills, as shares of their geometric mean."""
        shape = math.sqrt(self.box[2] / self.box[3])
        return shape, 1 / shape

    def in_colour(self, tone: Colour) -> CutOut:
        """The same, its chief colour dyed: a blue fox has a white chin and a black nose."""
        inside = self.cover >= 0.5
        chief = _chief(self.colours, inside)
        weights = chief[inside]
        usual = float(np.average(lightness(self.colours[inside]), weights=weights + 1e-3))
        shaded = self.colours * np.float32(min(1.0, _LIGHTEST / usual))
        lifted = max(tone[0], _DARKEST), max(tone[1], _DARKEST), max(tone[2], _DARKEST)
        dye = dyed(shaded, lifted, min(usual, _LIGHTEST))
        colours = self.colours + chief[..., None] * (dye - self.colours)
        return replace(self, colours=colours.astype(np.float32, copy=False))


def _chief(colours: Levels, inside: NDArray[np.bool_]) -> Levels:
    """How much each place (H, W) is of a thing's chief colour, in [0, 1].

    That is the hue that most of it has, or the lack of one; all of a thing counts where no colour
    is half of it.
    """
    hue, _, _ = cv2.split(cv2.cvtColor(colours, cv2.COLOR_RGB2HSV))
    strength = colours.max(axis=2) - colours.min(axis=2)
    vivid = np.clip((strength - _GREY[0]) / (_GREY[1] - _GREY[0]), 0, 1)
    counts, edges = np.histogram(hue[inside], 24, (0, 360), weights=vivid[inside])
    around = counts + np.roll(counts, 1) + np.roll(counts, -1)
    middle = float(edges[int(around.argmax())]) + 7.5
    away = np.abs((hue - middle + 180) % 360 - 180)
    alike = vivid * np.clip((_HUES[1] - away) / (_HUES[1] - _HUES[0]), 0, 1)
    plain = (1 - vivid) * (colours.max(axis=2) > _DARK)
    chief = max(alike, plain, key=lambda part: float(part[inside].mean()))
    share = float(chief[inside].mean())
    return (chief if share > _MAIN_SHARE else np.ones_like(chief)).astype(np.float32, copy=False)


def _whole(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Without specks around the thing, and without pinholes in it."""
    kept = _pieces(inside, _SPECK_SHARE)
    return ~_pieces(~kept, _HOLE_SHARE)


def _pieces(inside: NDArray[np.bool_], share: float) -> NDArray[np.bool_]:
    """The connected pieces that have a share of the largest one's area."""
    _, labels, facts, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8))
    areas = facts[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = areas >= max(1.0, share * float(areas.max()))
    return kept[np.asarray(labels, np.intp)]


def _beyond_the_edge(rgb: NDArray[np.uint8], sure: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Colours that are sure, and everywhere else those of the nearest place that is."""
    core = cv2.erode(sure.astype(np.uint8), np.ones((3, 3), np.uint8))
    if not core.any():
        return rgb
    _, labels = cv2.distanceTransformWithLabels(
        1 - core, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    nearest = np.asarray(labels, np.intp)
    colour_of = np.zeros((int(nearest.max()) + 1, 3), np.uint8)
    colour_of[nearest[core > 0]] = rgb[core > 0]
    return colour_of[nearest]
