"""PyAV with exact types: what its stubs leave open is settled here, once.

Stubs give stamps and clocks as optional and streams as any of their kinds. Media that was opened
has a clock, and a stream that was added for pictures is one; where that is wrong, it is our
mistake, and an assertion says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal, Protocol, cast

import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.codec.codec import Codec
from av.codec.context import CodecContext
from av.container import InputContainer, OutputContainer
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from av.video.stream import VideoStream


class Timed(Protocol):
    """A stream, packet or frame, whose stamps count a clock's ticks."""

    @property
    def time_base(self) -> Fraction | None: ...


def clock_of(timed: Timed) -> Fraction:
    """Seconds that a tick of the stamps lasts; whatever came from an open file has one."""
    assert timed.time_base is not None
    return timed.time_base


def stamp_of(frame: VideoFrame) -> int:
    """The stamp of a picture that has been given one."""
    assert frame.pts is not None
    return frame.pts


def add_pictures(
    container: OutputContainer,
    encoder: str,
    rate: Fraction | int,
    options: Mapping[str, str] | None = None,
) -> VideoStream:
    """A new stream of pictures in a file."""
    stream = container.add_stream(encoder, rate=rate, options=dict(options or {}))
    assert isinstance(stream, VideoStream)
    return stream


def add_sound(
    container: OutputContainer,
    encoder: str,
    rate: int,
    layout: str,
    sample_format: str | None = None,
) -> AudioStream:
    """A new stream of sound in a file, in the encoder's own sample format unless one is given."""
    wanted: dict[str, Any] = {"format": sample_format} if sample_format else {}
    stream = container.add_stream(encoder, rate=rate, layout=layout, **wanted)
    assert isinstance(stream, AudioStream)
    return stream


def sound_stream(container: InputContainer, index: int) -> AudioStream:
    """The stream of that place in the file, which is sound."""
    stream = container.streams[index]
    assert isinstance(stream, AudioStream)
    return stream


def sound_decoder(stream: Stream) -> AudioCodecContext:
    """The decoder of a sound stream."""
    decoder = stream.codec_context
    assert isinstance(decoder, AudioCodecContext)
    return decoder


def picture_coder(codec: str | Codec, mode: Literal["r", "w"]) -> VideoCodecContext:
    """A coder of pictures apart from any file; `mode` is "r" to decode, "w" to encode."""
    coder = CodecContext.create(codec, mode)
    assert isinstance(coder, VideoCodecContext)
    return coder


def plane_bytes(plane: VideoPlane) -> np.ndarray:
    """A plane's memory, uint8 (n,), padding of its lines included. It is shared, not copied."""
    return np.frombuffer(cast("bytes", plane), np.uint8)  # it has the buffer protocol, unstubbed


def paletted(indices: np.ndarray, table: np.ndarray) -> VideoFrame:
    """A pal8 frame from uint8 (H, W) and a palette of uint8 (256, 4), alpha first."""
    pair: Any = (indices, table)  # what from_ndarray takes for pal8, though its types do not say so
    return VideoFrame.from_ndarray(pair, format="pal8")
