"""Files to a StickerClip: a still, several stills, an animated picture, or a film with alpha."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import numpy as np

from studio.media.conform import Source, to_rgb, to_rgba
from studio.media.decode.pictures import PictureFrame, PictureReader, is_picture_file
from studio.media.decode.video import VideoReader
from studio.media.errors import BadJob, NotMedia
from studio.media.facts import VideoFacts
from studio.media.picture import RgbaPicture
from studio.media.probe import probe
from studio.media.stickers.clip import Picture, StickerClip
from studio.media.stickers.shaping import between, resized

STILLS_RATE = Fraction(8)
"""Frames a second of several stills, where no other rate is asked for."""
MOST_FRAMES = 300
MOST_BYTES = 512 * 2**20
"""What the pictures of one clip may take in memory, four bytes a pixel."""


def read_clip(paths: Sequence[Path], largest: int, rate: Fraction = STILLS_RATE) -> StickerClip:
    """What the files show. Pictures larger than `largest` pixels a side are made so small.

    `rate` is that of several stills.

    Raises:
        MediaError: a file cannot be read, is too long, or the stills differ in size.
    """
    if len(paths) > 1:
        return _stills(paths, largest, rate)
    path = paths[0]
    facts = _facts(path)
    if is_picture_file(path):
        return _picture_file(path, facts, largest)
    return _film(path, facts, largest)


def read_part(path: Path, in_s: Fraction, out_s: Fraction, largest: int) -> StickerClip:
    """What one file shows from `in_s` to `out_s`, in seconds of its own clock; a still as it is.

    Raises:
        MediaError: it cannot be read, or the part is too long.
    """
    facts = _facts(path)
    if is_picture_file(path):
        whole = _picture_file(path, facts, largest)
        return between(whole, in_s, out_s) if whole.moving else whole
    return _film(path, facts, largest, in_s, out_s)


def _facts(path: Path) -> VideoFacts:
    facts = probe(path).video
    if facts is None:
        raise NotMedia(f"{path.name} has no picture in it. Give a film or a picture.")
    return facts


def _stills(paths: Sequence[Path], largest: int, rate: Fraction) -> StickerClip:
    if len(paths) > MOST_FRAMES:
        raise BadJob(f"{len(paths)} pictures are given, and a sticker has {MOST_FRAMES} at most.")
    pictures: list[Picture] = []
    for path in paths:
        _facts(path)
        if not is_picture_file(path):
            raise BadJob(f"{path.name} is a film. Give one film, or several pictures.")
        with closing(PictureReader(path)) as reader:
            pictures.append(_small(_rgba(reader.frame_at(Fraction(0))), largest))
        _check_bytes(f"The {len(paths)} pictures", len(paths), pictures[0])
        if pictures[-1].shape != pictures[0].shape:
            raise BadJob(f"{path.name} has another size than {paths[0].name}. Make them alike.")
    return StickerClip.steady(pictures, rate)


def _picture_file(path: Path, facts: VideoFacts, largest: int) -> StickerClip:
    with closing(PictureReader(path)) as reader:
        starts = reader.starts
        if facts.still or len(starts) == 1:
            still = _small(_rgba(reader.frame_at(Fraction(0))), largest)
            return StickerClip((still,), (Fraction(1),))
        _check_count(path, len(starts))
        ends = (*starts[1:], facts.duration)
        pictures = tuple(
            _bounded(path, len(starts), _small(_rgba(reader.frame_at(start)), largest))
            for start in starts
        )
    return StickerClip(
        pictures, tuple(end - start for start, end in zip(starts, ends, strict=True))
    )


def _film(
    path: Path,
    facts: VideoFacts,
    largest: int,
    in_s: Fraction = Fraction(0),
    out_s: Fraction | None = None,
) -> StickerClip:
    end = facts.duration if out_s is None else min(out_s, facts.duration)
    first = floor(in_s * facts.rate)
    last = round(end * facts.rate) if out_s is None else ceil(end * facts.rate)
    count = max(1, last - first)
    _check_count(path, count)

    def pictures(reader: VideoReader) -> Iterator[Picture]:
        for place in range(first, first + count):
            source = Source(reader.frame_at(place / facts.rate), facts)
            yield _bounded(path, count, _small(_straight(source), largest))

    with closing(VideoReader(path)) as reader:
        return StickerClip.steady(pictures(reader), facts.rate)


def _check_count(path: Path, count: int) -> None:
    if count > MOST_FRAMES:
        raise BadJob(
            f"{path.name} has {count} frames, and a sticker {MOST_FRAMES} at most. Cut out the"
            " part that you want first."
        )


def _bounded(path: Path, count: int, picture: Picture) -> Picture:
    """The picture, if as many like it as its file has may be held."""
    _check_bytes(f"The {count} frames of {path.name}", count, picture)
    return picture


def _check_bytes(what: str, count: int, picture: Picture) -> None:
    if count * picture.nbytes > MOST_BYTES:
        height, width = picture.shape[:2]
        most = MOST_BYTES // picture.nbytes
        raise BadJob(
            f"{what} are too many for their size: of {width} × {height} pixels a sticker is made"
            f" from {most} at most. Give fewer, or smaller ones."
        )


def _straight(source: Source) -> Picture:
    size = source.display_size
    if source.facts.alpha:
        return RgbaPicture(to_rgba(source, size)).straight()
    rgb = to_rgb(source, size)
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])


def _rgba(frame: PictureFrame) -> Picture:
    alpha = frame.alpha if frame.alpha is not None else np.full(frame.rgb.shape[:2], 255, np.uint8)
    return np.dstack([frame.rgb, alpha])


def _small(picture: Picture, largest: int) -> Picture:
    height, width = picture.shape[:2]
    if max(width, height) <= largest:
        return picture
    scale = largest / max(width, height)
    return resized(picture, (max(1, round(width * scale)), max(1, round(height * scale))))
