"""Text to video as a cut-out film: the still model's plate, the sticker model's subject, moved.

A small video model redraws a subject in every frame and does not yet hold its shape; one that is
drawn once and moved does, as in an animatic made of paper. What moves, and how, is read from the
prompt; what has no movement of the vocabulary stands.
"""

from __future__ import annotations

from fractions import Fraction

import msgspec
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from engine.abilities.context import JobContext
from engine.abilities.moviegen_job import load_pipeline, preview_of, snap_and_tell
from engine.abilities.prompt_reading import read_prompt, video_rewriter
from engine.abilities.video_output import save_video
from engine.catalogue import Entry, load_catalogue
from engine.errors import BadRequest
from engine.models.animatic.film import Direction, film
from engine.models.animatic.movements import ACTIONS
from engine.models.moviegen.pipeline import ClipRequest, MovieGenPipeline
from engine.models.moviegen.prompts import EMPTY, sticker_caption
from engine.models.moviegen.rewriting import Clause
from engine.planning.vocabulary import POCKET_VIDEO
from engine.protocol.assets import Output
from engine.protocol.recipes import Recipe

_SUBJECT_PIXELS = 256
_NOWHERE = "on a plain background"
_FLOORLESS = ("space", "sky", "water")
"""Settings in whose name one of these stands have no ground to throw a shadow on."""
_MOVEMENTS = dict(zip(ACTIONS, POCKET_VIDEO.actions.learnt, strict=True))


def run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]:
    """A cut-out film of what the prompt says.

    Raises: BadRequest, BadWeights, WeightsNotInstalled.
    """
    if not recipe.prompt.strip():
        raise BadRequest("The prompt is empty.", "Say what the clip should show.")
    entry = load_catalogue().entry(recipe.model)
    recipe = snap_and_tell(recipe, entry, context)
    context.report("loading")
    places = load_pipeline(entry, context, "transformer")
    subjects = load_pipeline(entry, context, "sticker-transformer")
    recipe = read_prompt(recipe, entry.id, context, places)
    said = recipe.prompt.strip()
    clause = video_rewriter(entry.id, context, places).clause(said) or Clause("", said, "", "")
    plate = _plate(clause, recipe, entry, context, places)
    subject = _subject(clause, recipe, entry, context, subjects)
    context.report("moving")
    rate_fps = float(Fraction(recipe.rate))
    frames = film(plate, subject, _direction(clause, recipe, context), recipe.frames, rate_fps)
    return (save_video(frames, recipe.rate, context),)


def _direction(clause: Clause, recipe: Recipe, context: JobContext) -> Direction:
    action = movement_of(clause.action)
    if action is None:
        context.note("The prompt names no movement that this model knows, so the subject stands.")
    return Direction(
        action=action or "stand",
        camera=clause.camera.replace(" ", "_") or "static",
        has_floor=not any(word in clause.setting for word in _FLOORLESS),
        seed=recipe.seed,
    )


def movement_of(action: str) -> str | None:
    """The movement whose learnt words `action` begins with; None where it has none."""
    said = f"{action.lower()} "
    names = (
        name for name, words in _MOVEMENTS.items() if any(said.startswith(f"{w} ") for w in words)
    )
    return next(names, None)


def _plate(
    clause: Clause, recipe: Recipe, entry: Entry, context: JobContext, pipeline: MovieGenPipeline
) -> NDArray[np.uint8]:
    """The setting without anybody, (H, W, 3)."""
    request = _request(f"{EMPTY} {clause.setting or _NOWHERE}", recipe, entry)
    latents = _made(request, 0, context, pipeline)
    return pipeline.decode(latents, 1).numpy()[0]


def _subject(
    clause: Clause, recipe: Recipe, entry: Entry, context: JobContext, pipeline: MovieGenPipeline
) -> NDArray[np.uint8]:
    """Who or what it is about, straight RGBA (256, 256, 4)."""
    square = msgspec.structs.replace(recipe, width=_SUBJECT_PIXELS, height=_SUBJECT_PIXELS)
    words = f"{clause.article} {clause.name}".strip()
    request = _request(sticker_caption(words), square, entry, apart=True)
    latents = _made(request, 1, context, pipeline)
    return pipeline.decode_rgba(latents).numpy()[0]


def _request(prompt: str, recipe: Recipe, entry: Entry, *, apart: bool = False) -> ClipRequest:
    guidance = recipe.sampler.guidance_scale
    return ClipRequest(
        prompt=prompt,
        negative_prompt=recipe.negative_prompt,
        width=recipe.width,
        height=recipe.height,
        frames=1,
        seed=recipe.seed,
        steps=recipe.sampler.steps or entry.defaults.steps,
        guidance_scale=entry.defaults.guidance_scale if guidance is None else guidance,
        apart=apart,
    )


def _made(
    request: ClipRequest, part: int, context: JobContext, pipeline: MovieGenPipeline
) -> Tensor:
    """Latents of one of the two pictures, told as a half of all steps."""

    def on_step(step: int, steps: int, estimate: Tensor) -> None:
        done = part * steps + step
        context.report("denoising", done, 2 * steps, lambda: preview_of(pipeline, estimate))

    return pipeline.denoise(request, on_step)
