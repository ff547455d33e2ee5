"""Opticals of a draft whose recipe is told: nothing of it need be guessed.

A cut-out film is shot again, layer by layer, by its own recipe. Every change is then a film of
other layers, and is printed over the source where it and the film as it was differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from engine.abilities.animatic import (
    NETWORKS,
    Drawers,
    Drawn,
    cast_as_made,
    draw,
    has_floor,
)
from engine.abilities.animatic_cast import Acting, Cast
from engine.abilities.film_recipe import cut_out_recipe, has_troupe, is_staged
from engine.abilities.library_art import acting_arts
from engine.abilities.moviegen_job import load_pipelines, preview_of
from engine.abilities.opticals_job import (
    Change,
    Frame,
    OpticalJob,
    look_of,
    new_place,
    new_thing,
)
from engine.abilities.opticals_shot import is_face
from engine.abilities.prompt_reading import video_rewriter
from engine.abilities.video_input import pictures_at
from engine.catalogue import load_catalogue
from engine.models.animatic.film import Stage
from engine.models.animatic.layers import to_levels
from engine.models.art import label_of, named_in
from engine.models.moviegen.pipeline import MovieGenPipeline
from engine.models.moviegen.rewriting import Clause
from engine.models.opticals.changes import printed
from engine.models.opticals.colours import lightness
from engine.models.opticals.layers import laid_over, straight
from engine.models.opticals.looks import blurred
from engine.models.opticals.standing import ADDED_AT, AS_TALL
from engine.planning.bodies import body_of
from engine.planning.figures import figure_of
from engine.planning.shapes import snap
from engine.protocol.recipes import Recipe

_LEAST_DB = 30.0
"""How near each frame that is compared is to the one shot again, at least. Measured: 43 dB or more

is left by the codec, 36 by another precision than it was drawn in, and 18 by another seed.
"""
_COMPARED = 6
_SEEN = 0.5
Picture = NDArray[np.float32]


@dataclass(frozen=True)
class Draft:
    """A source that was shot again: what it is made of, and who drew it."""

    name: str
    drawn: Drawn
    drawers: Drawers
    made_by: Recipe

    @cached_property
    def stage(self) -> Stage:
        return self.drawn.stage()


def draft_of(job: OpticalJob) -> Draft | None:
    """The source shot again, where its recipe is told and still makes it; a note says if not.

    Raises: BadRequest, BadMedia, BadWeights, WeightsNotInstalled.
    """
    made_by = cut_out_recipe(job.recipe)
    if made_by is None or is_face(job.asked.thing):
        return None
    entry = load_catalogue().entry(made_by.model)
    made_by = snap(made_by, entry).recipe
    size = made_by.width, made_by.height, made_by.frames
    if size == (job.film.width, job.film.height, len(job.film.times_s)):
        drawers = Drawers(*load_pipelines(job.entry, job.context, NETWORKS))
        rewriter = video_rewriter(entry.id, job.context, drawers.places, made_by)
        cast = cast_as_made(rewriter, made_by)
        job.context.report("shooting again")
        drawn = draw(cast, made_by, entry, drawers, _telling(job))
        draft = Draft(cast.clause.name, drawn, drawers, made_by)
        if _is_as_made(job, draft.stage):
            job.context.note(f"Its recipe tells exactly where all of this draft is: {draft.name}.")
            return draft
    job.context.note("The film is not what its recipe makes, so it is looked at.")
    return None


def _telling(job: OpticalJob) -> Callable[[int, int, MovieGenPipeline, Tensor], None]:
    def tell(step: int, steps: int, pipeline: MovieGenPipeline, estimate: Tensor) -> None:
        job.context.report("shooting again", step, steps, lambda: preview_of(pipeline, estimate))

    return tell


def _is_as_made(job: OpticalJob, stage: Stage) -> bool:
    first, end = job.span
    places = np.unique(np.linspace(first, end - 1, _COMPARED).round().astype(int)).tolist()
    times = [job.film.times_s[place] for place in places]
    half = stage.size[0] // 2, stage.size[1] // 2  # of its colours a codec keeps no more
    pictures = pictures_at(job.film, times, half, crop=False)
    again = (
        cv2.resize(stage.picture(place), half, interpolation=cv2.INTER_AREA) for place in places
    )
    return all(
        _psnr_db(picture, other.astype(np.uint8, copy=False)) >= _LEAST_DB
        for picture, other in zip(pictures, again, strict=True)
    )


def _psnr_db(a: Frame, b: Frame) -> float:
    error = float(np.square(a.astype(np.float32) - b).mean())
    return 10 * float(np.log10(255.0**2 / max(error, 1e-6)))


def change_of(job: OpticalJob, draft: Draft) -> Change:
    """What is done to each frame. Raises: BadMedia, BadWeights, WeightsNotInstalled."""
    stage, first = draft.stage, job.span[0]
    if job.is_cut_out:
        return lambda place, _: _apart(stage, first + place)
    after = _after(job, draft)

    def change(place: int, picture: Frame) -> Frame:
        index = first + place
        return printed(picture, stage.picture(index), after(index))

    return change


def _apart(stage: Stage, index: int) -> Frame:
    """The subject alone, straight RGBA, black where it is not."""
    layer = stage.subject(index)
    alpha = to_levels(layer[..., 3])
    colours = np.where(alpha[..., None] > 0, to_levels(straight(layer)), 0)
    return np.dstack([colours, alpha]).astype(np.uint8)


def _after(job: OpticalJob, draft: Draft) -> Callable[[int], Frame]:
    """The frames of the film, counted from its start, as they are to be."""
    stage, name = draft.stage, _name_of(job.asked.thing, draft.drawn)
    match job.asked.task:
        case "remove":
            return draft.drawn.with_art(name, _NOBODY).stage().picture if name else stage.bare
        case "replace":
            new = _new_actor(job, draft, draft.drawn.direction.action)
            if name:
                return draft.drawn.with_art(name, new).stage().picture
            return replace(draft.drawn, cut_out=new, others=()).stage().picture
        case "background":
            place = new_place(job, draft.drawers.places, stage.size)
            there = replace(draft.drawn.direction, has_floor=has_floor(job.asked.detail))
            return replace(draft.drawn, place=place, direction=there).stage().picture
        case "add":
            return _with_another(job, draft)
        case _:
            if job.is_around:
                return _around(job, stage)
            return _of_subject(job, stage, draft.drawn, name)


_NOBODY: Frame = np.zeros((8, 8, 4), np.uint8)


def _name_of(thing: str, drawn: Drawn) -> str:
    """The label of those alone who are meant, of several who act; "" for all of them."""
    named = named_in(thing)
    label = "" if named is None else label_of(named.noun)
    return label if drawn.named(label) else ""


def _new_actor(job: OpticalJob, draft: Draft, action: str) -> Frame:
    """Who acts in somebody's place, whole and looking ahead where the draft's own do."""
    named = named_in(job.asked.detail)
    if named is None or not has_troupe(draft.made_by):
        return new_thing(job, draft.drawers.subjects)
    label, said = label_of(named.noun), job.asked.detail
    if action != "stand":
        said = f"{said} {draft.made_by.prompt}"
    figure = (body_of(label, said) if is_staged(draft.made_by) else None) or figure_of(label, said)
    actor = Acting(figure.label, named.colour, head=figure.head)
    clause = Clause("", job.asked.detail, "", "")
    cast = Cast(clause, (), (actor,), action)
    return acting_arts(cast, job.recipe.seed)[0]


def _with_another(job: OpticalJob, draft: Draft) -> Callable[[int], Frame]:
    """Another thing that stands there, behind the one that moves."""
    stage = draft.stage
    thing = _new_actor(job, draft, "stand")
    other = stage.beside(thing, ADDED_AT[job.asked.side], AS_TALL)

    def after(index: int) -> Frame:
        picture = other.behind_drops(index)
        stage.perform(picture, index)
        return stage.with_drops(picture, index)

    return after


def _around(job: OpticalJob, stage: Stage) -> Callable[[int], Frame]:
    usual = float(lightness(_light(stage.place(job.span[0]))).mean())

    def after(index: int) -> Frame:
        floor = _light(stage.floor(index))
        new = look_of(job, index - job.span[0], usual)(floor)
        around = (floor + (new - floor) * np.float32(job.share)).astype(np.float32, copy=False)
        return _seen_at(stage, laid_over(stage.subject(index), around), index)

    return after


def _of_subject(job: OpticalJob, stage: Stage, drawn: Drawn, name: str) -> Callable[[int], Frame]:
    """A change of who acts, or of those alone who have a name, before whom are the others."""
    rest = drawn.with_art(name, _NOBODY).stage() if name else None
    stage = drawn.only(name, _NOBODY).stage() if name else stage
    seen = [each.pixels[each.pixels[..., 3] > _SEEN] for each in stage.arts()]
    pixels = np.concatenate(seen)
    usual = float(lightness(pixels[:, :3] / pixels[:, 3:]).mean()) if len(pixels) else 0.5

    def after(index: int) -> Frame:
        layer = stage.subject(index)
        if job.asked.detail == "blur":
            new = blurred(layer)
        else:
            colours = look_of(job, index - job.span[0], usual)(straight(layer))
            new = np.dstack([colours * layer[..., 3:], layer[..., 3]])
        mixed = layer + (new - layer) * np.float32(job.share)
        behind = stage.floor(index)
        if rest is not None:
            rest.perform(behind, index)
        laid = laid_over(mixed.astype(np.float32, copy=False), _light(behind))
        return _seen_at(stage, laid, index)

    return after


def _light(picture: Frame) -> Picture:
    """A picture of 8 bits in [0, 1]."""
    return picture.astype(np.float32) / np.float32(255.0)


def _seen_at(stage: Stage, picture: Picture, index: int) -> Frame:
    """What is behind the drops of a frame, with them."""
    return stage.with_drops(to_levels(picture), index)
