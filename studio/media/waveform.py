"""Waveforms: the lowest and highest sample of every two-hundredth of a second, kept on disk.

Uncompressed WAV is read straight from the file, a gigabyte in a second or so; everything else is
decoded. What is drawn at a zoom is made from these peaks by `Peaks.columns`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Self

import av
import av.error
import numpy as np
from av.audio.resampler import AudioResampler
from av.container import InputContainer

from studio.media.decode.container import open_container, packets_of
from studio.media.diskcache import DiskCache, cache_folder, name_for
from studio.media.errors import Cancelled, NotMedia
from studio.media.wav import find_pcm, pcm_blocks

PEAKS_PER_SECOND = 200
FULL_SCALE = 32767
HEADER = struct.Struct("<4sIQ")
MAGIC = b"WPK1"


@dataclass(frozen=True, slots=True)
class Peaks:
    """Lowest and highest samples over stretches of `samples_per_peak`, int16 (n,) each.

    Channels are taken together. `rate` is the file's samples per second.
    """

    rate: int
    samples_per_peak: int
    low: np.ndarray
    high: np.ndarray

    @property
    def per_second(self) -> Fraction:
        """Peaks in a second."""
        return Fraction(self.rate, self.samples_per_peak)

    @property
    def duration(self) -> Fraction:
        """Seconds covered."""
        return len(self.low) / self.per_second

    def columns(self, start_s: float, end_s: float, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest, -1 to 1, of `count` equal stretches: float32 (count,) each.

        Outside the file there is silence.
        """
        edges = np.linspace(start_s, end_s, count + 1) * float(self.per_second)
        first = np.floor(edges[:-1]).astype(np.int64)
        last = np.maximum(np.ceil(edges[1:]).astype(np.int64), first + 1)
        low, high = (np.zeros(count, np.float32) for _ in range(2))
        inside = np.nonzero((last > 0) & (first < len(self.low)))[0]
        for index in inside:
            span = slice(max(0, first[index]), last[index])
            low[index] = self.low[span].min()
            high[index] = self.high[span].max()
        return low / FULL_SCALE, high / FULL_SCALE

    def to_bytes(self) -> bytes:
        """As kept on disk."""
        return (
            HEADER.pack(MAGIC, self.rate, self.samples_per_peak)
            + self.low.astype("<i2").tobytes()
            + self.high.astype("<i2").tobytes()
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self | None:
        """What `to_bytes` wrote; None where it is something else."""
        if len(data) < HEADER.size or data[:4] != MAGIC:
            return None
        _, rate, samples_per_peak = HEADER.unpack_from(data)
        values = np.frombuffer(data, "<i2", offset=HEADER.size)
        if not rate or not samples_per_peak or len(values) % 2:
            return None
        half = len(values) // 2
        return cls(rate, samples_per_peak, values[:half], values[half:])


class Waveforms:
    """Peaks of files, made once and then read from the cache. For any thread; blocks."""

    def __init__(self, folder: Path | None = None) -> None:
        self._cache = DiskCache(folder or cache_folder("waveforms"))

    def peaks(
        self, path: Path, stream: int = 0, should_cancel: Callable[[], bool] = lambda: False
    ) -> Peaks:
        """The peaks of one of a file's sound streams.

        Raises:
            FileUnreadable, NotMedia: it cannot be read, or has no such sound.
            Cancelled: `should_cancel` said so.
        """
        name = name_for(path, "peaks", stream, PEAKS_PER_SECOND)
        kept = self._cache.read(name)
        found = Peaks.from_bytes(kept) if kept is not None else None
        if found is None:
            found = measure(path, stream, should_cancel)
            self._cache.write(name, found.to_bytes())
        return found


def measure(path: Path, stream: int, should_cancel: Callable[[], bool]) -> Peaks:
    """Read the whole of a sound for its peaks.

    Raises: as `Waveforms.peaks`.
    """
    pcm = find_pcm(path) if stream == 0 else None
    if pcm is not None:
        step = max(1, round(pcm.rate / PEAKS_PER_SECOND))
        return _collect(pcm.rate, step, pcm_blocks(pcm, step), should_cancel)
    with open_container(path) as container:
        streams = container.streams.audio
        if stream >= len(streams) or not streams[stream].codec_context.sample_rate:
            raise NotMedia(f"{path.name} has no sound in it.")
        rate = streams[stream].codec_context.sample_rate
        step = max(1, round(rate / PEAKS_PER_SECOND))
        return _collect(
            rate, step, _decoded_blocks(container, streams[stream], step), should_cancel
        )


def _collect(
    rate: int,
    step: int,
    blocks: Iterator[tuple[np.ndarray, np.ndarray]],
    should_cancel: Callable[[], bool],
) -> Peaks:
    lows, highs = [np.zeros(0, np.int16)], [np.zeros(0, np.int16)]
    for low, high in blocks:
        if should_cancel():
            raise Cancelled("Reading the sound was cancelled.")
        lows.append(low)
        highs.append(high)
    return Peaks(rate, step, np.concatenate(lows), np.concatenate(highs))


def _decoded_blocks(
    container: InputContainer, stream: av.AudioStream, step: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Peaks of a decoded stream, int16 (n,) twice."""
    convert = AudioResampler(format="s16p")
    rest = np.zeros((0, stream.codec_context.channels), np.int16)
    for frame in _frames(container, stream):
        frame.pts = None
        for made in convert.resample(frame):
            samples = np.concatenate([rest, made.to_ndarray().T])
            whole = len(samples) // step
            rest = samples[whole * step :]
            if whole:
                pieces = samples[: whole * step].reshape(whole, -1)
                yield pieces.min(axis=1), pieces.max(axis=1)
    if len(rest):
        yield rest.min().reshape(1), rest.max().reshape(1)


def _frames(container: InputContainer, stream: av.AudioStream) -> Iterator[av.AudioFrame]:
    """Everything that decodes; damage is passed over, and a file cut short ends there."""
    stream.codec_context.thread_type = "AUTO"
    try:
        for packet in packets_of(container, stream):
            try:
                yield from packet.decode()
            except av.error.FFmpegError:
                continue
    except av.error.FFmpegError:
        return
