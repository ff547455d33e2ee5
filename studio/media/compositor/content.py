"""Content: what a clip shows, before it is placed: a picture of footage, or drawn pixels.

Both can be asked for at any size, so that a picture is scaled once, straight to where it lands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from studio.media.conform import Source, to_frame, to_i420, to_rgb, to_rgba
from studio.media.picture import RgbaPicture, RgbPicture, Size, YuvPicture


class Content(Protocol):
    """Pixels with a natural size, to be had at others."""

    @property
    def size(self) -> Size:
        """The natural size."""
        ...

    @property
    def opaque(self) -> bool:
        """True where no pixel lets anything through."""
        ...

    @property
    def deep(self) -> bool:
        """True where it is for a canvas of 16 bits a channel."""
        ...

    def yuv(self, size: Size) -> YuvPicture | None:
        """BT.709 4:2:0 at an even size, where it is that already and opaque; else None.

        For a deep canvas that is a frame of any number of bits and of chroma.
        """
        ...

    def rgba(self, size: Size) -> np.ndarray:
        """Premultiplied RGBA at a size, (H, W, 4), uint8, or uint16 where it is deep."""
        ...


@dataclass(frozen=True, slots=True)
class FootageContent:
    """A picture from a file; a `deep` one gives RGB of 16 bits."""

    source: Source
    deep: bool = False

    @property
    def size(self) -> Size:
        return self.source.display_size

    @property
    def opaque(self) -> bool:
        return not self.source.facts.alpha

    def yuv(self, size: Size) -> YuvPicture | None:
        """BT.709 4:2:0 at an even size."""
        if not self.opaque:
            return None
        if self.deep:
            whole = self.source.is_deep_canvas(size)
            return YuvPicture(self.source.frame, None) if whole else None
        if self.source.upright:
            return YuvPicture(to_frame(self.source, size), None)
        return YuvPicture(None, to_i420(self.source, size))

    def rgba(self, size: Size) -> np.ndarray:
        """Premultiplied RGBA at a size, (H, W, 4), uint8, or uint16 where it is deep."""
        if self.opaque:
            return cv2.cvtColor(to_rgb(self.source, size, deep=self.deep), cv2.COLOR_RGB2RGBA)
        return to_rgba(self.source, size, deep=self.deep)


@dataclass(frozen=True, slots=True)
class DrawnContent:
    """Pixels made here: premultiplied RGBA, uint8 or uint16 (H, W, 4)."""

    pixels: np.ndarray
    opaque: bool

    @property
    def size(self) -> Size:
        return self.pixels.shape[1], self.pixels.shape[0]

    @property
    def deep(self) -> bool:
        return self.pixels.dtype == np.uint16

    def yuv(self, size: Size) -> YuvPicture | None:
        """Never: it was drawn in RGB."""
        return None

    def rgba(self, size: Size) -> np.ndarray:
        """Premultiplied RGBA at a size, (H, W, 4), uint8, or uint16 where it is deep."""
        if size == self.size:
            return self.pixels
        smaller = size[0] < self.size[0] and size[1] < self.size[1]
        way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        return cv2.resize(self.pixels, size, interpolation=way)


@dataclass(frozen=True, slots=True)
class ComposedContent:
    """A composed picture used again: a nested sequence, or what lies under an adjustment."""

    picture: YuvPicture | RgbPicture | RgbaPicture
    deep: bool = False

    @property
    def size(self) -> Size:
        return self.picture.size

    @property
    def opaque(self) -> bool:
        return not isinstance(self.picture, RgbaPicture)

    def yuv(self, size: Size) -> YuvPicture | None:
        """The picture itself, at its own size."""
        if isinstance(self.picture, YuvPicture) and size == self.size:
            return self.picture
        return None

    def rgba(self, size: Size) -> np.ndarray:
        """Premultiplied RGBA at a size, (H, W, 4), uint8, or uint16 where it is deep."""
        return DrawnContent(rgba_of_picture(self.picture, self.deep), self.opaque).rgba(size)


def rgba_of_picture(picture: YuvPicture | RgbPicture | RgbaPicture, deep: bool) -> np.ndarray:
    """Any composed picture as premultiplied RGBA, uint8 or deep uint16 (H, W, 4)."""
    if isinstance(picture, RgbaPicture):
        return picture.pixels
    return cv2.cvtColor(rgb_of_picture(picture, deep), cv2.COLOR_RGB2RGBA)


def rgb_of_picture(picture: YuvPicture | RgbPicture, deep: bool) -> np.ndarray:
    """An opaque picture as full-range RGB, uint8 or deep uint16 (H, W, 3)."""
    return picture.deep_rgb() if deep and isinstance(picture, YuvPicture) else picture.rgb()
