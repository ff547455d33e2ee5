"""A film changed by instruction without a model that draws it anew: what drafts have.

What stands out is cut out of every frame; what becomes of it, of what is behind it or of the whole
picture is printed over the film at its own size, rate and length. Things and places that are new
are drawn once, by the models that draw cut-out films, and laid in.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from engine.abilities.context import JobContext
from engine.abilities.drawn_region import mask_of
from engine.abilities.edit_span import range_of
from engine.abilities.lossless_copy import copy_cut_out, copy_frames
from engine.abilities.moviegen_job import load_pipeline
from engine.abilities.moviegen_source import source_of
from engine.abilities.opticals_draft import change_of, draft_of
from engine.abilities.opticals_job import (
    Change,
    Frame,
    OpticalJob,
    look_of,
    new_place,
    new_thing,
)
from engine.abilities.opticals_region import RegionShot, emptied, region_shot, standing_in
from engine.abilities.opticals_shot import Shot, is_face, look_at
from engine.abilities.sound_of_source import save_with_sound
from engine.abilities.video_input import Shown, frames_from, part_used, rgb_of
from engine.abilities.video_output import small_preview
from engine.catalogue import load_catalogue
from engine.models.animatic.film import Art
from engine.models.opticals.backdrop import Backdrop
from engine.models.opticals.changes import (
    cut_out,
    in_front_of,
    looked,
    with_cut_out,
    without,
)
from engine.models.opticals.colours import lightness
from engine.models.opticals.standing import beside, in_place_of, seen_from
from engine.planning.edit_reading import BACKGROUND, PRONOUNS, instruction_of
from engine.planning.edit_vocabulary import OPTICALS
from engine.planning.optical_work import needs_matte
from engine.planning.shapes import nearest_aspect
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """The part of the source that is used, changed as asked for.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    entry = load_catalogue().entry(recipe.model)
    asked = instruction_of(recipe, OPTICALS)
    given, film = source_of(recipe, context)
    part = part_used(film, given)
    first, end = film.between(*part)
    span = film.between(*range_of(recipe, part))
    if asked.words != recipe.prompt.strip():
        context.note(f"Read as: {asked.words}")
    job = OpticalJob(recipe, entry, asked, film, span, context)
    context.report("loading")
    change = _change(job)

    def new(shown: Shown) -> Frame | None:
        place = shown.index - span[0]
        if not span[0] <= shown.index < span[1]:
            context.report("printing", shown.index - first, end - first)
            return None
        picture = change(place, rgb_of(shown))
        context.report("printing", shown.index - first, end - first, lambda: small_preview(picture))
        return picture

    frames = frames_from(film, first, end)
    target = context.scratch / "picture"
    copy = copy_cut_out if job.is_cut_out else copy_frames
    copied = copy(frames, film.rate, film.pixel_aspect, new, target)
    return (save_with_sound(film, part, copied, context, has_alpha=job.is_cut_out),)


def _change(job: OpticalJob) -> Change:
    """What is done to each frame. Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled."""
    region = mask_of(job.recipe, job.context, (job.film.width, job.film.height))
    if region is not None:
        return _regional(job, region_shot(job, region))
    if not needs_matte(job.asked):
        return lambda place, picture: looked(picture, None, look_of(job, place, 0.5), job.share)
    draft = draft_of(job)
    if draft is not None:
        return change_of(job, draft)
    asked = job.asked
    needed = asked.task != "add"
    shot = look_at(job.film, job.span, asked.thing, job.context, reach=job.reach, needed=needed)
    if is_face(asked.thing):
        job.context.note("Look through it before you show it: a face turned away may be missed.")
    elif asked.thing and asked.thing not in {*PRONOUNS, BACKGROUND}:
        job.context.note(f'What stands out most was taken for "{asked.thing}", all of it.')
    match asked.task:
        case "add":
            return _adding(job, shot)
        case "replace":
            return _replacing(job, shot)
        case "remove":
            return lambda place, picture: _removed(shot, place, picture)
        case "background":
            return _moving(job, shot)
        case _:
            return _looking(job, shot)


def _regional(job: OpticalJob, shot: RegionShot) -> Change:
    """What is done in a drawn region, or to all but it where the background is meant."""
    match job.asked.task:
        case "add" | "replace":
            return standing_in(job, shot, _drawn_art(job))
        case "remove":
            return lambda place, picture: emptied(shot, place, picture)
        case "background":
            return _moving(job, shot)
        case _:
            return _looking(job, shot)


def _looking(job: OpticalJob, shot: Shot) -> Change:
    """A look of what stands out, or of everything else.

    In dyeing, what is usual for the thing's lightness becomes the middle of the colour.
    """
    inside = shot.mattes >= 128
    seen = shot.frames[~inside if job.is_around else inside].astype(np.float32) / np.float32(255.0)
    usual = float(lightness(seen).mean()) if len(seen) else 0.5

    def change(place: int, picture: Frame) -> Frame:
        matte = shot.matte(place, picture)
        allowed = 1 - matte if job.is_around else matte
        return looked(picture, allowed, look_of(job, place, usual), job.share)

    return change


def _removed(shot: Shot, place: int, picture: Frame) -> Frame:
    height, width = picture.shape[:2]
    return without(picture, shot.matte(place, picture), shot.behind(place, width, height))


def _replacing(job: OpticalJob, shot: Shot) -> Change:
    art = _drawn_art(job)
    aspect = job.film.width / job.film.height

    def change(place: int, picture: Frame) -> Frame:
        pose = in_place_of(shot.boxes[place], art, aspect)
        return with_cut_out(_removed(shot, place, picture), art, pose, has_floor=False)

    return change


def _adding(job: OpticalJob, shot: Shot) -> Change:
    art = _drawn_art(job)
    there = shot.boxes if shot.mattes.any() else []
    pose = beside(job.asked.side, there, art, shot.reference)

    def change(place: int, picture: Frame) -> Frame:
        height, width = picture.shape[:2]
        seen = seen_from(pose, shot.matrix(place, width, height), width, height)
        return with_cut_out(picture, art, seen, has_floor=True)

    return change


def _drawn_art(job: OpticalJob) -> Art:
    drawer = load_pipeline(job.entry, job.context, "sticker-transformer")
    return Art.of(new_thing(job, drawer), is_cropped=False)


def _moving(job: OpticalJob, shot: Shot) -> Change:
    """Another place behind what stands out, or none at all."""
    if job.is_cut_out:
        return lambda place, picture: cut_out(picture, shot.matte(place, picture))
    size = nearest_aspect(job.film.width, job.film.height, job.entry.rules)
    drawn = new_place(job, load_pipeline(job.entry, job.context, "transformer"), size).picture

    @cache
    def enlarged(width: int, height: int) -> Backdrop:
        return shot.in_place_of_all(drawn, width, height)

    def change(place: int, picture: Frame) -> Frame:
        height, width = picture.shape[:2]
        backdrop = enlarged(width, height)
        behind = backdrop.behind(shot.matrix(place, width, height), (width, height))
        return in_front_of(picture, shot.matte(place, picture), behind)

    return change
