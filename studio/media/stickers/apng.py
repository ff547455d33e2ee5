"""Animated PNG, written chunk by chunk: exact times, one palette, only what changes stored.

Pillow compresses each picture; this puts the streams together. Source: the APNG chapter of
"Portable Network Graphics (PNG) Specification (Third Edition)", https://www.w3.org/TR/png-3/
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from PIL import Image

from studio.media.stickers.clip import Picture, StickerClip
from studio.media.stickers.palette import choose_palette, indices_of
from studio.media.stickers.steps import Step

STEPS = (Step(0), *(Step(count, f"{count} colours") for count in (256, 192, 128, 96, 64, 48, 32)))
"""All colours, then ever fewer; 0 means all."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LARGEST_DELAY = 65535
_RGBA, _PALETTE = 6, 3


def encode_png(clip: StickerClip, step: Step) -> bytes:
    """A PNG of the clip: animated and looping for ever, or of its one picture."""
    palette = choose_palette(clip.pictures, step.value) if step.value else None
    planes = [_plane(picture, palette) for picture in clip.pictures]
    width, height = clip.size
    kind = _RGBA if palette is None else _PALETTE
    chunks = [_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))]
    if palette is not None:
        chunks.append(_chunk(b"PLTE", palette[:, :3].tobytes()))
        chunks.append(_chunk(b"tRNS", palette[:, 3].tobytes()))
    chunks += _frames(planes, clip.seconds) if clip.moving else [_chunk(b"IDAT", _data(planes[0]))]
    return b"".join([_SIGNATURE, *chunks, _chunk(b"IEND", b"")])


def _plane(picture: Picture, palette: np.ndarray | None) -> np.ndarray:
    """What is stored: uint8 (H, W) indices, or (H, W, 4) with nothing hidden under alpha 0."""
    if palette is not None:
        return indices_of(picture, palette)
    return np.where(picture[..., 3:] > 0, picture, 0).astype(np.uint8)


def _frames(planes: list[np.ndarray], seconds: tuple[Fraction, ...]) -> Iterator[bytes]:
    yield _chunk(b"acTL", struct.pack(">II", len(planes), 0))
    number = 0
    for place, (plane, shown) in enumerate(zip(planes, seconds, strict=True)):
        top, bottom, left, right = _changed(planes[place - 1] if place else None, plane)
        delay = _delay(shown)
        control = struct.pack(
            ">IIIIIHHBB", number, right - left, bottom - top, left, top, *delay, 0, 0
        )
        yield _chunk(b"fcTL", control)
        data = _data(plane[top:bottom, left:right])
        if place == 0:
            yield _chunk(b"IDAT", data)
            number += 1
        else:
            yield _chunk(b"fdAT", struct.pack(">I", number + 1) + data)
            number += 2


def _changed(before: np.ndarray | None, plane: np.ndarray) -> tuple[int, int, int, int]:
    """The rows and columns that differ, as top, bottom, left, right; one pixel where none does."""
    height, width = plane.shape[:2]
    if before is None:
        return 0, height, 0, width
    differs = (before != plane).reshape(height, width, -1).any(axis=2)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return 0, 1, 0, 1
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _delay(shown: Fraction) -> tuple[int, int]:
    """Seconds as two 16-bit numbers, exact for every frame rate in use."""
    near = shown.limit_denominator(_LARGEST_DELAY)
    if near.numerator > _LARGEST_DELAY:
        near = Fraction(min(_LARGEST_DELAY, round(shown)))
    return near.numerator, near.denominator


def _data(plane: np.ndarray) -> bytes:
    """The compressed stream of one picture."""
    stream = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(plane), "L" if plane.ndim == 2 else "RGBA")
    image.save(stream, "PNG", optimize=True)
    png, at, found = stream.getvalue(), len(_SIGNATURE), b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            found += png[at + 8 : at + 8 + length]
        at += length + 12
    return found


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
