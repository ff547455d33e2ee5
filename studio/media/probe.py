"""Facts about a media file: what streams it has and how they must be shown or heard.

Only the first pictures are decoded, so that a folder of footage is read in moments.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import islice, pairwise
from pathlib import Path

import av
import av.error
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from studio.media.decode import pictures
from studio.media.decode.container import not_media, open_container, packets_of
from studio.media.decode.videostream import (
    colour_of,
    has_alpha,
    orientation_of,
    picture_stream,
    read_opening,
    scan_of,
)
from studio.media.facts import AudioFacts, MediaFacts, VideoFacts
from studio.media.libav import clock_of

STANDARD_RATES = tuple(
    Fraction(*rate)
    for rate in (
        (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (48, 1), (48000, 1001),
        (50, 1), (60000, 1001), (60, 1), (100, 1), (120000, 1001), (120, 1), (12, 1), (15, 1),
    )
)  # fmt: skip
RATE_TOLERANCE = Fraction(1, 4000)
SURVEYED_PACKETS = 240
PROGRAM_STREAMS = frozenset({"mpeg"})
TAIL_TICKS = 3 * 90_000
"""Three seconds of their clock: longer than a group of pictures."""

LONGEST_S = Fraction(40 * 24 * 3600)


def probe(path: Path) -> MediaFacts:
    """Read what a file holds.

    Raises:
        FileUnreadable: missing, a folder, empty, no permission.
        NotMedia: nothing in it can be read.
    """
    if pictures.is_picture_file(path):
        return pictures.probe_pictures(path)
    with open_container(path) as container:
        return _facts(container, path)


def snap_rate(rate: Fraction) -> Fraction:
    """The standard rate that a measured one stands for, or the measured one, made simple."""
    nearest = min(STANDARD_RATES, key=lambda standard: abs(standard - rate))
    if abs(nearest - rate) <= nearest * RATE_TOLERANCE:
        return nearest
    return rate.limit_denominator(1001)


def _facts(container: InputContainer, path: Path) -> MediaFacts:
    warnings: list[str] = []
    video, origin = _video(container, warnings)
    audio = tuple(_audio(container, origin))
    if video is None and not audio:
        raise not_media(path)
    ends = [facts.start + facts.duration for facts in audio]
    if video is not None and not video.still:
        ends = [video.duration]
    return MediaFacts(
        path=path,
        container=container.format.name.split(",")[0],
        size_bytes=path.stat().st_size,
        duration=max(ends, default=Fraction(0)),
        video=video,
        audio=audio,
        timecode=_timecode(container),
        warnings=tuple(warnings),
    )


def _video(
    container: InputContainer, warnings: list[str]
) -> tuple[VideoFacts | None, Fraction | None]:
    stream = picture_stream(container)
    if stream is None:
        return None, None
    opening = read_opening(container, stream)
    if opening is None:
        warnings.append("The picture could not be decoded; only what else it holds is used.")
        return None, None
    origin = opening.stamp * clock_of(stream)
    return _video_facts(container, stream, opening.frame, origin), origin


def _video_facts(
    container: InputContainer, stream: VideoStream, frame: VideoFrame, origin: Fraction
) -> VideoFacts:
    rate, variable = _rate(container, stream)
    duration = _stream_duration(container, stream, origin)
    rotation, flipped = orientation_of(frame)
    return VideoFacts(
        codec=stream.codec_context.name,
        pixel_format=frame.format.name,
        width=frame.width,
        height=frame.height,
        rate=rate,
        variable_rate=variable,
        frame_count=max(1, round(duration * rate)),
        duration=max(duration, 1 / rate),
        colour=colour_of(frame),
        rotation=rotation,
        flipped=flipped,
        pixel_aspect=_pixel_aspect(stream),
        alpha=has_alpha(stream, frame),
        scan=scan_of(stream, frame),
    )


def _rate(container: InputContainer, stream: VideoStream) -> tuple[Fraction, bool]:
    """The nominal rate, and whether frames keep to it."""
    steps = _survey(container, stream)
    declared = stream.average_rate or stream.guessed_rate or stream.base_rate
    if not declared or not 1 <= declared <= 1000:
        declared = 1 / min(steps) if steps else Fraction(25)
    rate = snap_rate(Fraction(declared))
    slack = max(2 * clock_of(stream), Fraction(1, 10) / rate)
    return rate, any(abs(step - 1 / rate) > slack for step in steps)


def _survey(container: InputContainer, stream: VideoStream) -> list[Fraction]:
    """Seconds between the pictures at the head of the file, in the order they are shown."""
    stamps = sorted(
        {packet.pts for packet in _packets(container, stream) if packet.pts is not None}
    )
    settled = stamps[: -len(stamps) // 8 or None]
    return [(after - before) * clock_of(stream) for before, after in pairwise(settled)]


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[av.Packet]:
    with suppress(av.error.FFmpegError), open_container(Path(container.name)) as again:
        yield from islice(packets_of(again, again.streams[stream.index]), SURVEYED_PACKETS)


def _stream_duration(
    container: InputContainer, stream: VideoStream | AudioStream, start: Fraction
) -> Fraction:
    told = _told_at_the_end(container, stream, start)
    if told is not None:
        seconds = told
    elif stream.duration is not None and stream.duration > 0:
        seconds = stream.duration * clock_of(stream)
    elif container.duration is not None and container.duration > 0:
        seconds = Fraction(container.duration, av.time_base)
        if "matroska" in container.format.name:  # counts from zero, not from the first picture
            seconds -= start
    else:
        seconds = _counted_duration(container, stream)
    return min(max(seconds, Fraction(0)), LONGEST_S)


def _told_at_the_end(
    container: InputContainer, stream: VideoStream | AudioStream, start: Fraction
) -> Fraction | None:
    """Length by the last pictures themselves, where most have no stamp and the end is a guess.

    That is so in MPEG program streams, whose stated length leaves out what follows the last stamp.
    """
    if container.format.name not in PROGRAM_STREAMS or not isinstance(stream, VideoStream):
        return None
    rate = stream.average_rate or stream.guessed_rate
    if not rate or not stream.duration:
        return None
    end: Fraction | None = None
    with suppress(av.error.FFmpegError), open_container(Path(container.name)) as again:
        tail = again.streams.video[container.streams.video.index(stream)]
        again.seek(max(0, (tail.start_time or 0) + stream.duration - TAIL_TICKS), stream=tail)
        for packet in packets_of(again, tail):
            for frame in tail.codec_context.decode(packet if packet.size else None):
                if frame.pts is not None:
                    end = frame.pts * clock_of(tail) + 1 / Fraction(rate)
                elif end is not None:
                    end += 1 / Fraction(rate)
    return None if end is None else end - start


def _counted_duration(container: InputContainer, stream: VideoStream | AudioStream) -> Fraction:
    """Length by reading every packet, for containers that do not state one."""
    ticks = 0
    with suppress(av.error.FFmpegError), open_container(Path(container.name)) as again:
        for packet in packets_of(again, again.streams[stream.index]):
            ticks += packet.duration or 0
    return ticks * clock_of(stream)


def _pixel_aspect(stream: VideoStream) -> Fraction:
    aspect = stream.codec_context.sample_aspect_ratio or Fraction(1)
    return Fraction(aspect) if Fraction(1, 8) <= aspect <= 8 else Fraction(1)


def _audio(container: InputContainer, origin: Fraction | None) -> Iterator[AudioFacts]:
    zero = origin
    for stream in container.streams.audio:
        if stream.codec_context is None or not stream.codec_context.sample_rate:
            continue
        start = (stream.start_time or 0) * clock_of(stream)
        zero = start if zero is None else zero
        yield AudioFacts(
            codec=stream.codec_context.name,
            rate=stream.codec_context.sample_rate,
            channels=stream.codec_context.channels,
            layout=stream.codec_context.layout.name,
            duration=_stream_duration(container, stream, start),
            start=start - zero,
            stream=stream.index,
        )


def _timecode(container: InputContainer) -> str | None:
    tags = [container.metadata, *(stream.metadata for stream in container.streams)]
    return next((tag["timecode"] for tag in tags if tag.get("timecode")), None)
