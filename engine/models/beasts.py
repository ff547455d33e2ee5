"""Animals cut together: the face of who has no body in the library, on a body of another."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.opticals.colours import lightness
from engine.models.paper import (
    SIDE,
    Mask,
    Sheet,
    as_art,
    cut,
    grid,
    in_tone,
    joined,
    laid,
    over,
    sheet_of,
    soft,
    trimmed,
)
from engine.planning.bodies import Beast, Colour, Tail

_CANVAS = 340, 280
_AT = 30.0, 30.0
"""Where the corner of the body's drawing is on the canvas, in pixels."""
_SPOTTED = 0.5
"""How light at most the spots of a body are that are painted over."""
_WIDEST, _STEPS = 26.0, 80
"""How wide a bushy tail is at its widest, to either side in pixels; and of how many discs."""
_TIP = 0.68
"""Where along a tail its tip begins."""
_WHOLE = 0.98
"""Colours of what covers less are mixed with nothing."""
_BAND_PIXELS = 5.0


def beast(who: Beast) -> NDArray[np.uint8]:
    """A whole animal that looks out and goes to the left: straight RGBA (H, W, 4)."""
    body = laid(_body(who), _CANVAS, (1.0, 1.0), (0.0, 0.0), _AT)
    if who.tail is not None:
        body = over(_tail(who.tail, who.tone), body)
    x, y, height = who.head
    face = trimmed(sheet_of(who.face))
    size = height / (face.shape[0] - 4)
    middle = face.shape[1] / 2, face.shape[0] / 2
    place = x + _AT[0], y + _AT[1]
    return as_art(trimmed(over(laid(face, _CANVAS, (size, size), middle, place), body)))


def _body(who: Beast) -> Sheet:
    """The body alone, without its own head and tail, in the animal's colours."""
    body = sheet_of(who.body)
    rows, columns = grid(body)
    kept = np.ones((SIDE, SIDE), bool)
    for left, top, right, bottom in who.bare:
        kept &= ~((columns >= left) & (columns < right) & (rows >= top) & (rows < bottom))
    body = cut(_unspotted(body, who), soft(kept))
    dyed = in_tone(body, who.tone, np.ones((SIDE, SIDE), np.float32))
    for tone, (left, top, right, bottom) in who.patches:
        dyed = in_tone(dyed, tone, _patch(left, top, right, bottom))
    return dyed


def _patch(left: int, top: int, right: int, bottom: int) -> Mask:
    """A box that ends at the floor, or the ellipse in one that does not; its edge is blurred."""
    patch = np.zeros((SIDE, SIDE), np.float32)
    if bottom >= SIDE:
        patch[top:, left:right] = 1.0
    else:
        middle = (left + right) // 2, (top + bottom) // 2
        reach = (right - left) // 2, (bottom - top) // 2
        cv2.ellipse(patch, middle, reach, 0, 0, 360, 1.0, -1)
    return cv2.GaussianBlur(patch, (0, 0), _BAND_PIXELS).astype(np.float32, copy=False)


def _unspotted(body: Sheet, who: Beast) -> Sheet:
    """A body whose spots are painted over with what is around them."""
    if who.spots is None:
        return body
    left, top, right, bottom = who.spots
    rows, columns = grid(body)
    inside = (columns >= left) & (columns < right) & (rows >= top) & (rows < bottom)
    dark = inside & (lightness(body[..., :3]) < _SPOTTED) & (body[..., 3] > 0)
    spots = cv2.dilate(dark.astype(np.uint8), np.ones((7, 7), np.uint8))
    mask = ((spots > 0) | (body[..., 3] < _WHOLE)).astype(np.uint8)
    colours = as_art(body)[..., :3]
    painted = cv2.inpaint(np.ascontiguousarray(colours), mask, 5, cv2.INPAINT_TELEA)
    return joined(painted / np.float32(255), body[..., 3])


def _tail(tail: Tail, tone: Colour) -> Sheet:
    """A bushy tail along a bow of three points, its tip or rings in another colour."""
    width, height = _CANVAS
    sheet = np.zeros((height, width, 4), np.float32)
    start, bow, end = (np.array(point) + _AT for point in tail.points)
    for step in range(_STEPS + 1):
        t = step / _STEPS
        x, y = (1 - t) ** 2 * start + 2 * t * (1 - t) * bow + t**2 * end
        radius = _WIDEST * tail.width * (0.36 * (1 - t) + 0.14 + np.sin(np.pi * t**1.2) * 0.6)
        is_other = int(t * tail.rings) % 2 if tail.rings else t > _TIP
        _stamp(sheet, (float(x), float(y)), float(radius), tail.other if is_other else tone)
    return sheet


def _stamp(sheet: Sheet, middle: tuple[float, float], radius: float, colour: Colour) -> None:
    """A disc laid over a sheet in place, lit from above."""
    x, y = middle
    reach = int(radius) + 2
    top, left = max(0, int(y) - reach), max(0, int(x) - reach)
    under = sheet[top : int(y) + reach + 1, left : int(x) + reach + 1]
    rows, columns = grid(under)
    inside = np.clip(radius + 0.5 - np.hypot(columns + left - x, rows + top - y), 0, 1)
    shade = 1.08 - 0.25 * np.clip((rows + top - y) / radius, -1, 1)
    lit = np.clip(np.array(colour) * shade[..., None], 0, 1)
    under[:] = over(joined(np.broadcast_to(lit, (*inside.shape, 3)), inside), under)
