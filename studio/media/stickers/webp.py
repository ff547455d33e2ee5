"""WebP, still or animated: lossless first, then ever smaller qualities, alpha always whole."""

from __future__ import annotations

import io
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from PIL import Image

from studio.media.stickers.clip import StickerClip
from studio.media.stickers.steps import Step

LOSSLESS = Step(0)
STEPS = (LOSSLESS, *(Step(q, f"quality {q} of 100") for q in range(98, 9, -4)))

_TICK = Fraction(1, 1000)


def encode_webp(clip: StickerClip, step: Step) -> bytes:
    """A WebP of the clip that loops for ever, exact to the millisecond."""
    lossless = step == LOSSLESS
    options: dict[str, Any] = {
        "format": "WEBP",
        "lossless": lossless,
        "quality": 60 if lossless else step.value,  # lossless: how hard to try, not how well
        "alpha_quality": 100,
        "method": 4,
    }
    first, *others = (
        Image.fromarray(np.ascontiguousarray(picture), "RGBA") for picture in clip.pictures
    )
    if others:
        stamps = clip.starts_in(_TICK)
        lengths = [after - at for at, after in pairwise(stamps)]
        options |= {"save_all": True, "append_images": others, "duration": lengths, "loop": 0}
    stream = io.BytesIO()
    first.save(stream, **options)
    return stream.getvalue()
