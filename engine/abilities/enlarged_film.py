"""New, larger pictures of a film in a file of their own, each shown when it was before.

Frames are written as they come, near-lossless. H.264 in MP4 takes what is opaque, in 10 bits where
the film has more than 8, and FFV1 in Matroska what is transparent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Literal, cast

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from numpy.typing import NDArray

from engine.abilities.lossless_copy import Copied
from engine.abilities.video_input import Shown, matrix_of, range_of
from engine.abilities.video_output import QUALITY
from engine.models.enlarging.pictures import Picture


@dataclass(frozen=True, slots=True)
class Layout:
    """How pictures are seen by a network, and how they are written."""

    seen: str
    written: str
    codec: Literal["libx264", "ffv1"]
    suffix: str
    media_type: str

    @property
    def has_alpha(self) -> bool:
        """Whether pictures are RGBA."""
        return self.seen == "rgba"


_OPAQUE = Layout("rgb24", "yuv420p", "libx264", ".mp4", "video/mp4")
_DEEP = Layout("rgb48le", "yuv420p10le", "libx264", ".mp4", "video/mp4")
_TRANSPARENT = Layout("rgba", "bgra", "ffv1", ".mkv", "video/x-matroska")


def layout_of(frame: VideoFrame) -> Layout:
    """What suits a film with frames like this one."""
    components = frame.format.components
    if frame.format.has_palette or any(part.is_alpha for part in components):
        return _TRANSPARENT
    return _DEEP if max(part.bits for part in components) > 8 else _OPAQUE


def write_enlarged(
    frames: Iterator[Shown],
    rate: Fraction,
    size: tuple[int, int],
    enlarge: Callable[[Shown, Layout], Picture],
    target: Path,
) -> tuple[Copied, Layout]:
    """Write what `enlarge` makes of each frame, of `size` (width, height), beside `target`."""
    first = next(frames)
    layout = layout_of(first.frame)
    path = target.with_suffix(layout.suffix)
    with av.open(str(path), "w") as container:
        options = {} if layout.has_alpha else QUALITY
        stream = container.add_stream(layout.codec, rate, options)
        stream.width, stream.height = size
        stream.pix_fmt = layout.written
        base, began = Fraction(first.frame.time_base or 1), first.frame.pts or 0
        stream.codec_context.time_base = base
        if not layout.has_alpha:
            describe(stream.codec_context, first.frame)
        count = 0
        for shown in chain([first], frames):
            frame = written(enlarge(shown, layout), layout, shown.frame)
            frame.pts, frame.time_base = (shown.frame.pts or 0) - began, base
            frame.duration = shown.frame.duration
            container.mux(stream.encode(frame))
            count += 1
        container.mux(stream.encode())
    return Copied(path, layout.media_type, *size, count), layout


def _range(frame: VideoFrame) -> ColorRange:
    """Black is where it was; video made of RGB has the range that is usual for video."""
    return ColorRange.MPEG if frame.format.is_rgb else range_of(frame)


def describe(codec: av.VideoCodecContext, frame: VideoFrame) -> None:
    """The colours mean what they meant. The matrix is told: a player guesses it from the height,

    which is another now.
    """
    codec.color_range = _range(frame)
    codec.colorspace = matrix_of(frame)
    codec.color_primaries = frame.color_primaries
    codec.color_trc = frame.color_trc


def written(picture: Picture, layout: Layout, source: VideoFrame) -> VideoFrame:
    """A picture as it goes to the encoder, in the matrix and range of a frame of its source."""
    frame = VideoFrame.from_ndarray(cast("NDArray[np.uint8]", picture), layout.seen)
    if layout.has_alpha:
        return frame
    return frame.reformat(
        format=layout.written, dst_colorspace=matrix_of(source), dst_color_range=_range(source)
    )
