"""Where cut-outs lie on a sticker: one alone, several of a kind, and what stands beside or on them.

Units are those of a thing alone, whose width and height have a geometric mean of 1; what comes of
it is enlarged to fill the sticker.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.models.collage.cut_outs import CutOut
from engine.models.collage.laying import Laid


class Place(StrEnum):
    """How something is with the first thing: near it and small, its equal, in the air beside it,

    on its head, under it, or around its lower part.
    """

    NEAR = "near"
    EQUAL = "equal"
    AFLOAT = "afloat"
    WORN = "worn"
    UNDER = "under"
    AROUND = "around"


@dataclass(frozen=True, slots=True)
class Group:
    """One or more of a kind, each drawn for itself; the first of a sticker has no place.

    `scale` is how much larger it is than usual.
    """

    arts: tuple[CutOut, ...]
    place: Place | None = None
    scale: float = 1.0


_ROWS = {3: (2, 1), 4: (2, 2), 5: (3, 2)}
"""How many stand in each row, the hindmost first."""
_OVERLAP, _ROW_DOWN, _BEHIND = 0.12, 0.34, 0.9
_PAIR_OVERLAP, _PAIR_DOWN = 0.02, 0.08
"""Two of a kind stand side by side, as the sticker grammar has them, one a little before the other:

so they are counted at a glance.
"""
_STAGGER = 0.07
_TILT = math.radians(7)
_SIZES = {
    Place.NEAR: 0.56,
    Place.EQUAL: 0.84,
    Place.AFLOAT: 0.56,
    Place.WORN: 0.46,
    Place.UNDER: 0.9,
    Place.AROUND: 1.0,
}


def arranged(groups: Sequence[Group], rng: random.Random) -> list[Laid]:
    """Where everything lies, the hindmost first; chance settles sides, tilts and sizes."""
    first, *others = groups
    behind: list[Laid] = []
    before = _rows(first.arts, rng)
    side = rng.choice((-1, 1))
    for group in others:
        laid = _beside(group, before, side, rng)
        if group.place is Place.UNDER:
            behind = [*laid, *behind]
        else:
            before = [*before, *laid]
            side = -side
    return [*behind, *before]


def _rows(arts: Sequence[CutOut], rng: random.Random) -> list[Laid]:
    """Several of a kind in rows, one alone in the middle, as it was drawn."""
    if len(arts) == 1:
        return [Laid(arts[0], 0, 0, 1, rng.uniform(-_TILT, _TILT))]
    turned = rng.choice((False, True))
    if len(arts) == 2:
        return _pair(arts, rng, turned=turned)
    laid: list[Laid] = []
    rows = _ROWS[len(arts)]
    for row, count in enumerate(rows):
        away = len(rows) - 1 - row
        size = _BEHIND**away
        step = arts[0].size[0] * (1 - _OVERLAP) * size
        order = list(range(count))
        rng.shuffle(order)
        shift = step * 0.25 * (1 if row else -1) if rows == (2, 2) else 0.0
        for column in order:
            across = column - (count - 1) / 2
            lean = math.copysign(rng.uniform(0.2, 1.0) * _TILT, across or rng.choice((-1, 1)))
            laid.append(
                Laid(
                    arts[len(laid)],
                    across * step + shift,
                    -away * _ROW_DOWN * arts[0].size[1] + rng.uniform(-_STAGGER, _STAGGER),
                    size * rng.uniform(0.93, 1.0),
                    lean,
                    turned if across < 0 else not turned,
                )
            )
    return laid


def _pair(arts: Sequence[CutOut], rng: random.Random, *, turned: bool) -> list[Laid]:
    """Two of a kind, one a little behind the other."""
    width, height = arts[0].size
    side, step = rng.choice((-1, 1)), width * (1 - _PAIR_OVERLAP)
    down = height * _PAIR_DOWN * rng.random()
    lean = [rng.uniform(0.2, 1.0) * _TILT for _ in arts]
    far = Laid(arts[0], -side * step / 2, -down / 2, 0.94, -side * lean[0], turned)
    near = Laid(arts[1], side * step / 2, down / 2, 1.0, side * lean[1], not turned)
    return [far, near]


def _beside(group: Group, others: Sequence[Laid], side: int, rng: random.Random) -> list[Laid]:
    """Where a group lies with what lies already."""
    assert group.place is not None
    corners = np.concatenate([laid.corners() for laid in others])
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    edge = right if side > 0 else left
    laid: list[Laid] = []
    for number, art in enumerate(group.arts):
        size = _SIZES[group.place] * group.scale * rng.uniform(0.94, 1.06) * 0.94**number
        width, height = art.size[0] * size, art.size[1] * size
        lean = side * rng.uniform(0.2, 1.0) * _TILT
        match group.place:
            case Place.UNDER:
                x = (left + right) / 2 + number * 0.7 * width * side
                y, lean = bottom + 0.24 * height, lean / 3
            case Place.AROUND:
                x = (left + right) / 2 + number * 0.7 * width * side
                y, lean = bottom + 0.12 * height, lean / 3
            case Place.WORN:
                head = corners[corners[:, 1] < top + 0.25 * (bottom - top)]
                x = float(head[:, 0].min() + head[:, 0].max()) / 2 + number * 0.5 * width * side
                y = top - 0.18 * height
            case Place.AFLOAT:
                x = edge + side * (0.2 + number * 0.6) * width
                y = top + (0.3 - 0.2 * number) * height
            case Place.EQUAL:
                x = edge + side * (0.5 - _OVERLAP + number * 0.8) * width
                y = bottom - height / 2 + rng.uniform(0.0, _STAGGER)
            case Place.NEAR:
                x = edge + side * (0.12 + number * 0.62) * width
                y = bottom - 0.4 * height + 0.05 * number
        laid.append(Laid(art, x, y, size, lean))
    return laid
