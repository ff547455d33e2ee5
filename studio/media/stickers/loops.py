"""Closing a loop: the end of a clip made to meet its beginning."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from studio.media.stickers.clip import StickerClip
from studio.media.stickers.shaping import mixed

LONGEST_FADE = Fraction(1, 2)
"""Seconds; a longer dissolve shows two of everything."""


class Loop(StrEnum):
    """What is done about the seam."""

    AS_IS = "as-is"
    SMOOTH = "smooth"
    """The end dissolves into the beginning; the clip gets shorter by that much."""
    BOUNCE = "bounce"
    """It plays forwards and then backwards."""


def looped(clip: StickerClip, way: Loop) -> StickerClip:
    """The clip with its seam closed; two pictures or fewer have none to close."""
    match way:
        case Loop.AS_IS:
            return clip
        case Loop.SMOOTH:
            return _smooth(clip)
        case Loop.BOUNCE:
            return _bounced(clip)


def _smooth(clip: StickerClip) -> StickerClip:
    count = len(clip.pictures)
    longest = sum(end <= LONGEST_FADE for end in (*clip.starts[1:], clip.duration))
    fade = min(count // 4 + (count % 4 > 0), max(1, longest))
    if count < 3:
        return clip
    kept = count - fade
    opening = tuple(
        mixed(clip.pictures[kept + place], clip.pictures[place], (place + 1) / (fade + 1))
        for place in range(fade)
    )
    return StickerClip(opening + clip.pictures[fade:kept], clip.seconds[:kept])


def _bounced(clip: StickerClip) -> StickerClip:
    return StickerClip(clip.pictures + clip.pictures[-2:0:-1], clip.seconds + clip.seconds[-2:0:-1])
