"""One stream of sound, sample by sample, as float32 stereo at the rate of the mix.

`AudioReader.read(start, count)` gives exactly the samples of a range on the file's own clock,
whatever the file's rate, layout and packets are. Going back gives the same samples again.
Not safe to share between threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, gcd
from pathlib import Path

import av
import av.error
import numpy as np
import soxr
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from studio.media.decode.container import open_container, packets_of
from studio.media.decode.videostream import picture_stream, read_opening
from studio.media.errors import NotMedia
from studio.media.libav import clock_of, sound_decoder

MIX_RATE = 48000
CHANNELS = 2
PREROLL_S = Fraction(1, 5)
"""How much earlier to start after a seek, so that codec and resampler have settled."""
NEAR_SAMPLES = 5 * MIX_RATE
"""So far ahead, reading on is cheaper than a seek."""
KEPT_SAMPLES = 2 * MIX_RATE
SILENCE_BLOCK = 8192
GUESSING = frozenset({"ac3", "eac3", "dts", "dtshd", "truehd", "mlp"})
"""Bare streams, whose stamps libav reckons from the bit rate after a seek."""
MAX_BARREN_PACKETS = 4000
"""Packets in a row that give no sound before the stream counts as ended."""


class AudioReader:
    """Decoder and resampler of one stream of sound; `stream` counts the file's sound streams.

    Raises on opening: FileUnreadable, NotMedia. `warnings` collects sentences about damage.
    """

    def __init__(self, path: Path, stream: int = 0) -> None:
        self.path = path
        self.warnings: list[str] = []
        self._container = open_container(path)
        streams = [s for s in self._container.streams.audio if s.codec_context is not None]
        if stream >= len(streams) or not streams[stream].codec_context.sample_rate:
            self._container.close()
            raise NotMedia(f"{path.name} has no sound in it. Use it on a picture track.")
        self._stream = streams[stream]
        self._rate = self._stream.codec_context.sample_rate
        self._origin_s = self._clock_origin()
        self._grid = gcd(self._rate, MIX_RATE)
        self._frame_samples = self._stream.codec_context.frame_size or 0
        self._from_s = self._start_s()
        self._second = self._second_place()
        self._restart(0)

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def read(self, start: int, count: int) -> np.ndarray:
        """Samples `start` to `start + count`, 48 kHz, as float32 (count, 2) in [-1, 1].

        Where the file has no sound (before its start, after its end) there is silence.
        """
        if not self._settled_from <= start <= self._made_to + NEAR_SAMPLES:
            self._restart(start)
        while self._made_to < start + count:
            block = next(self._blocks, None)
            if block is None:
                break
            self._kept.append(block)
            self._made_to += len(block)
            self._forget(start)
        return self._cut(start, count)

    def _cut(self, start: int, count: int) -> np.ndarray:
        out = np.zeros((count, CHANNELS), np.float32)
        position = self._kept_from
        for block in self._kept:
            low, high = max(start, position), min(start + count, position + len(block))
            if low < high:
                out[low - start : high - start] = block[low - position : high - position]
            position += len(block)
        return out

    def _forget(self, start: int) -> None:
        while self._kept and self._kept_from + len(self._kept[0]) < start - KEPT_SAMPLES:
            self._kept_from += len(self._kept.pop(0))
            self._settled_from = max(self._settled_from, self._kept_from)

    # Going somewhere

    def _restart(self, start: int) -> None:
        """Begin again a little before `start`, on a sample that both rates share."""
        unit = self._rate // self._grid
        wanted = Fraction(start * self._rate, MIX_RATE) - PREROLL_S * self._rate
        source = max(0, int(wanted // unit) * unit) if start > 0 else int(wanted // unit) * unit
        self._kept: list[np.ndarray] = []
        self._kept_from = self._made_to = source // unit * (MIX_RATE // self._grid)
        self._settled_from = start  # what comes before only warms up the decoder
        self._blocks = self._resampled(self._contiguous(source))

    def _resampled(self, blocks: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
        if self._rate == MIX_RATE:
            yield from blocks
            return
        resampler = soxr.ResampleStream(
            self._rate, MIX_RATE, CHANNELS, dtype="float32", quality="HQ"
        )
        for block in blocks:
            made = resampler.resample_chunk(np.ascontiguousarray(block))
            if len(made):
                yield made
        tail = resampler.resample_chunk(np.zeros((0, CHANNELS), np.float32), last=True)
        if len(tail):
            yield tail

    def _contiguous(self, position: int) -> Iterator[np.ndarray]:
        """Source samples from `position` on without a hole: gaps are silence, overlaps are cut."""
        first = True
        for start, samples in self._decoded(position):
            if first or abs(start - position) > self._jitter_samples():
                if not first or start > position:
                    yield from _silence(start - position)
                samples = samples[max(0, position - start) :]
                position = max(position, start)
            first = False
            if len(samples):
                yield samples
                position += len(samples)

    def _jitter_samples(self) -> int:
        """How far stamps may stray from the count of samples by rounding alone."""
        return ceil(clock_of(self._stream) * self._rate) + 1

    # Decoding

    def _decoded(self, position: int) -> Iterator[tuple[int, np.ndarray]]:
        """Blocks of source samples with the place of their first one, from before `position`."""
        self._seek(position)
        convert = _stereo_converter(sound_decoder(self._stream).channels)
        expected: int | None = None
        for frame in self._frames():
            self._frame_samples = max(self._frame_samples, frame.samples)
            start = self._place(frame, expected)
            expected = start + frame.samples
            samples = _planar_to_stereo(convert, frame)
            if expected > position - self._rate:
                yield start, samples

    def _seek(self, position: int) -> None:
        """Stand before `position`. The start is only reached whole by opening the file again:
        a seek there can pass over the packet that primes the decoder."""
        seconds = Fraction(position, self._rate) + self._origin_s
        self._from_s = seconds - PREROLL_S
        if seconds <= self._start_s() + PREROLL_S or self._guesses():
            self._reopen()
            return
        try:
            self._container.seek(int(seconds / clock_of(self._stream)), stream=self._stream)
        except av.error.FFmpegError:
            self._reopen()
            return
        if self._stream.codec_context.is_open:
            self._stream.codec_context.flush_buffers()

    def _guesses(self) -> bool:
        """True where stamps are only right when packets are counted from the first one on."""
        name, codec = self._container.format.name, self._stream.codec_context.name
        return name in GUESSING or (name in ("wav", "w64") and codec.startswith("adpcm"))

    def _is_early(self, packet: av.Packet) -> bool:
        """True for what is passed over without being decoded, on the way from the first packet."""
        if packet.pts is None or not packet.duration or not self._guesses():
            return False
        return (packet.pts + packet.duration) * clock_of(self._stream) < self._from_s

    def _reopen(self) -> None:
        index = self._stream.index
        self._container.close()
        self._container = open_container(self.path)
        self._stream = self._container.streams[index]

    def _frames(self) -> Iterator[AudioFrame]:
        barren = 0
        packets = packets_of(self._container, self._stream)
        while barren < MAX_BARREN_PACKETS:
            try:
                packet = next(packets, None)
            except av.error.FFmpegError:
                self._warn(f"The sound of {self.path.name} breaks off early; the rest is silent.")
                packet = None
            if packet is None:
                return
            if self._is_early(packet):
                continue
            frames = self._decode(packet)
            barren = 0 if frames else barren + 1
            yield from frames

    def _decode(self, packet: av.Packet) -> list[AudioFrame]:
        try:
            return sound_decoder(self._stream).decode(packet if packet.size else None)
        except av.error.EOFError:
            return []
        except (av.error.FFmpegError, ValueError):
            self._warn(f"Some sound of {self.path.name} is damaged and was left out.")
            return []

    def _place(self, frame: AudioFrame, expected: int | None) -> int:
        """Where a frame starts, in source samples; rounded stamps are put on the frame grid."""
        if frame.pts is None:
            return expected if expected is not None else 0
        exact = (frame.pts * clock_of(frame) - self._origin_s) * self._rate
        start = round(exact)
        jitter = self._jitter_samples()
        if expected is not None:
            return expected if abs(start - expected) <= jitter else start
        if self._second is not None and self._frame_samples:
            steps = round(Fraction(start - self._second, self._frame_samples))
            snapped = self._second + steps * self._frame_samples
            return snapped if abs(snapped - start) <= jitter else start
        return start

    def _second_place(self) -> int | None:
        """Where the second frame starts, in source samples: the first may have been cut short.

        None where stamps count samples, and need not be put on any grid.
        """
        if clock_of(self._stream) * self._rate == 1:
            return None
        first = next(self._frames(), None)
        if first is None or first.pts is None:
            return None
        place = round((first.pts * clock_of(first) - self._origin_s) * self._rate)
        return place + first.samples

    def _start_s(self) -> Fraction:
        return (self._stream.start_time or 0) * clock_of(self._stream)

    def _clock_origin(self) -> Fraction:
        """Zero of the file's clock: its first picture, or its first sample without pictures."""
        pictures = picture_stream(self._container)
        opening = read_opening(self._container, pictures) if pictures is not None else None
        if opening is None or pictures is None:
            return self._start_s()
        return opening.stamp * clock_of(pictures)

    def _warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def _stereo_converter(channels: int) -> AudioResampler:
    """To planar float; more than two channels are mixed down, mono is doubled later at unity."""
    return AudioResampler(format="fltp", layout="mono" if channels == 1 else "stereo")


def _planar_to_stereo(convert: AudioResampler, frame: AudioFrame) -> np.ndarray:
    frame.pts = None  # the converter would otherwise fill what it takes for gaps
    planes = [made.to_ndarray() for made in convert.resample(frame)]
    if not planes:
        return np.zeros((0, CHANNELS), np.float32)
    samples = np.concatenate(planes, axis=1).T
    if samples.shape[1] == 1:
        samples = np.repeat(samples, CHANNELS, axis=1)
    return np.nan_to_num(np.ascontiguousarray(samples, dtype=np.float32), copy=False)


def _silence(count: int) -> Iterator[np.ndarray]:
    while count > 0:
        size = min(count, SILENCE_BLOCK)
        yield np.zeros((size, CHANNELS), np.float32)
        count -= size
