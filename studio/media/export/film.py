"""FilmWriter: pictures and sound encoded and put together in one file with PyAV.

It knows encoders and containers; what the pictures show is none of its business.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.codec.codec import Codec
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from studio.media.errors import EncoderMissing
from studio.media.export.cards import card_format, card_options
from studio.media.export.presets import HEVC, Preset, SoundCoding, VideoCoding
from studio.media.libav import add_pictures, add_sound, picture_coder
from studio.media.picture import Size

MIX_RATE = 48000
BT709 = 1
LIMITED, FULL = 1, 2
FASTSTART = {"movflags": "+faststart+write_colr"}
HEVC_ENCODERS = frozenset({"libx265", *HEVC.hardware})
X264_THREADS = max(6, (os.cpu_count() or 1) * 3 // 2)
"""Pictures that x264 encodes side by side: three to two cores, as by itself, but at least six.

Each waits for rows of the one before it. On two cores three leave 7 % of the time unused, six 3 %,
in a file of the same size to 0.1 %.
"""
APPLE_CONTAINERS = frozenset({"mp4", "mov"})
CONTAINER_OPTIONS = {"mp4": FASTSTART, "mov": FASTSTART, "ipod": FASTSTART}


@dataclass(frozen=True, slots=True)
class Format:
    """The shape of a film: its frame, its rate, and whether it has sound."""

    size: Size
    rate: Fraction
    sound: bool


class FilmWriter:
    """Writes one file. Use it as a context; leaving it on an error leaves a broken part file."""

    def __init__(
        self,
        path: Path,
        preset: Preset,
        form: Format,
        *,
        hardware: bool = False,
        pictures: bool = True,
        extra: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.preset = preset
        self.form = form
        self.encoder_name = ""
        options = CONTAINER_OPTIONS.get(preset.container, {})
        self.container: OutputContainer = av.open(
            str(path), "w", format=preset.container, options=options
        )
        self.video: VideoStream | None = None
        self.sound: AudioStream | None = None
        if preset.video is not None and pictures:
            self.video = self._open_video(preset.video, hardware, dict(extra))
        if preset.sound is not None and form.sound:
            self.sound = self._open_sound(preset.sound)
        self._samples = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._abandon()

    @property
    def pixel_format(self) -> str:
        """The format that pictures are wanted in."""
        assert self.video is not None
        return self.video.pix_fmt or "yuv420p"

    def write_picture(self, frame: VideoFrame, number: int) -> None:
        """Encode picture `number`, counted from 0, in `pixel_format`."""
        assert self.video is not None
        frame.pts = number
        frame.time_base = 1 / self.form.rate
        frame.pict_type = 0  # a decoded frame remembers what it was; the encoder shall choose
        self.container.mux(self.video.encode(frame))

    def write_sound(self, samples: np.ndarray) -> None:
        """Encode the samples that come next, float32 (count, 2)."""
        if self.sound is None or not len(samples):
            return
        planes = np.ascontiguousarray(np.clip(samples, -1, 1).T, dtype=np.float32)
        frame = AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
        frame.sample_rate = MIX_RATE
        frame.pts = self._samples
        frame.time_base = Fraction(1, MIX_RATE)
        self._samples += len(samples)
        self.container.mux(self.sound.encode(frame))

    def close(self) -> None:
        """Let the encoders finish and write the end of the file."""
        for stream in (self.video, self.sound):
            if stream is not None:
                self.container.mux(stream.encode(None))
        self.container.close()

    def _abandon(self) -> None:
        """Close without caring for the file, which is about to be deleted."""
        try:
            self.container.close()
        except (av.error.FFmpegError, ValueError):
            return

    # Encoders

    def _open_video(
        self, coding: VideoCoding, hardware: bool, extra: dict[str, str]
    ) -> VideoStream:
        for name, options, pixel_format in _candidates(coding, hardware):
            way = replace(coding, pixel_format=pixel_format)
            stream = self._try_video(name, way, options | extra)
            if stream is not None:
                self.encoder_name = name
                return stream
        wanted = " or ".join(coding.encoders)
        raise EncoderMissing(
            f"This machine has no encoder for {self.preset.label} ({wanted}). "
            "Choose another preset."
        )

    def _try_video(
        self, name: str, coding: VideoCoding, options: dict[str, str]
    ) -> VideoStream | None:
        if not encoder_works(name, coding, self.form.size, options):
            return None
        stream = add_pictures(self.container, name, self.form.rate, options)
        stream.width, stream.height = self.form.size
        stream.pix_fmt = coding.pixel_format
        context = stream.codec_context
        context.time_base = 1 / self.form.rate
        if stream.codec_context.name in HEVC_ENCODERS and self.preset.container in APPLE_CONTAINERS:
            context.codec_tag = "hvc1"  # with libav's own "hev1", Apple's players show nothing
        context.thread_type = "AUTO"  # whole pictures side by side; PyAV's own default is slices
        if name == "libx264":
            context.thread_count = X264_THREADS
        if coding.gop_seconds is not None:
            context.gop_size = max(1, round(self.form.rate * Fraction(coding.gop_seconds)))
        rgb = coding.pixel_format.startswith(("rgb", "bgr", "gbr"))
        context.colorspace = 0 if rgb else BT709
        context.color_range = FULL if rgb else LIMITED
        context.color_primaries = context.color_trc = BT709
        return stream

    def _open_sound(self, coding: SoundCoding) -> AudioStream:
        try:
            stream = add_sound(
                self.container, coding.encoder, MIX_RATE, "stereo", coding.sample_format
            )
        except (av.error.FFmpegError, ValueError) as error:
            raise EncoderMissing(
                f"This machine has no encoder for {coding.encoder}. Choose another preset."
            ) from error
        if coding.bit_rate:
            stream.bit_rate = coding.bit_rate
        return stream


def _candidates(coding: VideoCoding, hardware: bool) -> Iterator[tuple[str, dict[str, str], str]]:
    """Encoders to try with their options and the layout they take, the most wanted first."""
    for name in coding.hardware if hardware else ():
        options = card_options(name, coding.hardware_quality)
        yield name, options, card_format(coding.pixel_format)
    for name in coding.encoders:
        yield name, dict(coding.options), coding.pixel_format


def encoder_works(name: str, coding: VideoCoding, size: Size, options: dict[str, str]) -> bool:
    """True where this machine has the encoder and it opens; a driver may be missing for it."""
    try:
        codec = Codec(name, "w")
    except (av.error.FFmpegError, ValueError):
        return False
    if name not in coding.hardware:
        return True
    try:
        context = picture_coder(codec, "w")
        context.width, context.height = size
        context.pix_fmt = coding.pixel_format
        context.time_base, context.framerate = Fraction(1, 25), Fraction(25)
        context.options = options
        context.open()
    except (av.error.FFmpegError, ValueError):
        return False
    return True
