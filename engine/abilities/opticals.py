"""A film changed by instruction without a model that draws it anew: what drafts have.

What stands out is cut out of every frame; what becomes of it, of what is behind it or of the whole
picture is printed over the film at its own size, rate and length. Things and places that are new
are drawn once, by the models that draw cut-out films, and laid in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from engine.abilities.animatic import plate_request
from engine.abilities.context import JobContext
from engine.abilities.edit_span import range_of
from engine.abilities.lossless_copy import copy_cut_out, copy_frames
from engine.abilities.moviegen_job import load_pipeline, preview_of, request_of
from engine.abilities.moviegen_source import source_of
from engine.abilities.moviegen_sticker import SIZE_PIXELS
from engine.abilities.opticals_shot import Shot, is_face, look_at
from engine.abilities.sound_of_source import save_with_sound
from engine.abilities.video_input import Film, Shown, frames_from, part_used, rgb_of
from engine.abilities.video_output import preview_jpeg
from engine.catalogue import Entry, load_catalogue
from engine.models.animatic.film import Art, without_grain
from engine.models.moviegen.nouns import article
from engine.models.moviegen.pipeline import MovieGenPipeline
from engine.models.moviegen.prompts import cut_out_caption
from engine.models.moviegen.rewriting import Clause
from engine.models.opticals.backdrop import Backdrop
from engine.models.opticals.changes import (
    cut_out,
    in_front_of,
    looked,
    with_cut_out,
    without,
)
from engine.models.opticals.colours import TONES, dyed, lightness
from engine.models.opticals.looks import anonymous, styled, weathered
from engine.models.opticals.standing import beside, in_place_of, seen_from
from engine.planning.edit_reading import (
    BACKGROUND,
    PRONOUNS,
    Instruction,
    instruction_of,
    scale_of,
)
from engine.planning.edit_vocabulary import OPTICALS
from engine.planning.optical_work import needs_matte
from engine.planning.shapes import nearest_aspect
from engine.protocol.assets import Output
from engine.protocol.recipes import FOLLOW, KEEP_SOURCE, USUAL_SCALE, Recipe, Sampler
from engine.sampling.spans import Span

Frame = NDArray[np.uint8]
Change = Callable[[int, Frame], Frame]
"""Which frame of the span it is, and its picture (H, W, 3), to what it becomes."""

_MARKED = 0.72
_WIDER = 0.012
"""Of the picture's longer side, by which a thing is taken to be wider where the source is not to

be kept at all, and narrower where it is to be kept twice as much as usual.
"""
_PREVIEW_SIDE = 480


@dataclass(frozen=True, slots=True)
class _Job:
    """What every change is made of."""

    recipe: Recipe
    entry: Entry
    asked: Instruction
    film: Film
    span: Span
    context: JobContext


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
    job = _Job(recipe, entry, asked, film, span, context)
    context.report("loading")
    change = _change(job)

    def new(shown: Shown) -> Frame | None:
        place = shown.index - span[0]
        if not span[0] <= shown.index < span[1]:
            context.report("printing", shown.index - first, end - first)
            return None
        picture = change(place, rgb_of(shown))
        context.report("printing", shown.index - first, end - first, lambda: _preview(picture))
        return picture

    frames = frames_from(film, first, end)
    target = context.scratch / "picture"
    is_cut_out = asked.task == "background" and not asked.detail
    copy = copy_cut_out if is_cut_out else copy_frames
    copied = copy(frames, film.rate, film.pixel_aspect, new, target)
    return (save_with_sound(film, part, copied, context, has_alpha=is_cut_out),)


def _preview(picture: Frame) -> bytes:
    scale = min(1.0, _PREVIEW_SIDE / max(picture.shape[:2]))
    small = cv2.resize(picture[..., :3], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return preview_jpeg(small.astype(np.uint8, copy=False))


def _change(job: _Job) -> Change:
    """What is done to each frame. Raises: BadMedia, BadWeights, WeightsNotInstalled."""
    asked = job.asked
    if not needs_matte(asked):
        return lambda place, picture: _printed(job, place, picture, None)
    shot = look_at(
        job.film,
        job.span,
        asked.thing,
        job.context,
        reach=_reach(job),
        needed=asked.task != "add",
    )
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
        case "recolour":
            return _colouring(job, shot)
        case _:
            return lambda place, picture: _printed(
                job, place, picture, _allowed(job, shot, place, picture)
            )


def _allowed(job: _Job, shot: Shot, place: int, picture: Frame) -> NDArray[np.float32]:
    """Where a frame may change: at what stands out, or everywhere else."""
    matte = shot.matte(place, picture)
    return 1 - matte if job.asked.thing == BACKGROUND else matte


def _share(job: _Job) -> float:
    """How far a look goes: all the way where words and source count as usual; less with less of

    the one or more of the other.
    """
    follow = scale_of(job.recipe, FOLLOW) / USUAL_SCALE[FOLLOW]
    return min(1.0, follow / max(1.0, scale_of(job.recipe, KEEP_SOURCE) / USUAL_SCALE[KEEP_SOURCE]))


def _reach(job: _Job) -> float:
    """How much wider than it is seen the thing is taken to be: less, the more the source counts."""
    return _WIDER * (1 - scale_of(job.recipe, KEEP_SOURCE) / USUAL_SCALE[KEEP_SOURCE])


def _printed(job: _Job, place: int, picture: Frame, matte: NDArray[np.float32] | None) -> Frame:
    """A frame with a look, or marked in a colour."""
    asked = job.asked
    time_s = float(job.film.times_s[job.span[0] + place] - job.film.times_s[job.span[0]])
    match asked.task:
        case "style" if asked.detail == "blur" and is_face(asked.thing):
            return looked(picture, matte, anonymous, _share(job))
        case "style":
            return looked(picture, matte, lambda p: styled(p, asked.detail, time_s), _share(job))
        case "weather":
            seed = job.recipe.seed

            def weather(levels: NDArray[np.float32]) -> NDArray[np.float32]:
                return weathered(levels, asked.detail, time_s, seed)

            return looked(picture, matte, weather, _share(job))
        case _:
            tone = np.array(TONES[asked.detail], np.float32)
            return looked(
                picture, matte, lambda p: np.broadcast_to(tone, p.shape), _MARKED * _share(job)
            )


def _colouring(job: _Job, shot: Shot) -> Change:
    """Dyeing; what is usual for the thing's lightness becomes the middle of the colour."""
    inside = shot.mattes >= 128
    if job.asked.thing == BACKGROUND:
        inside = ~inside
    seen = shot.frames[inside].astype(np.float32) / np.float32(255.0)
    usual = float(lightness(seen).mean()) if len(seen) else 0.5
    tone = TONES[job.asked.detail]

    def change(place: int, picture: Frame) -> Frame:
        matte = _allowed(job, shot, place, picture)
        return looked(picture, matte, lambda p: dyed(p, tone, usual), _share(job))

    return change


def _removed(shot: Shot, place: int, picture: Frame) -> Frame:
    height, width = picture.shape[:2]
    return without(picture, shot.matte(place, picture), shot.behind(place, width, height))


def _replacing(job: _Job, shot: Shot) -> Change:
    art = _drawn_thing(job)
    aspect = job.film.width / job.film.height

    def change(place: int, picture: Frame) -> Frame:
        pose = in_place_of(shot.boxes[place], art, aspect)
        return with_cut_out(_removed(shot, place, picture), art, pose, has_floor=False)

    return change


def _adding(job: _Job, shot: Shot) -> Change:
    art = _drawn_thing(job)
    there = shot.boxes if shot.mattes.any() else []
    pose = beside(job.asked.side, there, art, shot.reference)

    def change(place: int, picture: Frame) -> Frame:
        height, width = picture.shape[:2]
        seen = seen_from(pose, shot.matrix(place, width, height), width, height)
        return with_cut_out(picture, art, seen, has_floor=True)

    return change


def _moving(job: _Job, shot: Shot) -> Change:
    """Another place behind what stands out, or none at all."""
    if not job.asked.detail:
        return lambda place, picture: cut_out(picture, shot.matte(place, picture))
    drawn = _drawn_place(job)

    @cache
    def enlarged(width: int, height: int) -> Backdrop:
        return shot.in_place_of_all(drawn, width, height)

    def change(place: int, picture: Frame) -> Frame:
        height, width = picture.shape[:2]
        backdrop = enlarged(width, height)
        behind = backdrop.behind(shot.matrix(place, width, height), (width, height))
        return in_front_of(picture, shot.matte(place, picture), behind)

    return change


def _drawn_thing(job: _Job) -> Art:
    """The new thing, drawn as a sticker."""
    pipeline = load_pipeline(job.entry, job.context, "sticker-transformer")
    request = request_of(_drawing(job), job.entry, cut_out_caption(article(job.asked.detail)))
    request = replace(request, width=SIZE_PIXELS, height=SIZE_PIXELS, apart=True)
    latents = pipeline.denoise(request, _telling(job, pipeline))
    return Art.of(pipeline.decode_rgba(latents).numpy()[0], is_cropped=False)


def _drawn_place(job: _Job) -> Frame:
    """The new place, drawn as a still in the film's shape."""
    pipeline = load_pipeline(job.entry, job.context, "transformer")
    request = plate_request(Clause("", "", "", job.asked.detail), _drawing(job), job.entry)
    plate = pipeline.decode(pipeline.denoise(request, _telling(job, pipeline)), 1)
    return without_grain(plate.numpy()[0])


def _drawing(job: _Job) -> Recipe:
    """The recipe of one still in the shape of the film that is most like it."""
    width, height = nearest_aspect(job.film.width, job.film.height, job.entry.rules)
    sampler = Sampler(steps=job.recipe.sampler.steps)
    return msgspec.structs.replace(
        job.recipe, width=width, height=height, frames=1, sampler=sampler, negative_prompt=""
    )


def _telling(job: _Job, pipeline: MovieGenPipeline) -> Callable[[int, int, Tensor], None]:
    def on_step(step: int, steps: int, estimate: Tensor) -> None:
        job.context.report("denoising", step, steps, lambda: preview_of(pipeline, estimate))

    return on_step
