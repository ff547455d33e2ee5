"""True stickers laid freely: the same art as the grammar's, in many more places, sizes and colours.

A judge that saw one layout alone takes the layout for the thing. What is laid here comes from
neither a model nor the code that lays drafts, so either may be judged by who learnt from it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.training.sticker_dyes import freely_dyed
from engine.training.sticker_grammar import COLOURS, Sticker, Style
from engine.training.sticker_pictures import Art, Rgba, comic, cut_out
from engine.training.stickers import sticker as packaged

SIDE_PIXELS = 192
"""What truth is laid at: twice what the judge sees."""
MOST = 5

_TURN = math.radians(18)
_MIRRORED_SHARE = 0.35
_FREE = (0.02, 0.1)
"""Shares of the side that stay free around everything, the least of them with a border."""
_SLACK_SHARE = 0.4
"""How often things are smaller than there is room for."""
_SMALL = (0.36, 0.66)
"""How large something beside a subject is: by less, nobody could say which is the subject."""
_ALIKE = (0.82, 1.2)
_LEAST_SEEN = {"subject": 0.72, "companion": 0.72, "one of several": 0.66}
_BORDER_PIXELS, _KEYLINE_PIXELS = (4, 11), 2
_TRIES = 30


@dataclass(frozen=True, slots=True)
class Piece:
    """Art and where it lies: its middle and size (the geometric mean of width and height) in any

    unit that is the same for all, its turn in radians; premultiplied RGBA cropped to what it fills.
    """

    art: Rgba
    x: float
    y: float
    size: float
    turn: float = 0.0

    @property
    def half(self) -> tuple[float, float]:
        """Half of the width and height that it takes once it is turned."""
        scale = self.size / math.sqrt(self.art.shape[0] * self.art.shape[1])
        width, height = self.art.shape[1] * scale, self.art.shape[0] * scale
        cos, sin = abs(math.cos(self.turn)), abs(math.sin(self.turn))
        return (width * cos + height * sin) / 2, (width * sin + height * cos) / 2


def free_still(
    sticker: Sticker, rng: random.Random, art_of: Art = packaged, crowd: int = 2
) -> Rgba:
    """What a sticker shows, laid and dyed by chance, premultiplied RGBA (192, 192, 4).

    Where it shows its subject twice, `crowd` says how many are laid instead, up to `MOST`.
    """
    art = _cropped(art_of(sticker.subject.label))
    if sticker.colour:
        art = freely_dyed(art, COLOURS[sticker.colour], rng)
    keyline = _KEYLINE_PIXELS if rng.random() < 0.5 else 0
    for attempt in range(_TRIES):
        pieces, least = _scene(sticker, art, rng, art_of, crowd)
        placed = _fitted(pieces, rng)
        covers = [laid_alone(piece)[..., 3] for piece in placed]
        if attempt == _TRIES - 1 or _is_seen(covers, least):
            break
    canvas = np.zeros((SIDE_PIXELS, SIDE_PIXELS, 4), np.float32)
    for piece in placed:
        _lay(canvas, laid_alone(piece), keyline)
    return _finished(canvas, sticker.style, rng)


def _scene(
    sticker: Sticker, art: Rgba, rng: random.Random, art_of: Art, crowd: int
) -> tuple[list[Piece], list[float]]:
    """Pieces, the hindmost first, and how much of each must be seen at least."""
    first = Piece(_either_way(art, rng), 0.0, 0.0, 1.0, rng.uniform(-_TURN, _TURN))
    if sticker.twice:
        pieces = _several(first, crowd, rng)
        return pieces, [_LEAST_SEEN["one of several"]] * len(pieces)
    if sticker.companion is None:
        return [first], [1.0]
    other = _either_way(_cropped(art_of(sticker.companion.label)), rng)
    beside = Piece(other, 0.0, 0.0, rng.uniform(*_SMALL), rng.uniform(-_TURN, _TURN))
    beside = _away(beside, first, rng.uniform(0, 2 * math.pi), rng.uniform(0.55, 1.15))
    least = [_LEAST_SEEN["subject"], _LEAST_SEEN["companion"]]
    if rng.random() < 0.75:
        return [first, beside], least
    return [beside, first], least[::-1]


def _several(first: Piece, count: int, rng: random.Random) -> list[Piece]:
    """So many of a kind: side by side more often than one above another."""
    pieces = [first]
    across = rng.choice((0.0, 0.0, math.pi)) + rng.gauss(0, 0.35)
    for _ in range(count - 1):
        beside = replace(
            first,
            art=_either_way(first.art, rng),
            size=rng.uniform(*_ALIKE),
            turn=rng.uniform(-_TURN, _TURN),
        )
        angle = across if rng.random() < 0.7 else rng.uniform(0, 2 * math.pi)
        pieces.append(_away(beside, pieces[-1], angle, rng.uniform(0.75, 1.25)))
    rng.shuffle(pieces)
    return pieces


def _away(piece: Piece, other: Piece, angle: float, reach: float) -> Piece:
    """A piece moved from another's middle in a direction: at a reach of 1 their boxes touch."""
    across, down = math.cos(angle), math.sin(angle)
    wide, high = (a + b for a, b in zip(piece.half, other.half, strict=True))
    until = min(wide / max(abs(across), 1e-3), high / max(abs(down), 1e-3))
    return replace(piece, x=other.x + across * until * reach, y=other.y + down * until * reach)


def _fitted(pieces: Sequence[Piece], rng: random.Random) -> list[Piece]:
    """The same in pixels: as large as there is room, or smaller, and anywhere there is room."""
    low = [min(p.x - p.half[0] for p in pieces), min(p.y - p.half[1] for p in pieces)]
    high = [max(p.x + p.half[0] for p in pieces), max(p.y + p.half[1] for p in pieces)]
    room = SIDE_PIXELS * (1 - 2 * rng.uniform(*_FREE)) - 2 * _BORDER_PIXELS[1]
    fill = rng.uniform(0.6, 1.0) if rng.random() < _SLACK_SHARE else 1.0
    scale = fill * room / max(h - b for b, h in zip(low, high, strict=True))
    shift = []
    for begin, end in zip(low, high, strict=True):
        slack = (room - (end - begin) * scale) / 2
        middle = SIDE_PIXELS / 2 + rng.uniform(-slack, slack)
        shift.append(middle - (begin + end) / 2 * scale)
    return [
        replace(p, x=p.x * scale + shift[0], y=p.y * scale + shift[1], size=p.size * scale)
        for p in pieces
    ]


def laid_alone(piece: Piece) -> Rgba:
    """A piece that is placed in pixels, on an empty canvas (192, 192, 4)."""
    scale = piece.size / math.sqrt(piece.art.shape[0] * piece.art.shape[1])
    small = cv2.resize(piece.art, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    middle = (small.shape[1] - 1) / 2, (small.shape[0] - 1) / 2
    matrix = cv2.getRotationMatrix2D(middle, math.degrees(piece.turn), 1.0)
    matrix[:, 2] += piece.x - middle[0], piece.y - middle[1]
    laid = cv2.warpAffine(small, matrix, (SIDE_PIXELS, SIDE_PIXELS), flags=cv2.INTER_LINEAR)
    return laid.astype(np.float32, copy=False)


def _is_seen(covers: Sequence[NDArray[np.float32]], least: Sequence[float]) -> bool:
    """Whether each of the covers (H, W), the hindmost first, is seen as much as it must be."""
    hidden = np.zeros_like(covers[0])
    for cover, enough in zip(reversed(covers), reversed(least), strict=True):
        seen = float((cover * (1 - hidden)).sum()) / max(float(cover.sum()), 1e-6)
        if seen < enough - 1e-3:
            return False
        hidden = np.maximum(hidden, cover)
    return True


def _lay(canvas: Rgba, laid: Rgba, keyline_pixels: int) -> None:
    """Lay premultiplied RGBA over a canvas in place, its keyline over what is there already."""
    if keyline_pixels and canvas.any():
        ring = cv2.dilate(laid[..., 3], _round(keyline_pixels))[..., None] * canvas[..., 3:]
        canvas[:] = canvas * (1 - ring) + ring
    canvas *= 1 - laid[..., 3:]
    canvas += laid


def _finished(canvas: Rgba, style: Style, rng: random.Random) -> Rgba:
    """The canvas in a style whose measures chance settles."""
    if style is Style.COMIC:
        return comic(canvas, rng.randint(2, 4))
    if style is Style.DIE_CUT:
        return cut_out(_closed(canvas, rng), rng.randint(*_BORDER_PIXELS))
    return canvas


def _closed(canvas: Rgba, rng: random.Random) -> Rgba:
    """With gaps filled with white, half of the time: where no scissors go there is paper."""
    if rng.random() < 0.5:
        return canvas
    reach = _round(rng.randint(3, 9))
    alpha = canvas[..., 3]
    full = np.maximum(cv2.morphologyEx(alpha, cv2.MORPH_CLOSE, reach), alpha)
    return np.concatenate([canvas[..., :3] + (full - alpha)[..., None], full[..., None]], axis=2)


def _round(reach_pixels: int) -> NDArray[np.uint8]:
    side = 2 * reach_pixels + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)).astype(np.uint8)


def _cropped(art: Rgba) -> Rgba:
    """Art without what is empty around it."""
    left, top, width, height = cv2.boundingRect((art[..., 3] > 0.1).astype(np.uint8))
    return art[top : top + height, left : left + width] if width else art


def _either_way(art: Rgba, rng: random.Random) -> Rgba:
    return art[:, ::-1] if rng.random() < _MIRRORED_SHARE else art
