"""Excerpts: a part of a long film as a file of its own, packets copied and nothing coded anew.

An engine gets a copy of all that it reads, and need not get hours. An excerpt begins with the key
picture at or before what is wanted, for nothing can be decoded without it, and may end a bit later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
import av.error
from av.container import InputContainer
from av.stream import Stream

from studio.media.decode.container import open_container
from studio.media.decode.videostream import picture_stream, read_opening
from studio.media.errors import FULL_DISK_NUMBERS, BadJob, from_os_error
from studio.media.libav import clock_of

_QUICKTIME = frozenset({".mov", ".mp4", ".m4v", ".qt"})
_INTERLEAVED_S = 5
"""Whatever is stored so long after the end of the picture is not wanted: sound may end sooner."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a film, and the second of the film at which it begins."""

    path: Path
    began_s: Fraction


def write_excerpt(path: Path, in_s: Fraction, out_s: Fraction, folder: Path) -> Excerpt:
    """Copy the picture and all sound of a stretch of a film, or of a sound, into a folder.

    Times are seconds of the file's own clock, which begins with its first picture.

    Raises: MediaError.
    """
    for suffix in (".mov", ".mkv") if path.suffix.lower() in _QUICKTIME else (".mkv",):
        target = folder / f"excerpt{suffix}"
        try:
            with open_container(path) as source:
                return Excerpt(target, _copy(source, in_s, out_s, target))
        except (av.error.FFmpegError, ValueError) as error:
            if isinstance(error, OSError) and error.errno in FULL_DISK_NUMBERS:
                raise from_os_error(error, target) from error
    raise BadJob(
        f"No part of {path.name} can be taken out of it as it is. Export the part that you need, "
        "and use that."
    )


def _copy(source: InputContainer, in_s: Fraction, out_s: Fraction, target: Path) -> Fraction:
    """Write the stretch; the second of the film at which it begins.

    Raises: ValueError where nothing can be decoded of it.
    """
    picture = picture_stream(source)
    leading: Stream = source.streams.audio[0] if picture is None else picture
    opening = None if picture is None else read_opening(source, picture)
    stamp = (leading.start_time or 0) if opening is None else opening.stamp
    zero_s = stamp * clock_of(leading)
    streams = [leading, *(each for each in source.streams.audio if each is not leading)]
    began_s, packets = _from_key(source, streams, zero_s, zero_s + in_s)
    with av.open(str(target), "w") as made:
        written = {each.index: made.add_stream_from_template(each) for each in streams}
        for packet in _until(packets, streams, zero_s + out_s):
            shift = round(began_s / clock_of(packet))
            if packet.pts is None or packet.dts is None or packet.pts < shift:
                continue  # shown before the key picture, and made of pictures before that
            packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
            packet.stream = written[packet.stream_index]
            made.mux(packet)
    return began_s - zero_s


def _from_key(
    source: InputContainer, streams: list[Stream], zero_s: Fraction, wanted_s: Fraction
) -> tuple[Fraction, Iterable[av.Packet]]:
    """When the last key picture up to a time is shown, and the packets from it on.

    Raises: ValueError where there is none.
    """
    leading = streams[0]
    # A seek may land after what was asked for in files with a poor index.
    for target_s in (wanted_s, zero_s):
        source.seek(round(target_s / clock_of(leading)), stream=leading)
        packets, held, key_s = source.demux(streams), list[av.Packet](), None
        for packet in packets:
            if packet.pts is None or packet.dts is None:
                continue
            is_leading, at_s = packet.stream_index == leading.index, _shown_s(packet)
            if is_leading and packet.dts * clock_of(packet) > wanted_s:
                if key_s is None:
                    break
                return key_s, chain(held, [packet], packets)
            if is_leading and packet.is_keyframe and at_s <= wanted_s:
                key_s = at_s
                held = [e for e in held if e.stream_index != leading.index and _shown_s(e) >= at_s]
            held.append(packet)
        else:
            if key_s is not None:
                return key_s, held
    raise ValueError("no key picture")


def _until(
    packets: Iterable[av.Packet], streams: list[Stream], end_s: Fraction
) -> Iterator[av.Packet]:
    """The packets that are needed up to a time, as they are stored."""
    ended = set[int]()
    for packet in packets:
        if packet.dts is None:
            continue
        at_s = packet.dts * clock_of(packet)
        if at_s >= end_s:
            ended.add(packet.stream_index)
        is_over = packet.stream_index == streams[0].index and at_s >= end_s + _INTERLEAVED_S
        if is_over or len(ended) == len(streams):
            return
        if packet.stream_index not in ended:
            yield packet


def _shown_s(packet: av.Packet) -> Fraction:
    return (packet.pts or 0) * clock_of(packet)
