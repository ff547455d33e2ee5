"""The sound of a film beside the new picture of it: packets are copied, nothing is coded anew."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer

from engine.abilities.context import JobContext
from engine.abilities.lossless_copy import Copied
from engine.abilities.video_input import Film
from engine.protocol.assets import MediaInfo, Output

_MP4_SOUND = frozenset({"aac", "mp3", "ac3", "eac3", "alac", "opus", "flac"})


def save_with_sound(
    film: Film,
    part: tuple[Fraction, Fraction],
    copied: Copied,
    context: JobContext,
    *,
    has_alpha: bool = False,
) -> Output:
    """Keep the picture that was made of a part of a film, with the film's sound of it.

    Raises: DiskFull.
    """
    path, media_type = with_sound_of(film, part, copied, context.scratch)
    media = MediaInfo(
        width=copied.width,
        height=copied.height,
        frames=copied.frames,
        rate=f"{film.rate.numerator}/{film.rate.denominator}",
        has_alpha=has_alpha,
    )
    return context.save(path, media_type, media)


def with_sound_of(
    film: Film, part: tuple[Fraction, Fraction], copied: Copied, scratch: Path
) -> tuple[Path, str]:
    """The picture with the film's sound of that part, and its media type.

    Without sound it is the picture's file itself. What MP4 cannot hold goes to Matroska.
    """
    if not film.has_sound:
        return copied.path, copied.media_type
    with av.open(str(film.path)) as source, av.open(str(copied.path)) as picture:
        sound = source.streams.audio[0]
        fits = copied.path.suffix == ".mp4" and sound.codec_context.name in _MP4_SOUND
        target = scratch / f"output.{'mp4' if fits else 'mkv'}"
        with av.open(str(target), "w") as out:
            seen = out.add_stream_from_template(picture.streams.video[0])
            heard = out.add_stream_from_template(sound)
            for packet in picture.demux(picture.streams.video[0]):
                if packet.dts is not None:
                    packet.stream = seen
                    out.mux(packet)
            base, began = Fraction(sound.time_base or 1), _began(source)
            source.seek(0)
            for packet in source.demux(sound):
                if packet.pts is None or packet.dts is None:
                    continue
                at_s = packet.pts * base - began
                if part[0] <= at_s < part[1]:
                    shift = round((part[0] + began) / base)
                    packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
                    packet.stream = heard
                    out.mux(packet)
    return target, "video/mp4" if fits else "video/x-matroska"


def _began(source: InputContainer) -> Fraction:
    """The time stamp of the film's first picture, in seconds."""
    video = source.streams.video[0]
    return Fraction(video.start_time or 0) * Fraction(video.time_base or 1)
