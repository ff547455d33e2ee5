"""Paper dolls: the bust of who has a trade, set on legs of the library's own bodies."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.opticals.colours import Colour, lightness
from engine.models.paper import (
    Mask,
    Sheet,
    as_art,
    cut,
    grid,
    in_tone,
    joined,
    laid,
    over,
    parted,
    sheet_of,
    soft,
    trimmed,
    whole,
)
from engine.planning.bodies import Doll

_CANVAS = 460, 420
_FLOOR, _MIDDLE = 410.0, 230.0
"""Where feet stand and where the middle of a bust is, in pixels of the canvas."""
_WIDER, _TALLER = 1.7, 1.42
"""How much larger legs are than those of the library's bodies, that they carry a bust."""
_HEM, _LAP = 239, 16
"""The row at which the library's drawings end, and how far busts hang over legs, in pixels."""
_TAPER = 0.16, 168
"""How much narrower a bust is at its hem, of its width, and the row from which it narrows."""
_SKIRT = 72.0, 96.0
"""Half the width of a gown under a bust and at the ankles, in pixels."""
_SHADE, _SHADE_PIXELS = 0.4, 7
"""How much darker legs are right under a hem, and how far down."""
_SEAT = 108, 187
"""The column up to which the shin is of who kneels, and the row where a seat is under its thigh."""
_WARM = 0.13
"""By how much what is red exceeds what is blue in skin and in an orange shirt."""
_SHOE_LUMA = 0.32, 0.42


@dataclass(frozen=True, slots=True)
class _Legs:
    """Legs of a body of the library: its label, its hips (x, y), and how a bust leans on them;

    what is lower than `bare` (row) is of a leg, whatever its colour.
    """

    body: str
    hip: tuple[int, int]
    lean_degrees: float = 0.0
    bare: int = 256


_LEGS = {
    "standing": _Legs("person standing", (128, 132)),
    "walking": _Legs("person walking", (137, 131), 4.0),
    "running": _Legs("person running", (152, 116), 12.0, 140),
    "kneeling": _Legs("person kneeling", (145, 160), 2.0),
    "seated": _Legs("person kneeling", (145, 160), 0.0),
}


def doll(who: Doll, doing: str) -> NDArray[np.uint8]:
    """Who has a trade, on their legs: straight RGBA (H, W, 4)."""
    is_gown = who.is_robed and doing in ("standing", "walking", "running")
    legs = _LEGS["walking" if is_gown and doing == "running" else doing]
    hem = _FLOOR - (_HEM - legs.hip[1]) * _TALLER
    to = _MIDDLE, hem
    below = laid(_trousers(legs, who.legs, doing), _CANVAS, (_WIDER, _TALLER), legs.hip, to)
    if is_gown:
        below = over(_robe(who.legs, hem), below)
    bust = _bust(who)
    bust = laid(bust, _CANVAS, (1.0, 1.0), (128, _hem(bust) - _LAP), to, legs.lean_degrees)
    return as_art(trimmed(over(bust, _shaded(below, bust))))


def seated(who: str) -> NDArray[np.uint8]:
    """A man, a woman or a person who sits, seen from the side: straight RGBA (256, 256, 4)."""
    body = sheet_of(f"{who} kneeling")
    return as_art(cut(body, soft(_sitting(body))))


def _sitting(kneeling: Sheet) -> NDArray[np.bool_]:
    """What of a kneeling body is there when it sits: all but the leg that it kneels on."""
    rows, columns = grid(kneeling)
    shin, seat = _SEAT
    return (columns < shin) | (rows < seat)


def _shaded(below: Sheet, bust: Sheet) -> Sheet:
    """Legs with the shadow that a bust throws on them."""
    lower = np.roll(bust[..., 3], _SHADE_PIXELS, axis=0)
    shade = 1 - _SHADE * cv2.GaussianBlur(lower, (0, 0), _SHADE_PIXELS / 2)
    return joined(below[..., :3] * shade[..., None], below[..., 3])


def _trousers(legs: _Legs, tone: Colour, doing: str) -> Sheet:
    body = sheet_of(legs.body)
    rows, _ = grid(body)
    warm = body[..., 0] - body[..., 2] > _WARM
    is_leg = (rows >= legs.hip[1] - 4) & (~warm | (rows >= legs.bare))
    if doing == "seated":
        is_leg &= _sitting(body)
    alone = cut(body, soft(is_leg))
    low, high = _SHOE_LUMA
    cloth = np.clip((lightness(body[..., :3]) - low) / (high - low), 0, 1)
    return in_tone(alone, tone, cloth)


def _robe(tone: Colour, hem: float) -> Sheet:
    """A gown's skirt from a bust's hem to the ankles."""
    dress = in_tone(sheet_of("dress"), tone, np.ones((256, 256), np.float32))
    width, height = _CANVAS
    top, bottom = hem - _LAP - 6, _FLOOR - 14
    rows = np.arange(height, dtype=np.float32)[:, None]
    columns = np.arange(width, dtype=np.float32)[None]
    down = (rows - top) / (bottom - top)
    source = 128 + down * (239 - 128)
    half = np.interp(source[:, 0], (104, 239), (42, 88))[:, None]
    wanted = _SKIRT[0] + (_SKIRT[1] - _SKIRT[0]) * np.clip(down, 0, 1)
    across = 127.5 + (columns - _MIDDLE) * half / wanted
    maps = across.astype(np.float32), np.broadcast_to(source, across.shape).astype(np.float32)
    moved = parted(cv2.remap(whole(dress), *maps, cv2.INTER_LINEAR))
    moved[: int(top)] = 0
    return moved


def _bust(who: Doll) -> Sheet:
    """A bust that narrows to its hem, whose corners are round."""
    art = sheet_of(who.bust)
    if who.shape:
        art = cut(art, sheet_of(who.shape)[..., 3])
    rows, columns = grid(art)
    narrower, start = _TAPER
    down = np.clip((rows - start) / (_hem(art) - start), 0, 1).astype(np.float32)
    across = 127.5 + (columns - 127.5) / (1 - narrower * down**1.5)
    maps = across.astype(np.float32), np.broadcast_to(rows, across.shape).astype(np.float32)
    bust = parted(cv2.remap(whole(art), *maps, cv2.INTER_LINEAR))
    return cut(bust, _round_hem(bust))


def _round_hem(bust: Sheet) -> Mask:
    """All of a bust but the corners at its hem."""
    rows, columns = grid(bust)
    hem = _hem(bust)
    seen = np.nonzero(bust[hem - 4, :, 3] > 0.5)[0]
    left, right, radius = int(seen.min()), int(seen.max()), 14
    away = np.maximum(np.maximum(left + radius - columns, columns - right + radius), 0)
    low = np.maximum(rows - (hem - radius), 0)
    return soft((away**2 + low**2 <= radius**2) | (rows < hem - radius))


def _hem(bust: Sheet) -> int:
    """The lowest row that is seen."""
    return int(np.nonzero(bust[..., 3] > 0.5)[0].max())
