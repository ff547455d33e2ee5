"""What stands about in a painted place: laid into its layers, behind who acts."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from engine.models.animatic import joinery
from engine.models.animatic.canvas import Backdrop, Canvas, Colour, Image, paste
from engine.models.animatic.layers import MARGIN, floor_of
from engine.models.drawn_art import thing_labelled
from engine.models.opticals.colours import TONES, dyed, lightness
from engine.planning.figures import GLOWING
from engine.planning.set_pieces import (
    Behind,
    Beside,
    InSky,
    Piece,
    Under,
    name_of,
    size_of,
    size_under,
)

_HORIZON = 0.71
"""Where what is large stands."""
_AT_SKY = ((0.72, 0.4), (0.28, 0.36), (0.5, 0.3))
"""Where in the sky the first, the second and the third are: x, and y of their lower ends."""
_IN_SKY = 0.2
_RAINBOW = 0.5
_AWAY, _NEXT = 0.22, 0.12
"""How far from who acts the first and the next to it stand."""
_WOOD: Colour = (0.56, 0.38, 0.22)
_BUILT: dict[str, tuple[Callable[[Canvas, float, float, float, Colour], float], float, Colour]] = {
    "bench": (joinery.bench, 0.28, _WOOD),
    "sofa": (joinery.sofa, 0.34, (0.3, 0.5, 0.72)),
    "bed": (joinery.bed, 0.42, (0.35, 0.5, 0.78)),
    "table": (joinery.table, 0.3, _WOOD),
}
"""What is built where the library has no art: by whom, how wide, of the canvas, and its colour."""
_SEEN, _SOLID = 0.15, 0.5
_LONGER = 2.0
"""How much longer a seat is on which somebody goes along."""


@dataclass(frozen=True, slots=True)
class Dressing:
    """Pieces of a place, and where who acts stands, of the frame's width; one who `goes` crosses

    it.
    """

    pieces: Sequence[Piece] = ()
    actor_x: float = 0.5
    goes: bool = False


NOTHING = Dressing()


def dressed(backdrop: Backdrop, dressing: Dressing, seed: int, *, glowing: bool) -> Backdrop:
    """A place with those pieces that do not glow, or with those that do, which go over its air."""
    pieces = [piece for piece in dressing.pieces if _glows(piece) == glowing]
    if not pieces:
        return backdrop
    goes = dressing.goes
    canvas = Canvas.over(backdrop, random.Random(f"dressing/{seed}"))
    x = 0.5 if goes else 0.5 + (dressing.actor_x - 0.5) / MARGIN
    level = 0.5 + (floor_of(backdrop.ground) - 0.5) / MARGIN
    side = canvas.rng.choice((-1, 1))
    in_sky = beside = 0
    for piece in pieces:
        match piece:
            case InSky(label, colour):
                _into_sky(canvas, label, colour, in_sky)
                in_sky += 1
            case Behind(label, colour, count):
                _behind(canvas, label, colour, count, side)
            case Beside(label, colour, count):
                away = side * (_AWAY + _NEXT * (beside // 2)) * (-1 if beside % 2 else 1)
                _stand(canvas, label, colour, count, x + away, level)
                beside += 1
            case Under(name, colour):
                _under(canvas, name, colour, x, level, longer=_LONGER if goes else 1.0)
    return replace(backdrop, far=canvas.far, near=canvas.near)


def _glows(piece: Piece) -> bool:
    """Whether the time of day does not darken it; what is in the sky is seen through the air."""
    return isinstance(piece, InSky) or name_of(piece) in GLOWING


def _art(label: str, colour: str, height: int) -> Image:
    """A thing so tall, premultiplied; cut to what is seen of it."""
    whole = thing_labelled(label).astype(np.float32) / np.float32(255)
    rows, columns = np.nonzero(whole[..., 3] > _SEEN)
    art = np.array(whole[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])
    if colour:
        usual = float(lightness(art[..., :3])[art[..., 3] > _SOLID].mean())
        art[..., :3] = dyed(art[..., :3], TONES[colour], usual)
    art[..., :3] *= art[..., 3:]
    size = max(1, round(art.shape[1] * height / art.shape[0])), max(1, height)
    how = cv2.INTER_AREA if height < art.shape[0] else cv2.INTER_CUBIC
    return cv2.resize(art, size, interpolation=how).clip(0, 1).astype(np.float32)


def _into_sky(c: Canvas, label: str, colour: str, number: int) -> None:
    x, level = _AT_SKY[number % len(_AT_SKY)]
    size = _RAINBOW if label == "rainbow" else _IN_SKY
    x, level = (0.5, 0.66) if label == "rainbow" else (x, level)
    paste(c.far, _art(label, colour, round(size * c.height)), x * c.width, level * c.height)


def _behind(c: Canvas, label: str, colour: str, count: int, side: int) -> None:
    art = _art(label, colour, round(size_of(label) * c.height))
    for place in range(count):
        away = 0.2 * side * (-1 if place % 2 else 1) + 0.1 * (place // 2) * side
        paste(c.near, art, (0.5 + away) * c.width, _HORIZON * c.height)


def _under(c: Canvas, name: str, colour: str, x: float, level: float, *, longer: float) -> None:
    if name in _BUILT:
        _build(c, name, colour, x, level, longer)
    else:
        art = _art(name, colour, round(size_under(name) * c.height))
        paste(c.near, art, x * c.width, level * c.height)


def _build(c: Canvas, name: str, colour: str, x: float, level: float, longer: float = 1.0) -> None:
    build, width, usual = _BUILT[name]
    build(c, x, level, width * longer, TONES[colour] if colour else usual)


def _stand(c: Canvas, name: str, colour: str, count: int, x: float, level: float) -> None:
    if name in _BUILT:
        _build(c, name, colour, x, level)
        return
    art = _art(name, colour, round(size_of(name) * c.height))
    for place in range(count):
        near = x + 0.07 * (place - (count - 1) / 2)
        paste(c.near, art, near * c.width, (level + 0.012 * (place % 2)) * c.height)
