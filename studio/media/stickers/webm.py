"""WebM: VP9 with alpha. The muxer marks such a track (AlphaMode), which browsers and messengers
look for before they decode the alpha."""

from __future__ import annotations

import io
from fractions import Fraction

import av
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from studio.media.libav import add_pictures
from studio.media.picture import reformatter
from studio.media.stickers.clip import Picture, StickerClip
from studio.media.stickers.shaping import bled
from studio.media.stickers.steps import Step

STEPS = (Step(14), *(Step(crf, f"VP9 quality {63 - crf} of 63") for crf in range(18, 64, 3)))
"""Constant quality as VP9 counts it: 0 is the best, 63 the worst; at 14 no loss can be seen."""

_TICK = Fraction(1, 1000)
_OPTIONS = {
    "b": "0",
    "deadline": "good",
    "cpu-used": "2",
    "auto-alt-ref": "0",  # hidden frames and alpha do not go together in libvpx
    "lag-in-frames": "0",
}
_SAME_EVERY_TIME = {"fflags": "+bitexact"}
"""No random track number, so that the same pictures give the same bytes."""


def encode_webm(clip: StickerClip, step: Step) -> bytes:
    """A WebM of the clip without sound. Players loop it; the format has no word for that."""
    stream = io.BytesIO()
    stamps = clip.starts_in(_TICK)
    rate = Fraction(len(clip.pictures)) / clip.duration
    with av.open(stream, "w", format="webm", options=_SAME_EVERY_TIME) as out:
        track = add_pictures(out, "libvpx-vp9", rate, _OPTIONS | {"crf": str(step.value)})
        track.width, track.height = clip.size
        track.pix_fmt = "yuva420p"
        coder = track.codec_context
        coder.time_base = _TICK
        coder.gop_size = len(clip.pictures)
        coder.thread_count = 1  # the same bits on any machine
        coder.colorspace, coder.color_range, coder.color_primaries, coder.color_trc = 1, 1, 1, 1
        for place, picture in enumerate(clip.pictures):
            frame = _frame(picture)
            frame.pts, frame.time_base = stamps[place], _TICK
            frame.duration = stamps[place + 1] - stamps[place]
            out.mux(track.encode(frame))
        out.mux(track.encode(None))
    return stream.getvalue()


def _frame(picture: Picture) -> VideoFrame:
    """BT.709 limited 4:2:0 with alpha."""
    return reformatter().reformat(
        VideoFrame.from_ndarray(bled(picture), format="rgba"),
        format="yuva420p",
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.AREA,
    )
