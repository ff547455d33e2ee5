"""Poses that no drawing of the library has: lying down, and standing or sitting behind a table."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.drawn_art import thing_labelled
from engine.models.paper import Sheet, as_art, cut, over, soft, trimmed

Picture = NDArray[np.uint8]

LEGS, SHORT_LEGS = 0.26, 0.13
"""How much of an animal's height its legs are, that lies on them, and of one with a large head."""
_UPRIGHT = 1.5
"""From which height, of its width, somebody lies on their back."""
_FLATTER = 0.86
_SNORES = 0.3
_TABLE_TOP, _TABLE_THICK, _OVER_TABLE = 0.47, 0.05, 0.04
"""How high a table's top is, of who is behind it, how thick it is, and how far on it things stand.
"""
WIDE = 0.95
"""How wide a table for one is, of their height."""
_THINGS = 0.33
_SMALLER = 0.72
_FRONT = 0.3
"""How far a table's front hides who is behind it, of their height."""
_WOOD = (0.56, 0.38, 0.22)


def lying(art: Picture, *, asleep: bool, legs: float = LEGS) -> Picture:
    """Somebody, straight RGBA (H, W, 4), lying down, an animal on its legs; with what snores."""
    sheet = trimmed(art.astype(np.float32) / np.float32(255))
    height, width = sheet.shape[:2]
    if height > _UPRIGHT * width:
        down = np.ascontiguousarray(np.rot90(sheet))
    else:
        down = _on_legs(sheet, legs)
    return as_art(_snoring(down) if asleep else down)


def _on_legs(sheet: Sheet, legs: float) -> Sheet:
    """An animal whose legs are under it."""
    height, width = sheet.shape[:2]
    floor = round((1 - legs) * height)
    rows, columns = np.arange(height)[:, None], np.arange(width)[None]
    seen = np.flatnonzero(sheet[:floor, :, 3].max(axis=0) > 0.5)
    radius = 0.1 * height
    left, right = seen.min() + radius, seen.max() - radius
    away = np.maximum(np.maximum(left - columns, columns - right), 0)
    low = np.maximum(rows - (floor - radius), 0)
    kept = (away**2 + low**2 <= radius**2) | (rows < floor - radius)
    body = cut(sheet, soft(kept & (rows < floor)))[:floor]
    size = round(width * 1.04), round(floor * _FLATTER)
    return np.asarray(cv2.resize(body, size, interpolation=cv2.INTER_AREA), np.float32)


def _snoring(sheet: Sheet) -> Sheet:
    """A sheet with snores over its left end, where heads are drawn."""
    height, width = sheet.shape[:2]
    side = max(8, round(_SNORES * max(height, width)))
    sign = thing_labelled("ZZZ").astype(np.float32) / np.float32(255)
    small = np.asarray(cv2.resize(sign, (side, side), interpolation=cv2.INTER_AREA), np.float32)
    whole = np.pad(sheet, ((side, 0), (0, 0), (0, 0)))
    above = np.zeros_like(whole)
    left = round(0.06 * width)
    above[round(0.3 * side) : round(0.3 * side) + side, left : left + side] = small
    return over(whole, above)


def at_table(art: Picture, things: Sequence[str], *, wide: float = 1.0) -> Picture:
    """Who stands or sits, straight RGBA (H, W, 4), behind a table with things on it by labels.

    The table stands where they do; `wide` is how much wider it is than for one.
    """
    own = trimmed(art.astype(np.float32) / np.float32(255))
    height, width = own.shape[:2]
    table_wide = round(WIDE * height * wide)
    sheet = np.zeros((height, max(width, table_wide), 4), np.float32)
    left = (sheet.shape[1] - width) // 2
    sheet[:, left : left + width] = own
    top = round((1 - _TABLE_TOP) * height)
    _board(sheet, table_wide, top)
    size = _THINGS * height * (1.0 if wide == 1 else _SMALLER)
    for place, label in enumerate(things):
        x = sheet.shape[1] * (0.5 + (place - (len(things) - 1) / 2) * 0.3 / wide)
        if len(things) == 1:
            x = sheet.shape[1] * 0.4
        _put(sheet, label, x, top + _OVER_TABLE * height, size)
    return as_art(sheet)


def _board(sheet: Sheet, wide: int, top: int) -> None:
    """A table in front of a sheet, in place."""
    height, width = sheet.shape[:2]
    left, right = (width - wide) // 2, (width + wide) // 2
    thick, leg = round(_TABLE_THICK * height), max(2, round(0.035 * height))
    inset = round(0.05 * wide)
    dark, light = (np.array((*_WOOD, 1.0), np.float32) * (s, s, s, 1) for s in (0.72, 1.2))
    for x in (left + inset, right - inset - leg):
        sheet[top + thick :, x : x + leg] = dark
    sheet[top + thick : top + round(_FRONT * height), left + inset : right - inset] = dark
    sheet[top : top + thick, left:right] = light


def _put(sheet: Sheet, label: str, x: float, bottom: float, size: float) -> None:
    """A thing that stands on a table, in place."""
    thing = trimmed(thing_labelled(label).astype(np.float32) / np.float32(255))
    scale = size / max(thing.shape[:2])
    shape = max(1, round(thing.shape[1] * scale)), max(1, round(thing.shape[0] * scale))
    small = np.asarray(cv2.resize(thing, shape, interpolation=cv2.INTER_AREA), np.float32)
    left = min(max(round(x - shape[0] / 2), 0), sheet.shape[1] - shape[0])
    top = max(round(bottom - shape[1]), 0)
    under = sheet[top : top + shape[1], left : left + shape[0]]
    under[:] = over(small[: under.shape[0]], under)
