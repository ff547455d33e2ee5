"""Stickers drawn from the sticker grammar: RGBA stills and loops of eight frames."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from math import cos, pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.opticals import colours
from engine.training.sticker_grammar import COLOURS, LOOP_FRAMES, MOTION_SIZES, Sticker, Style
from engine.training.stickers import sticker as packaged

SIZE_PIXELS = 256
MIDDLE_FRAME = LOOP_FRAMES // 2
"""The frame of a loop that shows the subject at rest, as the still does (papers, E)."""

Rgba = NDArray[np.float32]
"""Premultiplied, (256, 256, 4), in [0, 1]."""

_BORDER_PIXELS = 13


Art = Callable[[str], Rgba]
"""The picture of what an emojibase label names."""


def still(sticker: Sticker, art_of: Art = packaged) -> Rgba:
    """The sticker at rest."""
    return finished(_layout(sticker, art_of), sticker.style)


def loop(sticker: Sticker, art_of: Art = packaged) -> NDArray[np.float32]:
    """Its loop, premultiplied RGBA (8, 256, 256, 4); the middle frame is `still`."""
    assert sticker.motion is not None
    rest, reach = _layout(sticker, art_of), MOTION_SIZES[sticker.motion_size]
    move = _MOTIONS[sticker.motion.id]
    frames = []
    for index in range(LOOP_FRAMES):
        turn = 2 * pi * (index - MIDDLE_FRAME) / LOOP_FRAMES
        moved = cv2.warpAffine(rest, move(turn, reach), (SIZE_PIXELS, SIZE_PIXELS))
        frames.append(finished(moved.astype(np.float32, copy=False), sticker.style))
    return np.stack(frames)


def on_matte(rgba: NDArray[np.float32], matte: float = 0.5) -> NDArray[np.uint8]:
    """Premultiplied RGBA (..., 4) over an even grey, RGB uint8."""
    seen = rgba[..., :3] + matte * (1.0 - rgba[..., 3:])
    return np.round(np.clip(seen, 0.0, 1.0) * 255.0).astype(np.uint8)


def _layout(sticker: Sticker, art_of: Art) -> Rgba:
    """Everything the words name, laid out without a style of its own."""
    rng = random.Random(sticker.seed)
    art = art_of(sticker.subject.label)
    if sticker.colour:
        art = dyed(art, COLOURS[sticker.colour])
    canvas = np.zeros((SIZE_PIXELS, SIZE_PIXELS, 4), np.float32)
    size, x, y = rng.uniform(0.7, 0.8), rng.uniform(0.48, 0.52), rng.uniform(0.5, 0.54)
    if sticker.twice:
        size = rng.uniform(0.44, 0.48)
        _lay(canvas, art, 0.27, y, size)
        _lay(canvas, art, 0.73, y, size)
    elif sticker.companion is not None:
        size = rng.uniform(0.6, 0.66)
        side = rng.choice((-1, 1))
        _lay(canvas, art, 0.5 - 0.11 * side, 0.48, size)
        _lay(canvas, art_of(sticker.companion.label), 0.5 + 0.25 * side, 0.7, 0.38)
    else:
        _lay(canvas, art, x, y, size)
    return canvas


def _lay(canvas: Rgba, art: Rgba, x: float, y: float, size: float) -> None:
    """Lay `art` over the canvas: centre and size as fractions of its side."""
    scale = size * SIZE_PIXELS / art.shape[0]
    small = cv2.resize(art, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    top = round(y * SIZE_PIXELS - small.shape[0] / 2)
    left = round(x * SIZE_PIXELS - small.shape[1] / 2)
    under = canvas[top : top + small.shape[0], left : left + small.shape[1]]
    under *= 1 - small[..., 3:]
    under += small


def dyed(art: Rgba, colour: tuple[float, float, float]) -> Rgba:
    """The art in shades of one colour; its lights stay light and its darks dark."""
    alpha = art[..., 3:]
    straight = (art[..., :3] / np.maximum(alpha, 1e-4)).astype(np.float32, copy=False)
    dyed = np.concatenate([colours.dyed(straight, colour) * alpha, alpha], axis=-1)
    return dyed.astype(np.float32, copy=False)


def finished(rgba: Rgba, style: Style) -> Rgba:
    """The picture in a style."""
    if style is Style.DIE_CUT:
        return die_cut(rgba)
    return comic(rgba) if style is Style.COMIC else rgba


def die_cut(rgba: Rgba) -> Rgba:
    """With an even white border, as if cut from a sheet."""
    return cut_out(rgba, _BORDER_PIXELS)


def cut_out(rgba: Rgba, border_pixels: int) -> Rgba:
    """With a white border of some width."""
    size = 2 * border_pixels + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    paper = cv2.GaussianBlur(cv2.dilate(rgba[..., 3], kernel), (0, 0), 0.8)[..., None]
    alpha = np.maximum(paper, rgba[..., 3:])
    cut = np.concatenate([rgba[..., :3] + (alpha - rgba[..., 3:]), alpha], axis=-1)
    return cut.astype(np.float32, copy=False)


def comic(rgba: Rgba, outline_pixels: int = 4) -> Rgba:
    """In few flat colours with a dark outline."""
    alpha = rgba[..., 3:]
    colour = rgba[..., :3] / np.maximum(alpha, 1e-4)
    smooth = cv2.bilateralFilter(np.clip(colour, 0, 1), 7, 0.12, 5)
    flat = np.round(smooth * 4) / 4
    side = 2 * outline_pixels + 1
    ring = cv2.dilate(rgba[..., 3], np.ones((side, side), np.uint8))[..., None]
    outline = np.array([0.10, 0.09, 0.14], np.float32)
    outer = np.maximum(ring, alpha)
    drawn = np.concatenate([flat * alpha + outline * (outer - alpha), outer], axis=-1)
    return drawn.astype(np.float32, copy=False)


def _about(
    centre_y: float, linear: NDArray[np.float64], dx: float = 0.0, dy: float = 0.0
) -> NDArray[np.float64]:
    """The affine map that applies `linear` about (0.5, centre_y) and then moves, in fractions."""
    anchor = np.array([0.5, centre_y]) * SIZE_PIXELS
    move = np.array([dx, dy]) * SIZE_PIXELS
    return np.column_stack([linear, anchor - linear @ anchor + move])


def _scale(x: float, y: float) -> NDArray[np.float64]:
    return np.diag([x, y])


def _rotation(angle: float) -> NDArray[np.float64]:
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


def _edge_on(width: float) -> float:
    """The width of what turns, never quite nothing."""
    return math.copysign(max(abs(width), 0.12), width)


_STILL = np.eye(2)
_FLOOR = 0.85

_MOTIONS: dict[str, Callable[[float, float], NDArray[np.float64]]] = {
    "stand": lambda _turn, _reach: _about(0.5, _STILL),
    "jump": lambda turn, reach: _about(
        _FLOOR,
        _scale(1 + 0.07 * cos(turn) - 0.07, 1 - 0.1 * cos(turn) + 0.1),
        dy=-0.06 * reach * (1 - cos(turn)),
    ),
    "spin": lambda turn, _reach: _about(0.5, _rotation(turn)),
    "dance": lambda turn, reach: _about(
        _FLOOR, np.array([[1.0, -0.22 * reach * sin(turn)], [0.0, 1.0]]), dy=-0.03 * abs(sin(turn))
    ),
    "rock": lambda turn, reach: _about(_FLOOR, _rotation(0.24 * reach * sin(turn))),
    "shake": lambda turn, reach: _about(
        0.5, _rotation(0.06 * sin(2 * turn)), dx=0.04 * reach * sin(2 * turn)
    ),
    "pulse": lambda turn, reach: _about(
        0.5, _scale(1 + 0.16 * reach * sin(turn), 1 + 0.16 * reach * sin(turn))
    ),
    "float": lambda turn, reach: _about(
        0.5, _rotation(0.05 * sin(turn)), dy=0.06 * reach * sin(turn)
    ),
    "squash": lambda turn, reach: _about(
        _FLOOR, _scale(1 + 0.14 * reach * sin(turn), 1 - 0.14 * reach * sin(turn))
    ),
    "slide": lambda turn, reach: _about(0.5, _STILL, dx=0.1 * reach * sin(turn)),
    "flip": lambda turn, _reach: _about(0.5, _scale(_edge_on(cos(turn)), 1.0)),
}
