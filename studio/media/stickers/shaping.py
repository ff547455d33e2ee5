"""Shaping a clip: its size, its rate and its length. Everything is scaled premultiplied.

Scaling straight colours would let the colour hidden under transparent pixels seep into the edge,
which shows as a dark or light fringe on the first coloured background.
"""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction

import cv2
import numpy as np

from studio.media.stickers.clip import Picture, StickerClip


def resized(picture: Picture, size: tuple[int, int]) -> Picture:
    """A picture at another size: smooth when larger, averaged when smaller, edges clean."""
    height, width = picture.shape[:2]
    if (width, height) == size:
        return picture
    smaller = size[0] * size[1] < width * height
    way = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    scaled = np.clip(cv2.resize(_premultiplied(picture), size, interpolation=way), 0.0, 1.0)
    return _straight(scaled)


def fitted(clip: StickerClip, side: int, *, square: bool) -> StickerClip:
    """The clip with its longer side at `side` pixels; `square` puts it in a transparent square."""
    width, height = clip.size
    scale = Fraction(side, max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    pictures = tuple(resized(picture, size) for picture in clip.pictures)
    if square:
        pictures = tuple(_squared(picture, side) for picture in pictures)
    return StickerClip(pictures, clip.seconds)


def shortened(clip: StickerClip, seconds: Fraction) -> StickerClip:
    """What of the clip is shown before `seconds` have passed."""
    count = sum(start < seconds for start in clip.starts)
    shown = list(clip.seconds[:count])
    shown[-1] = min(shown[-1], seconds - clip.starts[count - 1])
    return StickerClip(clip.pictures[:count], tuple(shown))


def between(clip: StickerClip, in_s: Fraction, out_s: Fraction) -> StickerClip:
    """What of the clip is shown from `in_s` to `out_s`; at least one picture."""
    spans = [
        (picture, min(start + shown, out_s) - max(start, in_s))
        for picture, shown, start in zip(clip.pictures, clip.seconds, clip.starts, strict=True)
    ]
    kept = [(picture, shown) for picture, shown in spans if shown > 0]
    if not kept:
        return StickerClip(clip.pictures[:1], clip.seconds[:1])
    return StickerClip(tuple(p for p, _ in kept), tuple(s for _, s in kept))


def paced(clip: StickerClip, speed: Fraction) -> StickerClip:
    """The clip at `speed` times its own pace: below 0 backwards, at 0 its first picture alone."""
    if speed == 0:
        return StickerClip(clip.pictures[:1], clip.seconds[:1])
    way = 1 if speed > 0 else -1
    return StickerClip(clip.pictures[::way], tuple(s / abs(speed) for s in clip.seconds[::way]))


def trimmed(clip: StickerClip) -> StickerClip:
    """The clip without the rows and columns at its edges where nothing is ever seen."""
    seen = np.any([picture[..., 3] > 0 for picture in clip.pictures], axis=0)
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not len(rows):
        return clip
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return StickerClip(tuple(picture[box] for picture in clip.pictures), clip.seconds)


def resampled(clip: StickerClip, count: int) -> StickerClip:
    """The clip in `count` pictures evenly over the same time."""
    starts, length = clip.starts, clip.duration
    times = (length * place / count for place in range(count))
    pictures = tuple(clip.pictures[bisect_right(starts, time) - 1] for time in times)
    return StickerClip(pictures, (length / count,) * count)


def no_faster(clip: StickerClip, rate: Fraction) -> StickerClip:
    """The clip with no picture shown for less than a frame of `rate`."""
    if all(shown * rate >= 1 for shown in clip.seconds):
        return clip
    return resampled(clip, max(1, int(clip.duration * rate)))


def bled(picture: Picture) -> Picture:
    """The picture with the colours of its edge spread under what is transparent.

    Alpha stays. A coder that keeps colour and alpha apart, and colour at half the size, would
    otherwise mix black into the edge.
    """
    alpha = picture[..., 3:].astype(np.float32) / 255.0
    colour = picture[..., :3].astype(np.float32) * alpha
    filled = np.zeros_like(colour) + colour.sum((0, 1)) / max(float(alpha.sum()), 1e-6)
    for sigma in (24.0, 8.0, 2.0):
        weight = cv2.GaussianBlur(alpha, (0, 0), sigma)[..., None]
        near = cv2.GaussianBlur(colour, (0, 0), sigma) / np.maximum(weight, 1e-6)
        share = np.clip(weight * 64.0, 0.0, 1.0)
        filled = near * share + filled * (1.0 - share)
    seen = picture[..., 3:] > 0
    under = np.clip(filled + 0.5, 0, 255).astype(np.uint8)
    return np.concatenate([np.where(seen, picture[..., :3], under), picture[..., 3:]], axis=2)


def mixed(first: Picture, second: Picture, share: float) -> Picture:
    """Two pictures dissolved: `share` of the second, the rest of the first."""
    return _straight(_premultiplied(first) * (1.0 - share) + _premultiplied(second) * share)


def _squared(picture: Picture, side: int) -> Picture:
    height, width = picture.shape[:2]
    canvas = np.zeros((side, side, 4), np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    canvas[top : top + height, left : left + width] = picture
    return canvas


def _premultiplied(picture: Picture) -> np.ndarray:
    """float32 (H, W, 4) in [0, 1], colour multiplied by alpha."""
    values = picture.astype(np.float32) / 255.0
    values[..., :3] *= values[..., 3:]
    return values


def _straight(values: np.ndarray) -> Picture:
    """Back from premultiplied values; where nothing is seen, everything is 0."""
    alpha = np.round(values[..., 3:] * 255.0)
    scale = np.divide(1.0, values[..., 3:], out=np.zeros_like(alpha), where=alpha > 0)
    colour = np.clip(np.round(values[..., :3] * scale * 255.0), 0, 255)
    return np.concatenate([colour, alpha], axis=2).astype(np.uint8)
