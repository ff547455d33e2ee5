"""New pictures of a film at an even rate in a file of their own, written as they come.

As an enlargement is: H.264 in MP4 takes what is opaque, near-lossless and in 10 bits where the film
has more than 8, and FFV1 in Matroska what is transparent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av

from engine.abilities.enlarged_film import Layout, describe, written
from engine.abilities.lossless_copy import Copied
from engine.abilities.video_input import Shown
from engine.abilities.video_output import QUALITY
from engine.models.multiplane.bridging import Picture

_HALVED, _WHOLE = "420", "444"


@dataclass(frozen=True, slots=True)
class Shape:
    """How pictures are to be seen: as `sample`, a frame of their film, is, in a layout, at a rate;

    `pixel_aspect` is the width of a stored pixel of the film over its height.
    """

    sample: Shown
    layout: Layout
    rate: Fraction
    pixel_aspect: Fraction


def write_even(pictures: Iterator[Picture], shape: Shape, target: Path) -> Copied:
    """Write pictures (H, W, 3 or 4), at least one, beside `target`."""
    first = next(pictures)
    height, width = first.shape[:2]
    layout, source = shape.layout, shape.sample.frame
    if width % 2 or height % 2:  # halved colours need even sides
        layout = replace(layout, written=layout.written.replace(_HALVED, _WHOLE))
    is_turned = shape.sample.turn in (90, 270)
    path = target.with_suffix(layout.suffix)
    with av.open(str(path), "w") as container:
        options = {} if layout.has_alpha else QUALITY
        stream = container.add_stream(layout.codec, shape.rate, options)
        stream.width, stream.height, stream.pix_fmt = width, height, layout.written
        stream.sample_aspect_ratio = 1 / shape.pixel_aspect if is_turned else shape.pixel_aspect
        stream.codec_context.time_base = 1 / shape.rate
        if not layout.has_alpha:
            describe(stream.codec_context, source)
        count = 0
        for picture in chain([first], pictures):
            frame = written(picture, layout, source)
            frame.pts, frame.time_base = count, 1 / shape.rate
            container.mux(stream.encode(frame))
            count += 1
        container.mux(stream.encode())
    return Copied(path, layout.media_type, width, height, count)
