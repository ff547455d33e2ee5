"""What every optical is made of: what was asked, of which frames, and what is drawn new for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from engine.abilities.animatic import place_for
from engine.abilities.context import JobContext
from engine.abilities.film_recipe import has_troupe
from engine.abilities.library_art import standing_art, subject_art
from engine.abilities.moviegen_job import preview_of, request_of
from engine.abilities.moviegen_sticker import SIZE_PIXELS
from engine.abilities.opticals_shot import is_face
from engine.abilities.video_input import Film
from engine.catalogue import Entry
from engine.models.animatic.place import Plate
from engine.models.moviegen.nouns import article
from engine.models.moviegen.pipeline import MovieGenPipeline
from engine.models.moviegen.prompts import cut_out_caption
from engine.models.moviegen.rewriting import Clause
from engine.models.opticals.changes import Look
from engine.models.opticals.colours import TONES, dyed
from engine.models.opticals.looks import anonymous, styled, weathered
from engine.planning.edit_reading import BACKGROUND, Instruction, scale_of
from engine.protocol.recipes import FOLLOW, KEEP_SOURCE, USUAL_SCALE, Recipe, Sampler
from engine.sampling.spans import Span

Frame = NDArray[np.uint8]
Change = Callable[[int, Frame], Frame]
"""Which frame of the span it is, and its picture (H, W, 3), to what it becomes."""

_MARKED = np.float32(0.72)
_WIDER = 0.012
"""Of the picture's longer side, by which a thing is taken to be wider where the source is not to

be kept at all, and narrower where it is to be kept twice as much as usual.
"""


@dataclass(frozen=True, slots=True)
class OpticalJob:
    """What every change is made of."""

    recipe: Recipe
    entry: Entry
    asked: Instruction
    film: Film
    span: Span
    context: JobContext

    @property
    def is_cut_out(self) -> bool:
        """Whether what is made is transparent where the background was."""
        return self.asked.task == "background" and not self.asked.detail

    @property
    def is_around(self) -> bool:
        """Whether a look is asked of all but the thing."""
        return self.asked.thing == BACKGROUND

    @property
    def share(self) -> float:
        """How far a look goes: all the way where words and source count as usual; less with less of

        the one or more of the other.
        """
        follow = scale_of(self.recipe, FOLLOW) / USUAL_SCALE[FOLLOW]
        return min(1.0, follow / max(1.0, self._keeping))

    @property
    def reach(self) -> float:
        """How much wider than it is seen the thing is taken to be: less, the more the source

        counts.
        """
        return _WIDER * (1 - self._keeping)

    @property
    def _keeping(self) -> float:
        return scale_of(self.recipe, KEEP_SOURCE) / USUAL_SCALE[KEEP_SOURCE]


def look_of(job: OpticalJob, place: int, usual_luma: float) -> Look:
    """What becomes of a picture, or of a part of it, in a frame of the span.

    `usual_luma` is how light what is dyed usually is.
    """
    asked, seed = job.asked, job.recipe.seed
    time_s = float(job.film.times_s[job.span[0] + place] - job.film.times_s[job.span[0]])
    match asked.task:
        case "style" if asked.detail == "blur" and is_face(asked.thing):
            return anonymous
        case "style":
            return lambda levels: styled(levels, asked.detail, time_s)
        case "weather":
            return lambda levels: weathered(levels, asked.detail, time_s, seed)
        case "recolour":
            return lambda levels: dyed(levels, TONES[asked.detail], usual_luma)
        case _:
            tone = np.array(TONES[asked.detail], np.float32)
            return lambda levels: (levels + (tone - levels) * _MARKED).astype(np.float32)


def new_thing(job: OpticalJob, drawer: MovieGenPipeline) -> Frame:
    """The new thing out of the art library, or drawn as a sticker: straight RGBA (h, w, 4)."""
    noun = job.asked.detail
    if has_troupe(job.recipe):
        art = standing_art(noun, job.recipe.prompt)
    else:
        art = subject_art(Clause("", noun, "", ""), job.recipe.seed)
    if art is not None:
        return art
    still = _still(job, (SIZE_PIXELS, SIZE_PIXELS))
    request = request_of(still, job.entry, cut_out_caption(article(job.asked.detail)))
    request = replace(request, apart=True)
    return drawer.decode_rgba(drawer.denoise(request, _telling(job, drawer))).numpy()[0]


def new_place(job: OpticalJob, drawer: MovieGenPipeline, size: tuple[int, int]) -> Plate:
    """The new place, painted or drawn, as a still of a size (width, height)."""
    clause = Clause("", "", "", job.asked.detail)
    return place_for(clause, _still(job, size), job.entry, drawer, _telling(job, drawer))


def _still(job: OpticalJob, size: tuple[int, int]) -> Recipe:
    """The recipe of one still."""
    sampler = Sampler(steps=job.recipe.sampler.steps)
    return msgspec.structs.replace(
        job.recipe, width=size[0], height=size[1], frames=1, sampler=sampler, negative_prompt=""
    )


def _telling(job: OpticalJob, drawer: MovieGenPipeline) -> Callable[[int, int, Tensor], None]:
    def on_step(step: int, steps: int, estimate: Tensor) -> None:
        job.context.report("denoising", step, steps, lambda: preview_of(drawer, estimate))

    return on_step
