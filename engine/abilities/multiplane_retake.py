"""A stretch of a film made again of the film's own pictures, what is around it untouched.

Asked for a movement, whoever stands out makes it, in the place as it was filmed, and is back at the
end. Asked for nothing, the stretch is bridged from the frame before it to the one after it: a
short one by moving the one into the other, a longer one by going on from both sides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np

from engine.abilities.context import JobContext
from engine.abilities.moviegen_source import source_of
from engine.abilities.multiplane_ending import Onward, behind_of, ending_of, held
from engine.abilities.multiplane_words import Asked, asked_of
from engine.abilities.opticals_shot import Shot, look_at
from engine.abilities.retake import retaken_range, save_retake
from engine.abilities.video_input import Film, Shown, part_used, pictures_at, rgb_of
from engine.errors import BadRequest
from engine.models.multiplane.acting import acted
from engine.models.multiplane.bridging import bridge
from engine.models.multiplane.camera import eased
from engine.models.multiplane.planes import Frame, front_of
from engine.models.multiplane.single import one_thing
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe
from engine.sampling.spans import Span

_SHORT_S = Fraction(3, 4)
"""What is longer would look slowed down where one frame is moved into the other."""
_FADE = 0.25, 0.75
_LARGEST_SIDE = 1920

Remade = Callable[[Shown], Frame]


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """The part of the source that is used, with the range made again.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    given, film = source_of(recipe, context)
    part = part_used(film, given)
    range_s = retaken_range(recipe, film, part)
    span = film.between(*range_s)
    context.report("loading")
    asked = asked_of(recipe, context)
    if asked.camera:
        context.note("A retake keeps the film's own camera, so that both cuts hold.")
    remade = _acting(film, span, asked, context) if asked.action else None
    if remade is None:
        remade = _bridged(film, span, context)

    def new(shown: Shown) -> Frame | None:
        return remade(shown) if span[0] <= shown.index < span[1] else None

    return (save_retake(film, film.between(*part), new, context),)


def _acting(film: Film, span: Span, asked: Asked, context: JobContext) -> Remade | None:
    """Whoever stands out does as asked; None, and a note, where nothing does."""
    shot = look_at(film, span, "", context, needed=False)
    shot = replace(shot, mattes=one_thing(shot.mattes, 0))
    if not shot.mattes.any():
        context.note("Nothing stands out in the range, so it is bridged instead.")
        return None
    began_s, ends_s = film.times_s[span[0]], _end_s(film, span)

    def remade(shown: Shown) -> Frame:
        return _acted(shot, shown.index - span[0], rgb_of(shown), asked.action, (
            float(film.times_s[shown.index] - began_s), float(ends_s - began_s)
        ))  # fmt: skip

    return remade


def _acted(
    shot: Shot, place: int, picture: Frame, action: str, times_s: tuple[float, float]
) -> Frame:
    front = front_of(picture, shot.matte(place, picture))
    if front is None:
        return picture
    return acted(behind_of(shot, place, picture), front, action, *times_s)


def _end_s(film: Film, span: Span) -> Fraction:
    return film.times_s[span[1]] if span[1] < len(film.times_s) else film.end_s


def _bridged(film: Film, span: Span, context: JobContext) -> Remade:
    """Over from what is before the range to what is after it.

    Raises: BadRequest, where the range is the whole film.
    """
    before, after = span[0] - 1, span[1]
    has_before, has_after = before >= 0, after < len(film.times_s)
    if not (has_before or has_after):
        raise BadRequest(
            "The range is the whole film, so there is nothing to make it of.",
            "Leave a frame of it at one end, or say what is to happen.",
        )
    context.report("looking")
    size = _worked(film)
    is_short = _end_s(film, span) - film.times_s[span[0]] <= _SHORT_S
    if has_before and has_after and is_short:
        times = film.times_s[before], film.times_s[after]
        here, there = pictures_at(film, times, size, crop=False)
        way = bridge(here, there)
        if way.is_moved:
            length_s = times[1] - times[0]
            return lambda shown: way.at(float((film.times_s[shown.index] - times[0]) / length_s))
    sides = [
        _side(film, span, size, context, backward=backward)
        for backward, is_there in ((False, has_before), (True, has_after))
        if is_there
    ]
    return sides[0] if len(sides) == 1 else _faded(film, span, *sides)


def _worked(film: Film) -> tuple[int, int]:
    scale = min(1.0, _LARGEST_SIDE / max(film.width, film.height))
    return round(film.width * scale), round(film.height * scale)


def _side(
    film: Film, span: Span, size: tuple[int, int], context: JobContext, *, backward: bool
) -> Remade:
    """What goes on from before the range, or leads to what is after it."""
    around = (span[1], len(film.times_s)) if backward else (0, span[0])
    frames, rate_fps = span[1] - span[0], float(film.rate)
    onward = Onward(size, frames, rate_fps, backward)
    kept = held(film, around, backward=backward)
    ending = ending_of(film, kept, Asked(), onward, context)
    at = film.times_s[span[1] if backward else span[0] - 1]
    return lambda shown: ending.after(abs(float(film.times_s[shown.index] - at)))


def _faded(film: Film, span: Span, onward: Remade, leading: Remade) -> Remade:
    began_s, ends_s = film.times_s[span[0]], _end_s(film, span)

    def remade(shown: Shown) -> Frame:
        share = float((film.times_s[shown.index] - began_s) / (ends_s - began_s))
        part = (share - _FADE[0]) / (_FADE[1] - _FADE[0])
        if part <= 0 or part >= 1:
            return onward(shown) if part <= 0 else leading(shown)
        mixed = cv2.addWeighted(onward(shown), 1 - eased(part), leading(shown), eased(part), 0.0)
        return mixed.astype(np.uint8, copy=False)

    return remade
