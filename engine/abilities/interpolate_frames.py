"""A film at a higher rate, or slowed down: the frames that are missing are made of those beside.

Output frame i shows the moment in + i · (duration / frames) of the part that is used, and the
output plays at the recipe's rate. A higher rate at the same length and slow motion are the same
thing. Frames go to the file as they are made, so a film may be of any length.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from itertools import pairwise
from statistics import median

import numpy as np

from engine.abilities.context import JobContext
from engine.abilities.enlarged_film import Layout, layout_of
from engine.abilities.even_film import Shape, write_even
from engine.abilities.lossless_copy import Copied
from engine.abilities.moviegen_source import source_of
from engine.abilities.sound_of_source import with_sound_of
from engine.abilities.video_input import Film, Shown, frames_from, part_used, pixels_of
from engine.abilities.video_output import small_preview
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadMedia, BadRequest
from engine.models.multiplane.bridging import Picture
from engine.models.multiplane.even import HELD_S, Timed, pictures_at
from engine.models.multiplane.see_through import multiplied, straight
from engine.protocol.assets import MediaInfo, Output
from engine.protocol.recipes import InputAsset, Recipe

Part = tuple[Fraction, Fraction]


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """The part of the source that is used, as the recipe's number of frames at its rate.

    Raises: BadRequest, BadMedia.
    """
    given, film = source_of(recipe, context)
    rate = Fraction(recipe.rate)
    part = _part(film, given, rate)
    entry = load_catalogue().entry(recipe.model).doing(recipe.ability)
    count = recipe.frames
    if count <= 0:
        count = max(1, round((part[1] - part[0]) * rate))
        part = part[0], part[0] + count / rate
    _check(film, count, entry)
    context.report("loading")
    copied, has_alpha = _written(film, part, count, rate, context)
    return (_saved(film, part, copied, rate, context, has_alpha=has_alpha),)


def _part(film: Film, given: InputAsset, rate: Fraction) -> Part:
    """The part whose moments are shown. It may end a frame after the film, whose last one is then

    held: in a shorter part the moments would be others than those that were asked for.

    Raises: BadMedia, for a part that holds no frame.
    """
    in_s, out_s = part_used(film, given)
    if given.out_s is None:
        return in_s, out_s
    return in_s, min(Fraction(given.out_s), film.end_s + 1 / min(rate, film.rate))


def _check(film: Film, count: int, entry: Entry) -> None:
    rules = entry.rules
    if count > rules.max_frames:
        raise BadRequest(
            f"{entry.title} makes at most {rules.max_frames} frames at once, not {count}.",
            "Use a shorter part of the film, a lower rate, or a speed nearer to its own.",
        )
    if film.width * film.height > rules.max_pixels:
        raise BadMedia(
            f"{entry.title} makes frames of up to {rules.max_pixels / 1e6:.1f} million pixels, and "
            f"this film has {film.width} × {film.height}.",
            "Use a smaller copy of the film.",
        )


def _written(
    film: Film, part: Part, count: int, rate: Fraction, context: JobContext
) -> tuple[Copied, bool]:
    """The new picture in a file of its own, and whether it is transparent."""
    first, _ = film.between(*part)
    sample = next(frames_from(film, first, first + 1))
    layout = layout_of(sample.frame)
    if sample.frame.interlaced_frame:
        context.note(
            "The film is interlaced. Its frames are used as they are: edges that move have combs, "
            "unless it is deinterlaced first."
        )
    pictures = _evenly(film, part, count, layout)
    if layout.has_alpha:
        pictures = map(straight, pictures)
    target = context.scratch / "picture"
    shape = Shape(sample, layout, rate, film.pixel_aspect)
    return write_even(_told(pictures, count, context), shape, target), layout.has_alpha


def _evenly(film: Film, part: Part, count: int, layout: Layout) -> Iterator[Picture]:
    usual_s = Fraction(median(after - before for before, after in pairwise(film.times_s)))
    step_s = (part[1] - part[0]) / count
    moments = (part[0] + number * step_s for number in range(count))
    # What stands still at a cut may have begun before it, and the last moment lies before a frame.
    first = film.at(part[0] - HELD_S)
    end = min(film.between(part[0], part[1] + HELD_S)[1] + 1, len(film.times_s))
    frames = (
        Timed(film.times_s[shown.index], _pixels(shown, layout))
        for shown in frames_from(film, first, end)
    )
    return pictures_at(moments, frames, usual_s)


def _pixels(shown: Shown, layout: Layout) -> Picture:
    pixels = pixels_of(shown, layout.seen)
    return multiplied(pixels.astype(np.uint8)) if layout.has_alpha else pixels


def _told(pictures: Iterator[Picture], count: int, context: JobContext) -> Iterator[Picture]:
    for done, picture in enumerate(pictures, 1):
        context.report("interpolating", done, count, partial(small_preview, picture))
        yield picture


def _saved(
    film: Film,
    part: Part,
    copied: Copied,
    rate: Fraction,
    context: JobContext,
    *,
    has_alpha: bool,
) -> Output:
    path, media_type = copied.path, copied.media_type
    length_s = part[1] - part[0]
    if abs(copied.frames / rate - length_s) < 1 / min(rate, film.rate):
        path, media_type = with_sound_of(film, part, copied, context.scratch)
    elif film.has_sound:
        context.note("The new film is not as long as what it is made of, so it has no sound.")
    media = MediaInfo(
        width=copied.width,
        height=copied.height,
        frames=copied.frames,
        rate=f"{rate.numerator}/{rate.denominator}",
        has_alpha=has_alpha,
    )
    return context.save(path, media_type, media)
