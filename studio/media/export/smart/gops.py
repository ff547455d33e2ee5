"""Where a file can be cut: its groups of pictures, and their packets to copy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.error

from studio.media.decode.container import open_container, packets_of
from studio.media.decode.videostream import picture_stream, read_opening
from studio.media.export.smart.nal import (
    DELIMITER,
    IDR,
    PPS,
    SPS,
    ParameterSets,
    kind,
    length_size,
    parameter_sets,
    units_of,
    with_lengths,
)
from studio.media.libav import clock_of

EARLIER_S = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Gop:
    """A group, or how one begins, that can be decoded by itself: `count` frames from `first`.

    `delay` is by how many places its pictures are shown later than they are stored.
    """

    first: int
    count: int
    delay: int


class SourceGops:
    """The groups of one file of constant rate. Keeps the file open until closed."""

    def __init__(self, path: Path, rate: Fraction) -> None:
        self._container = open_container(path)
        stream = picture_stream(self._container)
        assert stream is not None  # its facts were read before
        opening = read_opening(self._container, stream)
        self.stream = stream
        self._origin = opening.stamp if opening is not None else 0
        period = 1 / (rate * clock_of(stream))
        self._period = period
        self._ticks, self._frames = period.numerator, period.denominator
        extradata = stream.codec_context.extradata or b""
        self._length_size = length_size(extradata)
        self.sets: ParameterSets = parameter_sets(extradata)

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def copyable(self, first: int, end: int) -> list[Gop]:
        """What can be copied of frames `first` to `end` of the file, in order.

        That is every group that begins there, begins afresh (IDR), holds each of its frames once
        and nothing shown before its first. Of the group that reaches over the end it is as much
        of its beginning as is stored before anything shown from the end on: no picture refers to
        one that is stored after it.
        """
        gops: list[Gop] = []
        for packets in self._groups(first, end):
            found = [self._number(packet) for packet in packets]
            numbers = [number for number in found if number is not None]
            if len(numbers) < len(found) or not self._is_fresh(packets[0]):
                continue
            start = numbers[0]
            if start < first or sorted(numbers) != list(range(start, start + len(numbers))):
                continue
            count = _beginning(numbers, end)
            if count:
                delay = max(place - n + start for place, n in enumerate(numbers[:count]))
                gops.append(Gop(start, count, delay))
        return gops

    def packets(self, first: int, count: int) -> Iterator[tuple[int, bytes, bool]]:
        """The packets of `count` frames from a group that begins at `first`, as stored.

        Each is the place of its frame after `first`, its bytes with four-byte lengths, and
        whether decoding can begin with it.
        """
        given = 0
        for packet in self._demux(first):
            number = self._number(packet)
            if given == 0 and not (packet.is_keyframe and number == first):
                continue
            if given >= count or number is None:
                return
            given += 1
            yield number - first, self._copied(packet), packet.is_keyframe

    def _groups(self, first: int, end: int) -> Iterator[list[av.Packet]]:
        """Packets from key frame to key frame; the last group only if it is known to be whole."""
        group: list[av.Packet] = []
        for packet in self._demux(first):
            if packet.is_keyframe:
                if group:
                    yield group
                number = self._number(packet)
                if number is not None and number >= end:
                    return
                group = []
            if packet.is_keyframe or group:
                group.append(packet)
        if group:
            yield group

    def _demux(self, first: int) -> Iterator[av.Packet]:
        """Packets from a key frame at or before a frame to the end."""
        wanted = self._origin + round(first * self._period)
        back = round(EARLIER_S / clock_of(self.stream))
        try:
            self._container.seek(max(self._origin, wanted - back), stream=self.stream)
            for packet in packets_of(self._container, self.stream):
                if packet.size:
                    yield packet
        except av.error.FFmpegError:
            return

    def _number(self, packet: av.Packet) -> int | None:
        """Which frame of the file a packet holds; None where its stamp is off the beat."""
        if packet.pts is None:
            return None
        ticks = (packet.pts - self._origin) * self._frames
        number = (2 * ticks + self._ticks) // (2 * self._ticks)
        return number if abs(ticks - number * self._ticks) <= self._frames else None

    def _is_fresh(self, packet: av.Packet) -> bool:
        units = units_of(bytes(packet), self._length_size)
        return any(kind(unit) == IDR for unit in units)

    def _copied(self, packet: av.Packet) -> bytes:
        data = bytes(packet)
        if self._length_size == 4:
            return data
        units = units_of(data, self._length_size)
        return with_lengths(unit for unit in units if kind(unit) not in (DELIMITER, SPS, PPS))


def _beginning(numbers: list[int], end: int) -> int:
    """How many pictures of a group, as stored, are the frames from its first on, before `end`."""
    whole, latest = 0, numbers[0]
    for count, number in enumerate(numbers, 1):
        latest = max(latest, number)
        if latest >= end:
            break
        if latest == numbers[0] + count - 1:
            whole = count
    return whole
