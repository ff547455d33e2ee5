"""Clothes on the library's people: shirts and trousers dyed, coats and gowns over their legs."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.opticals.colours import TONES, lightness
from engine.models.paper import Mask, Sheet, as_art, grid, in_tone, joined, soft
from engine.planning.plain_names import Clothes

Picture = NDArray[np.uint8]

_SHOE_LUMA = 0.3
_LENGTHS = {"gown": 0.86, "coat": 0.74}
"""How far down what hangs over legs reaches, of the height from head to foot."""
_FLARES = {"gown": 0.95, "coat": 0.3}
"""How much wider it is at its hem than at the waist, of the waist's width."""
_LEAST_SHIRT = 60
_SHADE = 0.22


def clothed(art: Picture, clothes: Clothes) -> Picture:
    """A body, straight RGBA (H, W, 4), in clothes of a colour; itself where it has no shirt."""
    sheet = art.astype(np.float32) / np.float32(255)
    top, legs = _shirt(sheet), _trousers(sheet)
    if top.sum() < _LEAST_SHIRT:
        return art
    tone = TONES[clothes.colour]
    hangs = clothes.kind in _LENGTHS and not _is_bent(sheet) and _has_waist(sheet, top)
    is_whole = clothes.kind == "suit" or (clothes.kind == "gown" and not hangs)
    dyed = legs if clothes.kind == "legs" else top | legs if is_whole else top
    done = in_tone(sheet, tone, soft(dyed))
    if hangs:
        skirt = _skirt(sheet, top, clothes.kind) & ~_hands(sheet, top)
        done = _laid(done, soft(skirt), tone)
    return as_art(done)


def _is_bent(sheet: Sheet) -> bool:
    """Whether legs are bent or far apart, so that cloth would not hang straight over them."""
    seen = sheet[..., 3] > 0.3
    rows, columns = (np.flatnonzero(seen.any(axis=axis)) for axis in (1, 0))
    tall, wide = rows.max() - rows.min(), columns.max() - columns.min()
    return bool(wide > _STRIDE * tall or tall < _SEATED * sheet.shape[0])


def _has_waist(sheet: Sheet, top: NDArray[np.bool_]) -> bool:
    """Whether a shirt ends so high up that something can hang from it."""
    seen = np.flatnonzero((sheet[..., 3] > 0.3).any(axis=1))
    lowest = int(np.flatnonzero(top.any(axis=1)).max())
    return bool(lowest < seen.min() + _LOWEST_WAIST * (seen.max() - seen.min()))


_LOWEST_WAIST = 0.64
_STRIDE, _SEATED = 0.75, 0.86
"""From which width, of its height, a body runs; and up to which height, of its sheet, one sits."""


def _parts(sheet: Sheet) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]:
    """How colourful a body is, where its skin and hair are, and where it is at all."""
    red, green, blue = (sheet[..., part] for part in range(3))
    spread = sheet[..., :3].max(axis=2) - sheet[..., :3].min(axis=2)
    skin = (red > 0.6) & (green > 0.52 * red) & (blue < 0.75 * green)
    return spread, skin, sheet[..., 3] > 0.3


def _shirt(sheet: Sheet) -> NDArray[np.bool_]:
    """The largest piece of colourful cloth: shoes and what is in a hand are others."""
    spread, skin, seen = _parts(sheet)
    cloth = (seen & ~skin & (spread > 0.24)).astype(np.uint8)
    _, pieces, sizes, _ = cv2.connectedComponentsWithStats(cloth)
    if len(sizes) < 2:
        return np.zeros(cloth.shape, np.bool_)
    shirt = (pieces == 1 + int(sizes[1:, cv2.CC_STAT_AREA].argmax())).astype(np.uint8)
    rim = cv2.dilate(shirt, np.ones((5, 5), np.uint8)) > 0
    return rim & seen & (~skin | (shirt > 0)) & (spread > 0.1)


def _trousers(sheet: Sheet) -> NDArray[np.bool_]:
    spread, skin, seen = _parts(sheet)
    rows, _ = grid(sheet)
    luma = lightness(sheet[..., :3])
    return seen & ~skin & (spread <= 0.24) & (luma > _SHOE_LUMA) & (rows > 0.4 * sheet.shape[0])


def _hands(sheet: Sheet, top: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Arms and hands that hang in front of what one has on: skin not far below the shirt."""
    _, skin, _ = _parts(sheet)
    rows, _ = grid(sheet)
    waist = int(np.flatnonzero(top.any(axis=1)).max())
    return skin & (rows < waist + 0.14 * sheet.shape[0])


def _skirt(sheet: Sheet, top: NDArray[np.bool_], kind: str) -> NDArray[np.bool_]:
    """What hangs from the waist over the legs."""
    height, width = sheet.shape[:2]
    whole = np.flatnonzero((sheet[..., 3] > 0.3).any(axis=1))
    waist = int(np.flatnonzero(top.sum(axis=1) > 0.04 * width).max())
    hem = whole.min() + _LENGTHS[kind] * (whole.max() - whole.min())
    belt = np.flatnonzero(top[max(0, waist - 14) : waist - 3].sum(axis=0) > 4)
    left, right = float(belt.min()), float(belt.max())
    legs = sheet[round((waist + hem) / 2) : round(hem), :, 3].max(axis=0) > 0.3
    columns = np.flatnonzero(legs)
    flare = _FLARES[kind] * (right - left) / 2
    stride = 0.0, 0.0
    if len(columns):
        stride = float(columns.min()), float(columns.max())
    most = 2.4 * flare
    wide = (
        max(min(left - flare, stride[0]), left - most) if len(columns) else left - flare,
        min(max(right + flare, stride[1]), right + most) if len(columns) else right + flare,
    )
    low = (wide[0], hem), (wide[1], hem)
    corners = np.array([(left, waist - 6), (right, waist - 6), low[1], low[0]])
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [corners.round().astype(np.int32)], 255)
    return mask > 0


def _laid(sheet: Sheet, cover: Mask, tone: tuple[float, float, float]) -> Sheet:
    """Cloth of a colour laid over a sheet, darker to its sides."""
    across = np.linspace(-1, 1, sheet.shape[1], dtype=np.float32)[None, :, None]
    light = 1.02 - _SHADE * np.abs(across * 2).clip(0, 1)
    cloth = np.broadcast_to(np.array(tone, np.float32) * light, (*cover.shape, 3))
    alpha = np.maximum(sheet[..., 3], cover)
    colours = sheet[..., :3] + cover[..., None] * (cloth - sheet[..., :3])
    return joined(np.clip(colours, 0, 1), alpha)
