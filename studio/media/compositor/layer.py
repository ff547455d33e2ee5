"""Layer: a clip's content on its way to the canvas: placed, then changed, in the clip's order.

Moves are gathered into one matrix and colour steps into one list, so that however many effects
there are, pixels are resampled once. A step that looks at neighbouring pixels has to see them
in place, and ends the gathering.
"""

from __future__ import annotations

from collections.abc import Callable
from math import hypot

import cv2
import numpy as np

from studio.document.fitting import Box, fit_box
from studio.document.model.clip import BlendMode, Fit
from studio.media.compositor.content import Content, DrawnContent
from studio.media.compositor.geometry import (
    Matrix,
    bounds,
    box_of,
    chained,
    even_rect,
    for_centres,
    is_upright,
    placing,
)
from studio.media.compositor.patch import Patch, Rect, RgbaPatch, YuvPatch
from studio.media.compositor.saturation import Saturation
from studio.media.depth import rounded, white
from studio.media.picture import Size, YuvPicture, without_alpha

ColourStep = Callable[[np.ndarray], np.ndarray]
"""Changes opaque RGB, uint8 or uint16 (H, W, 3) to the same, pixel by pixel."""
PixelStep = Callable[[np.ndarray, Rect], np.ndarray]
"""Changes premultiplied RGBA, uint8 or uint16 (h, w, 4), at a rectangle of the canvas."""

IDENTITY = np.array([[1.0, 0, 0], [0, 1.0, 0]])


class Layer:
    """One clip's picture being made ready; `finished` gives the patch to draw."""

    def __init__(self, content: Content, canvas: Size, fit: Fit, canvas_scale: float) -> None:
        self.canvas = canvas
        self._content = content
        self._moved = False
        self._box = fit_box(content.size, canvas, fit, canvas_scale)
        self._matrix = placing(content.size, self._box)
        self._colours: list[ColourStep] = []

    @property
    def extent(self) -> Box:
        """The upright box around the layer as it lies now, whatever of it the canvas holds."""
        width, height = self._content.size
        corners = [self._matrix @ (x, y, 1) for x in (0, width) for y in (0, height)]
        (left, top), (right, bottom) = np.min(corners, axis=0), np.max(corners, axis=0)
        return float(left), float(top), float(right - left), float(bottom - top)

    def move(self, matrix: Matrix) -> None:
        """Move the layer, by a matrix on the canvas."""
        self._matrix = chained(self._matrix, matrix)
        self._moved = True

    def colour(self, step: ColourStep) -> None:
        """Change its colours."""
        self._colours.append(step)

    def change(self, step: PixelStep, margin: int = 0) -> None:
        """Change its pixels in place; `margin` is how far the change reaches beyond its edges."""
        patch = self._realised()
        rect = patch.rect
        pixels = patch.pixels
        if margin and not rect.covers(self.canvas):
            pixels = cv2.copyMakeBorder(
                pixels, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0
            )
            rect = Rect(
                rect.x - margin, rect.y - margin, rect.width + 2 * margin, rect.height + 2 * margin
            )
        self._content = DrawnContent(step(pixels, rect), opaque=False)
        self._matrix = np.array([[1.0, 0, rect.x], [0, 1.0, rect.y]])
        self._colours = []
        self._moved = True

    def finished(self, opacity: float, blend: BlendMode) -> Patch:
        """The layer as a patch."""
        content = self._content
        plain = not self._moved and blend is BlendMode.NORMAL and content.opaque
        rect = even_rect(self._box)
        if plain and rect.clipped(self.canvas) == rect:
            picture = self._coded((rect.width, rect.height))
            if picture is not None:
                return YuvPatch(picture, rect, opacity)
        patch = self._realised()
        return RgbaPatch(patch.pixels, patch.rect, opacity, blend, patch.opaque)

    # Making pixels

    def _coded(self, size: Size) -> YuvPicture | None:
        """The picture in 4:2:0, where it is that and no colour step needs it in RGB."""
        steps = [step for step in self._colours if isinstance(step, Saturation)]
        if len(steps) < len(self._colours) or (steps and self._content.deep):
            return None
        picture = self._content.yuv(size)
        if picture is None:
            return None
        for step in steps:
            picture = step.of_coded(picture)
        return picture

    def _realised(self) -> RgbaPatch:
        patch = self._placed()
        for step in self._colours:
            patch = RgbaPatch(_recoloured(patch, step), patch.rect, opaque=patch.opaque)
        return patch

    def _placed(self) -> RgbaPatch:
        content = self._content
        if is_upright(self._matrix):
            box = box_of(content.size, self._matrix)
            rect = Rect(round(box[0]), round(box[1]), max(1, round(box[2])), max(1, round(box[3])))
            on_pixels = not self._moved or _same(box, rect)
            bounded = rect.width <= 2 * self.canvas[0] and rect.height <= 2 * self.canvas[1]
            if on_pixels and bounded:
                pixels = content.rgba((rect.width, rect.height))
                return RgbaPatch(pixels, rect, opaque=content.opaque)
        return self._warped()

    def _warped(self) -> RgbaPatch:
        """Scaled down by area first where it shrinks, then moved between pixels."""
        width, height = self._content.size
        shrink_x = min(1.0, hypot(self._matrix[0, 0], self._matrix[1, 0]))
        shrink_y = min(1.0, hypot(self._matrix[0, 1], self._matrix[1, 1]))
        size = (max(1, round(width * shrink_x)), max(1, round(height * shrink_y)))
        pixels = self._content.rgba(size)
        matrix = chained(placing(size, (0.0, 0.0, float(width), float(height))), self._matrix)
        rect = bounds(size, matrix, margin=1).clipped(self.canvas)
        if rect.empty:
            return RgbaPatch(np.zeros((1, 1, 4), np.uint8), Rect(0, 0, 0, 0))
        onto = chained(matrix, np.array([[1.0, 0, -rect.x], [0, 1.0, -rect.y]]))
        moved = cv2.warpAffine(
            pixels,
            for_centres(onto),
            (rect.width, rect.height),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=0,
        )
        return RgbaPatch(moved, rect)


def _same(box: Box, rect: Rect) -> bool:
    places = (rect.x, rect.y, rect.width, rect.height)
    return all(abs(exact - whole) < 1e-3 for exact, whole in zip(box, places, strict=True))


def _recoloured(patch: RgbaPatch, step: ColourStep) -> np.ndarray:
    """Apply a colour step to premultiplied pixels."""
    if patch.opaque:
        return cv2.cvtColor(step(without_alpha(patch.pixels)), cv2.COLOR_RGB2RGBA)
    alpha = patch.pixels[..., 3:].astype(np.float32)
    full = white(patch.pixels)
    straight = patch.pixels[..., :3] * np.divide(
        full, alpha, out=np.zeros_like(alpha), where=alpha > 0
    )
    coloured = step(rounded(np.minimum(straight, full), patch.pixels))
    colour = rounded(np.minimum(coloured * (alpha / full), full), patch.pixels)
    return np.dstack([colour, patch.pixels[..., 3]])
