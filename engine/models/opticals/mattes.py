"""Mattes over time of what stands out in a film, or of all that a detector finds in its frames.

A subject is looked for once, where something moves if anything does, and then followed from one
key frame to the next: each time the network looks at the part of the picture where the optical
flow (DIS, Kroeger et al. 2016) says it must be. Between key frames the flow carries the matte.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.models.opticals.moving import Region, flow_between, moving_regions

Grey = NDArray[np.float32]
Look = Callable[[NDArray[np.uint8]], Grey | None]
"""An RGB picture (H, W, 3) to how much each pixel belongs to what is looked for (H, W), or None."""
OnStep = Callable[[int, int], None]
"""(looks done, looks in all) -> None; may raise to stop."""

_ROOM = 0.3
"""How far around a subject the network looks, as a share of its longer side."""
_ALIKE = 0.4
"""Overlap over union above which what is seen is what was expected."""
_GONE = 0.0006
"""Share of the picture below which a subject has left it."""
_LEAST_FOUND = 0.4


@dataclass(frozen=True, slots=True)
class KeyFrames:
    """The frames of a film that are looked at: their numbers, and all frames in grey."""

    places: list[int]
    greys: list[NDArray[np.uint8]]


def key_frames(frames: NDArray[np.uint8], every: int) -> KeyFrames:
    """Every so-manieth of frames (F, H, W, 3), and the last."""
    places = sorted({*range(0, len(frames), every), len(frames) - 1})
    return KeyFrames(places, [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames])


def subject_mattes(
    frames: NDArray[np.uint8], every: int, look: Look, look_near: Look, on_step: OnStep
) -> NDArray[np.uint8] | None:
    """Mattes (F, H, W) in 0 to 255 of what stands out in frames (F, H, W, 3), or moves in them.

    None where nothing does. `every` is how many frames lie between two that are looked at; `look`
    is shown whole frames, `look_near` the surroundings of the subject.
    """
    keys = key_frames(frames, every)
    count = len(keys.places)
    found = _found(frames, keys, look, look_near)
    if found is None:
        return None
    anchor, matte = found
    mattes = np.zeros((len(frames), *matte.shape), np.uint8)
    mattes[keys.places[anchor]] = _levels(matte)
    done = 1
    for way in (range(anchor, count), range(anchor, -1, -1)):
        before = matte
        for then, now in pairwise(keys.places[number] for number in way):
            on_step(done, count)
            expected = _walked(before, keys.greys, _way(then, now))
            here = _followed(frames[now], expected[-1], look_near)
            _fill(mattes, expected, _walked(here, keys.greys, _way(now, then)), _way(then, now))
            mattes[now] = _levels(here)
            before, done = here, done + 1
    return mattes


def every_matte(
    frames: NDArray[np.uint8], every: int, look: Look, on_step: OnStep
) -> NDArray[np.uint8] | None:
    """Mattes of all that is found in each key frame by itself; None where most show none.

    The median with what its neighbours say settles a frame in which something was overlooked.
    """
    keys = key_frames(frames, every)
    found: list[Grey | None] = []
    for done, place in enumerate(keys.places):
        on_step(done, len(keys.places))
        found.append(look(frames[place]))
    if sum(each is not None for each in found) < max(1, _LEAST_FOUND * len(found)):
        return None
    nothing = np.zeros(frames.shape[1:3], np.float32)
    return _carried(_settled([nothing if each is None else each for each in found], keys), keys)


def wider(matte: Grey, reach: float) -> Grey:
    """A matte that reaches further by a share of its longer side, or less far where that is < 0."""
    pixels = round(abs(reach) * max(matte.shape))
    if not pixels:
        return matte
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pixels + 1, 2 * pixels + 1))
    grown = cv2.dilate(matte, kernel) if reach > 0 else cv2.erode(matte, kernel)
    return grown.astype(np.float32, copy=False)


def _found(
    frames: NDArray[np.uint8], keys: KeyFrames, look: Look, look_near: Look
) -> tuple[int, Grey] | None:
    """The number of a key frame in which the subject is seen well, and its matte there."""
    regions = moving_regions(keys.places, keys.greys)
    largest = sorted(
        (place for place, region in enumerate(regions) if region is not None),
        key=lambda place: -_area(regions[place]),
    )
    if len(largest) >= len(regions) / 3:
        for place in largest[:3]:
            region = regions[place]
            assert region is not None  # those are left out above
            matte = _seen_at(frames[keys.places[place]], region.box, look_near)
            if matte is not None and _overlaps(matte, region):
                return place, matte
    middle = len(keys.places) // 2
    for place in dict.fromkeys((middle, 0, len(keys.places) - 1)):
        matte = look(frames[keys.places[place]])
        if matte is not None:
            return place, matte
    return None


def _area(region: Region | None) -> float:
    return 0.0 if region is None else float(region.mask.mean())


def _overlaps(matte: Grey, region: Region) -> bool:
    """Whether what was seen is what moves: a good part of that lies in it."""
    inside = (matte > 0.5) & region.mask
    return inside.sum() > 0.3 * min(region.mask.sum(), (matte > 0.5).sum())


def _followed(frame: NDArray[np.uint8], expected: Grey, look: Look) -> Grey:
    """The matte of a key frame, near where it is expected."""
    sure = expected > 0.5
    if sure.mean() < _GONE:
        return np.zeros_like(expected)
    rows, columns = np.nonzero(sure)
    box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    seen = _seen_at(frame, tuple(int(edge) for edge in box), look)
    if seen is None or _alike(seen, expected) < _ALIKE:
        return expected
    return seen


def _seen_at(frame: NDArray[np.uint8], box: tuple[int, ...], look: Look) -> Grey | None:
    """The matte of a frame of which only the surroundings of a box are looked at."""
    left, top, right, bottom = box
    room = round(_ROOM * max(right - left, bottom - top)) + 4
    height, width = frame.shape[:2]
    part = np.s_[
        max(0, top - room) : min(height, bottom + room),
        max(0, left - room) : min(width, right + room),
    ]
    seen = look(np.ascontiguousarray(frame[part]))
    if seen is None:
        return None
    whole = np.zeros((height, width), np.float32)
    whole[part] = seen
    return whole


def _alike(a: Grey, b: Grey) -> float:
    one, other = a > 0.5, b > 0.5
    union = (one | other).sum()
    return float((one & other).sum() / union) if union else 0.0


def _settled(mattes: Sequence[Grey], keys: KeyFrames) -> list[Grey]:
    """The median of each matte and its two neighbours, these as the flow brings them here."""
    settled = []
    for number, matte in enumerate(mattes):
        beside = [other for other in (number - 1, number + 1) if 0 <= other < len(mattes)]
        if len(beside) < 2:
            settled.append(matte)
            continue
        here = keys.places[number]
        brought = [
            _walked(mattes[other], keys.greys, _way(keys.places[other], here))[-1]
            for other in beside
        ]
        settled.append(np.median(np.stack([matte, *brought]), axis=0).astype(np.float32))
    return settled


def _carried(mattes: Sequence[Grey], keys: KeyFrames) -> NDArray[np.uint8]:
    """The mattes of all frames, of those of the key frames."""
    out = np.zeros((len(keys.greys), *mattes[0].shape), np.uint8)
    for matte, place in zip(mattes, keys.places, strict=True):
        out[place] = _levels(matte)
    for number, (first, last) in enumerate(pairwise(keys.places)):
        onwards = _walked(mattes[number], keys.greys, _way(first, last))
        back = _walked(mattes[number + 1], keys.greys, _way(last, first))
        _fill(out, onwards, back, _way(first, last))
    return out


def _way(first: int, last: int) -> range:
    """The frames from one to another, both among them."""
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


def _walked(matte: Grey, greys: Sequence[NDArray[np.uint8]], way: range) -> list[Grey]:
    """The matte of the first frame of a way in each of them: the flow carries it step by step."""
    mattes = [matte]
    for there, here in pairwise(way):
        mattes.append(_brought(mattes[-1], greys[here], greys[there]))
    return mattes


def _fill(
    out: NDArray[np.uint8], onwards: Sequence[Grey], back: Sequence[Grey], way: range
) -> None:
    """Blend what comes from either end of a way into the frames between."""
    for step in range(1, len(way) - 1):
        share = np.float32(step / (len(way) - 1))
        mixed = onwards[step] + (back[-1 - step] - onwards[step]) * share
        out[way[step]] = _levels(mixed.astype(np.float32, copy=False))


def _levels(matte: Grey) -> NDArray[np.uint8]:
    return np.round(matte * 255).astype(np.uint8)


def _brought(matte: Grey, here: NDArray[np.uint8], there: NDArray[np.uint8]) -> Grey:
    """A matte of the frame `there` as it lies in the frame `here`."""
    flow = flow_between(here, there)
    rows, columns = np.indices(matte.shape, dtype=np.float32)
    moved = cv2.remap(
        matte, columns + flow[..., 0], rows + flow[..., 1], cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return moved.astype(np.float32, copy=False)
