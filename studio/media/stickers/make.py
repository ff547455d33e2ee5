"""One sticker file: the clip shaped for where it goes, and the best quality that fits.

What has to give way gives way in this order: quality or colours, then frames, then size where the
platform takes a smaller one. Nothing is tried by chance, so the same clip gives the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from studio.media.errors import BadJob, Cancelled
from studio.media.export.placing import placed_file
from studio.media.stickers import apng, gif, webm, webp
from studio.media.stickers.clip import StickerClip
from studio.media.stickers.loops import Loop, looped
from studio.media.stickers.platforms import KB, Target
from studio.media.stickers.shaping import fitted, no_faster, resampled, shortened
from studio.media.stickers.steps import Encoded, Step, best_fit

SMALLEST_SIDE, LARGEST_SIDE = 16, 1024
_FEWER_FRAMES = (1.0, 0.75, 0.5, 0.375, 0.25)
_SMALLER = (1.0, 0.84, 0.7, 0.5, 0.35)

Encode = Callable[[StickerClip, Step], bytes]
ShouldCancel = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `side` and `max_bytes` go before the target's own; with a `side` of its
    own the picture is never made smaller. `matte` is what a GIF's edges are mixed over."""

    target: Target
    suffix: str
    side: int | None = None
    max_bytes: int | None = None
    loop: Loop = Loop.AS_IS
    matte: gif.Colour | None = None


@dataclass(frozen=True, slots=True)
class Sticker:
    """A whole file in memory. `gave_up` says in sentences what did not fit."""

    data: bytes
    clip: StickerClip
    max_bytes: int | None
    gave_up: tuple[str, ...]


def make_sticker(
    clip: StickerClip, wish: Wish, should_cancel: ShouldCancel = lambda: False
) -> Sticker:
    """Encode a clip as asked.

    Raises:
        BadJob: it cannot be made small enough, or the wish contradicts itself.
        Cancelled: `should_cancel` said so between two attempts.
    """
    _check(clip, wish)
    limit = wish.max_bytes or wish.target.max_bytes
    shaped, notes = _shaped(clip, wish)
    encode, steps = _coder(wish)

    def attempt(variant: StickerClip, step: Step) -> bytes:
        if should_cancel():
            raise Cancelled("The sticker was not made.")
        return encode(variant, step)

    for variant in _variants(shaped, wish):
        found = best_fit(partial(attempt, variant), steps, limit)
        if found is not None:
            gave_up = (*notes, *_differences(shaped, variant, found))
            return Sticker(found.data, variant, limit, gave_up)
    raise BadJob(
        f"It cannot be made smaller than {size_text(limit or 0)} as {_format_name(wish.suffix)},"
        " not even with few frames at the lowest quality."
        " Use a shorter part, a smaller size or another format."
    )


def save_sticker(path: Path, sticker: Sticker) -> None:
    """Write it whole or not at all.

    Raises:
        OutputUnwritable, DiskFull.
    """
    with placed_file(path) as part:
        part.write_bytes(sticker.data)


def size_text(size_bytes: int) -> str:
    """Bytes as the platforms count them: "243 KB"."""
    return f"{size_bytes / KB:.0f} KB" if size_bytes >= KB else f"{size_bytes} bytes"


def _check(clip: StickerClip, wish: Wish) -> None:
    target, suffix = wish.target, wish.suffix
    if suffix not in target.suffixes:
        kinds = " or ".join(target.suffixes)
        raise BadJob(f"{target.label} takes {kinds}, not {suffix or 'that'}. Let the name end so.")
    if wish.side is not None and not SMALLEST_SIDE <= wish.side <= LARGEST_SIDE:
        raise BadJob(
            f"A sticker of {wish.side} px cannot be made; it goes from {SMALLEST_SIDE} to"
            f" {LARGEST_SIDE} px."
        )
    fixed = target.side if not target.may_shrink else None
    if wish.side is not None and fixed is not None and wish.side != fixed:
        raise BadJob(f"{target.label} stickers are {fixed} px. Leave the size out.")
    if target.max_bytes is not None and (wish.max_bytes or 0) > target.max_bytes:
        raise BadJob(f"{target.label} takes at most {size_text(target.max_bytes)}.")
    if not clip.pictures:
        raise BadJob("There is no picture to make a sticker of.")


def _shaped(clip: StickerClip, wish: Wish) -> tuple[StickerClip, list[str]]:
    """The clip within the limits on time, frames and size, and what that cost."""
    target, notes = wish.target, list[str]()
    if clip.moving:
        clip = looped(clip, wish.loop)
        if target.max_seconds is not None and clip.duration > target.max_seconds:
            notes.append(f"Only its first {target.max_seconds} s of {float(clip.duration):.1f} s.")
            clip = shortened(clip, target.max_seconds)
        if target.max_rate is not None:
            clip = no_faster(clip, target.max_rate)
        if wish.suffix != ".webm":  # whose frame rate tells how smooth it is to be played
            clip = clip.joined()
        if target.max_frames is not None and len(clip.pictures) > target.max_frames:
            notes.append(f"{target.max_frames} of its {len(clip.pictures)} frames.")
            clip = resampled(clip, target.max_frames)
    side = wish.side or target.side
    if side is not None:
        clip = fitted(clip, side, square=target.square)
    if max(clip.size) > LARGEST_SIDE:
        clip = fitted(clip, LARGEST_SIDE, square=False)
    return clip, notes


def _coder(wish: Wish) -> tuple[Encode, Sequence[Step]]:
    match wish.suffix:
        case ".webp":
            return webp.encode_webp, webp.STEPS
        case ".gif":
            return partial(gif.encode_gif, matte=wish.matte), gif.STEPS
        case ".webm":
            return webm.encode_webm, webm.STEPS
        case _:
            return apng.encode_png, apng.STEPS


def _variants(clip: StickerClip, wish: Wish) -> Iterator[StickerClip]:
    """The clip, then with ever fewer frames, then all that smaller, where that is allowed."""
    shrinks = wish.target.may_shrink and wish.side is None
    side = max(clip.size)
    for scale in _SMALLER if shrinks else _SMALLER[:1]:
        small = max(SMALLEST_SIDE, round(side * scale))
        sized = clip if small >= side else fitted(clip, small, square=wish.target.square)
        counts = (max(2, round(len(clip.pictures) * share)) for share in _FEWER_FRAMES)
        for count in dict.fromkeys(counts) if clip.moving else (1,):
            yield sized if count >= len(clip.pictures) else resampled(sized, count)


def _differences(asked: StickerClip, made: StickerClip, found: Encoded) -> Iterator[str]:
    if found.step.words:
        yield found.step.words[0].upper() + found.step.words[1:] + "."
    if len(made.pictures) < len(asked.pictures):
        yield f"{len(made.pictures)} of its {len(asked.pictures)} frames."
    if made.size != asked.size:
        yield f"{made.size[0]} × {made.size[1]} px instead of {asked.size[0]} × {asked.size[1]}."


def _format_name(suffix: str) -> str:
    return {".webp": "WebP", ".gif": "GIF", ".webm": "WebM"}.get(suffix, "PNG")
