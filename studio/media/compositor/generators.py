"""Pictures made by arithmetic: a colour, a gradient, colour bars."""

from __future__ import annotations

from functools import lru_cache
from math import cos, radians, sin

import cv2
import numpy as np

from studio.document.catalogue import GENERATORS
from studio.document.model.clip import GeneratorKind, GeneratorMedia
from studio.media.compositor.colours import rgb_of
from studio.media.compositor.content import DrawnContent
from studio.media.depth import STEP, deepened
from studio.media.picture import Size

BARS_TOP = (
    (191, 191, 191),
    (191, 191, 0),
    (0, 191, 191),
    (0, 191, 0),
    (191, 0, 191),
    (191, 0, 0),
    (0, 0, 191),
)
BARS_MIDDLE = (
    (0, 0, 191),
    (19, 19, 19),
    (191, 0, 191),
    (19, 19, 19),
    (0, 191, 191),
    (19, 19, 19),
    (191, 191, 191),
)
BARS_BOTTOM = (
    (0, 33, 76),
    (255, 255, 255),
    (50, 0, 106),
    (19, 19, 19),
    (9, 9, 9),
    (19, 19, 19),
    (29, 29, 29),
    (19, 19, 19),
)
BARS_BOTTOM_ENDS = (5 / 28, 10 / 28, 15 / 28, 20 / 28, 16 / 21, 17 / 21, 18 / 21, 1.0)


def generated_content(
    media: GeneratorMedia, frame: int, size: Size, *, deep: bool = False
) -> DrawnContent:
    """The picture of a generator at a frame of its clip, filling a canvas of that size."""
    values = GENERATORS[media.kind].values_at(media.params, frame)
    match media.kind:
        case GeneratorKind.COLOUR:
            rgb = np.full((size[1], size[0], 3), rgb_of(str(values["colour"])), np.uint8)
        case GeneratorKind.GRADIENT:
            rgb = _gradient(
                size,
                rgb_of(str(values["from"])),
                rgb_of(str(values["to"])),
                float(values["angle"]),
                radial=values["shape"] == "radial",
                step=STEP if deep else 1,
            )
        case GeneratorKind.BARS:
            rgb = _bars(size)
        case GeneratorKind.TONE:
            return DrawnContent(np.zeros((size[1], size[0], 4), np.uint8), opaque=False)
    pixels = cv2.cvtColor(rgb, cv2.COLOR_RGB2RGBA)
    return DrawnContent(deepened(pixels) if deep else pixels, opaque=True)


def _gradient(
    size: Size,
    start: tuple[int, int, int],
    end: tuple[int, int, int],
    angle: float,
    *,
    radial: bool,
    step: int,
) -> np.ndarray:
    width, height = size
    x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2)[None, :]
    y = (np.arange(height, dtype=np.float32) + 0.5 - height / 2)[:, None]
    if radial:
        share = np.hypot(x, y) / np.hypot(width / 2, height / 2)
    else:
        turn = radians(angle)
        reach = abs(width * cos(turn)) + abs(height * sin(turn))
        share = (x * cos(turn) + y * sin(turn)) / reach + 0.5
    share = np.clip(share, 0, 1)[..., None]
    mixed = np.array(start, np.float32) * (1 - share) + np.array(end, np.float32) * share
    return (mixed * step + 0.5).astype(np.uint8 if step == 1 else np.uint16)


@lru_cache(maxsize=4)
def _bars(size: Size) -> np.ndarray:
    """SMPTE EG 1 bars."""
    width, height = size
    picture = np.zeros((height, width, 3), np.uint8)
    two_thirds, three_quarters = height * 2 // 3, height * 3 // 4
    for index in range(7):
        columns = slice(index * width // 7, (index + 1) * width // 7)
        picture[:two_thirds, columns] = BARS_TOP[index]
        picture[two_thirds:three_quarters, columns] = BARS_MIDDLE[index]
    left = 0
    for colour, end in zip(BARS_BOTTOM, BARS_BOTTOM_ENDS, strict=True):
        right = round(end * width)
        picture[three_quarters:, left:right] = colour
        left = right
    return picture
