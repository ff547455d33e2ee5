"""One film, one picture at a time, exact to the frame.

`VideoReader.frame_at` gives the picture that is on screen at a moment: the one with the
greatest time stamp not after it. How it got there (forward, or by a seek) never changes the
picture. Not safe to share between threads; conversion and colour happen elsewhere.
"""

from __future__ import annotations

import logging
from bisect import bisect_right, insort
from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import av.error
from av.video.frame import VideoFrame

from studio.media.decode.container import open_container, packets_of
from studio.media.decode.hardware import CODECS, CardFailed, as_decoded
from studio.media.decode.videostream import (
    Opening,
    nominal_period,
    open_decoder,
    picture_stream,
    read_opening,
)
from studio.media.errors import DecodeFailed, MediaError, NotMedia
from studio.media.libav import clock_of, stamp_of

log = logging.getLogger(__name__)

NEAR_FRAMES = 4
"""So few frames ahead, decoding on is cheaper than a seek."""
BLIND_FORWARD_S = Fraction(5, 2)
"""How far to decode on where the container keeps no index of key frames."""
MAX_PACKETS = 4000
"""Packets one request may cost; a stream without key frames ends here, not in a hang."""
MAX_SEEKS = 10
LONGEST_REORDER = 16


class VideoReader:
    """Decoder of one file's pictures.

    `card` is a kind of graphics device to decode with (studio.media.decode.hardware), "" for none.
    Where it fails, in the middle of a file or before, the processor decodes the same place again;
    the pictures are the same either way.

    Raises on opening: FileUnreadable, NotMedia. `warnings` collects sentences about damage.
    """

    def __init__(self, path: Path, threads: int = 0, card: str = "") -> None:
        self.path = path
        self.card = ""
        self.warnings: list[str] = []
        self._container = open_container(path)
        stream = picture_stream(self._container)
        if stream is None:
            self._container.close()
            raise NotMedia(f"{path.name} has no picture in it. Use it on a sound track.")
        self._stream = stream
        self._threads = threads
        self._decoder = open_decoder(stream, threads)
        self._intra_only = stream.codec_context.codec.intra_only
        self._period = nominal_period(stream)
        opening = self._read_opening()
        self._origin, self._first_byte = opening.stamp, opening.first_byte
        self._layout = opening.frame.format.name
        if card and stream.codec_context.name in CODECS:
            self._use(card)
        self._seek_start()

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def frame_at(self, time: Fraction) -> VideoFrame:
        """The picture on screen at `time`, in seconds of the file's own clock.

        Before the first picture it is the first, after the last the last.

        Raises:
            DecodeFailed: nothing at all could be decoded near there.
        """
        try:
            return self._frame_at(time)
        except (CardFailed, DecodeFailed) as error:
            if not self.card:
                raise
            log.info("%s: the graphics card gave up (%s)", self.path.name, error)
            self._use("")
            self._seek_start()
            return self._frame_at(time)

    def _frame_at(self, time: Fraction) -> VideoFrame:
        tick = self._tick(time)
        if self._current is not None and self._covers_current(tick):
            return self._current
        if not self._can_go_on(tick):
            self._seek(tick)
        found = self._advance(tick)
        if self.card and not (found is not None and self._is_due(found, tick)):
            raise CardFailed("a picture did not come")
        if found is None:
            found = self._rescue(tick)
        self._hold(found)
        return found

    def _is_due(self, frame: VideoFrame, tick: int) -> bool:
        """True for the very picture that the file has for `tick`, as far as it has stamps."""
        if self._untimed or not self._stamps:
            return True
        due = self._stamps[max(0, bisect_right(self._stamps, tick) - 1)]
        return stamp_of(frame) == due

    def _hold(self, frame: VideoFrame) -> None:
        """Remember a picture and its stamp; whoever is given it may change the one it carries."""
        if frame is not self._current:
            self._current, self._shown = frame, stamp_of(frame)

    # Where we are

    def _tick(self, time: Fraction) -> int:
        """The time as a stamp of the stream.

        Where the stream's clock is too coarse for its rate (milliseconds at 29.97), stamps are
        rounded, and one less than a tick ahead counts as reached.
        """
        exact = time / clock_of(self._stream) + self._origin
        whole = int(exact // 1)
        return whole if exact == whole or self._period.denominator == 1 else whole + 1

    def _covers_current(self, tick: int) -> bool:
        """True where the picture we hold is certain to be the one on screen at `tick`."""
        shown = self._shown
        if tick < shown:
            return shown <= self._origin
        if self._untimed:
            return stamp_of(self._ready[0]) > tick if self._ready else self._drained
        following = bisect_right(self._stamps, shown)
        none_between = following == len(self._stamps) or self._stamps[following] > tick
        return none_between and self._settled(tick)

    def _can_go_on(self, tick: int) -> bool:
        """True where decoding on from here reaches the picture sooner than a seek would."""
        if tick < self._floor:
            return False
        here = self._shown if self._current is not None else self._floor
        if tick < here:
            return False
        if tick - here <= NEAR_FRAMES * self._period:
            return True
        index = self._stream.index_entries.search_timestamp(tick, backward=True)
        if index < 0:
            return (tick - here) * clock_of(self._stream) <= BLIND_FORWARD_S
        return self._stream.index_entries[index].timestamp <= self._fed

    # Going somewhere

    def _restart(self, floor: int, *, at_start: bool) -> None:
        self._packets: Iterator[av.Packet] = packets_of(self._container, self._stream)
        self._queue: deque[av.Packet] = deque()
        self._ready: deque[VideoFrame] = deque()
        self._stamps: list[int] = []
        self._current: VideoFrame | None = None
        self._shown = floor
        self._ended = False
        self._drained = False
        self._at_start = at_start
        self._floor = floor
        self._fed = floor
        self._scanned = floor
        self._untimed = False
        self._last: int | None = None
        if self._decoder.is_open:
            self._decoder.flush_buffers()

    def _seek(self, tick: int) -> None:
        """Stand at a key frame that is shown no later than `tick`, or at the very start."""
        back = 0
        for _ in range(MAX_SEEKS):
            wanted = tick - back
            if wanted <= self._origin:
                break
            try:
                self._container.seek(wanted, stream=self._stream)
            except av.error.FFmpegError:
                break
            self._restart(wanted, at_start=False)
            if self._find_key(tick):
                return
            back = max(2 * back, round(Fraction(1, 2) / clock_of(self._stream)), 1)
        self._seek_start()

    def _seek_start(self) -> None:
        """Stand at the first packet; some containers can only do that by being opened again."""
        start = min(self._origin, self._stream.start_time or self._origin)
        try:
            self._container.seek(start, stream=self._stream)
            self._restart(start, at_start=True)
            packet = next(self._demuxed(), None)
        except av.error.FFmpegError:
            packet = None
        if packet is not None and packet.pos == self._first_byte and self._first_byte >= 0:
            self._note(packet)
            return
        self._reopen()
        self._restart(start, at_start=True)

    def _use(self, card: str) -> None:
        """Open the file again, with a card if it takes this file and without one otherwise."""
        self.card = card
        try:
            self._reopen()
        except MediaError:
            if not card:
                raise
            self._use("")
        if self.card and not self._decoder.is_hwaccel:
            self._use("")

    def _reopen(self) -> None:
        self._container.close()
        self._container = open_container(self.path, self.card)
        stream = picture_stream(self._container)
        assert stream is not None
        self._stream = stream
        self._decoder = open_decoder(stream, self._threads)

    def _find_key(self, tick: int) -> bool:
        """Drop packets up to the first key frame; True when it is shown no later than `tick`."""
        for count, packet in enumerate(self._demuxed()):
            if packet.is_keyframe:
                stamp = packet.pts if packet.pts is not None else packet.dts
                if stamp is None or stamp > tick:
                    return False
                self._floor = self._fed = stamp
                self._note(packet)
                return True
            if count > MAX_PACKETS or (packet.dts is not None and packet.dts > tick):
                return False
        return False

    # Packets

    def _demuxed(self) -> Iterator[av.Packet]:
        while not self._ended:
            try:
                packet = next(self._packets, None)
            except av.error.FFmpegError as error:
                self._warn(
                    f"{self.path.name} is damaged; what could be read is shown ({error.strerror})."
                )
                packet = None
            if packet is None or not packet.size:
                self._ended = True
                return
            yield packet

    def _note(self, packet: av.Packet) -> None:
        """Queue a packet and learn its stamp."""
        self._queue.append(packet)
        if packet.pts is None:
            self._untimed = True
        elif packet.pts >= self._floor or self._at_start:
            insort(self._stamps, packet.pts)
        if packet.dts is not None:
            self._scanned = max(self._scanned, packet.dts)

    def _settled(self, tick: int) -> bool:
        """True once no packet still to come can be shown by `tick`.

        A packet is never shown before its decoding stamp, nor after more others than the
        longest reordering that any codec allows.
        """
        later = len(self._stamps) - bisect_right(self._stamps, tick)
        return self._ended or self._scanned > tick or later > LONGEST_REORDER

    def _scan(self, tick: int) -> int | None:
        """Read packets until it is settled: the stamp shown at `tick`, None if unknown."""
        for _ in range(MAX_PACKETS):
            if self._untimed or self._settled(tick):
                break
            packet = next(self._demuxed(), None)
            if packet is not None:
                self._note(packet)
        if self._untimed or not self._stamps:
            return None
        return self._stamps[max(0, bisect_right(self._stamps, tick) - 1)]

    def _next_packet(self) -> av.Packet | None:
        if self._queue:
            return self._queue.popleft()
        packet = next(self._demuxed(), None)
        if packet is not None:
            self._note(packet)
            self._queue.pop()
        return packet

    # Pictures

    def _advance(self, tick: int) -> VideoFrame | None:
        """Decode on to the picture shown at `tick`; None where nothing usable came."""
        target = self._scan(tick)
        best = self._current
        for _ in range(MAX_PACKETS):
            while self._ready:
                if self._passes(self._ready[0], tick) and best is not None:
                    return best
                best = self._ready.popleft()
                if best.pts == target or self._passes(best, tick):
                    return best
            if not self._feed(target):
                return best
        return best

    def _passes(self, frame: VideoFrame, tick: int) -> bool:
        return stamp_of(frame) > tick

    def _feed(self, target: int | None) -> bool:
        """Give the decoder one more packet; False when there is nothing left to give."""
        if self._drained:
            return False
        packet = self._next_packet()
        stamp = packet.pts if packet is not None else None
        early = stamp is not None and target is not None and stamp < target
        if packet is not None and packet.dts is not None:
            self._fed = max(self._fed, packet.dts)
        if early and self._intra_only:
            return True
        self._decoder.skip_frame = "NONREF" if early else "DEFAULT"
        try:
            frames = self._decoder.decode(packet)
        except av.error.EOFError:
            frames = []
        except av.error.FFmpegError as error:
            if self.card:
                raise CardFailed(str(error)) from error
            self._warn(f"Some pictures of {self.path.name} are damaged and were left out.")
            frames = []
        if self.card:
            frames = [as_decoded(frame, self._layout) for frame in frames]
        self._drained = packet is None
        self._ready.extend(frame for frame in map(self._stamped, frames) if self._trusted(frame))
        return True

    def _stamped(self, frame: VideoFrame) -> VideoFrame:
        if frame.pts is None:
            step = max(1, round(self._period))
            frame.pts = self._origin if self._last is None else self._last + step
        self._last = frame.pts
        return frame

    def _trusted(self, frame: VideoFrame) -> bool:
        """Pictures that lead an open group after a seek were decoded without their references."""
        return self._at_start or stamp_of(frame) >= self._floor

    def _rescue(self, tick: int) -> VideoFrame:
        """The nearest earlier picture that decodes, from the start if need be."""
        for back_s in (Fraction(2), Fraction(10), None):
            if back_s is None:
                self._seek_start()
            else:
                self._seek(tick - round(back_s / clock_of(self._stream)))
            found = self._advance(tick)
            if found is not None:
                return found
        raise DecodeFailed(f"No picture of {self.path.name} could be decoded; it seems damaged.")

    def _read_opening(self) -> Opening:
        opening = read_opening(self._container, self._stream)
        if opening is None:
            raise DecodeFailed(
                f"No picture of {self.path.name} could be decoded; it seems damaged."
            )
        return opening

    def _warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)
