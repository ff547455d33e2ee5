"""From a picture as decoded to pixels as composed: size, orientation, matrix, range, fields.

Everything that a file says about how its picture must be read is applied here, once. What comes
out is either BT.709 limited 4:2:0 (`to_i420`, `to_frame`) or full-range RGB (`to_rgb`, `to_rgba`),
of 8 bits, or of 16 where films of more than 8 are made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from studio.media.deinterlace import deinterlaced
from studio.media.depth import DEEP_WHITE, white
from studio.media.facts import Matrix, Scan, Transfer, VideoFacts
from studio.media.matrices import plane_values, rgb_of_planes
from studio.media.picture import (
    DEEP_PLANAR,
    DEEP_RGB,
    DEEP_RGBA,
    EXACT,
    PLANAR,
    Size,
    YuvPicture,
    packed,
    planes_of,
    reformatter,
)
from studio.media.tonemap import to_sdr

COLORSPACES = {
    Matrix.BT601: Colorspace.ITU601,
    Matrix.BT709: Colorspace.ITU709,
    Matrix.BT2020: Colorspace.BT2020,
    Matrix.RGB: Colorspace.ITU709,
}
TURNS = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


@dataclass(frozen=True, slots=True)
class Source:
    """One picture of footage: the frame as decoded, and how to read it.

    A proxy's `stands_for` is the size of what it stands for, which is what placing goes by.
    """

    frame: VideoFrame
    facts: VideoFacts
    stands_for: Size | None = None

    @property
    def display_size(self) -> Size:
        return self.stands_for or self.facts.display_size

    @property
    def upright(self) -> bool:
        return self.facts.rotation == 0 and not self.facts.flipped

    def is_canvas(self, size: Size) -> bool:
        """True where the frame can be used as it is, bit for bit, at this size."""
        return (
            self.frame.format.name == PLANAR
            and (self.frame.width, self.frame.height) == size
            and self.facts.colour.is_canvas
            and self.facts.scan is Scan.PROGRESSIVE
            and self.upright
        )

    def is_deep_canvas(self, size: Size) -> bool:
        """True where the frame is BT.709 as films store it, of however many bits, at this size."""
        return (
            self.frame.format.name.startswith("yuv4")
            and (self.frame.width, self.frame.height) == size
            and replace(self.facts.colour, bit_depth=8).is_canvas
            and self.facts.scan is Scan.PROGRESSIVE
            and self.upright
        )


def to_frame(source: Source, size: Size) -> VideoFrame:
    """The picture at a size, upright, as BT.709 limited yuv420p. Alpha is left out."""
    if source.is_canvas(size):
        return source.frame
    if not source.upright:
        return VideoFrame.from_ndarray(to_i420(source, size), format=PLANAR)
    return _reformat(source, size, PLANAR)


def to_i420(source: Source, size: Size) -> np.ndarray:
    """The picture at a size, upright, as BT.709 limited Y over U over V, uint8 (H·3/2, W)."""
    if source.upright:
        return to_frame(source, size).to_ndarray()
    coded = _reformat(source, _before_turn(source, size), PLANAR).to_ndarray()
    planes = [_turned(plane, source.facts) for plane in planes_of(coded)]
    return np.concatenate([plane.reshape(-1, size[0]) for plane in planes])


def to_rgb(source: Source, size: Size, *, deep: bool = False) -> np.ndarray:
    """The picture at a size, upright, as full-range RGB, uint8 or deep uint16 (H, W, 3)."""
    wanted = _before_turn(source, size)
    if source.is_canvas(wanted):
        return (
            YuvPicture(source.frame, None).deep_rgb() if deep else _planar_rgb(source.frame, source)
        )
    if _needs_libav(source):
        layout = DEEP_RGB if deep else "rgb24"
        return _turned(packed(_reformat(source, wanted, layout), 3), source.facts)
    frame = _coded(source, wanted, DEEP_PLANAR if deep else "yuv444p")
    return _turned(_planar_rgb(frame, source), source.facts)


def to_rgba(source: Source, size: Size, *, deep: bool = False) -> np.ndarray:
    """The picture at a size, upright, premultiplied, uint8 or deep uint16 (H, W, 4).

    It is multiplied before it is scaled: otherwise the colour that lies hidden under transparent
    pixels, most often black, seeps into every edge.
    """
    natural = source.frame.width, source.frame.height
    pixels = premultiplied(_straight(source, natural, deep=deep))
    wanted = _before_turn(source, size)
    if wanted != natural:
        smaller = wanted[0] * wanted[1] < natural[0] * natural[1]
        way = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
        pixels = cv2.resize(pixels, wanted, interpolation=way)
        pixels[..., :3] = np.minimum(pixels[..., :3], pixels[..., 3:])  # cubic overshoots
    return _turned(pixels, source.facts)


def _straight(source: Source, size: Size, *, deep: bool) -> np.ndarray:
    """RGBA as it is stored, not yet multiplied."""
    if _needs_libav(source):
        return packed(_reformat(source, size, DEEP_RGBA if deep else "rgba"), 4)
    frame = _coded(source, size, "yuva444p16le" if deep else "yuva444p")
    alpha = plane_values(frame, 3)
    if deep:  # libav moves code values up and leaves zeros beneath: opaque is not quite white
        alpha = _stretched(alpha, source.frame)
    return np.dstack([_planar_rgb(frame, source), alpha])


def _stretched(alpha: np.ndarray, frame: VideoFrame) -> np.ndarray:
    """Alpha that libav moved up from the bits of a frame, uint16, with the greatest made white."""
    bits = frame.format.components[3].bits
    opaque = ((1 << bits) - 1) << (16 - bits)
    return np.minimum(alpha * np.float32(DEEP_WHITE / opaque) + 0.5, DEEP_WHITE).astype(np.uint16)


def _needs_libav(source: Source) -> bool:
    """True for RGB, and for what has to be mapped to the light of an ordinary display."""
    colour = source.facts.colour
    return colour.matrix is Matrix.RGB or colour.transfer is not Transfer.SDR or colour.wide_gamut


def _planar_rgb(frame: VideoFrame, source: Source) -> np.ndarray:
    colour = source.facts.colour
    return rgb_of_planes(
        plane_values(frame, 0),
        plane_values(frame, 1),
        plane_values(frame, 2),
        colour.matrix,
        full_range=colour.full_range,
    )


def _coded(source: Source, size: Size, pixel_format: str) -> VideoFrame:
    """The picture at a size with its own matrix and range, and chroma for every pixel."""
    span = ColorRange.JPEG if source.facts.colour.full_range else ColorRange.MPEG
    return reformatter().reformat(
        _whole_frame(source),
        width=size[0],
        height=size[1],
        format=pixel_format,
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=span,
        dst_color_range=span,
        interpolation=EXACT,
    )


def _whole_frame(source: Source) -> VideoFrame:
    if source.facts.scan is Scan.PROGRESSIVE:
        return source.frame
    return deinterlaced(source.frame)


def premultiplied(straight: np.ndarray) -> np.ndarray:
    """Multiply colour by alpha, uint8 or uint16 (H, W, 4) to the same."""
    alpha = straight[..., 3]
    colour = cv2.multiply(straight[..., :3], cv2.merge([alpha] * 3), scale=1 / white(straight))
    return np.dstack([colour, alpha])


def _before_turn(source: Source, size: Size) -> Size:
    return (size[1], size[0]) if source.facts.rotation in (90, 270) else size


def _turned(pixels: np.ndarray, facts: VideoFacts) -> np.ndarray:
    if facts.flipped:
        pixels = cv2.flip(pixels, 1)
    if facts.rotation:
        pixels = cv2.rotate(pixels, TURNS[facts.rotation])
    return pixels


def _reformat(source: Source, size: Size, pixel_format: str) -> VideoFrame:
    frame, facts = _whole_frame(source), source.facts
    matrix, full = facts.colour.matrix, facts.colour.full_range
    if facts.colour.transfer is not Transfer.SDR or facts.colour.wide_gamut:
        wide = reformatter().reformat(
            frame,
            width=size[0],
            height=size[1],
            format="rgb48le",
            src_colorspace=COLORSPACES[matrix],
            src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            interpolation=EXACT,
        )
        frame, matrix, full = to_sdr(wide, facts.colour.transfer), Matrix.RGB, True
    to_video = pixel_format == PLANAR
    exact = not to_video or matrix is not Matrix.BT709 or full
    return reformatter().reformat(
        frame,
        width=size[0],
        height=size[1],
        format=pixel_format,
        src_colorspace=COLORSPACES[matrix],
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
        dst_color_range=ColorRange.MPEG if to_video else ColorRange.JPEG,
        interpolation=EXACT if exact else Interpolation.BICUBIC,
    )
