"""Picture: one composed frame, kept in the form it was made in.

Pictures that were never more than moved and mixed stay 8-bit 4:2:0 in BT.709, as video is
stored; others are RGB. `rgb` and `frame` turn one form into the other, always the same way, so
that what a viewer shows is what an encoder is given.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from studio.media.libav import plane_bytes

Size = tuple[int, int]
"""Width and height in pixels."""

PLANAR = "yuv420p"


_own = threading.local()


def reformatter() -> VideoReformatter:
    """This thread's own converter.

    A frame's own `reformat` keeps its converter on the frame; two threads that convert one frame
    at once, as viewer and thumbnails do, then wait for each other for ever.
    """
    found = getattr(_own, "reformatter", None)
    if found is None:
        found = _own.reformatter = VideoReformatter()
    return found


def even_size(size: Size) -> Size:
    """The size, each side made even and at least 2: what 4:2:0 pictures need."""
    return max(2, size[0] // 2 * 2), max(2, size[1] // 2 * 2)


@dataclass(frozen=True, slots=True)
class YuvPicture:
    """Opaque BT.709 limited 4:2:0: a libav frame, or `i420` uint8 (H·3/2, W), or both."""

    source: VideoFrame | None
    planes: np.ndarray | None

    @property
    def size(self) -> Size:
        if self.source is not None:
            return self.source.width, self.source.height
        assert self.planes is not None
        return self.planes.shape[1], self.planes.shape[0] * 2 // 3

    def i420(self) -> np.ndarray:
        """Y over U over V in one array, uint8 (H·3/2, W). Not to be written to."""
        if self.planes is not None:
            return self.planes
        assert self.source is not None
        return self.source.to_ndarray()

    def frame(self, pixel_format: str = PLANAR) -> VideoFrame:
        """As a libav frame in a format of the encoder's."""
        source = self.source
        if source is None:
            assert self.planes is not None
            source = VideoFrame.from_ndarray(self.planes, format=PLANAR)
        return tagged(to_format(source, pixel_format, from_rgb=False))

    def rgb(self) -> np.ndarray:
        """uint8 (H, W, 3), full range."""
        return _packed(to_format(self.frame(), "rgb24", from_rgb=False), 3)


@dataclass(frozen=True, slots=True)
class RgbPicture:
    """Opaque full-range RGB, uint8 (H, W, 3)."""

    pixels: np.ndarray

    @property
    def size(self) -> Size:
        return self.pixels.shape[1], self.pixels.shape[0]

    def i420(self) -> np.ndarray:
        """Y over U over V in one array, uint8 (H·3/2, W)."""
        return self.frame().to_ndarray()

    def frame(self, pixel_format: str = PLANAR) -> VideoFrame:
        """As a libav frame in a format of the encoder's."""
        source = VideoFrame.from_ndarray(np.ascontiguousarray(self.pixels), format="rgb24")
        return tagged(to_format(source, pixel_format, from_rgb=True))

    def rgb(self) -> np.ndarray:
        """uint8 (H, W, 3), full range."""
        return self.pixels


@dataclass(frozen=True, slots=True)
class RgbaPicture:
    """Full-range RGB with transparency, premultiplied, uint8 (H, W, 4)."""

    pixels: np.ndarray

    @property
    def size(self) -> Size:
        return self.pixels.shape[1], self.pixels.shape[0]

    def straight(self) -> np.ndarray:
        """Colour not multiplied by alpha, as image files and encoders want it: uint8 (H, W, 4)."""
        alpha = self.pixels[..., 3:].astype(np.float32)
        scale = np.divide(255.0, alpha, out=np.zeros_like(alpha), where=alpha > 0)
        colour = np.minimum(self.pixels[..., :3] * scale + 0.5, 255).astype(np.uint8)
        return np.concatenate([colour, self.pixels[..., 3:]], axis=2)

    def frame(self, pixel_format: str = "yuva420p") -> VideoFrame:
        """As a libav frame in a format with alpha, colour not premultiplied."""
        source = VideoFrame.from_ndarray(self.straight(), format="rgba")
        return tagged(to_format(source, pixel_format, from_rgb=True))

    def rgb(self) -> np.ndarray:
        """The picture over black, uint8 (H, W, 3)."""
        return np.ascontiguousarray(self.pixels[..., :3])


Picture = YuvPicture | RgbPicture
"""A composed frame without transparency."""


def to_format(frame: VideoFrame, pixel_format: str, *, from_rgb: bool) -> VideoFrame:
    """The same picture in another pixel format, by BT.709 and the range that the format implies."""
    if frame.format.name == pixel_format:
        return frame
    to_rgb = pixel_format.startswith(("rgb", "bgr", "gbr", "argb", "abgr", "pal"))
    return reformatter().reformat(
        frame,
        format=pixel_format,
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG if from_rgb else ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG if to_rgb or "yuvj" in pixel_format else ColorRange.MPEG,
    )


def tagged(frame: VideoFrame) -> VideoFrame:
    """Say in the frame itself that it is BT.709."""
    rgb = frame.format.is_rgb
    frame.colorspace = 0 if rgb else 1
    frame.color_range = ColorRange.JPEG if rgb or "yuvj" in frame.format.name else ColorRange.MPEG
    frame.color_primaries = frame.color_trc = 1
    return frame


def _packed(frame: VideoFrame, channels: int) -> np.ndarray:
    """The first plane as (H, W, channels), without the padding at the end of lines."""
    plane = frame.planes[0]
    rows = plane_bytes(plane).reshape(frame.height, plane.line_size)
    return rows[:, : frame.width * channels].reshape(frame.height, frame.width, channels)


def packed(frame: VideoFrame, channels: int) -> np.ndarray:
    """Pixels of a packed RGB or RGBA frame, uint8 (H, W, channels)."""
    return _packed(frame, channels)
