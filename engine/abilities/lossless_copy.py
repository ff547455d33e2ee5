"""A film copied without loss, some of its frames replaced: what is not replaced keeps its pixels.

Decoded planes go to the encoder as they are, turned upright where the film asks for that: H.264
in MP4 where that can hold them without loss, FFV1 in Matroska for every other kind of pixel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import cv2
import numpy as np
from av.codec.codec import find_best_pix_fmt_of_list
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from engine.abilities.video_input import Shown, matrix_of, range_of, rgb_of, upright

_H264_FORMATS = frozenset(
    {
        "yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p",
        "yuv420p10le", "yuv422p10le", "yuv444p10le",
    }
)  # fmt: skip
_LOSSLESS = {"qp": "0", "preset": "veryfast", "g": "24"}

Replace = Callable[[Shown], NDArray[np.uint8] | None]
"""A frame -> the picture (H, W, 3) RGB, of any size, that takes its place; None to keep it."""


@dataclass(frozen=True, slots=True)
class Copied:
    """The file that was written."""

    path: Path
    media_type: str
    width: int
    height: int
    frames: int


def copy_frames(
    frames: Iterator[Shown], rate: Fraction, aspect: Fraction, replace: Replace, target: Path
) -> Copied:
    """Write frames, those that `replace` has a picture for replaced, beside `target`.

    `aspect` is the shape of a pixel of the file, width over height.
    """
    first = next(frames)
    width, height = first.frame.width, first.frame.height
    if first.turn in (90, 270):
        width, height, aspect = height, width, 1 / aspect
    layout = _upright_format(first)
    is_h264 = layout in _H264_FORMATS and width % 2 == 0 and height % 2 == 0
    if not is_h264:
        layout = ffv1_layout(layout)
    path = target.with_suffix(".mp4" if is_h264 else ".mkv")
    with av.open(str(path), "w") as container:
        codec, options = ("libx264", _LOSSLESS) if is_h264 else ("ffv1", {})
        stream = container.add_stream(codec, rate, options)
        stream.width, stream.height, stream.pix_fmt = width, height, layout
        stream.sample_aspect_ratio = aspect
        base, began = Fraction(first.frame.time_base or 1), first.frame.pts or 0
        stream.codec_context.time_base = base
        _describe(stream.codec_context, first.frame)
        count = 0
        for shown in _again(first, frames):
            picture = replace(shown)
            frame = _turned(shown, layout) if picture is None else None
            if frame is None:
                assert picture is not None
                frame = _painted(picture, shown, layout, (width, height))
            frame.pts, frame.time_base = (shown.frame.pts or 0) - began, base
            frame.duration, frame.pict_type = shown.frame.duration, 0
            container.mux(stream.encode(frame))
            count += 1
        container.mux(stream.encode())
    media_type = "video/mp4" if is_h264 else "video/x-matroska"
    return Copied(path, media_type, width, height, count)


def copy_cut_out(
    frames: Iterator[Shown], rate: Fraction, aspect: Fraction, replace: Replace, target: Path
) -> Copied:
    """Write frames with transparency, FFV1 in Matroska, as `copy_frames` does.

    `replace` gives straight RGBA (H, W, 4); a frame that is kept is opaque.
    """
    path = target.with_suffix(".mkv")
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate)
        stream.pix_fmt = "bgra"
        count, began = 0, 0
        for shown in frames:
            picture = replace(shown)
            if picture is None:
                picture = cv2.cvtColor(rgb_of(shown), cv2.COLOR_RGB2RGBA).astype(np.uint8)
            if count == 0:
                stream.height, stream.width = picture.shape[:2]
                is_turned = shown.turn in (90, 270)
                stream.sample_aspect_ratio = 1 / aspect if is_turned else aspect
                stream.codec_context.time_base = Fraction(shown.frame.time_base or 1)
                began = shown.frame.pts or 0
            frame = VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgba")
            frame.pts, frame.time_base = (shown.frame.pts or 0) - began, shown.frame.time_base
            container.mux(stream.encode(frame))
            count += 1
        container.mux(stream.encode())
        size = stream.width, stream.height
    return Copied(path, "video/x-matroska", *size, count)


def _again(first: Shown, rest: Iterator[Shown]) -> Iterator[Shown]:
    yield first
    yield from rest


def _describe(codec: av.VideoCodecContext, frame: VideoFrame) -> None:
    """The colours mean what they meant."""
    codec.color_range = frame.color_range
    codec.colorspace = frame.colorspace
    codec.color_primaries = frame.color_primaries
    codec.color_trc = frame.color_trc


def ffv1_layout(name: str) -> str:
    """The pixel layout in which FFV1 holds values of the layout `name`: its own, or the nearest.

    FFV1 has no layout for full-range video (yuvj…), which is the same values by another name, nor
    for packed colours, which it holds in planes.
    """
    can = av.Codec("ffv1", "w").video_formats or []
    best, _ = find_best_pix_fmt_of_list(can, name.replace("yuvj", "yuv"), has_alpha=True)
    return best.name if best is not None else name


def in_layout(frame: VideoFrame, layout: str) -> VideoFrame:
    """The frame in a layout that holds its values, black and white where they were."""
    if frame.format.name == layout:
        return frame
    same = range_of(frame)
    return frame.reformat(
        format=layout, src_color_range=same, dst_color_range=same, interpolation="POINT"
    )


def _upright_format(shown: Shown) -> str:
    """The layout of the copy, unless no H.264 can hold it: the frame's own if that can be turned.

    A quarter turn would leave half the rows of colour where there was half the columns; such
    frames get colour for every pixel, each value repeated.
    """
    name = shown.frame.format.name
    name = name if name in _H264_FORMATS else ffv1_layout(name)
    sizes = {(c.width, c.height) for c in shown.frame.format.components}
    is_uneven = len({w * shown.frame.height == h * shown.frame.width for w, h in sizes}) > 1
    if is_uneven and shown.turn in (90, 270):
        return name.replace("422", "444").replace("411", "444").replace("440", "444")
    return name


def _turned(shown: Shown, layout: str) -> VideoFrame:
    """The frame as it is to be seen, its values untouched."""
    frame = in_layout(shown.frame, layout)
    if not shown.turn and not shown.mirrored:
        return frame
    planes = [upright(_values(frame, index), shown) for index in range(len(frame.planes))]
    rows, columns = planes[0].shape[:2]
    turned = VideoFrame(columns, rows, layout)
    for plane, values in zip(turned.planes, planes, strict=True):
        padded = np.zeros((plane.height, plane.line_size), np.uint8)
        row_bytes = values.reshape(values.shape[0], -1).view(np.uint8)
        padded[:, : row_bytes.shape[1]] = row_bytes
        plane.update(padded.tobytes())
    return turned


def _values(frame: VideoFrame, index: int) -> NDArray[np.unsignedinteger[Any]]:
    """The values of a plane, (H, W) or (H, W, channels), without the padding of its lines."""
    plane, depth = frame.planes[index], frame.format.components[min(index, 2)]
    kind = np.dtype(np.uint16 if depth.bits > 8 else np.uint8)
    lines = np.frombuffer(cast("bytes", plane), np.uint8).reshape(plane.height, plane.line_size)
    pixel_bytes = frame.format.padded_bits_per_pixel // 8
    channels = 1 if frame.format.is_planar else pixel_bytes // kind.itemsize
    used = lines[:, : plane.width * channels * kind.itemsize]
    values = np.ascontiguousarray(used).view(kind)
    return values if channels == 1 else values.reshape(plane.height, plane.width, channels)


def _painted(
    picture: NDArray[np.uint8], shown: Shown, layout: str, size: tuple[int, int]
) -> VideoFrame:
    """A new picture in the layout, matrix and range of the frame it stands in for."""
    scaled = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC)
    new = VideoFrame.from_ndarray(scaled.astype(np.uint8, copy=False), "rgb24")
    return new.reformat(
        format=layout, dst_colorspace=matrix_of(shown.frame), dst_color_range=range_of(shown.frame)
    )
