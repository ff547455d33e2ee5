"""Reading footage: what a file's header says, and its pictures, upright, small and in order."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from engine.training.curation.facts import Source

EXTENSIONS = frozenset(
    f".{name}"
    for name in re.findall(
        r"\w+", "mp4 mov m4v mkv webm avi mpg mpeg mts m2ts ts mxf wmv flv ogv 3gp"
    )
)


class BadFootage(Exception):
    """A file that cannot be used; the text is a sentence that names it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture: `stamp` and `end` in ticks of the stream from its first picture on."""

    frame: VideoFrame
    stamp: int
    end: int


def find_videos(places: list[Path], leave_out: Path) -> list[Path]:
    """Video files below folders, and files named themselves, in order; not those in `leave_out`.

    Raises:
        BadFootage: a place does not exist.
    """
    found: set[Path] = set()
    for place in (place.resolve() for place in places):
        if not place.exists():
            raise BadFootage(f"{place} does not exist. Name a folder of footage.")
        inside = place.rglob("*") if place.is_dir() else [place]
        found |= {p for p in inside if p.suffix.lower() in EXTENSIONS and p.is_file()}
    return sorted(path for path in found if leave_out.resolve() not in path.parents)


def read_source(path: Path) -> Source:
    """A file's header, the hash of its bytes, and the caption in the .txt beside it.

    Raises:
        BadFootage: the file cannot be read, or holds no pictures.
    """
    with _opened(path) as (container, stream):
        first = next(_decoded(container, stream), None)
        if first is None:
            raise BadFootage(f"{path} holds no picture; skipped.")
        width, height = shown_size(first.frame, stream)
        duration_s = _duration_s(container, stream)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Source(
        path=str(path),
        sha256=sha256,
        width=width,
        height=height,
        duration_s=duration_s,
        caption=_caption(path),
    )


def pictures(path: Path) -> Iterator[tuple[Fraction, Picture]]:
    """Every picture in order, with the seconds of a tick.

    Raises:
        BadFootage: the file cannot be read to its end.
    """
    with _opened(path) as (container, stream):
        for picture in _decoded(container, stream):
            yield stream.time_base or Fraction(1, 1000), picture


def upright(frame: VideoFrame, size: tuple[int, int]) -> NDArray[np.uint8]:
    """The picture as RGB (H, W, 3) at a shown size (width, height)."""
    turns = frame.rotation // 90 % 4
    width, height = size if turns % 2 == 0 else size[::-1]
    small = frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA")
    return np.ascontiguousarray(np.rot90(small.to_ndarray(), turns), np.uint8)


def shown_size(frame: VideoFrame, stream: VideoStream) -> tuple[int, int]:
    """Width and height as shown: pixels that are not square made so, turned upright."""
    aspect = stream.sample_aspect_ratio or Fraction(1)
    width, height = round(frame.width * aspect), frame.height
    return (height, width) if frame.rotation // 90 % 2 else (width, height)


def at_lines(width: int, height: int, lines: int) -> tuple[int, int]:
    """The size with its shorter side at `lines`, even numbers; never larger than it is."""
    scale = min(1.0, lines / min(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            if not container.streams.video:
                raise BadFootage(f"{path} holds no picture; skipped.")
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = 1
            yield container, stream
    except (FFmpegError, OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or str(problem)
        raise BadFootage(f"{path} cannot be read ({why}); skipped.") from problem


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[Picture]:
    """Pictures with stamps that rise; one without a stamp, or a repeated one, is left out."""
    first: int | None = None
    last = -1
    rate = stream.average_rate or Fraction(25)
    usual = max(1, round(1 / rate / (stream.time_base or Fraction(1, 1000))))
    for frame in container.decode(stream):
        if frame.pts is None:
            continue
        first = frame.pts if first is None else first
        stamp = frame.pts - first
        if stamp <= last:
            continue
        last = stamp
        yield Picture(frame, stamp, stamp + (frame.duration or usual))


def _duration_s(container: InputContainer, stream: VideoStream) -> Fraction:
    """By the stream's header, the file's, or the stamps of all packets, in that order."""
    if stream.duration and stream.time_base:
        return stream.duration * stream.time_base
    if container.duration:
        return Fraction(container.duration, av.time_base)
    container.seek(0)
    stamps = [
        (packet.pts, packet.pts + (packet.duration or 0))
        for packet in container.demux(stream)
        if packet.pts is not None
    ]
    if not stamps:
        return Fraction(0)
    return (max(end for _, end in stamps) - min(at for at, _ in stamps)) * (
        stream.time_base or Fraction(1, 1000)
    )


def _caption(path: Path) -> str:
    beside = path.with_suffix(".txt")
    if not beside.is_file():
        return ""
    try:
        return " ".join(beside.read_text(encoding="utf-8", errors="replace").split())
    except OSError as problem:
        raise BadFootage(f"{beside} cannot be read ({problem.strerror}); skipped.") from problem
