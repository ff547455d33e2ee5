"""A film that an ability was given: what it is, its frames in exact time, and pixels for a model.

Time is that of the film itself: its first frame is at 0, whatever its file counts from.
"""

from __future__ import annotations

import math
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn, TypeVar, cast

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.sidedata.sidedata import SideData
from av.stream import Disposition
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from engine.errors import BadMedia
from engine.protocol.recipes import InputAsset
from engine.sampling.spans import Span

Value = TypeVar("Value", bound=np.generic)

_TURNS = {90: -1, 180: 2, 270: 1}
"""Degrees clockwise -> quarter turns that numpy makes anticlockwise."""
_HD_HEIGHT = 720
_STAMP_S = Fraction(1, 1000)
"""How far a stamp may be from the moment it means: some containers count in milliseconds."""
_JPEG = 2


@dataclass(frozen=True, slots=True)
class Film:
    """What a file holds. `times_s` are when its frames begin, `end_s` when the last one ends.

    `width` and `height` are square pixels, upright; `rate` is frames a second on average;
    `pixel_aspect` is the width of a stored pixel over its height.
    """

    path: Path
    width: int
    height: int
    rate: Fraction
    times_s: tuple[Fraction, ...]
    end_s: Fraction
    pixel_aspect: Fraction
    has_sound: bool

    def at(self, time_s: Fraction) -> int:
        """The frame that is shown at a time; the first or last one beyond the ends."""
        return max(0, bisect_right(self.times_s, time_s) - 1)

    def between(self, in_s: Fraction, out_s: Fraction) -> Span:
        """The frames that are seen in a stretch: the first, and the one after the last."""
        first = self.at(in_s + _STAMP_S)
        return first, max(first + 1, bisect_left(self.times_s, out_s - _STAMP_S))


@dataclass(frozen=True, slots=True)
class Shown:
    """A decoded frame and how to see it: which of the film it is, and its time stamp."""

    index: int
    frame: av.VideoFrame
    turn: int
    mirrored: bool


def open_film(path: Path) -> Film:
    """What there is in a film.

    Raises: BadMedia, in a sentence, for what is no film.
    """
    if path.stat().st_size == 0:
        raise BadMedia("The source is an empty file.", "Choose a film that plays.")
    with _opened(path) as container:
        stream = _picture(container)
        base, stamps, end = _stamps(container, stream)
        if len(stamps) == 1:
            raise BadMedia(
                "The source is a still picture and not a film.",
                "Use image_to_video to make a film that begins with it.",
            )
        times = tuple((stamp - stamps[0]) * base for stamp in stamps)
        container.seek(0)
        picture = next(container.decode(stream), None)
        if picture is None:
            _missing(stamps, base, 0)
        first = _upright(0, picture)
        width, height = _seen(first, stream)
        span = times[-1] / (len(times) - 1)
        rate = Fraction(stream.average_rate or stream.guessed_rate or 1 / span)
        end_s = (end - stamps[0]) * base
        return Film(
            path=path,
            width=width,
            height=height,
            rate=rate,
            times_s=times,
            end_s=end_s if end_s > times[-1] else times[-1] + 1 / rate,
            pixel_aspect=_pixel_aspect(stream),
            has_sound=bool(container.streams.audio),
        )


def part_used(film: Film, given: InputAsset) -> tuple[Fraction, Fraction]:
    """The in and out point of the part of the film that a recipe uses, in seconds.

    Raises: BadMedia, for a part that holds no frame.
    """
    in_s = max(Fraction(0), Fraction(given.in_s or 0))
    out_s = min(film.end_s, Fraction(given.out_s) if given.out_s else film.end_s)
    if in_s >= out_s:
        raise BadMedia(
            f"The part to use begins at {float(in_s):.2f} s, and the film is "
            f"{float(film.end_s):.2f} s long.",
            "Choose a part that lies in the film.",
        )
    return in_s, out_s


def frames_from(film: Film, first: int, end: int) -> Iterator[Shown]:
    """The frames from `first` up to but not including `end`, decoded.

    Raises: BadMedia, where the film is damaged.
    """
    with _opened(film.path) as container:
        stream = _picture(container)
        base, stamps, _ = _stamps(container, stream)
        index = {stamp: place for place, stamp in enumerate(stamps)}
        # A seek may land after what was asked for in files with a poor index.
        for target in (stamps[first], stamps[0]):
            container.seek(target, stream=stream)
            decoder = container.decode(stream)
            frame = next(decoder, None)
            if frame is not None and frame.pts is not None and frame.pts <= stamps[first]:
                break
        expected = first
        while frame is not None and expected < end:
            place = index.get(frame.pts if frame.pts is not None else stamps[0] - 1)
            if place is not None and place >= expected:
                yield _upright(place, frame)
                expected = place + 1
            frame = next(decoder, None)
        # Many a file ends in a packet that no picture comes of.
        if expected < end - 1 or expected == first:
            _missing(stamps, base, expected)


def _missing(stamps: list[int], base: Fraction, expected: int) -> NoReturn:
    if expected == 0:
        raise BadMedia(
            "The source is damaged at its very beginning.", "Make a new copy of it, or a new file."
        )
    where_s = float((stamps[expected] - stamps[0]) * base)
    raise BadMedia(
        f"The source cannot be read beyond {where_s:.2f} s: it is damaged there.",
        "Use a part before that, or make a new copy of it.",
    )


def pictures_at(
    film: Film, times_s: Sequence[Fraction], size: tuple[int, int], *, crop: bool
) -> NDArray[np.uint8]:
    """What is seen at each of the increasing times: RGB (F, H, W, 3) of `size` (width, height).

    With `crop` the picture fills the size and what is beyond is cut off; without it the picture
    is squeezed into the size.
    """
    wanted = [film.at(time_s) for time_s in times_s]
    out = np.empty((len(wanted), size[1], size[0], 3), np.uint8)
    filled = 0
    for shown in frames_from(film, wanted[0], wanted[-1] + 1):
        places = [i for i in range(filled, len(wanted)) if wanted[i] <= shown.index]
        if not places:
            continue
        picture = _fitted(rgb_of(shown), film, size, crop=crop)
        for place in places:
            out[place] = picture
        filled = places[-1] + 1
    out[filled:] = out[max(filled - 1, 0)]
    return out


def rgb_of(shown: Shown) -> NDArray[np.uint8]:
    """An upright frame in the file's own pixels, (H, W, 3) RGB."""
    return cast("NDArray[np.uint8]", pixels_of(shown, "rgb24"))


def pixels_of(shown: Shown, layout: str) -> NDArray[np.unsignedinteger[Any]]:
    """An upright frame in the file's own pixels, (H, W, channels): "rgb24", "rgba" or "rgb48le"."""
    frame = shown.frame
    rgb = frame.reformat(
        format=layout,
        src_colorspace=matrix_of(frame),
        src_color_range=range_of(frame),
        dst_color_range=ColorRange.JPEG,
    )
    return upright(cast("NDArray[np.unsignedinteger[Any]]", rgb.to_ndarray()), shown)


def upright(pixels: NDArray[Value], shown: Shown) -> NDArray[Value]:
    """A plane or picture (H, W, …) as it is to be seen."""
    if shown.mirrored:
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(np.rot90(pixels, _TURNS.get(shown.turn, 0)))


def matrix_of(frame: av.VideoFrame) -> Colorspace:
    """The matrix of a frame's colours; where it does not say, the one usual for its height."""
    named = {1: Colorspace.ITU709, 5: Colorspace.ITU601, 6: Colorspace.ITU601}
    wide = {9: Colorspace.BT2020, 10: Colorspace.BT2020}
    usual = Colorspace.ITU709 if frame.height >= _HD_HEIGHT else Colorspace.ITU601
    return (named | wide).get(int(frame.colorspace), usual)


def range_of(frame: av.VideoFrame) -> ColorRange:
    """Whether black is 0 or 16."""
    full = int(frame.color_range) == _JPEG or frame.format.name.startswith("yuvj")
    full = full or frame.format.is_rgb
    return ColorRange.JPEG if full else ColorRange.MPEG


def _fitted(
    picture: NDArray[np.uint8], film: Film, size: tuple[int, int], *, crop: bool
) -> NDArray[np.uint8]:
    width, height = size
    if crop:
        picture = _cropped(picture, film, width / height)
    shrinks = picture.shape[1] > width
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return cv2.resize(picture, (width, height), interpolation=how).astype(np.uint8, copy=False)


def _cropped(picture: NDArray[np.uint8], film: Film, aspect: float) -> NDArray[np.uint8]:
    """The middle of a picture, of the aspect; its own pixels need not be square."""
    rows, columns = picture.shape[:2]
    seen = film.width / film.height
    if seen > aspect:
        kept = max(1, round(columns * aspect / seen))
        left = (columns - kept) // 2
        return picture[:, left : left + kept]
    kept = max(1, round(rows * seen / aspect))
    top = (rows - kept) // 2
    return picture[top : top + kept]


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    try:
        with av.open(str(path)) as container:
            yield container
    except (FFmpegError, OSError) as problem:
        raise BadMedia(
            "The source cannot be read as a film.",
            "Use an MP4, MOV, MKV or WebM file that plays elsewhere.",
        ) from problem


def _picture(container: InputContainer) -> av.VideoStream:
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            return stream
    what = "sound and no picture" if container.streams.audio else "no picture"
    raise BadMedia(f"The source has {what}.", "Choose a film.")


def _stamps(container: InputContainer, stream: av.VideoStream) -> tuple[Fraction, list[int], int]:
    """Time base, the frames' stamps in the order they are shown, and where the last one ends."""
    container.seek(0)
    base = Fraction(stream.time_base or 1)
    found: dict[int, int] = {}
    for packet in container.demux(stream):
        if packet.pts is not None and not packet.is_discard:
            found[packet.pts] = packet.duration or 0
    if not found:
        raise BadMedia("The source holds no frames.", "Choose a film that plays elsewhere.")
    stamps = sorted(found)
    return base, stamps, stamps[-1] + found[stamps[-1]]


def _upright(index: int, frame: av.VideoFrame) -> Shown:
    turn, mirrored = 0, False
    try:
        found = list(cast("Iterator[SideData]", frame.side_data))
    except ValueError:  # PyAV 18.1 stumbles over kinds that libav has learnt since, such as EXIF
        return Shown(index, frame, round(-frame.rotation / 90) * 90 % 360, mirrored)
    for side in found:
        if side.type.name == "DISPLAYMATRIX" and len(bytes(side)) >= struct.calcsize("<9i"):
            turn, mirrored = _orientation(struct.unpack("<9i", bytes(side)[:36]))
    return Shown(index, frame, turn, mirrored)


def _orientation(matrix: tuple[int, ...]) -> tuple[int, bool]:
    """Degrees clockwise, and whether to mirror before: x' = a·x + c·y, y' = b·x + d·y, y down."""
    a, b, _, c, d = matrix[:5]
    if not any((a, b, c, d)):
        return 0, False
    return round(math.degrees(math.atan2(-c, d)) / 90) * 90 % 360, a * d - b * c < 0


def _seen(shown: Shown, stream: av.VideoStream) -> tuple[int, int]:
    width, height = round(shown.frame.width * _pixel_aspect(stream)), shown.frame.height
    return (height, width) if shown.turn in (90, 270) else (width, height)


def _pixel_aspect(stream: av.VideoStream) -> Fraction:
    return Fraction(stream.sample_aspect_ratio or 1)
