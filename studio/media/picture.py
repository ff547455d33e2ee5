"""Picture: one composed frame, kept in the form it was made in.

Pictures that were never more than moved and mixed stay 8-bit 4:2:0 in BT.709, as video is
stored; others are RGB. `rgb` and `frame` turn one form into the other, always the same way, so
that what a viewer shows is what an encoder is given. Pictures for films of more than 8 bits are
RGB of 16, or a frame of footage that nothing has touched.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from studio.media.depth import white
from studio.media.facts import Matrix
from studio.media.libav import plane_bytes
from studio.media.matrices import frame_of_rgb, plane_values, rgb_of_planes

Size = tuple[int, int]
"""Width and height in pixels."""

PLANAR = "yuv420p"
DEEP_RGB, DEEP_RGBA, DEEP_PLANAR = "rgb48le", "rgba64le", "yuv444p16le"
EXACT = Interpolation.BICUBIC | 0x2000 | 0x40000
"""Bicubic, every pixel's own chroma, and rounding to the nearest: libav's slow and true way."""


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
    """Opaque BT.709 limited 4:2:0: a libav frame, or `i420` uint8 (H·3/2, W), or both.

    For a deep canvas a frame may have any number of bits and of chroma.
    """

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
        if is_rgb(pixel_format):
            return RgbPicture(self.rgb()).frame(pixel_format)
        source = self.source
        if source is None:
            assert self.planes is not None
            source = VideoFrame.from_ndarray(self.planes, format=PLANAR)
        return tagged(to_format(source, pixel_format, from_rgb=False))

    def rgb(self) -> np.ndarray:
        """uint8 (H, W, 3), full range."""
        if self.planes is not None:
            luma, blue, red = planes_of(self.planes)
        else:
            frame = self.frame()
            luma, blue, red = (plane_values(frame, index) for index in range(3))
        return rgb_of_planes(luma, blue, red, Matrix.BT709, full_range=False)

    def deep_rgb(self) -> np.ndarray:
        """uint16 (H, W, 3), full range."""
        source = self.source if self.source is not None else self.frame()
        frame = to_format(source, DEEP_PLANAR, from_rgb=False)
        luma, blue, red = (plane_values(frame, index) for index in range(3))
        return rgb_of_planes(luma, blue, red, Matrix.BT709, full_range=False)


@dataclass(frozen=True, slots=True)
class RgbPicture:
    """Opaque full-range RGB, uint8 or uint16 (H, W, 3)."""

    pixels: np.ndarray

    @property
    def size(self) -> Size:
        return self.pixels.shape[1], self.pixels.shape[0]

    def i420(self) -> np.ndarray:
        """Y over U over V in one array, uint8 (H·3/2, W)."""
        return self.frame().to_ndarray()

    def frame(self, pixel_format: str = PLANAR) -> VideoFrame:
        """As a libav frame in a format of the encoder's."""
        if self.pixels.dtype == np.uint16:
            return tagged(to_format(frame_of_rgb(self.pixels), pixel_format, from_rgb=False))
        source = VideoFrame.from_ndarray(np.ascontiguousarray(self.pixels), format="rgb24")
        return tagged(to_format(source, pixel_format, from_rgb=True))

    def rgb(self) -> np.ndarray:
        """uint8 (H, W, 3), full range; uint16 where it was composed deep."""
        return self.pixels


@dataclass(frozen=True, slots=True)
class RgbaPicture:
    """Full-range RGB with transparency, premultiplied, uint8 or uint16 (H, W, 4)."""

    pixels: np.ndarray

    @property
    def size(self) -> Size:
        return self.pixels.shape[1], self.pixels.shape[0]

    def straight(self) -> np.ndarray:
        """Colour not multiplied by alpha, as image files and encoders want it, of the same kind."""
        full = white(self.pixels)
        alpha = self.pixels[..., 3:].astype(np.float32)
        scale = np.divide(full, alpha, out=np.zeros_like(alpha), where=alpha > 0)
        colour = np.minimum(self.pixels[..., :3] * scale + 0.5, full).astype(self.pixels.dtype)
        return np.concatenate([colour, self.pixels[..., 3:]], axis=2)

    def frame(self, pixel_format: str = "yuva420p") -> VideoFrame:
        """As a libav frame in a format with alpha, colour not premultiplied."""
        straight = self.straight()
        if straight.dtype == np.uint16:
            source = frame_of_rgb(straight[..., :3], straight[..., 3])
            return tagged(to_format(source, pixel_format, from_rgb=False))
        source = VideoFrame.from_ndarray(straight, format="rgba")
        return tagged(to_format(source, pixel_format, from_rgb=True))

    def rgb(self) -> np.ndarray:
        """The picture over black, (H, W, 3) of its own kind."""
        return without_alpha(self.pixels)


Picture = YuvPicture | RgbPicture
"""A composed frame without transparency."""


def to_format(frame: VideoFrame, pixel_format: str, *, from_rgb: bool) -> VideoFrame:
    """The same picture in another pixel format, by BT.709 and the range that the format implies."""
    if frame.format.name == pixel_format:
        return frame
    to_rgb = is_rgb(pixel_format)
    return reformatter().reformat(
        frame,
        format=pixel_format,
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG if from_rgb else ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG if to_rgb or "yuvj" in pixel_format else ColorRange.MPEG,
        interpolation=EXACT,
    )


def is_rgb(pixel_format: str) -> bool:
    """True for a layout of red, green and blue, however ordered."""
    return pixel_format.startswith(("rgb", "bgr", "gbr", "argb", "abgr", "pal"))


def tagged(frame: VideoFrame) -> VideoFrame:
    """Say in the frame itself that it is BT.709."""
    rgb = frame.format.is_rgb
    frame.colorspace = 0 if rgb else 1
    frame.color_range = ColorRange.JPEG if rgb or "yuvj" in frame.format.name else ColorRange.MPEG
    frame.color_primaries = frame.color_trc = 1
    return frame


def planes_of(i420: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Views of Y (H, W), U and V (H/2, W/2) in an I420 array."""
    width = i420.shape[1]
    height = i420.shape[0] * 2 // 3
    quarter = height * width // 4
    flat = i420.reshape(-1)[height * width :]
    half = (height // 2, width // 2)
    return i420[:height], flat[:quarter].reshape(half), flat[quarter:].reshape(half)


def without_alpha(pixels: np.ndarray) -> np.ndarray:
    """The colour of RGBA (H, W, 4) as RGB of its own kind; NumPy takes thirty times as long."""
    return cv2.cvtColor(pixels, cv2.COLOR_RGBA2RGB)


def packed(frame: VideoFrame, channels: int) -> np.ndarray:
    """Pixels of a packed RGB or RGBA frame, uint8 or uint16 (H, W, channels).

    They are its own memory, without the padding at the end of lines.
    """
    plane = frame.planes[0]
    rows = plane_bytes(plane).reshape(frame.height, plane.line_size)
    if frame.format.name in (DEEP_RGB, DEEP_RGBA):
        rows = rows.view(np.uint16)
    return rows[:, : frame.width * channels].reshape(frame.height, frame.width, channels)
