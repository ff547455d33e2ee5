"""Paper and scissors: what drawings are cut from, dyed, turned and laid over each other with.

Pictures are straight RGBA (H, W, 4) in [0, 1] while they are worked on.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.art import art_labelled
from engine.models.opticals.colours import Colour, dyed, lightness

Sheet = NDArray[np.float32]
"""Straight RGBA (H, W, 4) in [0, 1]."""
Mask = NDArray[np.float32]
"""How much of each place (H, W) is meant, in [0, 1]."""
SIDE = 256
"""Width and height of the library's drawings in pixels."""
_SOFT_PIXELS = 0.8


def sheet_of(label: str) -> Sheet:
    """A drawing of the library."""
    return art_labelled(label).astype(np.float32) / np.float32(255.0)


def joined(colours: NDArray[Any], alpha: NDArray[Any]) -> Sheet:
    """Colours (H, W, 3) and how much of them is seen, (H, W) or (H, W, 1)."""
    return np.dstack([colours, alpha]).astype(np.float32)


def whole(sheet: Sheet) -> Sheet:
    """Premultiplied, so that no colour of what is not seen bleeds in as it is moved."""
    return joined(sheet[..., :3] * sheet[..., 3:], sheet[..., 3])


def parted(premultiplied: NDArray[Any]) -> Sheet:
    """Straight again."""
    moved = np.clip(premultiplied, 0, 1)
    return joined(np.minimum(moved[..., :3] / np.maximum(moved[..., 3:], 1e-4), 1), moved[..., 3])


def as_art(sheet: Sheet) -> NDArray[np.uint8]:
    """A sheet as the library has its drawings: straight RGBA (H, W, 4)."""
    return np.asarray((sheet * 255.0).round().clip(0, 255), np.uint8)


def cut(sheet: Sheet, mask: Mask) -> Sheet:
    """What of a sheet a mask says."""
    return joined(sheet[..., :3], sheet[..., 3] * mask)


def soft(inside: NDArray[np.bool_]) -> Mask:
    """A mask whose edges are as soft as those of drawings."""
    blurred = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), _SOFT_PIXELS)
    return blurred.astype(np.float32, copy=False)


def in_tone(sheet: Sheet, tone: Colour, mask: Mask) -> Sheet:
    """A sheet dyed where a mask says so; what is usually light there gets the tone itself."""
    told = mask * sheet[..., 3] > 0.5
    luma = lightness(sheet[..., :3])
    usual = float(np.median(luma[told])) if told.any() else 0.5
    lit = np.clip(sheet[..., :3] * np.float32(_EVEN / usual), 0, 1)
    new = dyed(lit, tone, _EVEN)
    colours = sheet[..., :3] + mask[..., None] * (new - sheet[..., :3])
    return joined(colours, sheet[..., 3])


_EVEN = 0.5


def over(upper: Sheet, under: Sheet) -> Sheet:
    """One sheet laid over another of its size."""
    share = upper[..., 3:]
    below = under[..., 3:] * (1 - share)
    alpha = share + below
    colours = (upper[..., :3] * share + under[..., :3] * below) / np.maximum(alpha, 1e-4)
    return joined(colours, alpha)


def laid(
    sheet: Sheet,
    canvas: tuple[int, int],
    scale: tuple[float, float],
    pin: tuple[float, float],
    to: tuple[float, float],
    turn_degrees: float = 0.0,
) -> Sheet:
    """A sheet on a canvas (width, height): scaled in x and y, its `pin` (x, y) at `to`, and turned

    around that, to the left by more than 0.
    """
    angle = np.deg2rad(turn_degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    linear = np.array([[cos, sin], [-sin, cos]]) @ np.diag(scale)
    shift = np.array(to) - linear @ np.array(pin)
    return warped(sheet, np.column_stack([linear, shift]), canvas)


def warped(sheet: Sheet, affine: NDArray[np.float64], canvas: tuple[int, int]) -> Sheet:
    """A sheet moved by an affine (2, 3) onto a canvas (width, height)."""
    how = cv2.INTER_AREA if np.linalg.det(affine[:, :2]) < 0.5 else cv2.INTER_CUBIC
    return parted(cv2.warpAffine(whole(sheet), affine, canvas, flags=how))


def trimmed(sheet: Sheet) -> Sheet:
    """What is seen of a sheet, and two pixels of nothing around it."""
    rows, columns = np.nonzero(sheet[..., 3] > 0.02)
    seen = sheet[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return np.pad(seen, ((2, 2), (2, 2), (0, 0)))


def grid(sheet: Sheet) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows (H, 1) and columns (1, W) of a sheet."""
    return np.arange(sheet.shape[0])[:, None], np.arange(sheet.shape[1])[None]
