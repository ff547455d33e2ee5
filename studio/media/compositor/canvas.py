"""Canvas: patches drawn over one another, in 4:2:0 for as long as possible.

A canvas begins as one colour, or as nothing (transparent). It turns to RGB only when a patch
cannot be drawn otherwise, and to RGBA only when it began transparent and was never covered. A deep
canvas, for films of more than 8 bits, is RGB of 16 from the start, but for footage that covers it.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from studio.document.model.clip import BlendMode
from studio.media.compositor.blend import blended
from studio.media.compositor.content import rgb_of_picture, rgba_of_picture
from studio.media.compositor.patch import Patch, Rect, RgbaPatch, YuvPatch
from studio.media.compositor.yuv import OFFSETS, colour_planes, paint_rgba
from studio.media.depth import STEP, deepened, rounded
from studio.media.picture import (
    RgbaPicture,
    RgbPicture,
    Size,
    YuvPicture,
    planes_of,
    without_alpha,
)

Rgb = tuple[int, int, int]
AnyPicture = YuvPicture | RgbPicture | RgbaPicture


class Canvas:
    """A frame being composed; `background` None means transparent."""

    def __init__(self, size: Size, background: Rgb | None, *, deep: bool = False) -> None:
        self.size = size
        self.deep = deep
        self._kind = np.uint16 if deep else np.uint8
        self._background = background
        self._whole: YuvPicture | None = None  # one untouched picture covers everything
        self._i420: np.ndarray | None = None
        self._rgb: np.ndarray | None = None
        self._rgba: np.ndarray | None = None

    def draw(self, patch: Patch) -> None:
        """Lay a patch over what is there."""
        if patch.opacity <= 0 or patch.rect.clipped(self.size).empty:
            return
        match patch:
            case YuvPatch():
                self._draw_yuv(patch)
            case RgbaPatch():
                self._draw_rgba(patch)

    def picture(self) -> AnyPicture:
        """What has been drawn."""
        if self._whole is not None:
            return self._whole
        if self._rgba is not None:
            return RgbaPicture(self._rgba)
        if self._rgb is not None:
            return RgbPicture(self._rgb)
        if self._i420 is None and self._background is None:
            return RgbaPicture(np.zeros((self.size[1], self.size[0], 4), self._kind))
        return RgbPicture(self._pixels()) if self.deep else YuvPicture(None, self._planes())

    # Two canvases in one

    def copy(self) -> Canvas:
        """A canvas that looks the same, to be drawn on by itself."""
        other = self.blank()
        other._whole = self._whole
        other._i420 = None if self._i420 is None else self._i420.copy()
        other._rgb = None if self._rgb is None else self._rgb.copy()
        other._rgba = None if self._rgba is None else self._rgba.copy()
        return other

    def blank(self) -> Canvas:
        """A canvas of the same size with nothing drawn on it."""
        return Canvas(self.size, self._background, deep=self.deep)

    def become(self, picture: AnyPicture) -> None:
        """Forget what was drawn and show a picture of the same size."""
        self._whole = self._i420 = self._rgb = self._rgba = None
        match picture:
            case YuvPicture(planes=planes) if planes is not None:
                self._i420 = planes
            case YuvPicture():
                self._whole = picture
            case RgbPicture(pixels):
                self._rgb = pixels
            case RgbaPicture(pixels):
                self._rgba = pixels

    def mixed(self, other: Canvas, weight: float, other_weight: float) -> AnyPicture:
        """Both canvases' light added, each by its weight."""
        mine, theirs, form = self._alike(other)
        if form is not YuvPicture:
            return _of_form(form, cv2.addWeighted(mine, weight, theirs, other_weight, 0))
        surplus = 1 - weight - other_weight
        if surplus == 0:
            return YuvPicture(None, cv2.addWeighted(mine, weight, theirs, other_weight, 0))
        out = np.empty_like(mine)
        for to, first, second, offset in zip(
            planes_of(out), planes_of(mine), planes_of(theirs), OFFSETS, strict=True
        ):
            to[...] = cv2.addWeighted(first, weight, second, other_weight, offset * surplus)
        return YuvPicture(None, out)

    def masked(self, other: Canvas, mask: np.ndarray) -> AnyPicture:
        """`other` where a mask, float32 (H, W), is 1, this canvas where it is 0."""
        mine, theirs, form = self._alike(other)
        if form is not YuvPicture:
            return _of_form(form, _through(mine, theirs, mask[..., None]))
        out = np.empty_like(mine)
        half = cv2.resize(
            mask, (self.size[0] // 2, self.size[1] // 2), interpolation=cv2.INTER_AREA
        )
        for to, first, second, share in zip(
            planes_of(out), planes_of(mine), planes_of(theirs), (mask, half, half), strict=True
        ):
            to[...] = _through(first, second, share)
        return YuvPicture(None, out)

    def _alike(self, other: Canvas) -> tuple[np.ndarray, np.ndarray, type[AnyPicture]]:
        """Both pictures' values in the plainest form that can hold either."""
        first, second = self.picture(), other.picture()
        if isinstance(first, RgbaPicture) or isinstance(second, RgbaPicture):
            mine, theirs = (rgba_of_picture(each, self.deep) for each in (first, second))
            return mine, theirs, RgbaPicture
        if isinstance(first, YuvPicture) and isinstance(second, YuvPicture) and not self.deep:
            return first.i420(), second.i420(), YuvPicture
        return rgb_of_picture(first, self.deep), rgb_of_picture(second, self.deep), RgbPicture

    # Opaque footage

    def _draw_yuv(self, patch: YuvPatch) -> None:
        if patch.opaque_over(self.size):
            self._whole, self._i420, self._rgb, self._rgba = patch.picture, None, None, None
            return
        if self.deep or self._is_rgb() or (self._background is None and self._is_blank()):
            self._draw_rgba(_as_rgba(patch, self.deep))
            return
        for canvas, layer, shrink in zip(
            planes_of(self._planes()), patch.planes(), (1, 2, 2), strict=True
        ):
            rows, columns = _shrunk(patch.rect, shrink).slices
            if patch.opacity >= 1.0:
                canvas[rows, columns] = layer
            else:
                mixed = cv2.addWeighted(
                    layer, patch.opacity, canvas[rows, columns], 1 - patch.opacity, 0
                )
                canvas[rows, columns] = mixed

    # Everything else

    def _draw_rgba(self, patch: RgbaPatch) -> None:
        if self.deep:
            patch = replace(patch, pixels=deepened(patch.pixels))
        if patch.opaque_over(self.size):
            self._whole, self._i420, self._rgba = None, None, None
            self._rgb = without_alpha(_cut(patch, self.size))
            return
        target = patch.rect.clipped(self.size)
        pixels = _cut(patch, self.size)
        plain = patch.blend is BlendMode.NORMAL
        if plain and not self.deep and not self._is_rgb() and not self._is_transparent():
            paint_rgba(planes_of(self._planes()), pixels, target, patch.opacity)
            return
        if self._is_transparent():
            self._blend_over_transparent(pixels, target, patch)
            return
        rgb = self._pixels()
        rows, columns = target.slices
        rgb[rows, columns] = blended(rgb[rows, columns], pixels, patch.opacity, patch.blend)

    def _blend_over_transparent(self, pixels: np.ndarray, target: Rect, patch: RgbaPatch) -> None:
        if self._rgba is None:
            self._rgba = np.zeros((self.size[1], self.size[0], 4), self._kind)
        rows, columns = target.slices
        beneath = self._rgba[rows, columns]
        self._rgba[rows, columns] = blended(beneath, pixels, patch.opacity, patch.blend)

    # Forms

    def _is_blank(self) -> bool:
        forms = (self._whole, self._i420, self._rgb, self._rgba)
        return all(form is None for form in forms)

    def _is_rgb(self) -> bool:
        return self._rgb is not None or self._rgba is not None

    def _is_transparent(self) -> bool:
        return self._rgba is not None or (self._background is None and self._is_blank())

    def _planes(self) -> np.ndarray:
        """The canvas as I420 that may be written to."""
        if self._i420 is None:
            if self._whole is not None:
                self._i420 = self._whole.i420().copy()
                self._whole = None
            else:
                self._i420 = colour_planes(self.size, self._background or (0, 0, 0))
        return self._i420

    def _pixels(self) -> np.ndarray:
        """The canvas as RGB that may be written to."""
        if self._rgb is None:
            self._rgb = self._deep_pixels() if self.deep else self._planes_as_rgb()
            self._whole = self._i420 = None
        return self._rgb

    def _planes_as_rgb(self) -> np.ndarray:
        return YuvPicture(None, self._planes()).rgb().copy()

    def _deep_pixels(self) -> np.ndarray:
        if self._whole is not None:
            return self._whole.deep_rgb().copy()
        flat = np.array(self._background or (0, 0, 0), np.uint16) * STEP
        return np.broadcast_to(flat, (self.size[1], self.size[0], 3)).copy()


def _cut(patch: RgbaPatch, size: Size) -> np.ndarray:
    """The pixels of a patch that lie on the canvas."""
    target = patch.rect.clipped(size)
    top, left = target.y - patch.rect.y, target.x - patch.rect.x
    return patch.pixels[top : top + target.height, left : left + target.width]


def _as_rgba(patch: YuvPatch, deep: bool) -> RgbaPatch:
    pixels = rgba_of_picture(patch.picture, deep)
    return RgbaPatch(pixels, patch.rect, patch.opacity, opaque=True)


def _shrunk(rect: Rect, factor: int) -> Rect:
    return Rect(rect.x // factor, rect.y // factor, rect.width // factor, rect.height // factor)


def _of_form(form: type[AnyPicture], pixels: np.ndarray) -> RgbPicture | RgbaPicture:
    return RgbaPicture(pixels) if form is RgbaPicture else RgbPicture(pixels)


def _through(first: np.ndarray, second: np.ndarray, share: np.ndarray) -> np.ndarray:
    mixed = first + (second.astype(np.float32) - first) * share
    return rounded(mixed, first)
