"""What a stream and its first frame say of themselves: colour, orientation, fields, alpha."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import av.error
from av.container import InputContainer
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from studio.media.decode.container import packets_of
from studio.media.facts import Colour, Matrix, Scan, Transfer
from studio.media.libav import clock_of, picture_coder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from av.sidedata.sidedata import SideData

DECODER_THREADS = 4
FIRST_FRAME_PACKETS = 600
"""How many packets may pass before the first picture must have come."""

MAX_UNSTAMPED = 32
"""Pictures without a stamp after which the stream is taken to have none at all."""

# ITU-T H.273 code points, as libav uses them.
MATRICES = {
    0: Matrix.RGB,
    1: Matrix.BT709,
    4: Matrix.BT601,
    5: Matrix.BT601,
    6: Matrix.BT601,
    7: Matrix.BT709,
    9: Matrix.BT2020,
    10: Matrix.BT2020,
}
TRANSFERS = {16: Transfer.PQ, 18: Transfer.HLG}
BT2020_PRIMARIES = 9
FULL_RANGE = 2
FIELD_TOP_FIRST = (2, 5)
FIELD_BOTTOM_FIRST = (3, 4)
HD_HEIGHT = 720


def picture_stream(container: InputContainer) -> VideoStream | None:
    """The stream that is the film: not a cover picture, not a thumbnail track."""
    hidden = Disposition.attached_pic | Disposition.timed_thumbnails
    for stream in container.streams.video:
        if not stream.disposition & hidden and stream.codec_context is not None:
            return stream
    return None


def open_decoder(stream: VideoStream, threads: int = 0) -> VideoCodecContext:
    """The decoder for a stream: the native one, or libvpx where it alone can read the alpha."""
    if _carries_alpha(stream):
        named = {"vp9": "libvpx-vp9", "vp8": "libvpx"}.get(stream.codec_context.name)
        if named is not None:
            alone = picture_coder(named, "r")
            alone.thread_count = threads or DECODER_THREADS
            return alone
    decoder = stream.codec_context
    if decoder.is_hwaccel:
        decoder.thread_count = 1  # the card works on one picture after another anyway
    elif not decoder.is_open:
        decoder.thread_type = "AUTO"
        decoder.thread_count = threads or DECODER_THREADS
    return decoder


def _carries_alpha(stream: VideoStream) -> bool:
    """Whether WebM says of the stream that it has alpha; some writers say it in capitals."""
    return any(
        key.lower() == "alpha_mode" and value == "1" for key, value in stream.metadata.items()
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """How a stream begins: its first picture, the stamp of that, and its first packet's place."""

    frame: VideoFrame
    stamp: int
    first_byte: int


def read_opening(container: InputContainer, stream: VideoStream) -> Opening | None:
    """Decode the first picture of a container just opened; None where nothing decodes.

    Pictures that come before the first stamped one are counted back from it.
    """
    decoder = open_decoder(stream)
    first_byte = -1
    first: VideoFrame | None = None
    unstamped = 0
    try:
        for count, packet in enumerate(packets_of(container, stream)):
            if count == 0 and packet.pos is not None:
                first_byte = packet.pos
            for frame in _decode(decoder, packet):
                first = first or frame
                if frame.pts is not None:
                    stamp = frame.pts - round(unstamped * nominal_period(stream))
                    return Opening(first, stamp, first_byte)
                unstamped += 1
            if count > FIRST_FRAME_PACKETS or unstamped > MAX_UNSTAMPED:
                break
    except av.error.FFmpegError:
        pass  # a file cut short: what was decoded so far is its opening
    return None if first is None else Opening(first, 0, first_byte)


def nominal_period(stream: VideoStream) -> Fraction:
    """Ticks of the stream's clock that a picture lasts on average."""
    rate = stream.average_rate or stream.guessed_rate or Fraction(25)
    return 1 / (Fraction(rate) * clock_of(stream))


def _decode(decoder: VideoCodecContext, packet: av.Packet) -> list[VideoFrame]:
    try:
        return decoder.decode(packet if packet.size else None)
    except av.error.FFmpegError:
        return []


def colour_of(frame: VideoFrame) -> Colour:
    """How to read the code values of a frame; what is not stated is told from its size."""
    name = frame.format.name
    transfer = TRANSFERS.get(frame.color_trc, Transfer.SDR)
    if frame.format.is_rgb or name == "pal8":
        matrix = Matrix.RGB
    else:
        guess = Matrix.BT709 if frame.height >= HD_HEIGHT else Matrix.BT601
        if transfer is not Transfer.SDR:
            guess = Matrix.BT2020
        matrix = MATRICES.get(frame.colorspace, guess)
        matrix = guess if matrix is Matrix.RGB else matrix
    return Colour(
        matrix=matrix,
        full_range=matrix is Matrix.RGB or frame.color_range == FULL_RANGE or "yuvj" in name,
        transfer=transfer,
        wide_gamut=frame.color_primaries == BT2020_PRIMARIES or transfer is not Transfer.SDR,
        bit_depth=max(component.bits for component in frame.format.components),
    )


def orientation_of(frame: VideoFrame) -> tuple[int, bool]:
    """Degrees clockwise to turn for display, and whether to mirror left to right before that."""
    try:
        found = list(cast("Iterable[SideData]", frame.side_data))
    except ValueError:  # PyAV 18.1 stumbles over kinds that libav has learnt since, such as EXIF
        return round(-frame.rotation / 90) * 90 % 360, False
    for side in found:
        if side.type.name == "DISPLAYMATRIX" and len(bytes(side)) >= 36:
            return _orientation(struct.unpack("<9i", bytes(side)[:36]))
    return 0, False


def _orientation(matrix: tuple[int, ...]) -> tuple[int, bool]:
    """Read a display matrix, whose action is x' = a·x + c·y, y' = b·x + d·y, y pointing down."""
    a, b, _, c, d = matrix[:5]
    if not any((a, b, c, d)):
        return 0, False
    clockwise = math.degrees(math.atan2(-c, d))
    return round(clockwise / 90) * 90 % 360, a * d - b * c < 0


def scan_of(stream: VideoStream, frame: VideoFrame) -> Scan:
    """Progressive, or which field comes first."""
    if not frame.interlaced_frame:
        return Scan.PROGRESSIVE
    order = stream.codec_context.field_order
    if order in FIELD_BOTTOM_FIRST:
        return Scan.BOTTOM_FIRST
    if order in FIELD_TOP_FIRST or frame.height != 480:
        return Scan.TOP_FIRST
    return Scan.BOTTOM_FIRST  # NTSC DV says nothing, and is always so


def has_alpha(stream: VideoStream, frame: VideoFrame) -> bool:
    """True where the picture carries transparency."""
    alpha_names = ("yuva", "rgba", "argb", "bgra", "abgr", "gbrap", "ya8", "ya16", "pal8", "rgba64")
    return frame.format.name.startswith(alpha_names) or _carries_alpha(stream)
