"""A part of a film drawn anew as words say, by a Wan model that is told what is kept.

Which part is a drawn region or what stands out, found as the opticals find it. All else keeps the
film's own pixels, at its own size, rate and length.
"""

from __future__ import annotations

from fractions import Fraction

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.abilities.context import JobContext
from engine.abilities.drawn_region import mask_of
from engine.abilities.edit_span import range_of
from engine.abilities.lossless_copy import copy_frames
from engine.abilities.moviegen_source import source_of, times_between
from engine.abilities.opticals_job import OpticalJob
from engine.abilities.opticals_region import region_shot
from engine.abilities.opticals_shot import Shot, is_face, look_at
from engine.abilities.retake import Stretch
from engine.abilities.sound_of_source import save_with_sound
from engine.abilities.video_input import Film, Shown, frames_from, part_used, pictures_at, rgb_of
from engine.abilities.wan_job import wan_job
from engine.abilities.wan_retake import stretch_of
from engine.catalogue import load_catalogue
from engine.errors import BadRequest
from engine.models.opticals.changes import within
from engine.models.opticals.mattes import Grey, wider
from engine.models.wan.known import Known
from engine.planning.edit_reading import BACKGROUND, PRONOUNS, Instruction, instruction_of
from engine.planning.edit_vocabulary import REDRAWN
from engine.planning.shapes import nearest_aspect
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe

_REACH = 0.03
"""Of the longer side, by which what is drawn anew reaches over what was there."""
_SOFT = 0.004
_SURE = 0.5


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """The part of the source that is used, with what the words are about drawn anew.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    entry = load_catalogue().entry(recipe.model)
    asked = instruction_of(recipe, REDRAWN)
    given, film = source_of(recipe, context)
    part = part_used(film, given)
    edited_s = range_of(recipe, part)
    first, end = film.between(*part)
    span = film.between(*edited_s)
    stretch = stretch_of(edited_s, edited_s[1], entry.rules, 0)
    if stretch.total > entry.rules.max_frames:
        most_s = entry.rules.max_frames / Fraction(entry.rules.rates[0])
        raise BadRequest(
            f"{entry.title} edits at most {float(most_s):.1f} s at once.",
            "Use a shorter part of the film, or mark a range of it.",
        )
    shot = _shot(OpticalJob(recipe, entry, asked, film, span, context))
    free = [_free(matte, asked) for matte in shot.mattes]
    if film.rate > Fraction(entry.rules.rates[0]):
        context.note(
            f"What is drawn anew moves at {entry.title}'s {float(Fraction(entry.rules.rates[0])):g}"
            f" frames a second, the rest at the film's {float(film.rate):.5g}."
        )
    size = nearest_aspect(film.width, film.height, entry.rules)
    known = _known(film, stretch, free, span[0], size)
    shape = msgspec.structs.replace(
        recipe,
        prompt=prompt_of(asked),
        negative_prompt=_avoided(asked, recipe, entry.defaults.negative_prompt),
        width=size[0],
        height=size[1],
        frames=stretch.total,
        rate=entry.rules.rates[0],
    )
    made = wan_job(recipe, context).make(shape, known)

    def new(shown: Shown) -> NDArray[np.uint8] | None:
        context.report("saving", shown.index - first, end - first)
        if not span[0] <= shown.index < span[1]:
            return None
        picture = rgb_of(shown)
        height, width = picture.shape[:2]
        drawn = made[stretch.frame_at(film.times_s[shown.index])]
        large = cv2.resize(drawn, (width, height), interpolation=cv2.INTER_CUBIC)
        cover = cv2.resize(free[shown.index - span[0]], (width, height)).astype(np.float32)
        soft = cv2.GaussianBlur(cover, (0, 0), _SOFT * max(width, height))
        return within(picture, soft.astype(np.float32), large.astype(np.uint8, copy=False))

    frames = frames_from(film, first, end)
    copied = copy_frames(frames, film.rate, film.pixel_aspect, new, context.scratch / "picture")
    return (save_with_sound(film, part, copied, context),)


def prompt_of(asked: Instruction) -> str:
    """What is to be seen where it is drawn anew, for a model that was trained on captions."""
    match asked.task:
        case "remove":
            return f"the same place without {asked.thing}, empty, only the background is seen"
        case "background":
            return f"what is seen behind the same subject: {asked.detail}"
        case _:
            return asked.detail


def _avoided(asked: Instruction, recipe: Recipe, usual: str) -> str:
    said = recipe.negative_prompt or usual
    return f"{asked.thing}, {said}" if asked.task == "remove" else said


def _shot(job: OpticalJob) -> Shot:
    region = mask_of(job.recipe, job.context, (job.film.width, job.film.height))
    if region is not None:
        return region_shot(job, region)
    if job.asked.task == "add":
        raise BadRequest(
            "It is not said where the new thing should be.",
            "Draw a region: in the window with Draw a region, or with --mask.",
        )
    thing = job.asked.thing
    if thing and thing not in {*PRONOUNS, BACKGROUND} and not is_face(thing):
        job.context.note(f'What stands out most was taken for "{thing}", all of it.')
    return look_at(job.film, job.span, thing, job.context)


def _free(matte: NDArray[np.uint8], asked: Instruction) -> Grey:
    """Where a small frame (h, w) is drawn anew: 1, and 0 where it is kept."""
    subject = matte.astype(np.float32) / np.float32(255.0)
    if asked.task == BACKGROUND:
        return (subject <= _SURE).astype(np.float32)
    return (wider(_filled_out(subject > _SURE), _REACH) > _SURE).astype(np.float32)


def _filled_out(subject: NDArray[np.bool_]) -> Grey:
    """A region without dents: what is drawn may have another shape, and hair is easily missed."""
    hull = np.zeros(subject.shape, np.float32)
    points = cv2.findNonZero(subject.astype(np.uint8))
    if points is not None:
        cv2.fillConvexPoly(hull, cv2.convexHull(points), 1.0)
    return hull


def _known(
    film: Film, stretch: Stretch, free: list[Grey], first: int, size: tuple[int, int]
) -> Known:
    """The model's frames of the stretch, and where each of them is drawn anew."""
    times = times_between(stretch.in_s, stretch.out_s, stretch.frames)
    # Squeezed, not cropped: what is drawn is laid over every pixel of the film.
    pictures = pictures_at(film, times, size, crop=False)
    places = [min(max(0, film.at(time_s) - first), len(free) - 1) for time_s in times]
    masks = [cv2.resize(free[place], size) > _SURE for place in places]
    return Known(pictures, np.stack(masks))
