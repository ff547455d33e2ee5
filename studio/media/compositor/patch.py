"""Patch: a rectangle of pixels ready to be drawn on a canvas of known size.

Opaque footage is a `YuvPatch`, everything else an `RgbaPatch`. Both know where they lie.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from av.video.frame import VideoFrame

from studio.document.model.clip import BlendMode
from studio.media.picture import PLANAR, Size, YuvPicture, planes_of


@dataclass(frozen=True, slots=True)
class Rect:
    """A place on a canvas in pixels; width and height may be nothing."""

    x: int
    y: int
    width: int
    height: int

    def clipped(self, size: Size) -> Rect:
        """The part that lies on a canvas of that size."""
        left, top = max(0, self.x), max(0, self.y)
        right = min(size[0], self.x + self.width)
        bottom = min(size[1], self.y + self.height)
        return Rect(left, top, max(0, right - left), max(0, bottom - top))

    def covers(self, size: Size) -> bool:
        """True where nothing of a canvas of that size is left free."""
        return self.clipped(size) == Rect(0, 0, *size)

    @property
    def empty(self) -> bool:
        return self.width <= 0 or self.height <= 0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, for indexing an array."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)


@dataclass(frozen=True, slots=True)
class YuvPatch:
    """Opaque BT.709 4:2:0 pixels. Its rectangle lies on even pixels and within the canvas."""

    picture: YuvPicture
    rect: Rect
    opacity: float = 1.0

    def opaque_over(self, size: Size) -> bool:
        """True where nothing beneath can be seen."""
        return self.opacity >= 1.0 and self.rect.covers(size)

    def faded(self, level: float) -> YuvPatch:
        """The same, with its opacity multiplied."""
        return replace(self, opacity=self.opacity * level)

    def planes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Y, U and V, not to be written to."""
        return planes_of(self.picture.i420())


@dataclass(frozen=True, slots=True)
class RgbaPatch:
    """Premultiplied RGBA, uint8 or uint16 (H, W, 4), where it may reach beyond the canvas."""

    pixels: np.ndarray
    rect: Rect
    opacity: float = 1.0
    blend: BlendMode = BlendMode.NORMAL
    opaque: bool = False

    def opaque_over(self, size: Size) -> bool:
        """True where nothing beneath can be seen."""
        plain = self.blend is BlendMode.NORMAL and self.opacity >= 1.0
        return self.opaque and plain and self.rect.covers(size)

    def faded(self, level: float) -> RgbaPatch:
        """The same, with its opacity multiplied."""
        return replace(self, opacity=self.opacity * level)


Patch = YuvPatch | RgbaPatch


def full_patch(picture: YuvPicture) -> YuvPatch:
    """A picture that fills its canvas."""
    return YuvPatch(picture, Rect(0, 0, *picture.size))


def yuv_of_frame(frame: VideoFrame) -> YuvPicture:
    """Wrap a frame that is already what the canvas works in."""
    assert frame.format.name == PLANAR
    return YuvPicture(frame, None)
