"""From a picture as decoded to pixels as composed: size, orientation, matrix, range, fields.

Everything that a file says about how its picture must be read is applied here, once. What comes
out is either BT.709 limited 4:2:0 (`to_i420`, `to_frame`) or full-range RGB (`to_rgb`, `to_rgba`).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from studio.media.deinterlace import deinterlaced
from studio.media.facts import Matrix, Scan, Transfer, VideoFacts
from studio.media.picture import PLANAR, Size, packed, reformatter
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


def to_rgb(source: Source, size: Size) -> np.ndarray:
    """The picture at a size, upright, as full-range RGB, uint8 (H, W, 3)."""
    frame = _reformat(source, _before_turn(source, size), "rgb24")
    return _turned(packed(frame, 3), source.facts)


def to_rgba(source: Source, size: Size) -> np.ndarray:
    """The picture at a size, upright, premultiplied, uint8 (H, W, 4).

    It is multiplied before it is scaled: otherwise the colour that lies hidden under transparent
    pixels, most often black, seeps into every edge.
    """
    natural = source.frame.width, source.frame.height
    frame = _reformat(source, natural, "rgba")
    pixels = premultiplied(packed(frame, 4))
    wanted = _before_turn(source, size)
    if wanted != natural:
        smaller = wanted[0] * wanted[1] < natural[0] * natural[1]
        way = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
        pixels = cv2.resize(pixels, wanted, interpolation=way)
        pixels[..., :3] = np.minimum(pixels[..., :3], pixels[..., 3:])  # cubic overshoots
    return _turned(pixels, source.facts)


def premultiplied(straight: np.ndarray) -> np.ndarray:
    """Multiply colour by alpha, uint8 (H, W, 4) to the same."""
    alpha = straight[..., 3]
    colour = cv2.multiply(straight[..., :3], cv2.merge([alpha] * 3), scale=1 / 255)
    return np.dstack([colour, alpha])


def planes_of(i420: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Views of Y (H, W), U and V (H/2, W/2) in an I420 array."""
    width = i420.shape[1]
    height = i420.shape[0] * 2 // 3
    quarter = height * width // 4
    flat = i420.reshape(-1)[height * width :]
    half = (height // 2, width // 2)
    return i420[:height], flat[:quarter].reshape(half), flat[quarter:].reshape(half)


def _before_turn(source: Source, size: Size) -> Size:
    return (size[1], size[0]) if source.facts.rotation in (90, 270) else size


def _turned(pixels: np.ndarray, facts: VideoFacts) -> np.ndarray:
    if facts.flipped:
        pixels = cv2.flip(pixels, 1)
    if facts.rotation:
        pixels = cv2.rotate(pixels, TURNS[facts.rotation])
    return pixels


def _reformat(source: Source, size: Size, pixel_format: str) -> VideoFrame:
    frame, facts = source.frame, source.facts
    if facts.scan is not Scan.PROGRESSIVE:
        frame = deinterlaced(frame)
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
            interpolation=Interpolation.BICUBIC,
        )
        frame, matrix, full = to_sdr(wide, facts.colour.transfer), Matrix.RGB, True
    to_video = pixel_format == PLANAR
    return reformatter().reformat(
        frame,
        width=size[0],
        height=size[1],
        format=pixel_format,
        src_colorspace=COLORSPACES[matrix],
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
        dst_color_range=ColorRange.MPEG if to_video else ColorRange.JPEG,
        interpolation=Interpolation.BICUBIC,
    )
