"""Decoding by the graphics card, where one is here that libav can use.

Only codecs whose standard fixes every bit of a picture are given to it, so that what is seen does
not depend on the machine. What the card hands back is put into the layout that libav's own decoder
gives; only bytes move, none is computed.
"""

from __future__ import annotations

import sys
from functools import cache

import av.error
from av.codec.codec import Codec
from av.codec.hwaccel import HWAccel, hwdevices_available
from av.video.frame import VideoFrame

from studio.media.picture import reformatter

CODECS = frozenset({"h264", "hevc", "vp9", "av1"})
"""Whose decoders must all give the same picture, by their standards."""

WAYS = {"darwin": ("videotoolbox",), "win32": ("d3d11va", "cuda")}
WAYS_ELSEWHERE = ("vaapi", "cuda")
NAMES = {
    "videotoolbox": "VideoToolbox",
    "d3d11va": "Direct3D 11",
    "vaapi": "VA-API",
    "cuda": "CUDA",
}
SAME = {"nv12": ("yuv420p", "yuvj420p"), "p010le": ("yuv420p10le",)}
"""Layouts that cards hand back, and those of libav's own decoders that hold the same values."""

PROBE = "h264"


class CardFailed(Exception):
    """The card could not decode something; the processor is to try the same again."""


@cache
def card() -> str:
    """The first kind of device that can be opened here, as libav calls it; "" where none can."""
    ways = WAYS.get(sys.platform, WAYS_ELSEWHERE)
    return next((way for way in ways if can_open(way)), "")


def can_open(way: str) -> bool:
    """Whether a device of a kind is here, with its driver, and can decode."""
    if way not in hwdevices_available():
        return False
    try:
        HWAccel(way, allow_software_fallback=False).create(Codec(PROBE, "r"))
    except (av.error.FFmpegError, RuntimeError):  # the second where no codec takes the device
        return False
    return True


def accelerator(way: str) -> HWAccel:
    """What to open a file with, so that a card of this kind decodes it or says that it cannot."""
    return HWAccel(way, allow_software_fallback=False)


def words_on(wanted: bool) -> str:
    """A sentence for a person: what decodes the pictures of their footage."""
    if not wanted:
        return "Off: the processor decodes every picture."
    way = card()
    if not way:
        return "No graphics card that can decode was found, so the processor decodes every picture."
    return (
        f"The graphics card ({NAMES[way]}) decodes H.264, HEVC, VP9 and AV1 while you edit; the "
        "processor takes over wherever it cannot. Exports are always decoded by the processor."
    )


def as_decoded(frame: VideoFrame, layout: str) -> VideoFrame:
    """A picture from a card in the layout that libav's own decoder gives, with the same stamp.

    Raises:
        CardFailed: it is in a layout that is not known to hold the same values.
    """
    name = frame.format.name
    if name == layout:
        return frame
    if layout not in SAME.get(name, ()):
        raise CardFailed(f"pictures come as {name}, not as {layout}")
    planar = reformatter().reformat(
        frame,
        format=layout,
        src_colorspace=frame.colorspace,
        dst_colorspace=frame.colorspace,
        src_color_range=frame.color_range,
        dst_color_range=frame.color_range,
        threads=1,  # from P010, side by side, the end of one stripe runs into the next one's start
    )
    planar.pts, planar.time_base = frame.pts, frame.time_base
    planar.colorspace, planar.color_range = frame.colorspace, frame.color_range
    planar.color_primaries, planar.color_trc = frame.color_primaries, frame.color_trc
    return planar
