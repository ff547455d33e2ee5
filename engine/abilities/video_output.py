"""Frames to a file: how every ability that makes moving pictures hands them over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from engine.abilities.context import JobContext
from engine.protocol.assets import MediaInfo, Output

Frames = NDArray[np.uint8]
"""(F, H, W, 3) RGB or (F, H, W, 4) straight RGBA."""
Pictures = Iterable[NDArray[np.uint8]]
"""Frames, or the same one by one as they come, all of one size."""

QUALITY = {"crf": "12", "preset": "veryfast", "x264-params": "mbtree=0"}
"""Options of an H.264 encoder whose pictures can hardly be told from what went in.

x264's tree of macroblocks differs from run to run on processors with AVX-512 (seen with PyAV 18.1:
22 of 25 films of the same pictures differed, none without it); a seed gives the same film again.
"""

_PREVIEW_SIDE = 640
"""Of the longer side of a preview, in pixels."""


def save_video(frames: Pictures, rate: str, context: JobContext, name: str = "output") -> Output:
    """Keep frames as a film of `rate` ("24000/1001") frames a second, at least one.

    Opaque frames become H.264 in MP4, near-lossless; frames with alpha FFV1 in Matroska, which
    loses nothing.
    """
    pictures = iter(frames)
    first = next(pictures)
    height, width, channels = first.shape
    has_alpha = channels == 4
    path = context.scratch / f"{name}.{'mkv' if has_alpha else 'mp4'}"
    count = write_film(chain((first,), pictures), Fraction(rate), path)
    media = MediaInfo(width=width, height=height, frames=count, rate=rate, has_alpha=has_alpha)
    media_type = "video/x-matroska" if has_alpha else "video/mp4"
    return context.save(path, media_type, media, name)


def told(pictures: Pictures, count: int, context: JobContext) -> Iterator[NDArray[np.uint8]]:
    """Pictures that are laid one by one as they are wanted; each is told of, and shown."""
    for done, picture in enumerate(pictures, 1):
        context.report("laying", done, count, partial(small_preview, picture))
        yield picture


def save_image(picture: NDArray[np.uint8], context: JobContext, name: str = "output") -> Output:
    """Keep one picture, (H, W, 3) RGB or (H, W, 4) straight RGBA, as PNG."""
    height, width, channels = picture.shape
    order = cv2.COLOR_RGB2BGR if channels == 3 else cv2.COLOR_RGBA2BGRA
    _, data = cv2.imencode(".png", cv2.cvtColor(picture, order))
    media = MediaInfo(width=width, height=height, frames=1, has_alpha=channels == 4)
    return context.save(data.tobytes(), "image/png", media, name)


def write_film(frames: Pictures, rate: Fraction, path: Path) -> int:
    """Write frames as `save_video` keeps them, and count them."""
    count = 0
    with av.open(str(path), "w") as container:
        stream = None
        for picture in frames:
            if stream is None:
                stream = _stream_for(picture, rate, container)
            image = np.ascontiguousarray(picture)
            if image.shape[-1] == 4:
                frame = av.VideoFrame.from_ndarray(image, "rgba")
            else:
                frame = av.VideoFrame.from_ndarray(image, "rgb24")
                frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709")
            container.mux(stream.encode(frame))
            count += 1
        if stream is not None:
            container.mux(stream.encode())
    return count


def _stream_for(
    picture: NDArray[np.uint8], rate: Fraction, container: OutputContainer
) -> VideoStream:
    """The stream of a film that begins with a picture."""
    has_alpha = picture.shape[-1] == 4
    options = {} if has_alpha else QUALITY
    stream = container.add_stream("ffv1" if has_alpha else "libx264", rate, options)
    stream.height, stream.width = picture.shape[:2]
    stream.pix_fmt = "bgra" if has_alpha else "yuv420p"
    if not has_alpha:
        stream.codec_context.color_range = 1
        stream.codec_context.colorspace = 1
        stream.codec_context.color_primaries = 1
        stream.codec_context.color_trc = 1
    return stream


def small_preview(picture: NDArray[np.integer[Any]]) -> bytes:
    """A picture (H, W, 3 or 4) of any size and depth as a small JPEG for an event."""
    scale = min(1.0, _PREVIEW_SIDE / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    levels = small[..., :3] / (np.iinfo(picture.dtype).max / 255)
    return preview_jpeg(levels.astype(np.uint8))


def preview_jpeg(frame: NDArray[np.uint8]) -> bytes:
    """One RGB frame (H, W, 3) as a JPEG for an event."""
    _, data = cv2.imencode(".jpg", cv2.cvtColor(frame, cv2.COLOR_RGB2BGR), [1, 85])
    return data.tobytes()
