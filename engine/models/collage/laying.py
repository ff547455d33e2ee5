"""Cut-outs laid over each other and cut out of white paper together: RGBA of one sticker."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.collage.cut_outs import CutOut, Levels

SIDE_PIXELS = 512
"""What a sticker is laid at: messengers show them so."""
_BORDER_PIXELS, _KEYLINE_PIXELS, _MARGIN_PIXELS = 21.0, 5.0, 16.0
"""Paper around the whole, paper around what is laid over something, and nothing around all."""
_GAP_PIXELS = 9.0
"""Bays and gaps narrower than twice this are paper: no scissors go there."""
_EDGE_PIXELS = 1.4
_SQUARE_PIXELS, _SHARPER = 11, 0.6


@dataclass(frozen=True, slots=True)
class Laid:
    """A cut-out and where it lies: its middle and the geometric mean of its width and height, in

    any unit that is the same for all; its turn in radians, clockwise.
    """

    art: CutOut
    x: float
    y: float
    size: float
    turn: float = 0.0
    mirrored: bool = False

    def corners(self) -> NDArray[np.float64]:
        """The outline of what it fills, (N, 2) in the units of its place."""
        inside = (self.art.cover >= 0.5).astype(np.uint8)
        outlines, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        left, top, width, height = self.art.box
        points = (
            np.concatenate(outlines)[:, 0].astype(np.float64)
            if outlines
            else np.array([[left, top], [left + width, top + height]], np.float64)
        )
        return points @ self._linear.T + self._offset

    @property
    def _linear(self) -> NDArray[np.float64]:
        """From the art's pixels to where they lie."""
        scale = self.size / math.sqrt(self.art.box[2] * self.art.box[3])
        cos, sin = math.cos(self.turn), math.sin(self.turn)
        flip = np.diag([-scale if self.mirrored else scale, scale])
        return np.array([[cos, -sin], [sin, cos]]) @ flip

    @property
    def _offset(self) -> NDArray[np.float64]:
        left, top, width, height = self.art.box
        middle = np.array([left + (width - 1) / 2, top + (height - 1) / 2])
        return np.array([self.x, self.y]) - self._linear @ middle

    def matrix(self, scale: float, shift: NDArray[np.float64]) -> NDArray[np.float64]:
        """From the art's pixels to a canvas's, whose units are `scale` pixels, (2, 3)."""
        return np.column_stack([self._linear * scale, self._offset * scale + shift])


def sticker(pieces: Sequence[Laid]) -> NDArray[np.uint8]:
    """Straight RGBA (512, 512, 4) of cut-outs, the hindmost first, as large as there is room."""
    return _on_paper(_laid(pieces, _BORDER_PIXELS + _MARGIN_PIXELS, _KEYLINE_PIXELS))


def without_paper(pieces: Sequence[Laid]) -> NDArray[np.uint8]:
    """The same cut-outs alone, for a film."""
    canvas = _laid(pieces, _MARGIN_PIXELS, 0.0)
    canvas[..., :3] /= np.maximum(canvas[..., 3:], 1e-4)
    return (canvas.clip(0, 1) * 255).round().astype(np.uint8)


def _laid(pieces: Sequence[Laid], free_pixels: float, keyline_pixels: float) -> Levels:
    """Premultiplied RGBA of cut-outs, with so much free around them."""
    outline = np.concatenate([piece.corners() for piece in pieces])
    low, high = outline.min(axis=0), outline.max(axis=0)
    room = SIDE_PIXELS - 2 * free_pixels
    scale = room / max(float((high - low).max()), 1e-6)
    shift = SIDE_PIXELS / 2 - (low + high) / 2 * scale
    canvas = np.zeros((SIDE_PIXELS, SIDE_PIXELS, 4), np.float32)
    for piece in pieces:
        _lay(canvas, piece, piece.matrix(scale, shift), keyline_pixels)
    return canvas


def _lay(canvas: Levels, piece: Laid, matrix: NDArray[np.float64], keyline_pixels: float) -> None:
    """Lay a cut-out over premultiplied RGBA in place, its keyline over what is there already."""
    size = SIDE_PIXELS, SIDE_PIXELS
    colours = cv2.warpAffine(
        piece.art.colours, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    colours = colours.astype(np.float32, copy=False).clip(0, 1)
    if not piece.art.is_clean:
        colours = _painted(colours)
    spread = cv2.warpAffine(piece.art.cover, matrix, size, flags=cv2.INTER_CUBIC)
    steep = float(np.abs(np.gradient(spread)).max()) * _EDGE_PIXELS
    cover = np.clip((spread - 0.5) / max(steep, 1e-3) + 0.5, 0, 1)[..., None].astype(np.float32)
    if keyline_pixels and canvas.any():
        keyline = _within(cover[..., 0], keyline_pixels)[..., None] * canvas[..., 3:]
        canvas[:] = canvas * (1 - keyline) + keyline
    canvas *= 1 - cover
    canvas += np.concatenate([colours * cover, cover], axis=2)


def _painted(colours: Levels) -> Levels:
    """Enlarged colours (H, W, 3) without the corners of the squares that they are drawn in."""
    levels = (np.clip(colours, 0, 1) * 255).round().astype(np.uint8)
    round_ = cv2.medianBlur(levels, _SQUARE_PIXELS).astype(np.float32) / np.float32(255)
    smooth = cv2.GaussianBlur(round_, (0, 0), 1.5)
    soft = cv2.GaussianBlur(smooth, (0, 0), 2.5)
    return np.clip(smooth + _SHARPER * (smooth - soft), 0, 1).astype(np.float32, copy=False)


def _within(cover: Levels, reach_pixels: float) -> Levels:
    """Where something is no further away, with a soft edge, (H, W) in [0, 1]."""
    away = cv2.distanceTransform((cover < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    away = cv2.GaussianBlur(away, (0, 0), 1.2)
    return np.clip(reach_pixels + 0.5 - away, 0, 1).astype(np.float32, copy=False)


def _on_paper(canvas: Levels) -> NDArray[np.uint8]:
    """Straight RGBA of premultiplied: on white paper that is cut evenly around it."""
    wide = _within(canvas[..., 3], _BORDER_PIXELS + _GAP_PIXELS)
    outlines, _ = cv2.findContours(
        (wide >= 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    solid = cv2.drawContours(np.zeros(wide.shape, np.uint8), outlines, -1, 1, cv2.FILLED)
    inward = cv2.distanceTransform(np.pad(solid, 1), cv2.DIST_L2, 5)[1:-1, 1:-1]
    inward = cv2.GaussianBlur(inward, (0, 0), 1.2)
    paper = np.clip(inward - _GAP_PIXELS + 0.5, 0, 1)[..., None]
    rgb = canvas[..., :3] + (1 - canvas[..., 3:])
    rgba = np.concatenate([rgb, paper], axis=2)
    return (rgba.clip(0, 1) * 255).round().astype(np.uint8)
