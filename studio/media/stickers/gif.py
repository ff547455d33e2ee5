"""GIF, written block by block: one palette, hard edges without a fringe, exact hundredths.

GIF knows no half-transparent pixels. A pixel is kept, in its own colour, where at least half of it
is covered; with a matte the covered ones are mixed over that colour first. Pillow packs the
pixels (LZW); this puts the blocks together. Source: "Graphics Interchange Format Version 89a".
"""

from __future__ import annotations

import io
import struct
from fractions import Fraction

import numpy as np
from PIL import Image

from studio.media.stickers.clip import Picture, StickerClip
from studio.media.stickers.palette import choose_palette, indices_of
from studio.media.stickers.shaping import no_faster
from studio.media.stickers.steps import Step

STEPS = (Step(255), *(Step(n, f"{n} colours") for n in (192, 128, 96, 64, 48, 32, 24, 16, 12, 8)))
"""Colours beside the transparent one."""

Colour = tuple[int, int, int]
TICK = Fraction(1, 100)
FASTEST = Fraction(50)
"""Frames a second; programs show anything quicker at a tenth of a second a frame."""
CLEAR = 0
"""The index that is transparent."""
_HALF = 128
_LONGEST = 0xFFFF
"""Ticks that a frame can be shown, eleven minutes."""
_KEEP, _RESTORE = 1, 2


def encode_gif(clip: StickerClip, step: Step, matte: Colour | None = None) -> bytes:
    """A GIF of the clip that loops for ever."""
    clip = no_faster(clip, FASTEST)
    pictures = [_hardened(picture, matte) for picture in clip.pictures]
    table = _table(pictures, step.value)
    planes = [_indices(picture, table) for picture in pictures]
    stamps = clip.starts_in(TICK)
    bits = max(1, (len(table) - 1).bit_length())
    padded = np.zeros((1 << bits, 3), np.uint8)
    padded[: len(table)] = table[:, :3]
    blocks = [
        b"GIF89a" + struct.pack("<HHBBB", *clip.size, 0xF0 | (bits - 1), CLEAR, 0),
        padded.tobytes(),
    ]
    if clip.moving:
        blocks.append(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00")
    shown: np.ndarray | None = None
    for place, plane in enumerate(planes):
        following = planes[place + 1] if place + 1 < len(planes) else None
        clears = following is None or bool(((following == CLEAR) & (plane != CLEAR)).any())
        delay = min(_LONGEST, stamps[place + 1] - stamps[place]) if clip.moving else 0
        blocks.append(_frame(plane, shown, _RESTORE if clears else _KEEP, delay, padded))
        shown = None if clears else plane
    return b"".join([*blocks, b";"])


def _hardened(picture: Picture, matte: Colour | None) -> Picture:
    """Every pixel opaque or wholly transparent."""
    alpha = picture[..., 3:]
    colour = picture[..., :3]
    if matte is not None:
        share = alpha.astype(np.float32) / 255.0
        over = colour * share + np.array(matte, np.float32) * (1.0 - share)
        colour = np.round(over).astype(np.uint8)
    covered = alpha >= (_HALF if matte is None else 1)
    hard = np.concatenate([colour, np.full_like(alpha, 255)], axis=2)
    return np.where(covered, hard, 0).astype(np.uint8)


def _table(pictures: list[Picture], colours: int) -> np.ndarray:
    """The transparent entry, then the colours of the opaque pixels: uint8 (N, 4)."""
    opaque = [picture[picture[..., 3] > 0][None] for picture in pictures]
    seen = [pixels for pixels in opaque if pixels.size]
    found = choose_palette(seen, colours) if seen else np.zeros((1, 4), np.uint8)
    return np.concatenate([np.zeros((1, 4), np.uint8), found[found[:, 3] > 0]])


def _indices(picture: Picture, table: np.ndarray) -> np.ndarray:
    if len(table) == 1:
        return np.full(picture.shape[:2], CLEAR, np.uint8)
    nearest = indices_of(picture, table[1:]) + np.uint8(1)
    return np.where(picture[..., 3] > 0, nearest, CLEAR).astype(np.uint8)


def _frame(
    plane: np.ndarray, shown: np.ndarray | None, disposal: int, delay: int, table: np.ndarray
) -> bytes:
    """A picture's blocks: what is on screen already is left out, as is what is transparent."""
    drawn = plane if shown is None else np.where(plane == shown, CLEAR, plane)
    whole = disposal == _RESTORE
    top, bottom, left, right = _box(plane if whole else drawn)
    control = struct.pack("<BBBBHBB", 0x21, 0xF9, 4, disposal << 2 | 1, delay, CLEAR, 0)
    place = struct.pack("<BHHHHB", 0x2C, left, top, right - left, bottom - top, 0)
    return control + place + _packed(drawn[top:bottom, left:right], table)


def _box(plane: np.ndarray) -> tuple[int, int, int, int]:
    """The rows and columns with anything in them, one pixel where there is nothing."""
    seen = plane != CLEAR
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not len(rows):
        return 0, 1, 0, 1
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _packed(plane: np.ndarray, table: np.ndarray) -> bytes:
    """The image data of one picture: code size, then sub-blocks."""
    image = Image.fromarray(np.ascontiguousarray(plane), "P")
    image.putpalette(table.tobytes())
    stream = io.BytesIO()
    image.save(stream, "GIF", optimize=False, interlace=0)
    gif = stream.getvalue()
    at = 13 + (3 << ((gif[10] & 7) + 1) if gif[10] & 0x80 else 0)
    while gif[at] == 0x21:  # extensions before the picture
        at = _after_blocks(gif, at + 2)
    local = gif[at + 9]
    start = at + 10 + (3 << ((local & 7) + 1) if local & 0x80 else 0)
    return gif[start : _after_blocks(gif, start + 1)]


def _after_blocks(gif: bytes, at: int) -> int:
    while gif[at]:
        at += gif[at] + 1
    return at + 1
